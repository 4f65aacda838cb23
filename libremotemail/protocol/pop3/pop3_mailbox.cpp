#include "protocol/pop3/pop3_mailbox.hpp"

#include <algorithm>
#include <limits>
#include <optional>
#include <vector>

#include "core/crypto/digest.hpp"
#include "core/text.hpp"
#include "protocol/pop3/pop3_session.hpp"

namespace remotemail {

namespace {

using pop3::Retrieved;
using pop3::Session;

constexpr std::size_t kDigestsPerList = limits::kMailsJudgedPerPoll;  // each costs a TOP
constexpr std::uint64_t kSlack = 64 * 1024;          // over the listed size; relays add headers late
constexpr std::uint64_t kReadOn = 64 * 1024 * 1024;  // of one answer, whatever the server listed
constexpr std::string_view kDigestMark = "h:";

// One mail of the latest listing. Uids lie in one string: a hundred thousand small ones would cost three
// times as much.
struct Row {
  std::uint32_t number = 0;
  std::uint32_t uid_at = 0;
  std::uint32_t uid_size = 0;  // 0: has none
  std::uint64_t size = 0;
};

// How much of an answer is read before the session is given up.
std::uint64_t allowance(std::uint64_t listed_size, std::size_t limit) {
  const std::uint64_t expected = listed_size < kReadOn ? listed_size + listed_size / 8 : 0;
  return std::max(std::min(expected, kReadOn), std::uint64_t{limit} + limit / 8) + kSlack;
}

// The same for the beginning of a mail, which may be but a hair's breadth of it: a server that overlooks how
// many lines TOP asks for must not have us load 20 MB for 64 KB. Room for lines of some 300 octets.
std::uint64_t allowance_of_beginning(std::uint64_t listed_size, std::size_t limit) {
  return std::min(allowance(listed_size, limit), 4 * std::uint64_t{limit} + kSlack);
}

Error cannot_tell_apart() {
  return make_error(Cause::capability_missing, Step::list, "UIDL or TOP", Retry::after_setup_change);
}

class Pop3Mailbox final : public Mailbox {
 public:
  Pop3Mailbox(std::unique_ptr<Session> session, const ServerAccount& account)
      : session_(std::move(session)), name_("pop3 " + account.user + "@" + lower(account.host)) {}

  Result<MailboxListing> list(const Deadline&) override;
  Status fetch(std::span<const FetchRequest>, const FetchSink&, const Deadline&) override;
  void remove(std::span<const Receipt>) override;
  Result<std::vector<MailKey>> close(const Deadline&) override;
  SessionInfo session() const override { return session_->info(); }

 private:
  std::string_view uid(const Row& row) const {
    return std::string_view(uids_).substr(row.uid_at, row.uid_size);
  }
  void set_uid(Row&, std::string_view text);
  Status read_sizes(std::uint64_t& total, const Deadline&);
  Status read_uids(const Deadline&);
  void index();             // by_uid_ anew
  void drop_double_uids();  // two mails with one uid have none
  Status make_digests(const Deadline&);
  std::span<const std::uint32_t> find(const MailKey&) const;  // places in rows_ of a mail and its copies
  Result<std::optional<Retrieved>> retrieve(const Row&, const FetchRequest&, const Deadline&);

  std::unique_ptr<Session> session_;
  std::string name_;
  std::vector<Row> rows_;  // oldest first
  std::string uids_;
  std::vector<std::uint32_t> by_uid_;  // places in rows_, of rows with a uid, by uid and number
  std::vector<MailKey> to_remove_;
  std::optional<bool> has_top_;  // as found out, where the server has no CAPA
};

void Pop3Mailbox::set_uid(Row& row, std::string_view text) {
  row.uid_at = static_cast<std::uint32_t>(uids_.size());
  row.uid_size = static_cast<std::uint32_t>(text.size());
  uids_ += text;
}

Status Pop3Mailbox::read_sizes(std::uint64_t& total, const Deadline& deadline) {
  const auto take = [&](std::string_view line) {
    ++total;
    if (rows_.size() == limits::kListedMails) return;
    if (const auto row = pop3::parse_list_row(line)) rows_.push_back({row->number, 0, 0, row->size});
  };
  auto listed = session_->rows("LIST", take, deadline);
  if (!listed) return std::move(listed).error();
  if (!*listed) return make_error(Cause::refused_for_now, Step::list, "LIST");
  const auto older = [](const Row& a, const Row& b) { return a.number < b.number; };
  std::stable_sort(rows_.begin(), rows_.end(), older);
  const auto same = [](const Row& a, const Row& b) { return a.number == b.number; };
  rows_.erase(std::unique(rows_.begin(), rows_.end(), same), rows_.end());
  return {};
}

Status Pop3Mailbox::read_uids(const Deadline& deadline) {
  const auto& capabilities = session_->capabilities();
  if (capabilities && !capabilities->uidl) return {};
  const auto take = [&](std::string_view line) {
    const auto found = pop3::parse_uidl_row(line);
    if (!found || found->uid.empty()) return;
    const auto older = [](const Row& row, std::uint32_t number) { return row.number < number; };
    const auto row = std::lower_bound(rows_.begin(), rows_.end(), found->number, older);
    if (row != rows_.end() && row->number == found->number && row->uid_size == 0) set_uid(*row, found->uid);
  };
  auto listed = session_->rows("UIDL", take, deadline);
  if (!listed) return std::move(listed).error();
  return {};
}

void Pop3Mailbox::index() {
  by_uid_.clear();
  for (std::size_t i = 0; i < rows_.size(); ++i) {
    if (rows_[i].uid_size > 0) by_uid_.push_back(static_cast<std::uint32_t>(i));
  }
  const auto before = [this](std::uint32_t a, std::uint32_t b) {
    const int order = uid(rows_[a]).compare(uid(rows_[b]));
    return order != 0 ? order < 0 : a < b;
  };
  std::sort(by_uid_.begin(), by_uid_.end(), before);
}

void Pop3Mailbox::drop_double_uids() {
  std::vector<std::uint32_t> doubles;
  for (std::size_t i = 1; i < by_uid_.size(); ++i) {
    if (uid(rows_[by_uid_[i]]) != uid(rows_[by_uid_[i - 1]])) continue;
    doubles.push_back(by_uid_[i - 1]);
    doubles.push_back(by_uid_[i]);
  }
  for (const std::uint32_t place : doubles) rows_[place].uid_size = 0;
}

// B.4: the header's digest stands in for a uid. What is over the largest header is not part of it.
Status Pop3Mailbox::make_digests(const Deadline& deadline) {
  const auto& capabilities = session_->capabilities();
  std::size_t asked = 0;
  std::size_t made = 0;
  for (Row& row : rows_) {
    if (row.uid_size > 0) continue;
    if (capabilities && !capabilities->top) {
      return cannot_tell_apart();
    }
    if (++asked > kDigestsPerList) break;
    auto top =
        session_->retrieve(row.number, 0, limits::kHeaderBlock, allowance(0, limits::kHeaderBlock), deadline);
    if (!top) return std::move(top).error();
    if (!*top) continue;
    if ((*top)->ending) return std::move(*(*top)->ending);
    std::string_view header = (*top)->bytes;
    header = header.substr(0, pop3::header_end(header));
    set_uid(row, std::string(kDigestMark) + to_hex(sha256(header)));
    ++made;
  }
  // One that is refused is gone meanwhile; all of them: the server does not know TOP.
  if (!capabilities && asked > 0 && made == 0) return cannot_tell_apart();
  return {};
}

Result<MailboxListing> Pop3Mailbox::list(const Deadline& deadline) {
  rows_.clear();
  uids_.clear();
  by_uid_.clear();
  to_remove_.clear();
  MailboxListing listing;
  listing.mailbox = name_;
  if (Status done = read_sizes(listing.total, deadline); !done) return std::move(done).error();
  if (Status done = read_uids(deadline); !done) return std::move(done).error();
  index();
  drop_double_uids();
  if (Status done = make_digests(deadline); !done) return std::move(done).error();
  index();
  // Mails with the same header are copies of one; the first stands for all.
  std::vector<bool> copy(rows_.size());
  for (std::size_t i = 1; i < by_uid_.size(); ++i) {
    if (uid(rows_[by_uid_[i]]) != uid(rows_[by_uid_[i - 1]])) continue;
    copy[by_uid_[i]] = true;
    --listing.total;
  }
  listing.mails.reserve(rows_.size(), uids_.size());
  for (std::size_t i = 0; i < rows_.size(); ++i) {
    if (rows_[i].uid_size == 0 || copy[i]) continue;
    listing.mails.add(name_, uid(rows_[i]), rows_[i].size);
  }
  listing.complete = listing.mails.size() == listing.total;
  return listing;
}

std::span<const std::uint32_t> Pop3Mailbox::find(const MailKey& key) const {
  if (key.mailbox != name_ || key.uid.empty()) return {};
  const auto before = [this](std::uint32_t place, std::string_view wanted) {
    return uid(rows_[place]) < wanted;
  };
  const auto first = std::lower_bound(by_uid_.begin(), by_uid_.end(), std::string_view(key.uid), before);
  auto last = first;
  while (last != by_uid_.end() && uid(rows_[*last]) == key.uid) ++last;
  return {first, last};
}

// TOP where that will do: RETR cannot be ended early, so it loads all of the mail.
Result<std::optional<Retrieved>> Pop3Mailbox::retrieve(const Row& row, const FetchRequest& request,
                                                       const Deadline& deadline) {
  const auto& capabilities = session_->capabilities();
  const bool may_have_top = capabilities ? capabilities->top : has_top_.value_or(true);
  const bool asks_top = request.part != FetchRequest::Part::whole && may_have_top;
  const std::uint64_t allowed = allowance(row.size, request.byte_limit);
  if (asks_top) {
    const bool header = request.part == FetchRequest::Part::header;
    auto top =
        session_->retrieve(row.number, header ? 0 : request.lines, request.byte_limit,
                           header ? allowed : allowance_of_beginning(row.size, request.byte_limit), deadline);
    if (!top) return top;
    if (*top) has_top_ = true;
    if (*top || capabilities || has_top_) return top;
  }
  auto whole = session_->retrieve(row.number, std::nullopt, request.byte_limit, allowed, deadline);
  // Only when RETR has what TOP was refused for, it was not the mail's fault.
  if (asks_top && whole && *whole) has_top_ = false;
  return whole;
}

Status Pop3Mailbox::fetch(std::span<const FetchRequest> requests, const FetchSink& sink,
                          const Deadline& deadline) {
  for (const FetchRequest& request : requests) {
    const auto places = find(request.key);
    if (places.empty()) continue;
    const Row& row = rows_[places.front()];
    auto got = retrieve(row, request, deadline);
    if (!got) return std::move(got).error();
    if (!*got) continue;
    Retrieved& mail = **got;
    if (request.part == FetchRequest::Part::header) {
      mail.bytes.resize(std::min(mail.bytes.size(), pop3::header_end(mail.bytes)));
    }
    const bool complete = request.part == FetchRequest::Part::whole && !mail.cut;
    // Even of a mail that ends the session the caller learns: he would meet it at every poll.
    const bool more = sink({request.key, row.size, std::move(mail.bytes), complete});
    if (mail.ending) return std::move(*mail.ending);
    if (!more) break;
  }
  return {};
}

void Pop3Mailbox::remove(std::span<const Receipt> receipts) {
  for (const Receipt& receipt : receipts) {
    const MailKey& key = receipt.key();
    if (!find(key).empty() && std::find(to_remove_.begin(), to_remove_.end(), key) == to_remove_.end()) {
      to_remove_.push_back(key);
    }
  }
}

Result<std::vector<MailKey>> Pop3Mailbox::close(const Deadline& deadline) {
  std::vector<MailKey> gone;
  for (MailKey& key : to_remove_) {
    bool all = true;
    for (const std::uint32_t place : find(key)) {
      auto done = session_->dele(rows_[place].number, deadline);
      if (!done) return std::move(done).error();
      all = all && *done;
    }
    if (all) gone.push_back(std::move(key));
  }
  const bool removes = !to_remove_.empty();
  to_remove_.clear();
  Status done = session_->quit(deadline);
  // Nothing was to be removed: a server that hangs up without a word has done all that was asked of it.
  if (!done && (removes || done.error().cause != Cause::connection_lost)) return std::move(done).error();
  return gone;
}

}  // namespace

Result<std::unique_ptr<Mailbox>> open_pop3_mailbox(std::unique_ptr<Stream> stream,
                                                   const MailboxAccount& account, const Clock& clock, Random&,
                                                   const Deadline& deadline, const StepObserver& observer) {
  auto session = std::make_unique<Session>(std::move(stream), account.server, clock);
  if (Status opened = session->open(deadline, observer); !opened) return std::move(opened).error();
  return std::unique_ptr<Mailbox>(std::make_unique<Pop3Mailbox>(std::move(session), account.server));
}

}  // namespace remotemail
