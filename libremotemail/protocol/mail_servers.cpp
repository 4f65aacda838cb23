#include "remotemail/protocol/mail_servers.hpp"

#include "protocol/dialogue.hpp"
#include "protocol/imap/imap_mailbox.hpp"
#include "protocol/pop3/pop3_mailbox.hpp"
#include "protocol/smtp/smtp_sender.hpp"
#include "remotemail/core/limits.hpp"

namespace remotemail {

namespace {

class DialogueServers final : public MailServers {
 public:
  DialogueServers(Connector& connector, const Clock& clock, Random& random)
      : connector_(connector), clock_(clock), random_(random) {}

  Result<std::unique_ptr<Mailbox>> open_mailbox(const MailboxAccount& account, const Deadline& deadline,
                                                const StepObserver& observer) override {
    auto stream = connect(account.server, deadline, observer);
    if (!stream) return std::move(stream).error();
    return account.spool == Spool::imap
               ? open_imap_mailbox(std::move(*stream), account, clock_, random_, deadline, observer)
               : open_pop3_mailbox(std::move(*stream), account, clock_, random_, deadline, observer);
  }

  Result<std::unique_ptr<MailSender>> open_sender(const ServerAccount& account,
                                                  const std::string& client_name, const Deadline& deadline,
                                                  const StepObserver& observer) override {
    auto stream = connect(account, deadline, observer);
    if (!stream) return std::move(stream).error();
    return open_smtp_sender(std::move(*stream), account, client_name, clock_, deadline, observer);
  }

 private:
  Result<std::unique_ptr<Stream>> connect(const ServerAccount& account, const Deadline& deadline,
                                          const StepObserver& observer) {
    if (observer) observer(Step::connect);
    auto stream = connector_.connect(account.host, account.port, account.dns_server,
                                     deadline.within(clock_.steady_now(), limits::kConnectTime));
    if (!stream) return placed(std::move(stream).error(), Step::connect, host_and_port(account));
    return stream;
  }

  Connector& connector_;
  const Clock& clock_;
  Random& random_;
};

}  // namespace

std::unique_ptr<MailServers> make_mail_servers(Connector& connector, const Clock& clock, Random& random) {
  return std::make_unique<DialogueServers>(connector, clock, random);
}

}  // namespace remotemail
