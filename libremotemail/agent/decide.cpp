#include "agent/decide.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <utility>

#include "agent/answer.hpp"
#include "core/crypto/digest.hpp"
#include "core/text.hpp"
#include "remotemail/core/limits.hpp"

namespace remotemail {
namespace {

constexpr std::chrono::hours kLimitWindow{24};  // R11

std::string sender_of(const Mail& mail) {
  return mail.from ? clean_line(mail.from->address) : std::string();
}

LogRecord received(const Candidate& candidate, WallTime now, LogRecord::Result result, std::string what,
                   std::string detail) {
  LogRecord record;
  record.time = now;
  record.direction = LogRecord::Direction::received;
  record.other_side = sender_of(candidate.mail);
  record.what = std::move(what);
  record.result = result;
  record.detail = clean_line(detail);
  record.message_id = clean_line(candidate.mail.message_id);
  return record;
}

MailVerdict verdict_of(const Candidate& candidate, WallTime now, MailVerdict::Fate fate,
                       LogRecord::Result result, std::string detail) {
  MailVerdict verdict;
  verdict.key = candidate.listing.key;
  verdict.fate = fate;
  verdict.log = received(candidate, now, result, "mail", std::move(detail));
  return verdict;
}

// R3: whether a mail with this digest was answered, in the store or earlier in the same bunch.
Result<bool> answered_before(const std::string& digest, const DecisionContext& context) {
  if (digest.empty()) return false;
  for (const MailVerdict& earlier : context.undurable.verdicts) {
    if (earlier.digest == digest) return true;
  }
  return context.store.answered(digest);
}

std::uint64_t replies_in(const Batch& batch, const std::string& recipient) {
  std::uint64_t count = 0;
  for (const MailVerdict& verdict : batch.verdicts) {
    for (const OutboxMail& reply : verdict.replies) {
      count += recipient.empty() || equal_ignoring_case(reply.recipient, recipient) ? 1U : 0U;
    }
  }
  return count;
}

// R11. None: within the limits.
Result<std::optional<Stays>> over_limit(std::size_t replies, const std::string& sender,
                                        const DecisionContext& context, WallTime now) {
  const Settings& settings = context.settings;
  const struct {
    std::uint64_t limit;
    std::string recipient, words;
  } checks[] = {{settings.replies_per_sender, sender, "limits.replies_per_sender"},
                {settings.replies, "", "limits.replies"}};
  for (const auto& check : checks) {
    if (check.limit == 0) continue;
    auto count = context.store.count_replies(now - kLimitWindow, check.recipient);
    if (!count) return std::move(count).error();
    *count += replies_in(context.undurable, check.recipient);
    if (*count + replies > check.limit) {
      return std::optional(
          Stays{fmt::format("{} replies in 24 hours, {} is {}", *count, check.words, check.limit)});
    }
  }
  return std::optional<Stays>();
}

Result<Decision> execute_accepted(const Candidate& candidate, const std::string& reply_to, Right& right,
                                  const DecisionContext& context, WallTime now, const Deadline& deadline) {
  const Sealer& sealer = context.ports.sealer;
  MailVerdict verdict;
  verdict.key = candidate.listing.key;
  verdict.digest = digest_of(candidate.mail, sealer);
  auto before = answered_before(verdict.digest, context);
  if (!before) return std::move(before).error();
  if (*before) {
    return Decision(verdict_of(candidate, now, MailVerdict::Fate::duplicate, LogRecord::Result::duplicate,
                               "the same mail was answered before"));
  }
  const Plan plan = context.ports.parser.parse(candidate.mail.text);
  const bool changes_password =
      std::any_of(plan.items.begin(), plan.items.end(),
                  [](const PlannedItem& item) { return item.kind == PlannedItem::Kind::change_password; });
  if (changes_password && context.older_waits) return Decision(Stays{});
  auto limit = over_limit(plan.items.size(), reply_to, context, now);
  if (!limit) return std::move(limit).error();
  if (*limit) return Decision(std::move(**limit));

  auto outcomes = execute(plan, right, context.execution, deadline);
  if (!outcomes) return std::move(outcomes).error();
  std::string request;
  append_field(request, candidate.listing.key.mailbox);
  append_field(request, candidate.listing.key.uid);
  append_field(request, candidate.content_digest);
  auto replies = answer(candidate.mail, reply_to, request, *outcomes,
                        {context.settings, context.device, context.ports.formatter, sealer, now});
  if (!replies) return std::move(replies).error();
  verdict.fate = MailVerdict::Fate::answered;
  verdict.replies = std::move(*replies);
  std::string topics;
  for (const OutboxMail& reply : verdict.replies) topics += (topics.empty() ? "" : ", ") + reply.what;
  verdict.log = received(
      candidate, now, LogRecord::Result::answered,
      fmt::format("{} {}", verdict.replies.size(), verdict.replies.size() == 1 ? "reply" : "replies"),
      topics);
  return Decision(std::move(verdict));
}

}  // namespace

Result<Decision> decide(const Candidate& candidate, Right& right, const DecisionContext& context,
                        const Deadline& deadline) {
  const WallTime now = context.ports.clock.now();
  std::optional<Error> store_error;
  std::string bounced_id;  // the first id of the report that is ours
  AccessRules rules;
  rules.size_limit = context.settings.reception.size_limit;
  rules.own_address = context.settings.reception.address;
  rules.password_matches = [&](std::string_view candidate_password) {
    return context.execution.check.matches(right.hash, candidate_password);
  };
  rules.is_ours = [&](const std::string& id) {
    auto sent = context.store.find_sent(id);
    if (!sent) {
      store_error = sent.error();
      return false;
    }
    if (sent->has_value() && bounced_id.empty()) bounced_id = id;
    return sent->has_value();
  };
  const Verdict verdict =
      context.ports.authenticator.judge(candidate.mail, candidate.listing.size, candidate.whole, rules);
  if (store_error) return std::move(*store_error);

  using Fate = MailVerdict::Fate;
  using Logged = LogRecord::Result;
  if (const auto* accepted = std::get_if<Accepted>(&verdict)) {
    return execute_accepted(candidate, accepted->reply_to, right, context, now, deadline);
  }
  if (const auto* illegal = std::get_if<Illegal>(&verdict)) {
    if (illegal->reason == Illegal::Reason::wrong_password && !context.password_is_final)
      return Decision(Stays{});
    // C7: mails with the same reason make one record, so the size is no part of the reason.
    const bool too_large = illegal->reason == Illegal::Reason::too_large;
    std::string detail(words(illegal->reason));
    if (!too_large && !illegal->detail.empty()) detail += ": " + illegal->detail;
    MailVerdict result = verdict_of(candidate, now, Fate::illegal, Logged::illegal, std::move(detail));
    if (too_large) result.log->what = "mail of " + illegal->detail;
    return Decision(std::move(result));
  }
  if (const auto* unanswerable = std::get_if<Unanswerable>(&verdict)) {
    return Decision(
        verdict_of(candidate, now, Fate::unanswerable, Logged::unanswerable, unanswerable->reason));
  }
  if (const auto* bounce = std::get_if<Bounce>(&verdict)) {
    MailVerdict result =
        verdict_of(candidate, now, Fate::bounce, Logged::unanswerable,
                   "a reply was not delivered: " + bounce->report.status + " " + bounce->report.diagnostic);
    result.bounced_id = bounced_id;
    return Decision(std::move(result));
  }
  if (std::holds_alternative<OwnTest>(verdict)) {
    return Decision(
        verdict_of(candidate, now, Fate::unanswerable, Logged::unanswerable, "our own test mail"));
  }
  return Decision(NeedsMore{std::get<Undecided>(verdict).bytes});
}

}  // namespace remotemail
