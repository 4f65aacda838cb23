#include "remotemail/protocol/mail_servers.hpp"

#include <utility>

#include "protocol/dialogue.hpp"
#include "protocol/imap/imap_mailbox.hpp"
#include "protocol/pop3/pop3_mailbox.hpp"
#include "protocol/smtp/smtp_sender.hpp"
#include "remotemail/core/limits.hpp"

namespace remotemail {

namespace {

// Says in each error which server it was.
class PlacedMailbox final : public Mailbox {
 public:
  PlacedMailbox(std::unique_ptr<Mailbox> inner, std::string place)
      : inner_(std::move(inner)), place_(std::move(place)) {}

  Result<MailboxListing> list(const Deadline& deadline) override { return told(inner_->list(deadline)); }
  Status fetch(std::span<const FetchRequest> requests, const FetchSink& sink,
               const Deadline& deadline) override {
    return told(inner_->fetch(requests, sink, deadline));
  }
  void remove(std::span<const Receipt> receipts) override { inner_->remove(receipts); }
  Result<std::vector<MailKey>> close(const Deadline& deadline) override {
    return told(inner_->close(deadline));
  }
  SessionInfo session() const override { return inner_->session(); }
  Result<std::optional<std::uint64_t>> read_elsewhere(const Deadline& deadline) override {
    return told(inner_->read_elsewhere(deadline));
  }

 private:
  template <typename T>
  T told(T result) const {
    if (result) return result;
    return placed(std::move(result).error(), Step::none, place_);
  }

  std::unique_ptr<Mailbox> inner_;
  std::string place_;
};

class DialogueServers final : public MailServers {
 public:
  DialogueServers(Connector& connector, const Clock& clock, Random& random)
      : connector_(connector), clock_(clock), random_(random) {}

  Result<std::unique_ptr<Mailbox>> open_mailbox(const MailboxAccount& account, const Deadline& deadline,
                                                const StepObserver& observer) override {
    auto stream = connect(account.server, deadline, observer);
    if (!stream) return std::move(stream).error();
    auto mailbox = account.spool == Spool::imap
                       ? open_imap_mailbox(std::move(*stream), account, clock_, random_, deadline, observer)
                       : open_pop3_mailbox(std::move(*stream), account, clock_, random_, deadline, observer);
    const std::string place = host_and_port(account.server);
    if (!mailbox) return placed(std::move(mailbox).error(), Step::none, place);
    return std::unique_ptr<Mailbox>(std::make_unique<PlacedMailbox>(std::move(*mailbox), place));
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
