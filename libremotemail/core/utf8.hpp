// UTF-8, one character at a time (RFC 3629). Total: what is malformed is U+FFFD, one for each octet that fits
// nowhere.
#pragma once

#include <cstddef>
#include <string_view>

namespace remotemail {

inline constexpr char32_t kReplacementCharacter = 0xFFFD;

// The character that begins at `at` (which must lie within `text`); moves `at` behind it.
constexpr char32_t next_character(std::string_view text, std::size_t& at) noexcept {
  const auto octet = [&](std::size_t i) {
    return static_cast<char32_t>(static_cast<unsigned char>(text[i]));
  };
  const char32_t first = octet(at++);
  if (first < 0x80) return first;
  const std::size_t more = first >= 0xF0 && first < 0xF5 ? 3 : first >= 0xE0 ? 2 : 1;
  if (first < 0xC2 || first >= 0xF5 || text.size() - at < more) return kReplacementCharacter;
  char32_t value = first & (0x3FU >> more);
  for (std::size_t i = 0; i < more; ++i) {
    if ((octet(at + i) & 0xC0U) != 0x80U) return kReplacementCharacter;
    value = value << 6U | (octet(at + i) & 0x3FU);
  }
  constexpr char32_t kSmallest[] = {0x80, 0x800, 0x10000};
  const bool surrogate = value >= 0xD800 && value <= 0xDFFF;
  if (value < kSmallest[more - 1] || value > 0x10FFFF || surrogate) return kReplacementCharacter;
  at += more;
  return value;
}

// Characters that take no room and are typed by nobody: phones and HTML mail leave them in texts (E9). ZERO
// WIDTH SPACE to RIGHT-TO-LEFT MARK and the other marks of direction, WORD JOINER and the invisible operators,
// the byte order mark.
constexpr bool is_zero_width(char32_t c) noexcept {
  return (c >= 0x200B && c <= 0x200F) || (c >= 0x202A && c <= 0x202E) || (c >= 0x2060 && c <= 0x2069) ||
         c == 0x061C || c == 0xFEFF;
}

inline constexpr char32_t kNoBreakSpace = 0xA0;

}  // namespace remotemail
