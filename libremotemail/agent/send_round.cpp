#include "agent/send_round.hpp"

#include <fmt/format.h>

#include <functional>
#include <map>
#include <set>
#include <utility>
#include <vector>

#include "agent/daily.hpp"
#include "agent/schedule.hpp"

namespace remotemail {
namespace {

// The outbox as the sender pulls it: each success is durable before the next final dot (R2).
class StoreQueue final : public OutgoingQueue {
 public:
  StoreQueue(const SendContext& context, WallTime due, SendResult& result)
      : ports_(context.ports),
        store_(context.store),
        confirmed_(context.confirmed),
        envelope_from_(context.settings.envelope_sender()),
        due_(due),
        result_(result) {}

  // False: the store still cannot note what was sent, so nothing more must be.
  bool note_confirmed() {
    while (!confirmed_.empty()) {
      Status noted = store_.settle(confirmed_.begin()->first, confirmed_.begin()->second);
      if (!noted && noted.error().cause != Cause::not_found) {
        result_.store_error = std::move(noted).error();
        return false;
      }
      confirmed_.erase(confirmed_.begin());
    }
    return true;
  }

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
    if (is_off(ports_.device.state())) return std::nullopt;  // A8: no sending while the machine is off
    if (!ahead_ && !prepare()) {
      exhausted_ = !result_.store_error;
      return std::nullopt;
    }
    seen_.insert(ahead_->mail.id);
    OutboxEntry entry = std::move(*ahead_);
    ahead_.reset();
    last_id_ = entry.mail.id;
    OutgoingMail mail{entry.mail.id, envelope_from_, entry.mail.recipient, std::move(entry.mail.message)};
    entry.mail.message.clear();
    given_.push_back(std::move(entry));
    return mail;
  }

  // All that could be given was given: what is due and was not, cannot be read.
  bool exhausted() const { return exhausted_; }
  bool has_given(const std::string& id) const { return seen_.count(id) > 0; }

  Status settled(const OutgoingMail& mail, const SendOutcome& outcome) override {
    for (std::size_t i = 0; i < given_.size(); ++i) {
      if (given_[i].mail.id != mail.id) continue;
      const OutboxEntry entry = std::move(given_[i]);
      given_.erase(given_.begin() + static_cast<std::ptrdiff_t>(i));
      return settle(entry, outcome);
    }
    return make_error(Cause::internal, Step::store, "a mail was settled that was not given");
  }

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
    Status done = settlement.kind == Settlement::Kind::failed
                      ? remember_failure(store_, entry.mail, settlement)
                      : Status();
    if (done) done = store_.settle(entry.mail.id, settlement);
    if (!done) {
      if (settlement.kind == Settlement::Kind::sent) {
        ports_.logger.log(LogLevel::error,
                          fmt::format("{} to {} was sent, which could not be noted: a start before "
                                      "there is room sends a second identical copy",
                                      entry.mail.what, entry.mail.recipient));
        confirmed_.emplace(entry.mail.id, settlement);
      }
      result_.store_error = done.error();
      return done;
    }
    tell(entry, settlement);
    return {};
  }

 private:
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
  std::map<std::string, Settlement>& confirmed_;
  std::string envelope_from_;
  WallTime due_;
  SendResult& result_;
  std::string last_id_;
  std::optional<OutboxEntry> ahead_;
  std::vector<OutboxEntry> given_;  // to the sender, not settled yet
  std::set<std::string> seen_;      // ids of all that was given in this round
  bool exhausted_ = false;
};

// One attempt, without a session, for each reply that is due and that `wanted` names.
void settle_due(StoreQueue& queue, MailStore& store, WallTime due, const Error& error,
                const std::function<bool(const OutboxEntry&)>& wanted, SendResult& result) {
  auto waiting = store.outbox();
  if (!waiting) {
    result.store_error = std::move(waiting).error();
    return;
  }
  for (const OutboxEntry& entry : *waiting) {
    if (entry.next_attempt > due || !wanted(entry)) continue;
    if (!queue.settle(entry, {SendOutcome::Kind::deferred, false, {}, error})) return;
  }
}

}  // namespace

SendResult send_round(const SendContext& context, bool everything, const Deadline& deadline) {
  const AgentPorts& ports = context.ports;
  SendResult result;
  const WallTime due = everything ? WallTime::max() : ports.clock.now();
  StoreQueue queue(context, due, result);
  if (!queue.note_confirmed()) return result;
  const auto all = [](const OutboxEntry&) { return true; };
  if (queue.prepare()) {
    result.login_error = context.login();
    if (result.login_error) {
      if (result.login_error->cause != Cause::stopped) {
        settle_due(queue, context.store, due, *result.login_error, all, result);
      }
      return result;
    }
    auto sender = ports.servers.open_sender(context.settings.transmission.smtp, context.client_name, deadline,
                                            context.observer);
    if (!sender) {
      result.smtp_error = std::move(sender).error();
      if (result.smtp_error->cause != Cause::stopped) {
        settle_due(queue, context.store, due, *result.smtp_error, all, result);
      }
      return result;
    }
    Status sent = (*sender)->send(queue, deadline);
    if (!sent && !result.store_error) result.smtp_error = std::move(sent).error();
    if (!queue.exhausted()) return result;
  }
  if (result.store_error) return result;
  // R1: a reply that was sealed under a key that is gone is never given; it waits its time and is reported as
  // failed.
  settle_due(
      queue, context.store, due, make_error(Cause::key_missing, Step::store),
      [&queue](const OutboxEntry& entry) { return !queue.has_given(entry.mail.id); }, result);
  return result;
}

}  // namespace remotemail
