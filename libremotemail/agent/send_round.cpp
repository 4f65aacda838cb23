#include "agent/send_round.hpp"

#include <fmt/format.h>

#include <utility>

#include "agent/schedule.hpp"

namespace remotemail {
namespace {

// The outbox as the sender pulls it: each success is durable before the next final dot (R2).
class StoreQueue final : public OutgoingQueue {
 public:
  StoreQueue(const AgentPorts& ports, MailStore& store, std::string envelope_from, WallTime due,
             SendResult& result)
      : ports_(ports), store_(store), envelope_from_(std::move(envelope_from)), due_(due), result_(result) {}

  // True when something is due. What is asked for here is what next() gives first.
  bool prepare() {
    auto entry = store_.next_due(due_, last_id_);
    if (!entry) {
      result_.store_error = std::move(entry).error();
      return false;
    }
    ahead_ = std::move(*entry);
    return ahead_.has_value();
  }

  std::optional<OutgoingMail> next() override {
    if (!ahead_ && !prepare()) return std::nullopt;
    OutboxEntry entry = std::move(*ahead_);
    ahead_.reset();
    last_id_ = entry.mail.id;
    OutgoingMail mail{entry.mail.id, envelope_from_, entry.mail.recipient, std::move(entry.mail.message)};
    entry.mail.message.clear();
    given_.push_back(std::move(entry));
    return mail;
  }

  Status settled(const OutgoingMail& mail, const SendOutcome& outcome) override {
    for (std::size_t i = 0; i < given_.size(); ++i) {
      if (given_[i].mail.id != mail.id) continue;
      const OutboxEntry entry = std::move(given_[i]);
      given_.erase(given_.begin() + static_cast<std::ptrdiff_t>(i));
      return settle(entry, outcome);
    }
    return make_error(Cause::internal, Step::store, "a mail was settled that was not given");
  }

 private:
  Status settle(const OutboxEntry& entry, const SendOutcome& outcome) {
    Settlement settlement;
    settlement.now = ports_.clock.now();
    settlement.in_doubt = outcome.in_doubt;
    settlement.detail = outcome.error ? describe(*outcome.error) : outcome.server_line;
    switch (outcome.kind) {
      case SendOutcome::Kind::sent:
        settlement.kind = Settlement::Kind::sent;
        break;
      case SendOutcome::Kind::failed:
        settlement.kind = Settlement::Kind::failed;
        break;
      case SendOutcome::Kind::deferred: {
        const auto next = next_attempt(entry.attempts + 1, entry.created, settlement.now, ports_.random);
        settlement.kind = next ? Settlement::Kind::deferred : Settlement::Kind::failed;
        if (next) settlement.next_attempt = *next;
        break;
      }
    }
    Status done = store_.settle(entry.mail.id, settlement);
    if (!done) {
      result_.store_error = done.error();
      return done;
    }
    tell(entry, settlement);
    return {};
  }

  void tell(const OutboxEntry& entry, const Settlement& settlement) {
    const std::string what = fmt::format("{} to {}", entry.mail.what, entry.mail.recipient);
    switch (settlement.kind) {
      case Settlement::Kind::sent:
        ++result_.sent;
        ports_.logger.log(
            LogLevel::info,
            fmt::format("sent {}{}", what, entry.in_doubt ? " (may be the second identical copy)" : ""));
        break;
      case Settlement::Kind::deferred:
        ++result_.deferred;
        ports_.logger.log(LogLevel::info,
                          fmt::format("{} waits: {}{}", what, settlement.detail,
                                      settlement.in_doubt ? " (in doubt: the server may have it)" : ""));
        break;
      case Settlement::Kind::failed:
        ++result_.failed;
        ports_.logger.log(LogLevel::warning, fmt::format("{} failed for good: {}", what, settlement.detail));
        break;
    }
  }

  const AgentPorts& ports_;
  MailStore& store_;
  std::string envelope_from_;
  WallTime due_;
  SendResult& result_;
  std::string last_id_;
  std::optional<OutboxEntry> ahead_;
  std::vector<OutboxEntry> given_;  // to the sender, not settled yet
};

}  // namespace

SendResult send_round(const AgentPorts& ports, MailStore& store, const Settings& settings,
                      const std::string& client_name, bool everything, const StepObserver& observer,
                      const Deadline& deadline) {
  SendResult result;
  const WallTime due = everything ? WallTime::max() : ports.clock.now();
  StoreQueue queue(ports, store, settings.envelope_sender(), due, result);
  if (!queue.prepare()) return result;
  auto sender = ports.servers.open_sender(settings.transmission.smtp, client_name, deadline, observer);
  if (!sender) {
    result.smtp_error = std::move(sender).error();
    // The reply whose turn it was has had its attempt (R6); the others wait for the server's own back-off.
    if (result.smtp_error->cause != Cause::stopped) {
      (void)queue.settled(*queue.next(), {SendOutcome::Kind::deferred, false, {}, result.smtp_error});
    }
    return result;
  }
  Status sent = (*sender)->send(queue, deadline);
  if (!sent && !result.store_error) result.smtp_error = std::move(sent).error();
  return result;
}

}  // namespace remotemail
