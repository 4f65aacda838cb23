// RFC 2047: words of a header in other charsets, both ways.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace remotemail {

// `text` is unfolded. The result is UTF-8 without any control character: CR, LF and TAB, also encoded ones,
// become blanks, the others U+FFFD. Lenient: words may be longer than 75, touch other text and hold blanks;
// neighbours of one charset are joined before they are converted, since senders split characters between
// them. Raw octets that are not UTF-8 are of `raw_charset`, with which senders of old mean that of the body.
std::string decode_encoded_words(std::string_view text, std::string_view raw_charset = {});

// An unstructured field: unfolded, decoded, trimmed.
std::string decode_text(std::string_view raw, std::string_view raw_charset = {});

// Octets of the encoded word without blanks at the front of `text`, 0 if there is none. Bounded work.
std::size_t encoded_word_length(std::string_view text) noexcept;
bool has_encoded_word(std::string_view text) noexcept;

// `text` (well-formed UTF-8) as encoded words of at most 64 characters, no character split.
std::vector<std::string> encode_words(std::string_view text);

}  // namespace remotemail
