#include "agent/poll_round.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <string_view>
#include <utility>

#include "core/crypto/digest.hpp"
#include "remotemail/core/limits.hpp"

namespace remotemail {
namespace {

constexpr std::size_t kBunch = 100;   // mails judged between two commits
constexpr std::size_t kFewMails = 5;  // so few are fetched whole at once, without a look at their headers
constexpr std::string_view kPasswordKey = "reception.ce_password";

}  // namespace

void PollResult::go_on_from(const PollResult& before) {
  report.fetched += before.report.fetched;
  report.answered += before.report.answered;
  report.illegal += before.report.illegal;
  report.unanswerable += before.report.unanswerable;
  vanished += before.vanished;
  posted = posted || before.posted;
  if (!login) login = before.login;
  if (listed) return;
  // A server that grants no second log-in so soon: what the one before found is what there is to say.
  report.left = before.report.left;
  set_aside = before.set_aside;
  unlisted = before.unlisted;
  resting = before.resting;
  at_suspect = before.at_suspect;
  if (!store_error) mailbox_error = before.mailbox_error;
}

PollRound::PollRound(const AgentPorts& ports, MailStore& store, const Settings& settings,
                     PasswordCheck& check, HashCost cost, std::optional<WallTime> last_poll,
                     CarriedOver& carried, std::function<bool()> wanted)
    : ports_(ports),
      store_(store),
      settings_(settings),
      check_(check),
      cost_(cost),
      last_poll_(last_poll),
      broken_(carried.broken),
      tried_come_first_(carried.tried_come_first),
      survived_(carried.survived),
      waiting_(carried.waiting),
      wanted_(std::move(wanted)),
      memory_(store) {
  right_.hash = settings.reception.ce_password;
  password_generation_ = settings.reception.ce_password_generation;
}

PollResult PollRound::run(std::size_t max_mails, const PollReport& so_far, const StepObserver& observer,
                          const Deadline& deadline) {
  executed_ = so_far.answered;
  judged_ = so_far.fetched;
  const auto off = [this] {
    result_.report.state = "off";
    return std::move(result_);
  };
  if (is_off(ports_.device.state())) return off();
  auto identity =
      ports_.device.identity(deadline.within(ports_.clock.steady_now(), limits::kDeviceTimePerMail));
  if (!identity) {
    // A device that is unreachable when a poll begins counts as off (A8–A13).
    if (identity.error().cause == Cause::device_unreachable) return off();
    result_.device_error = std::move(identity).error();
    result_.report.state = "failed";
    return std::move(result_);
  }
  identity_ = std::move(*identity);
  // R9: a store that answers nothing would make all of it in vain; the server is not bothered.
  if (auto alive = store_.find_sent(""); !alive) {
    result_.store_error = std::move(alive).error();
    result_.report.state = "failed";
    return std::move(result_);
  }

  if (open(observer, deadline) && list_and_recall(deadline)) {
    work_off(max_mails, deadline);
    if (memory_.dirty()) {  // a count that began in the future, put right though no mail was judged
      Bunch corrections;
      commit(corrections);
    }
    remove_and_close(observer, deadline);
  }
  if (result_.mailbox_error || result_.store_error) result_.report.state = "failed";
  return std::move(result_);
}

bool PollRound::open(const StepObserver& observer, const Deadline& deadline) {
  auto mailbox = ports_.servers.open_mailbox(settings_.reception.account, deadline, observer);
  if (!mailbox) {
    result_.mailbox_error = std::move(mailbox).error();
    return false;
  }
  mailbox_ = std::move(*mailbox);
  last_exchange_ = ports_.clock.steady_now();
  result_.login = last_exchange_;
  return true;
}

bool PollRound::name_set_aside(Batch batch) {
  batch.now = ports_.clock.now();
  batch.password_key = kPasswordKey;
  batch.password_generation = password_generation_;
  auto named = store_.commit(batch);
  if (named || named.error().cause == Cause::changed_elsewhere) return true;
  result_.store_error = std::move(named).error();
  return false;
}

bool PollRound::go_on(const Deadline& deadline) const {
  return mailbox_ && !stale() && !result_.store_error && !result_.again && !deadline.stopping() && wanted_();
}

bool PollRound::has_time() const {
  return judged_ < limits::kMailsLookedAtPerPoll && ports_.clock.steady_now() < judging_ends_;
}

void PollRound::work_off(std::size_t max_mails, const Deadline& deadline) {
  judging_ends_ = ports_.clock.steady_now() + limits::kJudgingTimePerPoll;
  const std::size_t total = turns_.size() + skipped_ + result_.resting;
  const bool tried_first = tried_come_first_;
  const bool all_had = tried_first
                           ? work_off_tried(max_mails, deadline) && work_off_fresh(max_mails, deadline)
                           : work_off_fresh(max_mails, deadline) && work_off_tried(max_mails, deadline);
  if (all_had) work_off_suspects(max_mails, deadline);
  tried_come_first_ = !tried_first && turns_.tried_wait();
  result_.again = result_.again || turns_.wants_another_round();
  const PollReport& report = result_.report;
  result_.report.left = total - report.answered - report.illegal - report.unanswerable;
}

bool PollRound::work_off_fresh(std::size_t max_mails, const Deadline& deadline) {
  while (go_on(deadline) && has_time()) {
    const auto bunch = turns_.next_fresh(std::min(kBunch, limits::kMailsLookedAtPerPoll - judged_));
    if (bunch.empty()) return true;
    if (!process(bunch, max_mails, deadline)) return false;
  }
  return true;
}

// Only while they can be executed: what was looked at and did no harm counts as never tried, and of one that does harm
// when it is executed the tries would never come to three (R5).
bool PollRound::work_off_tried(std::size_t max_mails, const Deadline& deadline) {
  while (go_on(deadline) && has_time() && executed_ < max_mails) {
    const auto tried = turns_.next_tried();
    if (!tried) return true;
    if (!process(std::span(&*tried, 1), max_mails, deadline)) return false;
  }
  return true;
}

// They harm nobody now, so they need not wait for a poll that has time for them, and under load might do so for ever: one
// that comes through is a mail as others are.
void PollRound::work_off_suspects(std::size_t max_mails, const Deadline& deadline) {
  while (go_on(deadline)) {
    const auto suspect = turns_.next_suspect();
    if (!suspect || !process(std::span(&*suspect, 1), max_mails, deadline)) return;
  }
}

// Y8: a mail that waited for a budget which this round has spent again is not even fetched.
Result<bool> PollRound::still_unjudged(const MailKey& key) {
  const auto waited = waiting_.find(key);
  if (waited == waiting_.end() || waited->second.why != WaitingMail::Why::guesses) return false;
  return reason_lasts(waited->second, settings_, memory_, store_, ports_.clock.now());
}

// One bunch from note to commit. False: the round ends here.
bool PollRound::process(std::span<const std::uint32_t> places, std::size_t max_mails,
                        const Deadline& deadline) {
  // What was parsed without harm counts as never tried. Written first, so that a disk that is still full shows before
  // anything is fetched (R9).
  Bunch harmless;
  for (const std::uint32_t place : places) {
    if (survived_.count(listing_.mails.key(place)) > 0)
      harmless.batch.spared.push_back(listing_.mails.key(place));
  }
  if (!commit(harmless)) return false;
  for (const MailKey& key : harmless.batch.spared) survived_.erase(key);
  Bunch bunch;
  std::vector<MailKey> keys;
  for (const std::uint32_t place : places) {
    const MailListing mail = listing_.mails[place];
    const auto unjudged = still_unjudged(mail.key);
    if (!unjudged) {
      result_.store_error = unjudged.error();
      return false;
    }
    if (*unjudged) {
      stays(place);
      continue;
    }
    keys.push_back(mail.key);
    bunch.candidates.push_back({mail, {}, {}, false, false, false, place});
  }
  if (keys.empty()) return true;
  if (Status noted = store_.note_tries(keys); !noted) {
    result_.store_error = std::move(noted).error();
    return false;
  }
  // Of a suspect, which comes alone, all is asked for, though it may have to wait then: it is to show what it is.
  const bool suspect = broken_.count(keys.front()) > 0;
  const bool few = keys.size() <= kFewMails && (executed_ + keys.size() <= max_mails || suspect);
  const bool fetched = fetch(bunch, few, deadline);
  const Right before = right_;
  const Recollection::Fresh remembered = memory_.mark();
  bool intact = decide_all(bunch, max_mails, suspect, deadline) && fetched;
  if (is_off(ports_.device.state())) {
    // The device was turned off between fetch and commit: nothing is committed, the mails stay (design).
    result_.report.state = "off";
    bunch.batch = {};
    bunch.batch.spared = keys;
    bunch.answered = bunch.illegal = bunch.unanswerable = 0;
    bunch.staying.clear();
    memory_.back_to(remembered);
    right_ = before;
    intact = false;
  }
  const bool durable = commit(bunch);
  if (!durable) memory_.back_to(remembered);
  // What was parsed without harm and is not durable all the same (a full disk) is no mail that brings us down
  // (R5): the try that was noted stays noted, and no further one is.
  for (MailKey& key : keys) {
    if (durable)
      survived_.erase(key);
    else
      survived_.insert(std::move(key));
  }
  return durable && intact;
}

DecisionContext PollRound::context(const Batch& undurable, const Candidate& candidate, bool may_execute) {
  const auto waited = waiting_.find(candidate.listing.key);
  return {ports_,
          store_,
          settings_,
          identity_,
          undurable,
          !first_staying_ || *first_staying_ >= candidate.place,
          turns_.older_waits(candidate.place),
          may_execute && !turns_.stays_behind(candidate.place),
          waited != waiting_.end() && waited->second.counted,
          memory_,
          {ports_.device, ports_.clock, ports_.random, check_, cost_, settings_.reception.interval,
           last_poll_, settings_.reception.size_limit, settings_.mask_names ? &ports_.sealer : nullptr}};
}

// The fold, oldest first. What is not decided stays, spared. False: the session or the store is of no more
// use.
bool PollRound::decide_all(Bunch& bunch, std::size_t max_mails, bool suspect, const Deadline& deadline) {
  bool intact = mailbox_ != nullptr;
  // Whether a body can be had now. Else a mail behind one whose body is missing is not compared: that would count.
  const auto may_execute = [&] {
    return executed_ < max_mails && intact && !stale() && !deadline.stopping() && wanted_();
  };
  for (Candidate& candidate : bunch.candidates) {
    const auto stay = [&] {
      bunch.batch.spared.push_back(candidate.listing.key);
      stays(candidate.place);
    };
    if (!candidate.fetched || deadline.stopping()) {  // gone meanwhile, or never reached
      stay();
      if (mailbox_ && !deadline.stopping()) {
        ++result_.vanished;
        broken_.came_through(candidate.listing.key);
      }
      intact = intact && !deadline.stopping();
      continue;
    }
    ++judged_;
    ++result_.report.fetched;
    if (suspect && executed_ >= max_mails) {  // found whole: the next poll has it in its place
      broken_.came_through(candidate.listing.key);
      stay();
      continue;
    }
    const Right before = right_;
    auto decision = candidate.cut
                        ? Result<Decision>(Decision(NeedsMore{candidate.listing.size}))
                        : decide(candidate, right_, context(bunch.batch, candidate, may_execute()), deadline);
    if (decision && std::holds_alternative<NeedsMore>(*decision)) {
      if (!may_execute()) {
        stay();
        continue;
      }
      const std::uint64_t bytes = std::get<NeedsMore>(*decision).bytes;
      // A server's size is an estimate: the whole of a mail is all up to where it would be too large.
      const std::size_t limit =
          bytes < candidate.listing.size ? static_cast<std::size_t>(bytes) : whole_limit();
      intact = fetch_one(candidate, limit, deadline);
      if (!candidate.fetched) {
        stay();
        continue;
      }
      decision = decide(candidate, right_, context(bunch.batch, candidate, may_execute()), deadline);
    }
    broken_.came_through(candidate.listing.key);
    if (!decision) {
      stay();
      right_ = before;
      if (decision.error().cause == Cause::stopped) {
        intact = false;
        continue;
      }
      if (decision.error().step == Step::store) {
        result_.store_error = std::move(decision).error();
        return false;
      }
      ports_.logger.log(LogLevel::error, "a mail stays unanswered: " + describe(decision.error()));
      continue;
    }
    if (auto* stays = std::get_if<Stays>(&*decision)) {
      if (!stays->reason.empty()) {
        ports_.logger.log(LogLevel::warning, "a mail waits on the server: " + stays->reason);
      }
      if (stays->why == WaitingMail::Why::turn && turns_.older_waits(candidate.place))
        turns_.leave_behind(candidate.place);
      stays->generation = settings_.generation;
      bunch.staying.emplace(candidate.listing.key, std::move(*stays));
      stay();
    } else if (auto* judged = std::get_if<Judged>(&*decision)) {
      if (judged->illegal && !add_notice(bunch, candidate, *judged, deadline)) {
        stay();
        return false;
      }
      intact = intact && mailbox_ != nullptr;
      put(bunch, std::move(judged->verdict));
    } else {
      stay();
    }
  }
  return intact;
}

void PollRound::put(Bunch& bunch, MailVerdict verdict) {
  switch (verdict.fate) {
    case MailVerdict::Fate::answered:
      ++bunch.answered;
      ++executed_;
      break;
    case MailVerdict::Fate::illegal:
      ++bunch.illegal;
      break;
    default:
      ++bunch.unanswerable;
      break;
  }
  bunch.batch.verdicts.push_back(std::move(verdict));
}

// Step 8. False: nothing of the bunch is durable.
bool PollRound::commit(Bunch& bunch) {
  Batch& batch = bunch.batch;
  if (batch.verdicts.empty() && batch.spared.empty() && !memory_.dirty()) return true;
  batch.now = ports_.clock.now();
  batch.password_key = kPasswordKey;
  batch.password_generation = password_generation_;
  batch.memories = memory_.pending();
  if (right_.changed) batch.new_password = right_.hash;
  auto receipts = store_.commit(batch);
  if (!receipts && receipts.error().cause == Cause::changed_elsewhere) {
    result_.again = true;  // judged by a password that is no longer: a new round judges again
    return false;
  }
  if (!receipts) {
    result_.store_error = std::move(receipts).error();
    return false;
  }
  memory_.became_durable();
  result_.posted =
      result_.posted || !batch.notices.empty() ||
      std::ranges::any_of(batch.verdicts, [](const auto& each) { return !each.replies.empty(); });
  for (const Candidate& candidate : bunch.candidates) {
    // What it waited for is over, whatever it stays for now.
    const auto waited = waiting_.find(candidate.listing.key);
    if (waited != waiting_.end()) waited->second.why = WaitingMail::Why::turn;
  }
  for (const MailVerdict& verdict : batch.verdicts) waiting_.erase(verdict.key);
  for (auto& [key, mail] : bunch.staying) remember(waiting_, key, std::move(mail));
  receipts_.insert(receipts_.end(), receipts->begin(), receipts->end());
  result_.report.answered += bunch.answered;
  result_.report.illegal += bunch.illegal;
  result_.report.unanswerable += bunch.unanswerable;
  for (const MailVerdict& verdict : batch.verdicts) {
    const LogRecord& log = *verdict.log;
    ports_.logger.log(LogLevel::info,
                      fmt::format("mail from {}: {}{}{}", log.other_side.empty() ? "nobody" : log.other_side,
                                  words(log.result), log.detail.empty() ? "" : ": ", log.detail));
  }
  if (right_.changed) take_new_generation();
  return true;
}

// What comes next in this round is judged by the password that a CHPASS has just made durable (F20).
void PollRound::take_new_generation() {
  right_.changed = false;
  const auto stored = ports_.settings.load_settings();
  const auto password = stored ? stored->find(kPasswordKey) : StoredSettings::const_iterator();
  if (stored && password != stored->end() && password->second.text.reveal() == right_.hash.text) {
    password_generation_ = password->second.generation;
  } else {
    result_.again = true;  // changed once more meanwhile: a new round takes a new snapshot
  }
}

bool PollRound::stale() const {
  return ports_.clock.steady_now() - last_exchange_ > limits::kSessionAgeToRemove;
}

// Step 9. A session that waited too long for a slow device is dropped and a short one removes (design); what
// fails here is done by the next poll, which knows these mails as done (R3).
void PollRound::remove_and_close(const StepObserver& observer, const Deadline& deadline) {
  if (is_off(ports_.device.state())) return;  // A8: no mailbox; the next poll removes what is done
  if (result_.broke_off) return;           // so does the round that follows, or the next poll
  if (mailbox_ && stale()) mailbox_.reset();
  if (!mailbox_ && !receipts_.empty() && !deadline.stopping()) {
    // Also after a session that broke: a mail that breaks every session must not keep the others from being
    // removed.
    const std::optional<Error> trouble = std::move(result_.mailbox_error);
    result_.mailbox_error.reset();
    // POP3 numbers a mailbox anew in every session: without a listing nothing can be named.
    if (open(observer, deadline)) {
      if (auto listing = mailbox_->list(deadline); !listing) {
        result_.mailbox_error = std::move(listing).error();
        mailbox_.reset();
      }
    }
    result_.again = result_.again || (!trouble && result_.report.left > 0);
    if (trouble) result_.mailbox_error = trouble;
  }
  if (!mailbox_) return;
  mailbox_->remove(receipts_);
  auto closed = mailbox_->close(deadline);
  if (!closed && !result_.mailbox_error) result_.mailbox_error = std::move(closed).error();
  mailbox_.reset();
}

}  // namespace remotemail
