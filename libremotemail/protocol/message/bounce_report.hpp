// R10: what a delivery report says, be it one of RFC 3464 or of a server's own making.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "protocol/message/header_fields.hpp"
#include "protocol/message/mime_tree.hpp"
#include "remotemail/core/mail.hpp"

namespace remotemail {

// None for any other mail, and for a report that tells of delay or success only. `null_return_path` as in
// LoopMarks.
std::optional<BounceReport> read_bounce(const HeaderBlock& header, const MimeTree& tree,
                                        bool null_return_path);

// The first status code of RFC 3463 in a line ("5.1.1"), not to be mistaken for an address; empty: none.
std::string_view find_status(std::string_view line) noexcept;

}  // namespace remotemail
