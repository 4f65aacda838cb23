// Both servers behind one port: with it the agent knows no protocol, and a memory test no socket.
#pragma once

#include <functional>
#include <memory>
#include <string>

#include "remotemail/core/clock.hpp"
#include "remotemail/core/random.hpp"
#include "remotemail/core/result.hpp"
#include "remotemail/core/server_account.hpp"
#include "remotemail/protocol/mail_sender.hpp"
#include "remotemail/protocol/mailbox.hpp"
#include "remotemail/protocol/stream.hpp"

namespace remotemail {

// Told of each step as it begins: the tests (C1–C4) and `check` show it.
using StepObserver = std::function<void(Step)>;

class MailServers {
 public:
  virtual ~MailServers() = default;
  // Connects, starts TLS as the account demands, logs in, and for IMAP selects the mailbox. Y2: no password leaves
  // before TLS unless Security::none was chosen; STARTTLS not offered is Cause::tls_not_offered.
  virtual Result<std::unique_ptr<Mailbox>> open_mailbox(const MailboxAccount&, const Deadline&,
                                                        const StepObserver& = {}) = 0;
  // As above for submission; `client_name` is what EHLO says (RFC 5321 4.1.3: a domain or an address literal).
  virtual Result<std::unique_ptr<MailSender>> open_sender(const ServerAccount&, const std::string& client_name,
                                                          const Deadline&, const StepObserver& = {}) = 0;
};

// Our own dialogues over a Connector. All references must outlive it.
std::unique_ptr<MailServers> make_mail_servers(Connector&, const Clock&, Random&);

}  // namespace remotemail
