// Small tools on text that more than one room needs. Bytes in, bytes out; ASCII only unless said otherwise.
#pragma once

#include <charconv>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace remotemail {

constexpr char to_lower(char c) noexcept { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; }
constexpr char to_upper(char c) noexcept { return c >= 'a' && c <= 'z' ? static_cast<char>(c - 32) : c; }
constexpr bool is_digit(char c) noexcept { return c >= '0' && c <= '9'; }
constexpr bool is_alpha(char c) noexcept { return to_lower(c) >= 'a' && to_lower(c) <= 'z'; }
constexpr bool is_blank(char c) noexcept { return c == ' ' || c == '\t'; }
constexpr bool is_printable(char c) noexcept { return c >= 0x20 && c <= 0x7E; }

std::string lower(std::string_view text);
std::string upper(std::string_view text);
bool equal_ignoring_case(std::string_view a, std::string_view b) noexcept;
bool starts_ignoring_case(std::string_view text, std::string_view prefix) noexcept;
std::string_view trim(std::string_view text) noexcept;  // blanks, TABs, CR and LF at both ends
std::vector<std::string_view> split(std::string_view text, char at);        // n separators: n + 1 pieces
std::vector<std::string_view> split_words(std::string_view text);           // at runs of blanks and TABs

// The whole of `text` as a decimal number: no sign, no blanks, no overflow.
template <typename Integer = std::uint64_t>
std::optional<Integer> parse_number(std::string_view text) noexcept {
  Integer value{};
  if (text.empty() || !is_digit(text.front())) return std::nullopt;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
  return value;
}

// One line that can be shown anywhere: every octet outside 0x20–0x7E becomes `?` (TAB a blank, a run of UTF-8
// continuation octets nothing), cut with `...` to `limit` characters.
std::string clean_line(std::string_view text, std::size_t limit = 200);

std::string to_hex(std::string_view bytes);
std::optional<std::string> from_hex(std::string_view hex);
std::string encode_base64(std::string_view bytes);  // RFC 4648, no line breaks, padded
// Strict: the alphabet, right padding, nothing else (for SASL). The lenient one for mail bodies lives with the parser.
std::optional<std::string> decode_base64(std::string_view text);

}  // namespace remotemail
