// The poll round's listing: which of its mails are done, set aside, left alone, or have a turn.
#include <algorithm>
#include <set>
#include <string>
#include <utility>

#include "agent/poll_round.hpp"
#include "remotemail/core/limits.hpp"

namespace remotemail {

bool PollRound::list_and_recall(const Deadline& deadline) {
  auto listing = mailbox_->list(deadline);
  if (!listing) {
    result_.mailbox_error = std::move(listing).error();
    mailbox_.reset();
    return false;
  }
  listing_ = std::move(*listing);
  result_.unlisted = listing_.total - std::min<std::uint64_t>(listing_.total, listing_.mails.size());
  last_exchange_ = ports_.clock.steady_now();
  auto known = store_.recall(listing_);
  if (!known) {
    result_.store_error = std::move(known).error();
    return false;
  }
  result_.listed = true;
  turns_ = {};
  broken_.keep_listed(listing_.mails);
  if (!look_at_waiting()) return false;
  Batch set_aside;
  std::set<MailKey> kept;
  for (std::uint32_t i = 0; i < listing_.mails.size(); ++i) {
    const KnownMail& mail = (*known)[i];
    const bool survived = !survived_.empty() && survived_.count(listing_.mails.key(i)) > 0;
    if (survived) kept.insert(listing_.mails.key(i));
    if (mail.state == KnownMail::State::done) {
      receipts_.push_back(*mail.receipt);
    } else if (mail.state == KnownMail::State::set_aside && !survived) {
      ++result_.set_aside;
      set_aside.verdicts.push_back(set_aside_verdict(listing_.mails.key(i)));
    } else {
      give_turn(i, mail.state == KnownMail::State::tried && !survived ? mail.tries : 0);
    }
  }
  survived_ = std::move(kept);
  return set_aside.verdicts.empty() || name_set_aside(std::move(set_aside));
}

// To a mail that is to be judged, unless it is left alone in this round.
void PollRound::give_turn(std::uint32_t place, unsigned tries) {
  if (skipped_ > 0 && waits(listing_.mails.key(place))) return stays(place);
  if (!broken_.empty()) {
    const MailKey key = listing_.mails.key(place);
    if (broken_.rests(key, last_exchange_)) {
      ++result_.resting;
      if (broken_.awaited(key, last_exchange_)) stays(place);
      return;
    }
    // Never one that brought the program down as well: with the program the suspicion is gone.
    if (broken_.count(key) > 0) return turns_.add_suspect(place, broken_.last_break(key));
  }
  if (tries > 0)
    turns_.add_tried(place, tries);
  else
    turns_.add_fresh(place);
}

// Which of the mails that waited before still have to: they are left alone, with what stands behind them for the order's
// sake. What is listed no more is forgotten.
bool PollRound::look_at_waiting() {
  WaitingMails kept;
  for (std::size_t i = 0; i < listing_.mails.size() && !waiting_.empty(); ++i) {
    const auto found = waiting_.find(listing_.mails.key(i));
    if (found != waiting_.end()) kept.insert(waiting_.extract(found));
  }
  waiting_ = std::move(kept);
  const WallTime now = ports_.clock.now();
  skipped_ = 0;
  for (auto& [key, mail] : waiting_) {
    const auto lasts = reason_lasts(mail, settings_, memory_, store_, now);
    if (!lasts) {
      result_.store_error = lasts.error();
      return false;
    }
    mail.still = *lasts;
    skipped_ += *lasts ? 1U : 0U;
  }
  if (skipped_ == 0 && !broken_.any_rests_awaited(last_exchange_)) return true;
  for (auto& [key, mail] : waiting_) {
    if (mail.why != WaitingMail::Why::order || mail.generation != settings_.generation) continue;
    mail.still = true;
    ++skipped_;
  }
  return true;
}

bool PollRound::waits(const MailKey& key) const {
  const auto found = waiting_.find(key);
  return found != waiting_.end() && found->second.still;
}

// R5: such a mail is named in the log, by the store once, however often it is said.
MailVerdict PollRound::set_aside_verdict(const MailKey& key) const {
  MailVerdict verdict;
  verdict.key = key;
  verdict.fate = MailVerdict::Fate::set_aside;
  verdict.log.emplace();
  verdict.log->time = ports_.clock.now();
  verdict.log->what = "mail";
  verdict.log->result = LogRecord::Result::set_aside;
  verdict.log->detail = "it brought the program down " + std::to_string(limits::kTriesBeforeSetAside) +
                        " times and stays on the server";
  return verdict;
}

void PollRound::stays(std::size_t place) {
  first_staying_ = std::min(first_staying_.value_or(place), place);
}

}  // namespace remotemail
