// From an open connection to a logged-in one.
#pragma once

#include "protocol/imap/imap_dialogue.hpp"
#include "remotemail/core/server_account.hpp"
#include "remotemail/protocol/mail_servers.hpp"

namespace remotemail::imap {

// Greeting, TLS as the account demands, capabilities, log-in (Y2: no password leaves before TLS unless
// Security::none was chosen). With Security::tls the stream is put under TLS here unless it is under it
// already. Afterwards the capabilities are those of a logged-in session.
Status log_in(Dialogue&, const ServerAccount&, const Deadline&, const StepObserver&);

}  // namespace remotemail::imap
