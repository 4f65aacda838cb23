#include "protocol/message/transfer_encoding.hpp"

#include <algorithm>

#include "core/text.hpp"

namespace remotemail {
namespace {

int hex_value(char c) noexcept {
  c = to_lower(c);
  return is_digit(c) ? c - '0' : c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

int base64_value(char c) noexcept {
  if (c >= 'A' && c <= 'Z') return c - 'A';
  if (c >= 'a' && c <= 'z') return c - 'a' + 26;
  if (is_digit(c)) return c - '0' + 52;
  return c == '+' ? 62 : c == '/' ? 63 : -1;
}

}  // namespace

std::string decode_base64_leniently(std::string_view text) {
  std::string out;
  out.reserve(text.size() / 4 * 3 + 3);
  unsigned bits = 0;
  unsigned group = 0;
  for (const char c : text) {
    if (c == '=') {
      bits = group = 0;
      continue;
    }
    const int value = base64_value(c);
    if (value < 0) continue;
    group = (group << 6U | static_cast<unsigned>(value)) & 0xFFFFU;
    bits += 6;
    if (bits >= 8) {
      bits -= 8;
      out += static_cast<char>(group >> bits & 0xFFU);
    }
  }
  return out;
}

std::string decode_escapes(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '=' && i + 2 < text.size()) {
      const int high = hex_value(text[i + 1]), low = hex_value(text[i + 2]);
      if (high >= 0 && low >= 0) {
        out += static_cast<char>(high * 16 + low);
        i += 2;
        continue;
      }
    }
    out += text[i];
  }
  return out;
}

std::string decode_quoted_printable(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  for (std::size_t i = 0; i < text.size();) {
    const std::size_t end = std::min(text.find('\n', i), text.size());
    std::string_view line = text.substr(i, end - i);
    while (!line.empty() && (is_blank(line.back()) || line.back() == '\r')) line.remove_suffix(1);
    const bool soft = line.ends_with('=');
    if (soft) line.remove_suffix(1);
    out += decode_escapes(line);
    if (!soft && end < text.size()) out += '\n';
    i = end + 1;
  }
  return out;
}

std::string decode_transfer_encoding(std::string_view text, std::string_view encoding) {
  if (equal_ignoring_case(encoding, "base64")) return decode_base64_leniently(text);
  if (equal_ignoring_case(encoding, "quoted-printable")) return decode_quoted_printable(text);
  return std::string(text);
}

}  // namespace remotemail
