// The port MailSender over SMTP submission (RFC 5321, 4954, 3207, 1870, 6152).
#pragma once

#include <memory>
#include <string>

#include "remotemail/core/clock.hpp"
#include "remotemail/core/result.hpp"
#include "remotemail/core/server_account.hpp"
#include "remotemail/protocol/mail_sender.hpp"
#include "remotemail/protocol/mail_servers.hpp"
#include "remotemail/protocol/stream.hpp"

namespace remotemail {

// Greeting, EHLO, TLS as the account demands, log-in when the account names a user. `stream` is connected and
// has said nothing yet. `clock` must outlive the sender. send() ends with QUIT when the queue is empty: one
// send() a sender.
Result<std::unique_ptr<MailSender>> open_smtp_sender(std::unique_ptr<Stream>, const ServerAccount&,
                                                     const std::string& client_name, const Clock&,
                                                     const Deadline&, const StepObserver&);

}  // namespace remotemail
