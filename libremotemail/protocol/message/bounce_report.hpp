// R10: what a delivery report says, be it one of RFC 3464 or of a server's own making.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "protocol/message/header_fields.hpp"
#include "protocol/message/mime_tree.hpp"
#include "remotemail/core/mail.hpp"

namespace remotemail {

// None for any other mail, and for a report that tells of delay or success only. `marks` as the header shows
// them.
std::optional<BounceReport> read_bounce(const HeaderBlock& header, const MimeTree& tree,
                                        const LoopMarks& marks);

// Any report of a mail system: of delivery, of reading, of abuse, also of delay. A postmaster may be a person,
// so what he writes is one only if it returns a mail or names an error of SMTP.
bool is_report(const HeaderBlock& header, const MimeTree& tree);

// The first status code of RFC 3463 in a line ("5.1.1"), not to be mistaken for an address; empty: none.
std::string_view find_status(std::string_view line) noexcept;

}  // namespace remotemail
