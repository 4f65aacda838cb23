// The part of a poll that tells the administrator of illegal mails (H2).
#include <utility>

#include "agent/notice_desk.hpp"
#include "agent/poll_round.hpp"
#include "core/crypto/digest.hpp"
#include "remotemail/core/limits.hpp"

namespace remotemail {

// R10: an answer to a notice by a program that does not say it is one, such as a help desk's: a notice of it would be
// answered, too. Nobody can claim this who did not get a notice, for its Message-ID cannot be guessed (R4).
Result<bool> PollRound::answers_notice(const Mail& mail) {
  if (settings_.reception.notice == Notice::no || mail.references.empty()) return false;
  const auto sent = store_.find_sent(mail.references.back());
  if (!sent) return sent.error();
  return sent->has_value() && (*sent)->what.starts_with(kNoticeMark);
}

// H2. For a wrong password, of which only the header was needed so far, the beginning of the text is fetched to quote
// from; when that is not to be had, or the time for judging is up, the notice goes without. False: store trouble.
bool PollRound::add_notice(Bunch& bunch, Candidate& candidate, Judged& judged, const Deadline& deadline) {
  const auto answers = answers_notice(candidate.mail);
  if (!answers) {
    result_.store_error = answers.error();
    return false;
  }
  if (*answers) return true;
  const NoticeContext context{settings_, identity_, ports_.sealer, ports_.clock.now()};
  if (!may_be_told(candidate.mail, settings_)) return true;
  auto admitted = admit_notice(memory_, context, bunch.batch.notices);
  if (!admitted && admitted.error().step == Step::store) {
    result_.store_error = std::move(admitted).error();
    return false;
  }
  if (admitted && !*admitted) return true;
  std::string request;
  append_field(request, candidate.listing.key.mailbox);
  append_field(request, candidate.listing.key.uid);
  append_field(request, candidate.content_digest);
  const std::uint64_t size = candidate.listing.size;
  const bool quotes = judged.illegal->reason == Illegal::Reason::wrong_password;
  if (quotes && !candidate.whole && mailbox_ && !stale() && !deadline.stopping() &&
      ports_.clock.steady_now() < judging_ends_) {
    fetch_one(candidate, candidate.mail.header_size + limits::kQuotableText, deadline);
  }
  auto notice = admitted ? illegal_notice({std::move(request), candidate.mail, size, *judged.illegal,
                                           quotes && candidate.whole},
                                          context)
                         : Result<OutboxMail>(std::move(admitted).error());
  if (notice) {
    judged.verdict.replies.push_back(std::move(*notice));
  } else {
    // No reason to keep the mail: it is in the log.
    ports_.logger.log(LogLevel::error, "no notice to the administrator: " + describe(notice.error()));
  }
  return true;
}

}  // namespace remotemail
