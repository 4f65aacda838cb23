// R10: what a header shows of automatic mail and of the way it took.
#pragma once

#include <string>
#include <string_view>

#include "protocol/message/header_fields.hpp"
#include "remotemail/core/mail.hpp"

namespace remotemail {

// All; but of LoopMarks::report only what the header shows.
LoopMarks read_loop_marks(const HeaderBlock& header);

// The name behind "from" in a Received field, lower case; empty when it has none (Y8).
std::string received_from(std::string_view raw);

}  // namespace remotemail
