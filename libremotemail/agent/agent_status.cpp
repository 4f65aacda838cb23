#include "remotemail/agent/agent_status.hpp"

#include <fmt/format.h>

#include "remotemail/core/limits.hpp"
#include "remotemail/protocol/message.hpp"

namespace remotemail {
namespace {

std::string mails(std::uint64_t count, std::string_view verb) {
  return fmt::format("{} {} {}{}", count, count == 1 ? "mail" : "mails", verb, count == 1 ? "s" : "");
}

}  // namespace

std::vector<std::string> remarks(const AgentStatus& status, std::chrono::minutes utc_offset) {
  std::vector<std::string> all;
  if (status.limited > 0) {
    all.push_back(mails(status.limited, "wait") +
                  " on the server, unanswered: a limit of replies is reached");
  }
  if (status.wrong_passwords > 0) {
    all.push_back(fmt::format(
        "{} with a wrong password came from unknown senders within an hour",
        status.wrong_passwords == 1 ? "1 mail" : fmt::format("{} mails", status.wrong_passwords)));
  }
  if (status.unknown_judged_from) {
    all.push_back("mails of unknown senders wait until " +
                  format_date(*status.unknown_judged_from, utc_offset));
  }
  if (status.unjudged > 0) all.push_back(mails(status.unjudged, "wait") + " on the server, unjudged");
  if (status.unlisted > 0) {
    all.push_back(fmt::format("the mailbox holds {} mails beyond the {} that are looked at", status.unlisted,
                              limits::kListedMails));
  }
  return all;
}

}  // namespace remotemail
