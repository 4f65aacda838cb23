// H2 over time: which illegal mail is worth a notice, and what becomes of those beyond the cap.
#pragma once

#include <optional>
#include <vector>

#include "agent/notices.hpp"
#include "agent/recollection.hpp"

namespace remotemail {

// One of the hour's limits::kNoticesPerHour is taken when there is one: then the notice is to be sent. Else the mail is
// counted for the summary; false also when no notices are wanted. An hour before that ended with such leaves its
// summary in `out`.
Result<bool> admit_notice(Recollection& memory, const NoticeContext& context, std::vector<OutboxMail>& out);

// The summary of an hour that is over, put in `out`; nothing when it does not run out yet or has nothing to tell.
Status close_notice_hour(Recollection& memory, const NoticeContext& context, std::vector<OutboxMail>& out);

}  // namespace remotemail
