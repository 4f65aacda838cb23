// RFC 3676: format=flowed.
#pragma once

#include <string>
#include <string_view>

namespace remotemail {

// Paragraphs joined to one line each, stuffing undone; quoted ones begin with their `>`. LF line ends.
std::string join_flowed(std::string_view text, bool delete_space);

}  // namespace remotemail
