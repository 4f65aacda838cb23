// Mails that were judged and stay on the server for a reason that lasts: remembered in this process, so that they are
// neither fetched nor noted anew at every poll. A restart forgets them; they are judged once more then.
#pragma once

#include <cstdint>
#include <map>
#include <string>

#include "agent/recollection.hpp"
#include "remotemail/core/mail.hpp"
#include "remotemail/settings/settings.hpp"

namespace remotemail {

struct WaitingMail {
  enum class Why {
    limits,   // R11: its replies would pass a limit
    guesses,  // Y8: the budget of its sender is spent, so it is not judged
    order,  // F20: its password is wrong so far, but a CHPASS in a mail before it that waits may make it right
    turn,   // D2: the five of this poll were executed; not a reason that lasts
  };
  Why why = Why::turn;
  std::string sender{};          // limits: who would be answered
  std::size_t replies = 0;       // limits: how many would go out
  std::string reason{};          // limits: in words
  std::string budget{};          // guesses: see guess_budget()
  bool counted = false;          // its wrong password was taken from a budget already
  std::uint64_t generation = 0;  // order: of the settings it was judged by
  bool still = false;            // in the round under way: it is left alone
};
using WaitingMails = std::map<MailKey, WaitingMail>;

// Remembers what is worth it, of at most limits::kWaitingMailsRemembered mails; forgets what was remembered of one that
// only waits its turn.
void remember(WaitingMails& waiting, const MailKey& key, WaitingMail mail);

// R11: whether so many replies more to `sender` would pass a limit, with what `undurable` adds to the store's count.
// In words; empty: they would not.
Result<std::string> limit_passed(const std::string& sender, std::size_t replies, const Settings& settings,
                                 MailStore& store, const Batch& undurable, WallTime now);

// Whether a mail that waits for `limits` or `guesses` still has to, judged by these settings; false for `order`, whose
// reason is the other two. Fails as the store does.
Result<bool> reason_lasts(const WaitingMail& mail, const Settings& settings, Recollection& memory,
                          MailStore& store, WallTime now);

}  // namespace remotemail
