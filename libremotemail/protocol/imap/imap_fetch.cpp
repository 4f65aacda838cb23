#include "protocol/imap/imap_fetch.hpp"

#include <algorithm>
#include <limits>
#include <map>
#include <optional>
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
Status judge_answer(const Dialogue& dialogue, const StatusText& answer, Step step) {
  if (answer.condition == Condition::ok) return {};
  Error error = dialogue.refusal(answer, step, Cause::refused, Retry::later);
  if (answer.condition == Condition::no && error.cause == Cause::refused) return {};
  return error;
}

// Fetches one set and calls `take` for each response that names a mail.
template <typename Take>
Result<StatusText> fetch_set(Dialogue& dialogue, std::vector<std::uint64_t> uids, const Wanted& wanted,
                             Step step, const Deadline& deadline, Take take) {
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
    if (Status judged = judge_answer(dialogue, *answer, Step::list); !judged)
      return std::move(judged).error();
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
    auto answer = fetch_set(dialogue, std::move(uids), wanted, Step::list, deadline, [&](Fetched& fetched) {
      const auto found = place.find(*fetched.uid);
      const std::string* header = bytes_of(fetched, "HEADER");
      if (found == place.end() || header == nullptr || !digests[found->second].empty()) return;
      digests[found->second] = sha256(std::string_view(*header).substr(0, limits::kHeaderBlock));
    });
    if (!answer) return std::move(answer).error();
    if (Status judged = judge_answer(dialogue, *answer, Step::list); !judged)
      return std::move(judged).error();
  }
  return digests;
}

Status fetch_mails(Dialogue& dialogue, std::span<const FetchItem> items, const FetchSink& sink,
                   const Deadline& deadline) {
  for (std::size_t first = 0; first < items.size();) {
    const Wanted wanted = Wanted::of(*items[first].request);
    std::map<std::uint64_t, std::size_t> place;
    std::vector<std::uint64_t> uids;
    std::size_t octets = 0;
    std::size_t end = first;
    for (; end < items.size() && uids.size() < kMailsPerCommand; ++end) {
      octets += wanted.octets;
      if (end > first && octets > limits::kFetchedBytesAtOnce) break;
      if (!(Wanted::of(*items[end].request) == wanted)) break;
      if (!place.emplace(items[end].uid, end - first).second) break;
      uids.push_back(items[end].uid);
    }
    std::vector<std::optional<RawMail>> mails(end - first);
    auto answer = fetch_set(dialogue, std::move(uids), wanted, Step::fetch, deadline, [&](Fetched& fetched) {
      const auto found = place.find(*fetched.uid);
      if (found == place.end() || mails[found->second]) return;
      mails[found->second] = assemble(fetched, wanted);
    });
    if (!answer) return std::move(answer).error();
    if (Status judged = judge_answer(dialogue, *answer, Step::fetch); !judged) return judged;
    for (std::size_t i = 0; i < mails.size(); ++i) {
      if (!mails[i]) continue;
      mails[i]->key = items[first + i].request->key;
      if (!sink(*std::move(mails[i]))) return {};
    }
    first = end;
  }
  return {};
}

}  // namespace remotemail::imap
