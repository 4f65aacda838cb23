// Both mail servers in memory, behind the ports the agent sees: no socket, no protocol, faults on demand. For tests of
// agents and of whoever embeds one; the memory mail host beside it speaks the real protocols.
#pragma once

#include <functional>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "remotemail/protocol/mail_servers.hpp"

namespace remotemail::testing {

class MemoryMailServers final : public MailServers {
 public:
  // What lies in the mailbox, by uid; tests put mails in and look what is left. CRLF bytes.
  std::map<unsigned, std::string> mails;
  unsigned put(std::string bytes);  // its uid
  std::vector<OutgoingMail> sent;   // what the SMTP server has taken, in order
  std::vector<std::string> events;  // "open mailbox", "list", "fetch header 3", "remove 3", "close", "open sender", "send ID",
                                    // "try FROM TO"

  // Faults. Each is asked before the step takes place; an error ends it (and the session) there.
  std::function<std::optional<Error>(const std::string& event)> fault;
  // What the SMTP server says of a mail; default: sent.
  std::function<SendOutcome(const OutgoingMail&)> send_outcome;
  std::uint64_t size_limit = 0;  // what the SMTP server says of its SIZE and holds to, 0: nothing
  std::uint64_t lie_about_size = 0;  // added to every listed size
  std::string name = "memory copier@localhost";  // MailKey::mailbox

  Result<std::unique_ptr<Mailbox>> open_mailbox(const MailboxAccount&, const Deadline&, const StepObserver&) override;
  Result<std::unique_ptr<MailSender>> open_sender(const ServerAccount&, const std::string& client_name, const Deadline&,
                                                  const StepObserver&) override;

  // Notes the event and asks for its fault; for the sessions.
  std::optional<Error> happen(const std::string& event);

 private:
  unsigned last_uid_ = 0;
};

}  // namespace remotemail::testing
