// Quoted-printable: what was encoded comes back, with soft breaks anywhere; lines that no soft break joins do not
// know of each other; damage never makes a text longer.
#include <cstdint>
#include <cstdlib>
#include <string>

#include "core/text.hpp"
#include "protocol/message/transfer_encoding.hpp"

using namespace remotemail;

namespace {

void require(bool holds) {
  if (!holds) std::abort();
}

// Line ends stay; every `rarely`-th octet that could stand for itself is escaped too; soft breaks after `width`.
std::string quote(std::string_view text, std::size_t rarely, std::size_t width) {
  constexpr std::string_view kDigits = "0123456789ABCDEF";
  std::string out;
  std::size_t column = 0;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    if (c == '\n') {
      out += c;
      column = 0;
      continue;
    }
    if (column >= width) {
      out += i % 2 == 0 ? "=\n" : "= \t\n";
      column = 0;
    }
    const bool at_line_end = i + 1 == text.size() || text[i + 1] == '\n';
    const bool itself = is_printable(c) && c != '=' && !(is_blank(c) && at_line_end) && i % rarely != 0;
    if (itself) {
      out += c;
    } else {
      const auto octet = static_cast<unsigned char>(c);
      out += {'=', kDigits[octet >> 4U], i % 3 == 0 ? to_lower(kDigits[octet & 15U]) : kDigits[octet & 15U]};
    }
    ++column;
  }
  return out;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view input(reinterpret_cast<const char*>(data), size);
  require(decode_quoted_printable(quote(input, 1 + size % 5, 1 + size % 70)) == input);

  const std::string decoded = decode_quoted_printable(input);
  require(decoded.size() <= input.size());
  require(decode_escapes(input).size() <= input.size());
  if (input.find('=') == std::string_view::npos) require(decode_escapes(input) == input);
  require(decode_transfer_encoding(input, "quoted-Printable") == decoded);
  const std::size_t half = input.find('\n', size / 2);
  if (half != std::string_view::npos) {
    const std::string first = decode_quoted_printable(input.substr(0, half + 1));
    require(first + decode_quoted_printable(input.substr(half + 1)) == decoded);
  }
  return 0;
}
