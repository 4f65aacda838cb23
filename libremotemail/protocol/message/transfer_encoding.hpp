// RFC 2045 6: content transfer encodings, read leniently (D9–D10): damage costs the damaged octets, never the
// rest.
#pragma once

#include <string>
#include <string_view>

namespace remotemail {

// Octets outside the alphabet are passed over, missing padding does not matter, data behind padding is a new
// run.
std::string decode_base64_leniently(std::string_view text);
// "=41" becomes "A"; a `=` that begins no escape stays.
std::string decode_escapes(std::string_view text);
// Escapes, soft line breaks, and blanks before a line end taken out. LF line ends.
std::string decode_quoted_printable(std::string_view text);
// By the value of Content-Transfer-Encoding, any case; what is not known is taken as it is.
std::string decode_transfer_encoding(std::string_view text, std::string_view encoding);

}  // namespace remotemail
