// The one writer through which every line to a server and every header field of a mail goes (Y7).
#pragma once

#include <initializer_list>
#include <string>
#include <string_view>

#include "remotemail/core/result.hpp"

namespace remotemail {

// True when `text` holds neither CR, LF nor NUL.
bool is_one_line(std::string_view text) noexcept;

// Joins the pieces and adds CRLF. Cause::unsafe_text when a piece holds CR, LF or NUL, or the line grows beyond
// `limit` octets without its end; nothing of the offending text stands in the error.
Result<std::string> make_line(std::initializer_list<std::string_view> pieces, std::size_t limit = 998);

}  // namespace remotemail
