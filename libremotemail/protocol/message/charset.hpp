// Any charset of mail to UTF-8 (D9–D10).
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace remotemail {

inline constexpr std::string_view kUnknownCharacter = "\xEF\xBF\xBD";  // U+FFFD

// Octets of the well-formed UTF-8 character at the front of `text` (RFC 3629), 0 if there is none.
std::size_t utf8_length(std::string_view text) noexcept;
bool is_utf8(std::string_view text) noexcept;
// Each octet that is not part of a character becomes U+FFFD.
std::string repair_utf8(std::string_view text);
// Surrogates, NUL and what is beyond U+10FFFF become U+FFFD.
void append_utf8(std::string& out, char32_t character);

// UTF-8, well-formed, at most 4 octets for one of the input. Without charset, or as US-ASCII, UTF-8 is what it
// is read as: an octet that fits nowhere costs itself alone. For a charset that is not known every octet above
// 0x7F becomes U+FFFD.
// Only charsets of a fixed list reach iconv: the sender does not choose which converter of the system reads
// his bytes.
std::string to_utf8(std::string_view bytes, std::string_view charset);

}  // namespace remotemail
