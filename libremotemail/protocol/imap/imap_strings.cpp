#include "protocol/imap/imap_strings.hpp"

#include <algorithm>
#include <utility>

#include "core/text.hpp"
#include "remotemail/core/secret.hpp"

namespace remotemail::imap {
namespace {

bool is_plain_atom(std::string_view text) {
  return !text.empty() && !equal_ignoring_case(text, "NIL") &&
         std::all_of(text.begin(), text.end(), [](char c) {
           return is_digit(c) || is_alpha(c) || c == '-' || c == '_' || c == '.' || c == '/' || c == '@' ||
                  c == '&' || c == '+' || c == ',';
         });
}

// One character of UTF-8 at `pos`, which moves behind it. None: ill-formed (overlong, surrogate, too large,
// cut).
std::optional<char32_t> decode_utf8(std::string_view text, std::size_t& pos) {
  const auto first = static_cast<unsigned char>(text[pos]);
  const std::size_t length = first < 0x80   ? 1
                             : first < 0xC2 ? 0
                             : first < 0xE0 ? 2
                             : first < 0xF0 ? 3
                             : first < 0xF5 ? 4
                                            : 0;
  if (length == 0 || text.size() - pos < length) return std::nullopt;
  if (length == 1) return static_cast<char32_t>(text[pos++]);
  char32_t value = first & (0x7FU >> length);
  for (std::size_t i = 1; i < length; ++i) {
    const auto octet = static_cast<unsigned char>(text[pos + i]);
    if ((octet & 0xC0U) != 0x80U) return std::nullopt;
    value = (value << 6U) | (octet & 0x3FU);
  }
  constexpr char32_t kLeast[] = {0, 0, 0x80, 0x800, 0x10000};
  if (value < kLeast[length] || value > 0x10FFFF || (value >= 0xD800 && value <= 0xDFFF)) return std::nullopt;
  pos += length;
  return value;
}

void append_utf16(std::string& out, char32_t value) {
  const auto unit = [&out](char32_t u) {
    out += static_cast<char>((u >> 8U) & 0xFFU);
    out += static_cast<char>(u & 0xFFU);
  };
  if (value < 0x10000) return unit(value);
  unit(0xD800 + ((value - 0x10000) >> 10U));
  unit(0xDC00 + ((value - 0x10000) & 0x3FFU));
}

// Base64 with "," for "/" and without padding.
std::string shift(std::string_view utf16) {
  std::string text = encode_base64(utf16);
  std::replace(text.begin(), text.end(), '/', ',');
  text.erase(text.find_last_not_of('=') + 1);
  return "&" + text + "-";
}

}  // namespace

Command::Command(std::string_view words) {
  lines_.reserve(4);  // so that a line with a password is not moved about
  lines_.emplace_back(words);
}

Command::~Command() {
  for (std::string& line : lines_) wipe(line);
}

Command& Command::word(std::string_view text) {
  lines_.back() += ' ';
  lines_.back() += text;
  return *this;
}

Command& Command::string(std::string_view text) {
  if (is_plain_atom(text)) return word(text);
  std::string& line = lines_.back();
  if (std::any_of(text.begin(), text.end(), [](char c) { return static_cast<unsigned char>(c) > 0x7E; })) {
    line += " {" + std::to_string(text.size()) + "}";
    return this->line(text);
  }
  line.reserve(line.size() + 2 * text.size() + 3);  // so that no half-grown copy of a password stays behind
  line += " \"";
  for (const char c : text) {
    if (c == '"' || c == '\\') line += '\\';
    line += c;
  }
  line += '"';
  return *this;
}

Command& Command::line(std::string_view text) {
  lines_.emplace_back(text);
  return *this;
}

std::optional<std::string> encode_mailbox_name(std::string_view name) {
  if (equal_ignoring_case(name, "INBOX")) return "INBOX";
  std::string out;
  std::string shifted;  // UTF-16 waiting to be written
  for (std::size_t pos = 0; pos < name.size();) {
    const auto character = decode_utf8(name, pos);
    if (!character) return std::nullopt;
    if (*character < 0x20 || *character > 0x7E) {
      append_utf16(shifted, *character);
      continue;
    }
    if (!shifted.empty()) out += shift(std::exchange(shifted, {}));
    out += static_cast<char>(*character);
    if (*character == '&') out += '-';
  }
  if (!shifted.empty()) out += shift(shifted);
  return out;
}

std::vector<std::string> format_uid_sets(const std::vector<std::uint64_t>& ascending, std::size_t octets) {
  std::vector<std::string> sets;
  for (std::size_t first = 0; first < ascending.size();) {
    std::size_t last = first;
    while (last + 1 < ascending.size() && ascending[last + 1] - ascending[last] <= 1) ++last;
    std::string range = std::to_string(ascending[first]);
    if (ascending[last] != ascending[first]) range += ":" + std::to_string(ascending[last]);
    if (sets.empty() || sets.back().size() + 1 + range.size() > octets) {
      sets.push_back(std::move(range));
    } else {
      sets.back() += "," + range;
    }
    first = last + 1;
  }
  return sets;
}

}  // namespace remotemail::imap
