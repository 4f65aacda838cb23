#include "agent/send_round.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <functional>
#include <limits>
#include <map>
#include <set>
#include <utility>
#include <vector>

#include "agent/answer.hpp"
#include "agent/daily.hpp"
#include "agent/reply_codes.hpp"
#include "agent/schedule.hpp"
#include "core/text.hpp"
#include "remotemail/core/limits.hpp"
#include "remotemail/protocol/message.hpp"

namespace remotemail {
namespace {

// What the log tells of a sending. A filter may quote what it dislikes: once a mail that shows a password was handed over,
// only the codes of an answer are kept (Y4).
std::string words_of(const SendOutcome& outcome, bool shows_secret) {
  if (!outcome.error) return shows_secret ? reply_codes(outcome.server_line) : outcome.server_line;
  Error error = *outcome.error;
  if (shows_secret && (error.step == Step::data || error.step == Step::confirmation))
    error.server_line = reply_codes(error.server_line);
  return describe(error);
}

// What one message may measure in this session: the server's SIZE, ours where that is more or not said (G). Servers
// count their trace fields and, like Postfix, their notes of the envelope, too, so a mail of exactly SIZE is refused.
std::size_t message_limit(const MailSender& sender) {
  const std::uint64_t size = sender.size_limit();
  if (size == 0) return limits::kReplyBytes;
  return std::min<std::uint64_t>(std::max<std::uint64_t>(size, limits::kTraceRoom) - limits::kTraceRoom,
                                 limits::kReplyBytes);
}

// The parts of a mail that is too large, as they wait in its place.
Result<std::vector<OutboxMail>> parts_of(const OutboxMail& whole, std::size_t limit, const Sealer& sealer) {
  const auto id_of = [&](std::size_t part, std::size_t parts) {
    return make_message_id(whole.id, fmt::format("part {} of {}", part, parts), whole.id, sealer);
  };
  auto split = split_mail(whole.message, limit, id_of);
  if (!split) return std::move(split).error();
  OutboxMail frame = whole;
  frame.message = {};
  std::vector<OutboxMail> parts;
  for (MailPart& each : *split) {
    OutboxMail part = frame;
    part.id = std::move(each.id);
    part.what = fmt::format("{} ({}/{})", whole.what, parts.size() + 1, split->size());
    part.message = std::move(each.message);
    parts.push_back(std::move(part));
  }
  return parts;
}

// The outbox as the sender pulls it: each success is durable before the next final dot (R2).
class StoreQueue final : public OutgoingQueue {
 public:
  StoreQueue(const SendContext& context, WallTime due, SendResult& result)
      : ports_(context.ports),
        store_(context.store),
        unnoted_(context.unnoted),
        envelope_from_(context.settings.envelope_sender()),
        due_(due),
        clock_in_doubt_(context.clock_in_doubt),
        only_(context.only),
        result_(result) {}

  // For the session that pulls. Before it is called, nothing is split.
  void open_for(const MailSender& sender) {
    limit_ = message_limit(sender);
    server_limit_ = sender.size_limit();
  }

  // False: the store still cannot note what became of earlier mails, so nothing more must be sent.
  bool note_earlier() {
    while (!unnoted_.empty()) {
      Status noted = store_.settle(unnoted_.begin()->first, unnoted_.begin()->second);
      if (!noted && noted.error().cause != Cause::not_found) {
        result_.store_error = std::move(noted).error();
        return false;
      }
      unnoted_.erase(unnoted_.begin());
    }
    return true;
  }

  // True when something is due that was not given yet. What is asked for here is what next() gives first.
  bool prepare() {
    do {
      auto entry = store_.next_due(due_, last_id_);
      if (!entry) {
        result_.store_error = std::move(entry).error();
        return false;
      }
      ahead_ = std::move(*entry);
      if (ahead_) last_id_ = ahead_->mail.id;
      // One that was sent is gone, so the search behind it begins anew and meets those that were put off.
    } while (ahead_ && (has_given(ahead_->mail.id) || !is_wanted(*ahead_)));
    return ahead_.has_value();
  }

  std::optional<OutgoingMail> next() override {
    if (is_off(ports_.device.state())) return std::nullopt;  // A8: no sending while the machine is off
    do {
      if (!ahead_ && !prepare()) {
        exhausted_ = !result_.store_error;
        return std::nullopt;
      }
    } while (ahead_->mail.message.size() > limit_ && take_apart());
    if (!ahead_) return std::nullopt;
    seen_.insert(ahead_->mail.id);
    OutboxEntry entry = std::move(*ahead_);
    ahead_.reset();
    OutgoingMail mail{entry.mail.id, envelope_from_, entry.mail.recipient, std::move(entry.mail.message)};
    entry.mail.message.clear();
    Unnoted doubt;
    const WallTime now = ports_.clock.now();
    const auto again = next_attempt(entry.attempts + 1, entry.created, now, ports_.random, clock_in_doubt_);
    doubt.emplace(mail.id, Settlement{Settlement::Kind::deferred, now, again.value_or(now), true,
                                      "memory ran out while it was sent"});
    given_.push_back({std::move(entry), doubt.extract(doubt.begin())});
    return mail;
  }

  // Memory ran out amid a sending: of what was given and not settled nobody knows whether the server has it (R1).
  void leave_in_doubt() noexcept {
    for (Given& each : given_) unnoted_.insert(std::move(each.doubt));
    given_.clear();
  }

  // All that could be given was given: what is due and was not, cannot be read.
  bool exhausted() const { return exhausted_; }
  bool is_wanted(const OutboxEntry& entry) const { return only_.empty() || entry.mail.id == only_; }
  bool has_given(const std::string& id) const { return seen_.count(id) > 0; }

  Status settled(const OutgoingMail& mail, const SendOutcome& outcome) override {
    const auto found =
        std::ranges::find_if(given_, [&](const Given& each) { return each.entry.mail.id == mail.id; });
    if (found == given_.end())
      return make_error(Cause::internal, Step::store, "a mail was settled that was not given");
    Given given = std::move(*found);
    given_.erase(found);
    // Kept before anything can fail.
    const bool sent = outcome.kind == SendOutcome::Kind::sent;
    if (sent) given.doubt.mapped() = Settlement{Settlement::Kind::sent, ports_.clock.now(), {}, false, {}};
    if (sent || outcome.in_doubt) unnoted_.insert(std::move(given.doubt));
    return settle(given.entry, outcome);
  }

  Status settle(const OutboxEntry& entry, const SendOutcome& outcome) {
    Settlement settlement;
    settlement.now = ports_.clock.now();
    settlement.in_doubt = outcome.in_doubt;
    settlement.detail = words_of(outcome, entry.mail.shows_secret);
    switch (outcome.kind) {
      case SendOutcome::Kind::sent:
        settlement.kind = Settlement::Kind::sent;
        break;
      case SendOutcome::Kind::failed:
        settlement.kind = Settlement::Kind::failed;
        break;
      case SendOutcome::Kind::deferred: {
        const auto next =
            next_attempt(entry.attempts + 1, entry.created, settlement.now, ports_.random, clock_in_doubt_);
        settlement.kind = next ? Settlement::Kind::deferred : Settlement::Kind::failed;
        if (next) settlement.next_attempt = *next;
        break;
      }
    }
    Status done = settlement.kind == Settlement::Kind::failed
                      ? remember_failure(store_, entry.mail, settlement)
                      : Status();
    if (const auto kept = unnoted_.find(entry.mail.id); kept != unnoted_.end()) kept->second = settlement;
    if (done) done = store_.settle(entry.mail.id, settlement);
    if (!done) {
      if (settlement.kind == Settlement::Kind::sent) {
        ports_.logger.log(LogLevel::error,
                          fmt::format("{} to {} was sent, which could not be noted: a start before "
                                      "there is room sends a second identical copy",
                                      entry.mail.what, entry.mail.recipient));
      }
      result_.store_error = done.error();
      return done;
    }
    unnoted_.erase(entry.mail.id);
    tell(entry, settlement);
    return {};
  }

 private:
  // Puts parts in the place of the mail ahead, or fails it for good. False: it is to be sent as it is, or, with nothing
  // ahead, the store cannot go on.
  bool take_apart() {
    auto parts = parts_of(ahead_->mail, limit_, ports_.sealer);
    const bool server_takes_it = server_limit_ == 0 || ahead_->mail.message.size() <= server_limit_;
    if (!parts && server_takes_it) return false;
    const OutboxEntry entry = *std::exchange(ahead_, std::nullopt);
    if (!parts) {
      Error error = std::move(parts).error();
      // What is no text cannot be split, wherever it goes.
      if (error.cause == Cause::invalid_value)
        error.detail = fmt::format("{} octets", entry.mail.message.size());
      error.cause = Cause::message_too_large;
      error.step = Step::mail_from;
      error.detail += fmt::format("; the server's SIZE is {}", server_limit_);
      return settle(entry, {SendOutcome::Kind::failed, false, {}, std::move(error)}).ok();
    }
    Settlement settlement;
    settlement.kind = Settlement::Kind::split;
    settlement.now = ports_.clock.now();
    settlement.detail = fmt::format("{} octets, more than {}", entry.mail.message.size(), limit_);
    settlement.parts = std::move(*parts);
    if (Status done = store_.settle(entry.mail.id, settlement); !done) {
      result_.store_error = std::move(done).error();
      return false;
    }
    if (!only_.empty()) only_ = settlement.parts.front().id;
    tell(entry, settlement);
    return true;
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
        // R7: said when the trouble starts and when it changes, not at each try.
        if (!settlement.in_doubt && entry.last_trouble == clean_line(settlement.detail)) break;
        ports_.logger.log(LogLevel::info,
                          fmt::format("{} waits: {}{}", what, settlement.detail,
                                      settlement.in_doubt ? " (in doubt: the server may have it)" : ""));
        break;
      case Settlement::Kind::split:
        ports_.logger.log(LogLevel::info, fmt::format("{} goes in {} parts: {}", what,
                                                      settlement.parts.size(), settlement.detail));
        break;
      case Settlement::Kind::failed:
        ++result_.failed;
        ports_.logger.log(LogLevel::warning, fmt::format("{} failed for good: {}", what, settlement.detail));
        break;
    }
  }

  struct Given {
    OutboxEntry entry;
    Unnoted::node_type doubt;  // what is to be noted where memory runs out before its outcome is known
  };

  const AgentPorts& ports_;
  MailStore& store_;
  Unnoted& unnoted_;
  std::string envelope_from_;
  WallTime due_;
  bool clock_in_doubt_;
  std::string only_;
  SendResult& result_;
  std::size_t limit_ = std::numeric_limits<std::size_t>::max();
  std::uint64_t server_limit_ = 0;  // 0: it does not say
  std::string last_id_;
  std::optional<OutboxEntry> ahead_;
  std::vector<Given> given_;    // to the sender, not settled yet
  std::set<std::string> seen_;  // ids of all that was given in this round
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
    const bool waits = entry.next_attempt > due && entry.next_attempt - due <= limits::kLongestRetryWait;
    if (waits || !wanted(entry)) continue;
    if (!queue.settle(entry, {SendOutcome::Kind::deferred, false, {}, error})) return;
  }
}

}  // namespace

SendResult send_round(const SendContext& context, bool everything, const Deadline& deadline) {
  const AgentPorts& ports = context.ports;
  SendResult result;
  const WallTime due = everything ? WallTime::max() : ports.clock.now();
  StoreQueue queue(context, due, result);
  if (!queue.note_earlier()) return result;
  const auto all = [&queue](const OutboxEntry& entry) { return queue.is_wanted(entry); };
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
    queue.open_for(**sender);
    Status sent;
    try {
      sent = (*sender)->send(queue, deadline);
    } catch (...) {
      queue.leave_in_doubt();
      throw;
    }
    if (!sent && !result.store_error) result.smtp_error = std::move(sent).error();
    if (!queue.exhausted()) return result;
  }
  if (result.store_error) return result;
  // R1: a reply that was sealed under a key that is gone is never given; it waits its time and is reported as
  // failed.
  settle_due(
      queue, context.store, due, make_error(Cause::key_missing, Step::store),
      [&queue](const OutboxEntry& entry) {
        return queue.is_wanted(entry) && !queue.has_given(entry.mail.id);
      },
      result);
  return result;
}

}  // namespace remotemail
