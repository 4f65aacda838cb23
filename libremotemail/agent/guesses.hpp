// Y8: how many wrong passwords are listened to.
#pragma once

#include <string>

#include "agent/recollection.hpp"
#include "remotemail/core/mail.hpp"
#include "remotemail/core/sealer.hpp"

namespace remotemail {

// A sender as Y8 knows it again: From address and the host that handed the mail to our server, as a keyed digest.
std::string sender_key(const Mail& mail, const Sealer& sealer);

// Whose budget a wrong password of this sender is taken from: "" for all unknown senders together, a sender's own key
// when a mail of it was accepted within limits::kSenderKnown. (A known sender's address can be forged by whoever uses
// the same relay, so it has a budget as well, of its own.)
Result<std::string> guess_budget(Recollection& memory, const std::string& sender, WallTime now);

// Whether limits::kGuessesPerHour were wrong in the hour that runs.
Result<bool> budget_spent(Recollection& memory, const std::string& budget, WallTime now);
// One more was wrong; counted for the Manager's mail of the day, too.
Status spend_guess(Recollection& memory, const std::string& budget, WallTime now);

void remember_sender(Recollection& memory, const std::string& sender, WallTime now);

}  // namespace remotemail
