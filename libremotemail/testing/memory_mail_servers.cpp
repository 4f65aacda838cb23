#include "remotemail/testing/memory_mail_servers.hpp"

#include <set>
#include <utility>

#include "core/text.hpp"

namespace remotemail::testing {
namespace {

std::size_t header_end(const std::string& bytes) {
  const auto end = bytes.find("\r\n\r\n");
  return end == std::string::npos ? bytes.size() : end + 4;
}

class MemoryMailbox final : public Mailbox {
 public:
  explicit MemoryMailbox(MemoryMailServers& servers) : servers_(servers) {}

  Result<MailboxListing> list(const Deadline&) override {
    if (auto error = servers_.happen("list")) return *error;
    MailboxListing listing;
    listing.mailbox = servers_.name;
    for (const auto& [uid, bytes] : servers_.mails) {
      listing.mails.push_back({{servers_.name, std::to_string(uid)}, bytes.size() + servers_.lie_about_size});
    }
    listing.total = listing.mails.size();
    return listing;
  }

  Status fetch(std::span<const FetchRequest> requests, const FetchSink& sink, const Deadline&) override {
    for (const FetchRequest& request : requests) {
      const bool whole = request.part != FetchRequest::Part::header;
      if (auto error =
              servers_.happen(std::string("fetch ") + (whole ? "whole " : "header ") + request.key.uid)) {
        return *error;
      }
      const auto mail = servers_.mails.find(parse_number<unsigned>(request.key.uid).value_or(0));
      if (mail == servers_.mails.end()) continue;
      const std::string& bytes = mail->second;
      RawMail raw{request.key, bytes.size(), whole ? bytes : bytes.substr(0, header_end(bytes)), whole};
      if (raw.bytes.size() > request.byte_limit) {
        raw.bytes.resize(request.byte_limit);
        raw.complete = false;
      }
      if (!sink(std::move(raw))) break;
    }
    return {};
  }

  void remove(std::span<const Receipt> receipts) override {
    for (const Receipt& receipt : receipts) {
      if (receipt.key().mailbox == servers_.name) queued_.insert(receipt.key().uid);
    }
  }

  Result<std::vector<MailKey>> close(const Deadline&) override {
    std::vector<MailKey> gone;
    for (const std::string& uid : queued_) {
      if (auto error = servers_.happen("remove " + uid)) return *error;
      if (servers_.mails.erase(parse_number<unsigned>(uid).value_or(0)) > 0)
        gone.push_back({servers_.name, uid});
    }
    if (auto error = servers_.happen("close")) return *error;
    return gone;
  }

 private:
  MemoryMailServers& servers_;
  std::set<std::string> queued_;
};

class MemorySender final : public MailSender {
 public:
  explicit MemorySender(MemoryMailServers& servers) : servers_(servers) {}

  Status send(OutgoingQueue& queue, const Deadline& deadline) override {
    while (!deadline.stopping()) {
      const auto mail = queue.next();
      if (!mail) return {};
      SendOutcome outcome;
      const auto error = servers_.happen("send " + mail->id);
      if (error) {
        outcome.error = error;
      } else if (servers_.size_limit > 0 && mail->message.size() > servers_.size_limit) {
        outcome.kind = SendOutcome::Kind::failed;
        outcome.server_line = "552 5.3.4 the mail is too large";
        outcome.error = make_error(Cause::message_too_large, Step::mail_from, {}, Retry::never);
      } else if (const auto asked = servers_.send_outcome) {
        outcome = asked(*mail);
      } else {
        outcome.kind = SendOutcome::Kind::sent;
        outcome.server_line = "250 2.0.0 Ok: queued";
      }
      // A server that took a mail has it, even when its answer was lost.
      if (outcome.kind == SendOutcome::Kind::sent || outcome.in_doubt) servers_.sent.push_back(*mail);
      if (Status settled = queue.settled(*mail, outcome); !settled) return settled;
      if (error) return *error;
    }
    return make_error(Cause::stopped, Step::data);
  }

  Status try_envelope(const std::string& from, const std::string& to, const Deadline&) override {
    if (auto error = servers_.happen("try " + from + " " + to)) return *error;
    return {};
  }
  std::uint64_t size_limit() const override { return servers_.size_limit; }

 private:
  MemoryMailServers& servers_;
};

}  // namespace

unsigned MemoryMailServers::put(std::string bytes) {
  mails[++last_uid_] = std::move(bytes);
  return last_uid_;
}

std::optional<Error> MemoryMailServers::happen(const std::string& event) {
  events.push_back(event);
  const auto asked = fault;  // a copy: a fault may take itself away
  return asked ? asked(event) : std::nullopt;
}

Result<std::unique_ptr<Mailbox>> MemoryMailServers::open_mailbox(const MailboxAccount&, const Deadline&,
                                                                 const StepObserver& observer) {
  if (observer) observer(Step::connect);
  if (auto error = happen("open mailbox")) return *error;
  return std::unique_ptr<Mailbox>(std::make_unique<MemoryMailbox>(*this));
}

Result<std::unique_ptr<MailSender>> MemoryMailServers::open_sender(const ServerAccount&, const std::string&,
                                                                   const Deadline&,
                                                                   const StepObserver& observer) {
  if (observer) observer(Step::connect);
  if (auto error = happen("open sender")) return *error;
  return std::unique_ptr<MailSender>(std::make_unique<MemorySender>(*this));
}

}  // namespace remotemail::testing
