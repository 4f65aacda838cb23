// Rule L: a list of any machine as text, from what it says of itself.
#pragma once

#include <string>

#include "remotemail/core/device_list.hpp"

namespace remotemail {

// Title, sections with aligned columns, notes, and a sentence that names the billing total. Lines of at most
// limits::kReplyColumns characters, at most limits::kListBytes in all; LF line ends.
std::string format_list(const DeviceList& list);

// G10: the rows that have a place on the phone, in their order; lines of at most limits::kPhoneColumns
// characters, at most `lines` of them.
std::string format_phone_list(const DeviceList& list, std::size_t lines);

}  // namespace remotemail
