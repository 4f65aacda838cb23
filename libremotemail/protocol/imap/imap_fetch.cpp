#include "protocol/imap/imap_fetch.hpp"

#include <algorithm>
#include <limits>
#include <map>
#include <optional>
#include <set>
#include <utility>

#include "core/crypto/digest.hpp"

namespace remotemail::imap {
namespace {

constexpr std::uint64_t kRowsPerCommand = 5000;  // of a listing: slow servers look into each mail
constexpr std::size_t kMailsPerCommand = 100;    // of a fetch
constexpr std::size_t kLiteralSlack = 1024;      // what a server may send beyond the octets asked for
constexpr std::size_t kOctetsPerBodyLine =
    100;  // what "the first lines" of a body is taken to mean in octets

std::string range(std::uint64_t first, std::uint64_t last) {
  return std::to_string(first) + ":" + std::to_string(last);
}

// "BODY.PEEK[HEADER]<0.65537>". One octet more than wanted tells a mail that ends there from one that is cut.
std::string peek(std::string_view section, std::size_t octets) {
  return "BODY.PEEK[" + std::string(section) + "]<0." + std::to_string(octets + 1) + ">";
}

// What one command asks of each mail of its set.
struct Wanted {
  FetchRequest::Part part = FetchRequest::Part::whole;
  std::size_t octets = 0;
  unsigned lines = 0;

  static Wanted of(const FetchRequest& request) {
    // RFC 3501's numbers end at 2^32 - 1, the octet more included.
    const auto octets =
        std::min<std::size_t>(request.byte_limit, std::numeric_limits<std::uint32_t>::max() - 1);
    return {request.part, octets, request.part == FetchRequest::Part::beginning ? request.lines : 0};
  }
  std::size_t body_octets() const {
    return std::min<std::size_t>(octets, std::size_t{lines} * kOctetsPerBodyLine);
  }
  std::string items() const {
    std::string items = "(RFC822.SIZE " + peek(part == FetchRequest::Part::whole ? "" : "HEADER", octets);
    if (part == FetchRequest::Part::beginning) items += " " + peek("TEXT", body_octets());
    return items + ")";
  }
  ResponseLimits limits() const {
    const std::size_t body = part == FetchRequest::Part::beginning ? body_octets() : 0;
    return {limits::kServerLine, octets + body + 2 * kLiteralSlack};
  }
  bool operator==(const Wanted&) const = default;
};

std::string* bytes_of(Fetched& fetched, std::string_view section) {
  for (BodyPart& part : fetched.parts) {
    if (part.section == section && part.origin == 0 && part.bytes) return &*part.bytes;
  }
  return nullptr;
}

// Where the first `lines` lines of `text` end; its size when it has no more.
std::size_t end_of_lines(std::string_view text, unsigned lines) {
  std::size_t end = 0;
  for (unsigned i = 0; i < lines && end < text.size(); ++i) {
    const auto line_end = text.find('\n', end);
    end = line_end == std::string_view::npos ? text.size() : line_end + 1;
  }
  return end;
}

// The mail as asked for; none when the response does not hold it.
std::optional<RawMail> assemble(Fetched& fetched, const Wanted& wanted) {
  const bool whole = wanted.part == FetchRequest::Part::whole;
  std::string* main = bytes_of(fetched, whole ? "" : "HEADER");
  if (main == nullptr) return std::nullopt;
  RawMail mail;
  mail.bytes = std::move(*main);
  mail.complete = whole;
  if (wanted.part == FetchRequest::Part::beginning) {
    const std::string* body = bytes_of(fetched, "TEXT");
    if (body == nullptr) return std::nullopt;
    const std::size_t shown =
        end_of_lines(std::string_view(*body).substr(0, wanted.body_octets()), wanted.lines);
    mail.complete = mail.bytes.size() <= wanted.octets && shown == body->size();
    mail.bytes.append(*body, 0, shown);
  }
  if (mail.bytes.size() > wanted.octets) {
    mail.bytes.resize(wanted.octets);
    mail.complete = false;
  }
  mail.size = fetched.size.value_or(mail.complete ? mail.bytes.size() : kUnknownSize);
  return mail;
}

// A NO to a FETCH mostly says that some of the mails are gone or cannot be read; the others have arrived.
// Only what concerns the server as a whole ends the session.
Status judge_listing(const Dialogue& dialogue, const StatusText& answer) {
  if (answer.condition == Condition::ok) return {};
  Error error = dialogue.refusal(answer, Step::list, Cause::refused, Retry::later);
  if (answer.condition == Condition::no && error.cause == Cause::refused) return {};
  return error;
}

// Asks for one set and calls `take` for each response that names a mail.
template <typename Take>
Result<StatusText> ask(Dialogue& dialogue, std::vector<std::uint64_t> uids, const Wanted& wanted, Step step,
                       const Deadline& deadline, const Take& take) {
  std::sort(uids.begin(), uids.end());
  Command command("UID FETCH");
  command.word(format_uid_sets(uids, limits::kServerLine / 2).front()).word(wanted.items());
  return dialogue.run(
      command, step, deadline,
      [&](Response& response) {
        auto* fetched = std::get_if<Fetched>(&response);
        if (fetched != nullptr && fetched->uid) take(*fetched);
      },
      wanted.limits());
}

// Fetches one set. Where the server says NO, whatever its code, those that `awaited` still names are asked
// for once more, each alone, or one bad mail would keep all others for ever; `give_up` hears of those that do
// not come even so.
template <typename Take, typename Awaited, typename GiveUp>
Status fetch_set(Dialogue& dialogue, const std::vector<std::uint64_t>& uids, const Wanted& wanted, Step step,
                 const Deadline& deadline, const Take& take, const Awaited& awaited, const GiveUp& give_up) {
  auto answer = ask(dialogue, uids, wanted, step, deadline, take);
  if (!answer) return std::move(answer).error();
  if (answer->condition == Condition::ok) return {};
  const auto trouble = [&] { return dialogue.refusal(*answer, step, Cause::refused, Retry::later); };
  if (answer->condition != Condition::no) return trouble();
  if (uids.size() == 1) return {};
  for (const std::uint64_t uid : uids) {
    if (!awaited(uid)) continue;
    answer = ask(dialogue, {uid}, wanted, step, deadline, take);
    if (!answer) return std::move(answer).error();
    if (answer->condition == Condition::bad) return trouble();
    give_up(uid);
  }
  return {};
}

// Mails of one set on their way to the sink: each as soon as all before it have come or been given up, so
// that what has arrived is safe when the line breaks. The latest is held until another response has been read
// behind it: a server that miscounts its octets shows there, and then that mail is not the whole one.
class InOrder {
 public:
  InOrder(std::span<const FetchItem> items, const FetchSink& sink)
      : items_(items), sink_(sink), places_(items.size()) {
    for (std::size_t i = 0; i < items.size(); ++i) index_.emplace(items[i].uid, i);
  }

  // Another response has been read: the latest mail is what it seems to be.
  void release() {
    if (latest_) settle(std::exchange(latest_, std::nullopt).value());
  }
  void drop_latest() { latest_.reset(); }
  bool awaits(std::uint64_t uid) const {
    const auto found = index_.find(uid);
    return wants_more_ && found != index_.end() && !places_[found->second].settled;
  }
  // Both for one that is awaited.
  void come(std::uint64_t uid, RawMail mail) { latest_ = {index_.at(uid), std::move(mail)}; }
  void give_up(std::uint64_t uid) { settle({index_.at(uid), std::nullopt}); }
  // What has not come by now does not come. False: the sink has enough.
  bool finish() {
    while (next_ < places_.size()) deliver();
    return wants_more_;
  }

 private:
  struct Place {
    bool settled = false;
    std::optional<RawMail> mail;
  };
  using Settled = std::pair<std::size_t, std::optional<RawMail>>;  // place and mail
  void settle(Settled settled) {
    Place& place = places_[settled.first];
    place.settled = true;
    place.mail = std::move(settled.second);
    while (next_ < places_.size() && places_[next_].settled) deliver();
  }
  void deliver() {
    std::optional<RawMail> mail = std::exchange(places_[next_].mail, std::nullopt);
    if (mail && wants_more_) {
      mail->key = items_[next_].request->key;
      wants_more_ = sink_(*std::move(mail));
    }
    ++next_;
  }

  std::span<const FetchItem> items_;
  const FetchSink& sink_;
  std::vector<Place> places_;
  std::map<std::uint64_t, std::size_t> index_;
  std::optional<Settled> latest_;
  std::size_t next_ = 0;  // place to be delivered next
  bool wants_more_ = true;
};

}  // namespace

Result<ListedRows> list_rows(Dialogue& dialogue, const Deadline& deadline) {
  ListedRows result;
  result.total = dialogue.exists();
  const std::uint64_t expunged = dialogue.expunged();
  const auto wanted = std::min<std::uint64_t>(result.total, limits::kListedMails);
  bool refused = false;
  // By sequence number: no server may renumber between two FETCHes (RFC 3501 7.4.1), and no more than wanted
  // is asked.
  for (std::uint64_t first = 1; first <= wanted; first += kRowsPerCommand) {
    const std::uint64_t last = std::min(wanted, first + kRowsPerCommand - 1);
    std::map<std::uint64_t, std::uint64_t> sizes;  // by UID
    Command command("FETCH");
    command.word(range(first, last)).word("(UID RFC822.SIZE)");
    auto answer = dialogue.run(command, Step::list, deadline, [&](Response& response) {
      const auto* row = std::get_if<Fetched>(&response);
      if (row == nullptr || !row->uid || *row->uid == 0) return;
      if (row->number < first || row->number > last) return;
      if (sizes.size() > last - first && !sizes.contains(*row->uid)) return;
      // A change of flags told meanwhile may name the mail before its row does.
      std::uint64_t& size = sizes.try_emplace(*row->uid, kUnknownSize).first->second;
      if (size == kUnknownSize && row->size) size = *row->size;
    });
    if (!answer) return std::move(answer).error();
    if (Status judged = judge_listing(dialogue, *answer); !judged) return std::move(judged).error();
    refused = refused || answer->condition != Condition::ok;
    for (const auto& [uid, size] : sizes) result.rows.push_back({uid, size});
  }
  const auto by_uid = [](const ListedRow& a, const ListedRow& b) { return a.uid < b.uid; };
  if (!std::is_sorted(result.rows.begin(), result.rows.end(), by_uid)) {
    std::sort(result.rows.begin(), result.rows.end(), by_uid);
  }
  const auto same = [](const ListedRow& a, const ListedRow& b) { return a.uid == b.uid; };
  result.rows.erase(std::unique(result.rows.begin(), result.rows.end(), same), result.rows.end());
  result.complete = !refused && dialogue.expunged() == expunged && result.rows.size() == result.total;
  return result;
}

Result<std::vector<std::string>> digest_headers(Dialogue& dialogue, const std::vector<ListedRow>& rows,
                                                const Deadline& deadline) {
  std::vector<std::string> digests(rows.size());
  const Wanted wanted{FetchRequest::Part::header, limits::kHeaderBlock, 0};
  for (std::size_t first = 0; first < rows.size(); first += kMailsPerCommand) {
    std::map<std::uint64_t, std::size_t> place;
    std::vector<std::uint64_t> uids;
    for (std::size_t i = first; i < std::min(rows.size(), first + kMailsPerCommand); ++i) {
      place.emplace(rows[i].uid, i);
      uids.push_back(rows[i].uid);
    }
    const auto awaited = [&](std::uint64_t uid) {
      const auto found = place.find(uid);
      return found != place.end() && digests[found->second].empty();
    };
    const auto take = [&](Fetched& fetched) {
      const std::string* header = bytes_of(fetched, "HEADER");
      if (header == nullptr || !awaited(*fetched.uid)) return;
      digests[place.at(*fetched.uid)] = sha256(std::string_view(*header).substr(0, limits::kHeaderBlock));
    };
    Status done =
        fetch_set(dialogue, uids, wanted, Step::list, deadline, take, awaited, [](std::uint64_t) {});
    if (!done) return std::move(done).error();
  }
  return digests;
}

Status fetch_mails(Dialogue& dialogue, std::span<const FetchItem> items, const FetchSink& sink,
                   const Deadline& deadline) {
  for (std::size_t first = 0; first < items.size();) {
    const Wanted wanted = Wanted::of(*items[first].request);
    std::vector<std::uint64_t> uids;
    std::set<std::uint64_t> seen;
    std::size_t octets = 0;
    std::size_t end = first;
    for (; end < items.size() && uids.size() < kMailsPerCommand; ++end) {
      octets += wanted.octets;
      if (end > first && octets > limits::kFetchedBytesAtOnce) break;
      if (!(Wanted::of(*items[end].request) == wanted)) break;
      if (!seen.insert(items[end].uid).second) break;
      uids.push_back(items[end].uid);
    }
    InOrder mails(items.subspan(first, end - first), sink);
    const auto awaited = [&](std::uint64_t uid) {
      mails.release();
      return mails.awaits(uid);
    };
    const auto take = [&](Fetched& fetched) {
      if (!awaited(*fetched.uid)) return;
      if (auto mail = assemble(fetched, wanted)) mails.come(*fetched.uid, *std::move(mail));
    };
    const auto give_up = [&](std::uint64_t uid) {
      if (awaited(uid)) mails.give_up(uid);
    };
    Status done = fetch_set(dialogue, uids, wanted, Step::fetch, deadline, take, awaited, give_up);
    const bool miscounted = !done && (done.error().cause == Cause::protocol_violation ||
                                      done.error().cause == Cause::answer_too_large);
    if (miscounted) {
      mails.drop_latest();
    } else {
      mails.release();
    }
    const bool more = mails.finish();
    if (!done || !more) return done;
    first = end;
  }
  return {};
}

}  // namespace remotemail::imap
