// The port Mailbox over IMAP4rev1 (RFC 3501).
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

Result<std::unique_ptr<Mailbox>> open_imap_mailbox(std::unique_ptr<Stream>, const MailboxAccount&,
                                                   const Clock&, Random&, const Deadline&,
                                                   const StepObserver&);

}  // namespace remotemail
