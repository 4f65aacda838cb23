// The port Mailbox over POP3 (RFC 1939, 2449, 2595, 5034).
#pragma once

#include <memory>

#include "remotemail/core/clock.hpp"
#include "remotemail/core/random.hpp"
#include "remotemail/core/result.hpp"
#include "remotemail/core/server_account.hpp"
#include "remotemail/protocol/mail_servers.hpp"
#include "remotemail/protocol/mailbox.hpp"
#include "remotemail/protocol/stream.hpp"

namespace remotemail {

// Greeting, TLS as the account demands, log-in. `stream` is connected and has said nothing yet. From here on
// the session lasts at most limits::kMailboxSessionTime, each command limits::kCommandTime. `clock` must
// outlive the mailbox. POP3 needs no randomness; the parameter keeps the two mailboxes alike.
Result<std::unique_ptr<Mailbox>> open_pop3_mailbox(std::unique_ptr<Stream>, const MailboxAccount&,
                                                   const Clock&, Random&, const Deadline&,
                                                   const StepObserver&);

}  // namespace remotemail
