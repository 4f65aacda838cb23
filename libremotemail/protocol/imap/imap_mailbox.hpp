// The port Mailbox over IMAP4rev1 (RFC 3501, 4315, 4959, 6851).
#pragma once

#include <memory>

#include "remotemail/core/random.hpp"
#include "remotemail/core/server_account.hpp"
#include "remotemail/protocol/mail_servers.hpp"
#include "remotemail/protocol/mailbox.hpp"
#include "remotemail/protocol/stream.hpp"

namespace remotemail {

// Speaks over a stream just connected: TLS as the account demands (with Security::tls it is started here
// unless Stream::tls() says that it is active), log-in, SELECT. The observer is told of each step before it
// begins, and not kept. Clock and Random must outlive the mailbox. The whole session lasts at most
// limits::kMailboxSessionTime, each command limits::kCommandTime.
//
// MailKey::mailbox is "imap USER@host MAILBOX UIDVALIDITY"; uid is the UID. Where the server has no lasting
// UIDs (UIDVALIDITY missing or 0, or UIDNOTSTICKY) UIDVALIDITY counts as 0 and uid is "h:" and the SHA-256 of
// the first limits::kHeaderBlock octets of the header in hex; equal headers are told apart by "#2", "#3", ….
//
// list() shows every mail, also one flagged \Deleted: it may be ours, flagged before a line broke, and is
// then to be removed again; one that another program flagged is still a mail, as it would be over POP3.
//
// close() removes by UID EXPUNGE of exactly the queued set. A server without UIDPLUS is told to EXPUNGE only
// when nothing but queued mails is flagged \Deleted; else ours stay flagged and are not reported as gone.
// With `done_folder` they are moved there (UID MOVE, else copied unless flagged \Deleted already, and
// removed), the folder being made when it is missing.
Result<std::unique_ptr<Mailbox>> open_imap_mailbox(std::unique_ptr<Stream>, const MailboxAccount&,
                                                   const Clock&, Random&, const Deadline&,
                                                   const StepObserver&);

}  // namespace remotemail
