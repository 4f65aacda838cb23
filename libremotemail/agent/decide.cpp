#include "agent/decide.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>
#include <utility>

#include "agent/answer.hpp"
#include "agent/guesses.hpp"
#include "agent/reply_codes.hpp"
#include "core/crypto/digest.hpp"
#include "core/text.hpp"
#include "remotemail/core/commands.hpp"
#include "remotemail/core/limits.hpp"

namespace remotemail {
namespace {

std::string sender_of(const Mail& mail) {
  return mail.from ? clean_line(mail.from->address) : std::string();
}

// Whether a mail of ours with this `what` (a reply's topic, as the log has it) is a list, for the phone or not, or a part
// of one: those show no password.
bool is_list(std::string_view what) {
  if (what.starts_with(kCopyMark)) what.remove_prefix(kCopyMark.size());
  return std::any_of(kListWords.begin(), kListWords.end(),
                     [&](const ListWord& list) { return what.starts_with(list.title); });
}

// What a bounce says of the mail of ours that came back. The server that made it may quote what it dislikes: of any mail
// that is not a list only codes are kept (Y4), and of one that the log no longer knows.
std::string words_of(const BounceReport& report, std::string_view bounced_what) {
  return report.status + " " + (is_list(bounced_what) ? report.diagnostic : reply_codes(report.diagnostic));
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

Decision judged(MailVerdict verdict) {
  return Judged{std::move(verdict), {}};
}

Stays not_now(const DecisionContext& context) {
  Stays stays;
  stays.counted = context.guess_counted;
  return stays;
}

// R3: whether a mail with this digest was answered, in the store or earlier in the same bunch.
Result<bool> answered_before(const std::string& digest, const DecisionContext& context) {
  if (digest.empty()) return false;
  for (const MailVerdict& earlier : context.undurable.verdicts) {
    if (earlier.digest == digest) return true;
  }
  const auto answered = context.store.recall_memory(Memory::Kind::answered_request, digest);
  if (!answered) return answered.error();
  return answered->has_value();
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
    return judged(verdict_of(candidate, now, MailVerdict::Fate::duplicate, LogRecord::Result::duplicate,
                             "the same mail was answered before"));
  }
  const Plan plan = context.ports.parser.parse(candidate.mail.text);
  const bool changes_password =
      std::any_of(plan.items.begin(), plan.items.end(),
                  [](const PlannedItem& item) { return item.kind == PlannedItem::Kind::change_password; });
  if (changes_password && context.older_waits) return Decision(not_now(context));
  auto limit =
      limit_passed(reply_to, plan.items.size(), context.settings, context.store, context.undurable, now);
  if (!limit) return std::move(limit).error();
  if (!limit->empty()) {
    return Decision(Stays{WaitingMail::Why::limits, reply_to, plan.items.size(), std::move(*limit)});
  }

  auto outcomes = execute(plan, right, context.execution, deadline);
  if (!outcomes) return std::move(outcomes).error();
  std::string request;
  append_field(request, candidate.listing.key.mailbox);
  append_field(request, candidate.listing.key.uid);
  append_field(request, candidate.content_digest);
  AnswerContext answering{context.settings, context.device, context.ports.formatter, sealer, now};
  auto replies = answer(candidate.mail, reply_to, request, *outcomes, answering);
  if (!replies) return std::move(replies).error();
  verdict.fate = MailVerdict::Fate::answered;
  verdict.replies = std::move(*replies);
  std::string topics;
  for (const OutboxMail& reply : verdict.replies) topics += (topics.empty() ? "" : ", ") + reply.what;
  verdict.log = received(
      candidate, now, LogRecord::Result::answered,
      fmt::format("{} {}", verdict.replies.size(), verdict.replies.size() == 1 ? "reply" : "replies"),
      topics);
  if (context.settings.reception.notice == Notice::all) {
    answering.copy_to = context.settings.reception.administrator_address;
    auto copies = answer(candidate.mail, reply_to, request, *outcomes, answering);
    if (!copies) {
      // H3 is a courtesy: what keeps it from the administrator does not keep the CE waiting.
      context.ports.logger.log(LogLevel::error, "no copy to the administrator: " + describe(copies.error()));
    } else {
      std::move(copies->begin(), copies->end(), std::back_inserter(verdict.replies));
    }
  }
  remember_sender(context.memory, sender_key(candidate.mail, sealer), now);
  return judged(std::move(verdict));
}

}  // namespace

Result<Decision> decide(const Candidate& candidate, Right& right, const DecisionContext& context,
                        const Deadline& deadline) {
  const WallTime now = context.ports.clock.now();
  std::optional<Error> store_error;
  const auto fails = [&store_error](const auto& result) {
    if (!result && !store_error) store_error = result.error();
    return !result.ok();
  };
  std::optional<std::string> budget;  // whose a wrong password is; once one was looked at (Y8)
  bool waits_its_turn = false;
  bool spent = false;        // that is used up: the password is not compared
  std::string bounced_id;    // the first id of the report that is ours
  std::string bounced_what;  // and what that mail was
  AccessRules rules;
  rules.size_limit = context.settings.reception.size_limit;
  rules.own_address = context.settings.reception.address;
  rules.password_matches = [&](std::string_view candidate_password) {
    waits_its_turn = !context.may_execute && (!context.password_is_final || context.older_waits);
    if (waits_its_turn) return false;
    auto whose = guess_budget(context.memory, sender_key(candidate.mail, context.ports.sealer), now);
    if (fails(whose)) return false;
    budget = std::move(*whose);
    const auto none_left = budget_spent(context.memory, *budget, now);
    if (fails(none_left)) return false;
    spent = *none_left && !context.guess_counted;
    return !spent && context.execution.check.matches(right.hash, candidate_password);
  };
  rules.is_ours = [&](const std::string& id) {
    auto sent = context.store.find_sent(id);
    if (fails(sent)) return false;
    if (sent->has_value() && bounced_id.empty()) {
      bounced_id = id;
      bounced_what = (*sent)->what;
    }
    return sent->has_value();
  };
  const Verdict verdict =
      context.ports.authenticator.judge(candidate.mail, candidate.listing.size, candidate.whole, rules);
  if (store_error) return std::move(*store_error);
  if (waits_its_turn) return Decision(not_now(context));
  if (spent) {
    Stays stays{WaitingMail::Why::guesses, {}};
    stays.budget = *budget;
    return Decision(std::move(stays));
  }

  using Fate = MailVerdict::Fate;
  using Logged = LogRecord::Result;
  if (const auto* accepted = std::get_if<Accepted>(&verdict)) {
    return execute_accepted(candidate, accepted->reply_to, right, context, now, deadline);
  }
  if (const auto* illegal = std::get_if<Illegal>(&verdict)) {
    if (illegal->reason == Illegal::Reason::wrong_password) {
      // It is judged again when that older mail is done, and counts then.
      if (context.older_waits) return Decision(not_now(context));
      if (budget && !context.guess_counted) {
        if (Status counted = spend_guess(context.memory, *budget, now); !counted)
          return std::move(counted).error();
      }
      if (!context.password_is_final) {
        Stays stays{WaitingMail::Why::order, {}};
        stays.counted = true;
        return Decision(std::move(stays));
      }
    }
    // C7: mails with the same reason make one record, so the size is no part of the reason.
    const bool too_large = illegal->reason == Illegal::Reason::too_large;
    std::string detail(words(illegal->reason));
    if (!too_large && !illegal->detail.empty()) detail += ": " + illegal->detail;
    MailVerdict result = verdict_of(candidate, now, Fate::illegal, Logged::illegal, std::move(detail));
    if (too_large) result.log->what = "mail of " + illegal->detail;
    return Decision(Judged{std::move(result), *illegal});
  }
  if (const auto* unanswerable = std::get_if<Unanswerable>(&verdict)) {
    return judged(verdict_of(candidate, now, Fate::unanswerable, Logged::unanswerable, unanswerable->reason));
  }
  if (const auto* bounce = std::get_if<Bounce>(&verdict)) {
    MailVerdict result = verdict_of(candidate, now, Fate::bounce, Logged::unanswerable,
                                    "a reply was not delivered: " + words_of(bounce->report, bounced_what));
    result.bounced_id = bounced_id;
    return judged(std::move(result));
  }
  if (std::holds_alternative<OwnTest>(verdict)) {
    return judged(verdict_of(candidate, now, Fate::unanswerable, Logged::unanswerable, "our own test mail"));
  }
  return Decision(NeedsMore{std::get<Undecided>(verdict).bytes});
}

}  // namespace remotemail
