#include "protocol/imap/imap_mailbox.hpp"

#include <algorithm>
#include <map>
#include <set>
#include <utility>

#include "core/crypto/digest.hpp"
#include "core/text.hpp"
#include "protocol/imap/imap_dialogue.hpp"
#include "protocol/imap/imap_fetch.hpp"
#include "protocol/imap/imap_login.hpp"
#include "protocol/imap/imap_removal.hpp"

namespace remotemail {
namespace {

using namespace imap;

// LOGOUT is a courtesy: what was asked for has been answered before.
constexpr std::chrono::seconds kLogoutPatience{5};

class ImapMailbox final : public Mailbox {
 public:
  ImapMailbox(std::unique_ptr<Dialogue> dialogue, std::string mailbox, std::string done_folder,
              bool lasting_uids)
      : dialogue_(std::move(dialogue)),
        mailbox_(std::move(mailbox)),
        done_folder_(std::move(done_folder)),
        lasting_uids_(lasting_uids) {}

  Result<MailboxListing> list(const Deadline& deadline) override {
    if (listed_) {
      // What came since is told with the answer to any command; NOOP is the one without a purpose of its own.
      auto answer = dialogue_->run(Command("NOOP"), Step::list, deadline);
      if (!answer) return std::move(answer).error();
    }
    listed_ = true;
    auto rows = list_rows(*dialogue_, deadline);
    if (!rows) return std::move(rows).error();
    MailboxListing listing{mailbox_, {}, rows->total, rows->complete};
    if (lasting_uids_) {
      std::size_t octets = 0;
      for (const ListedRow& row : rows->rows) octets += std::to_string(row.uid).size();
      listing.mails.reserve(rows->rows.size(), octets);
      for (const ListedRow& row : rows->rows) {
        listing.mails.add(mailbox_, std::to_string(row.uid), row.size);
      }
      return listing;
    }
    if (Status named = name_by_digest(*rows, listing, deadline); !named) return std::move(named).error();
    return listing;
  }

  Status fetch(std::span<const FetchRequest> requests, const FetchSink& sink,
               const Deadline& deadline) override {
    std::vector<FetchItem> items;
    items.reserve(requests.size());
    for (const FetchRequest& request : requests) {
      if (const auto uid = uid_of(request.key)) items.push_back({*uid, &request});
    }
    return fetch_mails(*dialogue_, items, sink, deadline);
  }

  void remove(std::span<const Receipt> receipts) override {
    for (const Receipt& receipt : receipts) {
      const auto uid = uid_of(receipt.key());
      if (uid && queued_.insert(*uid).second) queued_keys_.push_back(receipt.key());
    }
  }

  Result<std::vector<MailKey>> close(const Deadline& deadline) override {
    std::vector<MailKey> gone;
    if (!queued_.empty()) {
      const std::vector<std::uint64_t> uids(queued_.begin(), queued_.end());
      auto removed = remove_mails(*dialogue_, uids, done_folder_, deadline);
      if (!removed) return std::move(removed).error();
      if (*removed) gone = std::move(queued_keys_);
      queued_.clear();
      queued_keys_.clear();
    }
    const Deadline patience = deadline.within(dialogue_->clock().steady_now(), kLogoutPatience);
    static_cast<void>(dialogue_->run(Command("LOGOUT"), Step::close, patience).ok());
    return gone;
  }

  SessionInfo session() const override { return dialogue_->info(); }

  Result<std::optional<std::uint64_t>> read_elsewhere(const Deadline& deadline) override {
    return count_hits(*dialogue_, "UID SEARCH SEEN UNDELETED", Step::list, deadline);
  }

 private:
  // Lasting UIDs need no listing: a session that only removes (design, "A slow device") makes none.
  std::optional<std::uint64_t> uid_of(const MailKey& key) const {
    if (key.mailbox != mailbox_) return std::nullopt;
    if (lasting_uids_) {
      const auto uid = parse_number<std::uint64_t>(key.uid);
      return uid && *uid > 0 ? uid : std::nullopt;
    }
    const auto found = uid_by_digest_.find(key.uid);
    return found == uid_by_digest_.end() ? std::nullopt : std::optional(found->second);
  }

  Status name_by_digest(const ListedRows& rows, MailboxListing& listing, const Deadline& deadline) {
    auto digests = digest_headers(*dialogue_, rows.rows, deadline);
    if (!digests) return std::move(digests).error();
    uid_by_digest_.clear();
    std::map<std::string, unsigned> seen;
    for (std::size_t i = 0; i < rows.rows.size(); ++i) {
      const std::string& digest = (*digests)[i];
      if (digest.empty()) {
        listing.complete = false;  // it vanished meanwhile
        continue;
      }
      std::string name = "h:" + to_hex(digest);
      if (const unsigned times = ++seen[digest]; times > 1) name += "#" + std::to_string(times);
      uid_by_digest_.emplace(name, rows.rows[i].uid);
      listing.mails.add(mailbox_, name, rows.rows[i].size);
    }
    return {};
  }

  std::unique_ptr<Dialogue> dialogue_;
  const std::string mailbox_;
  const std::string done_folder_;
  const bool lasting_uids_;
  bool listed_ = false;
  std::map<std::string, std::uint64_t, std::less<>>
      uid_by_digest_;  // of the latest list(); without lasting UIDs
  std::set<std::uint64_t> queued_;
  std::vector<MailKey> queued_keys_;
};

struct Selected {
  std::uint64_t uid_validity = 0;  // 0: its UIDs do not last
};

Result<Selected> select_mailbox(Dialogue& dialogue, const std::string& name, const Deadline& deadline) {
  Selected selected;
  bool counted = false;
  bool sticky = true;
  const auto look = [&](const StatusText& status) {
    if (status.code == "UIDVALIDITY")
      selected.uid_validity = parse_number<std::uint64_t>(status.argument).value_or(0);
    if (status.code == "UIDNOTSTICKY") sticky = false;
  };
  Command command("SELECT");
  auto answer = dialogue.run(command.string(name), Step::select, deadline, [&](Response& response) {
    if (std::holds_alternative<Exists>(response)) counted = true;
    if (const auto* untagged = std::get_if<Untagged>(&response)) look(untagged->status);
  });
  if (!answer) return std::move(answer).error();
  if (answer->condition == Condition::no) {
    const bool forbidden = answer->code == "NOPERM";
    return dialogue.refusal(*answer, Step::select, forbidden ? Cause::refused : Cause::mailbox_missing,
                            Retry::after_setup_change, clean_line(name));
  }
  if (answer->condition != Condition::ok) {
    return dialogue.refusal(*answer, Step::select, Cause::protocol_violation, Retry::later);
  }
  look(*answer);
  if (answer->code == "READ-ONLY") {
    return dialogue.refusal(*answer, Step::select, Cause::refused, Retry::after_setup_change,
                            "the mailbox can only be read, done mails could not be removed");
  }
  // Without a count the listing would look empty, and done mails forgotten.
  if (!counted) return make_error(Cause::protocol_violation, Step::select, "no count of mails told");
  if (!sticky) selected.uid_validity = 0;
  return selected;
}

Result<std::string> encoded_name(std::string_view name) {
  auto encoded = encode_mailbox_name(name);
  if (encoded) return *std::move(encoded);
  return make_error(Cause::invalid_value, Step::select, "the mailbox's name is not UTF-8",
                    Retry::after_setup_change);
}

}  // namespace

Result<std::unique_ptr<Mailbox>> open_imap_mailbox(std::unique_ptr<Stream> stream,
                                                   const MailboxAccount& account, const Clock& clock,
                                                   Random& random, const Deadline& deadline,
                                                   const StepObserver& observer) {
  auto name = encoded_name(account.mailbox);
  if (!name) return std::move(name).error();
  auto done_folder = encoded_name(account.done_folder);
  if (!done_folder) return std::move(done_folder).error();
  if (!done_folder->empty() && *done_folder == *name) {
    return make_error(Cause::invalid_value, Step::select, "the folder for done mails is the mailbox itself",
                      Retry::after_setup_change);
  }
  auto dialogue = std::make_unique<Dialogue>(std::move(stream), account.server, clock, random);
  if (Status in = log_in(*dialogue, account.server, deadline, observer); !in) return std::move(in).error();
  if (observer) observer(Step::select);
  auto selected = select_mailbox(*dialogue, *name, deadline);
  if (!selected) return std::move(selected).error();

  const bool inbox = *name == "INBOX";
  std::string mailbox = "imap " + account.server.user + "@" + lower(account.server.host) + " " +
                        (inbox ? *name : account.mailbox) + " " + std::to_string(selected->uid_validity);
  return std::unique_ptr<Mailbox>(std::make_unique<ImapMailbox>(
      std::move(dialogue), std::move(mailbox), *std::move(done_folder), selected->uid_validity != 0));
}

}  // namespace remotemail
