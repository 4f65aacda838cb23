// The poll round's fetching: bounded, as little as will decide.
#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "agent/poll_round.hpp"
#include "core/crypto/digest.hpp"
#include "core/text.hpp"
#include "remotemail/core/limits.hpp"
#include "remotemail/protocol/message.hpp"

namespace remotemail {
namespace {

constexpr unsigned kLinesOfBeginning = 1000;
constexpr std::size_t kSizeSlack = 1024;  // a server's size is an estimate

// What did not end within the limit is too large, whatever the listing said (fault 27).
void is_all_of_it(Candidate& candidate, std::size_t octets) {
  candidate.listing.size = std::max<std::uint64_t>(candidate.listing.size, octets);
  candidate.whole = true;
}

}  // namespace

std::size_t PollRound::whole_limit() const {
  return settings_.reception.size_limit + limits::kHeaderBlock + kSizeSlack;
}

// Fetches all of the bunch, whole where that is cheap and wanted, else the headers, in calls of bounded size.
bool PollRound::fetch(Bunch& bunch, bool whole, const Deadline& deadline) {
  std::vector<FetchRequest> requests;
  std::vector<std::size_t> limits_of;  // by candidate
  std::size_t sum = 0;
  std::size_t next = 0;  // candidate the coming mail belongs to, at the earliest
  const auto take = [&](RawMail raw) {
    while (next < bunch.candidates.size() && bunch.candidates[next].listing.key != raw.key) ++next;
    if (next == bunch.candidates.size()) return false;
    Candidate& candidate = bunch.candidates[next];
    // Cut where the server's size was too small: nothing can be said of it before it was fetched anew.
    const bool longer = !raw.complete && raw.bytes.size() >= limits_of[next];
    candidate.cut = longer && limits_of[next] < whole_limit();
    ++next;
    candidate.content_digest = sha256(raw.bytes);
    candidate.whole = raw.complete;
    if (longer && !candidate.cut) is_all_of_it(candidate, raw.bytes.size());
    candidate.fetched = true;
    candidate.mail = parse_mail(raw);
    return true;
  };
  const auto flush = [&] {
    if (requests.empty()) return true;
    Status fetched = mailbox_->fetch(requests, take, deadline);
    requests.clear();
    sum = 0;
    last_exchange_ = ports_.clock.steady_now();
    if (fetched) return true;
    // A mail that is longer than the server said has ended the session, though its beginning was handed over.
    const bool by_length = next > 0 && bunch.candidates[next - 1].cut;
    const std::size_t at = by_length ? next - 1 : next;
    fetch_ended(std::move(fetched).error(), at < bunch.candidates.size() ? &bunch.candidates[at] : nullptr);
    return false;
  };
  for (const Candidate& candidate : bunch.candidates) {
    const std::uint64_t size = candidate.listing.size;
    const bool take_whole = whole && size <= whole_limit();
    FetchRequest request{candidate.listing.key,
                         take_whole ? FetchRequest::Part::whole : FetchRequest::Part::header, 0, 0};
    const std::size_t most = take_whole ? whole_limit() : limits::kHeaderBlock + kSizeSlack;
    // Of a suspect the size may be what is wrong: it is not believed twice.
    request.byte_limit =
        broken_.count(candidate.listing.key) > 0
            ? most
            : static_cast<std::size_t>(std::min<std::uint64_t>(most, size + size / 8 + kSizeSlack));
    if (sum + request.byte_limit > limits::kFetchedBytesAtOnce && !flush()) return false;
    sum += request.byte_limit;
    limits_of.push_back(request.byte_limit);
    requests.push_back(std::move(request));
  }
  return flush();
}

bool PollRound::fetch_one(Candidate& candidate, std::size_t byte_limit, const Deadline& deadline) {
  // Of a mail that is wanted in part only the beginning is asked for, so that no more of it comes over the
  // line.
  const bool part = byte_limit < candidate.listing.size && byte_limit < whole_limit();
  const FetchRequest request{candidate.listing.key,
                             part ? FetchRequest::Part::beginning : FetchRequest::Part::whole,
                             part ? kLinesOfBeginning : 0, byte_limit};
  candidate.fetched = false;
  const auto take = [&](RawMail raw) {
    candidate.content_digest = sha256(raw.bytes);
    candidate.cut = false;
    is_all_of_it(candidate, raw.bytes.size());
    candidate.fetched = true;
    candidate.mail = parse_mail(raw);
    return true;
  };
  Status fetched = mailbox_->fetch(std::span(&request, 1), take, deadline);
  last_exchange_ = ports_.clock.steady_now();
  if (fetched) return true;
  fetch_ended(std::move(fetched).error(), &candidate);
  return false;
}

// The session ended; `at`: at this mail, as far as is known.
void PollRound::fetch_ended(Error error, const Candidate* at) {
  mailbox_.reset();
  if (at && error.cause != Cause::stopped) {
    const MailKey& key = at->listing.key;
    result_.at_suspect = broken_.count(key) > 0;
    result_.broke_off = !result_.at_suspect || turns_.any_behind();
    if (broken_.add(key, result_.report.fetched > 0, last_exchange_)) {
      ports_.logger.log(
          LogLevel::warning,
          fmt::format("the receiving mail server ended {} connections at the mail {}: it stays on the server "
                      "and is tried again in an hour; if it is of no use, delete it there",
                      broken_.count(key), clean_line(key.uid)));
    }
  }
  result_.mailbox_error = std::move(error);
}

}  // namespace remotemail
