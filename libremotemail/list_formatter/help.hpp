// F22: the help mail.
#pragma once

#include <chrono>
#include <string>

#include "remotemail/core/outcome.hpp"

namespace remotemail {

// Commands, options with their shortest forms, the lists this machine offers, limits, interval and last poll
// (shown in local time of `utc_offset`), examples. Lines of at most limits::kReplyColumns characters, LF line
// ends.
std::string format_help(const HelpAsked& help, std::chrono::minutes utc_offset);

}  // namespace remotemail
