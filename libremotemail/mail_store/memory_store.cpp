#include "remotemail/mail_store/memory_store.hpp"

#include <algorithm>
#include <array>
#include <deque>
#include <map>
#include <set>
#include <unordered_set>

#include "mail_store/rules.hpp"
#include "remotemail/core/limits.hpp"

namespace remotemail {
namespace {

class MemoryStore final : public Store {
 public:
  Result<std::vector<KnownMail>> recall(const MailboxListing& listing) override {
    auto& known = mails_[listing.mailbox];
    if (listing.complete) {
      std::unordered_set<std::string_view> listed;
      for (std::size_t i = 0; i < listing.mails.size(); ++i) listed.insert(listing.mails.uid(i));
      std::erase_if(known, [&](const auto& entry) { return !listed.contains(entry.first); });
    }
    std::vector<KnownMail> all;
    all.reserve(listing.mails.size());
    for (std::size_t i = 0; i < listing.mails.size(); ++i) {
      KnownMail& answer = all.emplace_back();
      const auto found = known.find(listing.mails.uid(i));
      if (found == known.end()) continue;
      answer.state = found->second.state;
      answer.tries = found->second.tries;
      if (answer.state == KnownMail::State::tried && answer.tries >= limits::kTriesBeforeSetAside) {
        answer.state = KnownMail::State::set_aside;
      }
      if (answer.state == KnownMail::State::done) {
        answer.receipt = std::make_shared<const Receipt>(make_receipt(listing.mails.key(i)));
      }
    }
    return all;
  }

  Result<std::optional<Remembered>> recall_memory(Memory::Kind kind, std::string_view key) override {
    for (const Kept& kept : memories_[static_cast<std::size_t>(kind)]) {
      if (kept.key == key) return std::optional(kept.fact);
    }
    return std::optional<Remembered>();
  }

  Result<std::optional<LogRecord>> find_sent(std::string_view message_id) override {
    for (auto record = log_.rbegin(); record != log_.rend(); ++record) {
      if (is_sent(*record, message_id)) return std::optional(*record);
    }
    const auto entry = find(message_id);
    if (entry == outbox_.end()) return std::optional<LogRecord>();
    return std::optional(store_rules::waiting_record(*entry));
  }

  Result<std::uint64_t> count_replies(WallTime from, std::string_view recipient) override {
    const std::string who = store_rules::counted_as(recipient);
    return static_cast<std::uint64_t>(std::ranges::count_if(replies_, [&](const Reply& reply) {
      return reply.time >= from && (who.empty() || reply.recipient == who);
    }));
  }

  Status note_tries(std::span<const MailKey> keys) override {
    for (const MailKey& key : keys) {
      Known& known = mails_[key.mailbox][key.uid];
      if (known.state == KnownMail::State::tried) ++known.tries;
    }
    return {};
  }

  Result<std::vector<Receipt>> commit(const Batch& batch) override {
    if (!batch.password_key.empty() && generation_of(batch.password_key) != batch.password_generation) {
      return make_error(Cause::changed_elsewhere, Step::store, batch.password_key, Retry::now);
    }
    MemoryStore before(*this);  // memory that runs out leaves all as it was
    try {
      std::vector<Receipt> receipts;
      for (const MailVerdict& verdict : batch.verdicts) {
        take(verdict, batch.now);
        if (verdict.fate != MailVerdict::Fate::set_aside) receipts.push_back(make_receipt(verdict.key));
      }
      for (const MailKey& key : batch.spared) {
        auto& known = mails_[key.mailbox];
        const auto found = known.find(key.uid);
        if (found != known.end() && found->second.state == KnownMail::State::tried) known.erase(found);
      }
      for (const OutboxMail& mail : batch.notices) post(mail, batch.now);
      for (const Memory& memory : batch.memories) remember(memory, batch.now);
      if (batch.new_password) {
        settings_[batch.password_key] = StoredSetting{
            StoredSetting::Form::hashed, Secret(batch.new_password->text), {}, ++generation_, false};
      }
      forget_the_old(batch.now);
      std::erase_if(replies_,
                    [&](const Reply& reply) { return !store_rules::still_counts(reply.time, batch.now); });
      return receipts;
    } catch (...) {
      *this = std::move(before);
      throw;
    }
  }

  Result<std::vector<OutboxEntry>> outbox() override {
    std::vector<OutboxEntry> all(outbox_.begin(), outbox_.end());
    for (OutboxEntry& entry : all) entry.mail.message.clear();
    return all;
  }

  Result<std::optional<OutboxEntry>> next_due(WallTime now, std::string_view after) override {
    auto entry = outbox_.begin();
    if (const auto place = find(after); place != outbox_.end()) entry = std::next(place);
    entry = std::find_if(entry, outbox_.end(),
                         [&](const OutboxEntry& each) { return store_rules::due(each.next_attempt, now); });
    return entry == outbox_.end() ? std::optional<OutboxEntry>() : std::optional(*entry);
  }

  Status settle(std::string_view id, const Settlement& settlement) override {
    const auto entry = find(id);
    if (entry == outbox_.end())
      return make_error(Cause::not_found, Step::store, std::string(id), Retry::never);
    if (Status sound = store_rules::check(settlement); !sound) return sound;
    const LogRecord record = store_rules::sent_record(*entry, settlement);
    for (const Memory& memory : settlement.memories) remember(memory, settlement.now);
    if (settlement.kind == Settlement::Kind::deferred) {
      if (entry->attempts == 0) append(record);
      store_rules::defer(*entry, settlement);
      return {};
    }
    std::erase_if(log_, [&](const LogRecord& each) {
      return is_sent(each, id) && each.result == LogRecord::Result::waiting;
    });
    if (settlement.kind == Settlement::Kind::split) {
      split(entry, settlement.parts);
      return {};
    }
    append(record);
    outbox_.erase(entry);
    return {};
  }

  Result<std::vector<LogRecord>> log(std::size_t limit, const LogRecord* record) override {
    if (record != nullptr) append_or_join(store_rules::cleaned(*record));
    const std::size_t count = std::min(limit, log_.size());
    return std::vector<LogRecord>(log_.rbegin(), log_.rbegin() + static_cast<std::ptrdiff_t>(count));
  }

  Result<StoredSettings> load_settings() override { return settings_; }

  Result<std::uint64_t> save_settings(std::span<const SettingChange> changes,
                                      const std::map<std::string, std::uint64_t>& seen) override {
    std::string changed;
    for (const auto& [key, generation] : seen) {
      if (generation_of(key) != generation) changed += (changed.empty() ? "" : ", ") + key;
    }
    if (!changed.empty()) return make_error(Cause::changed_elsewhere, Step::settings, changed, Retry::never);
    if (changes.empty()) return generation_;
    ++generation_;
    for (const SettingChange& change : changes) {
      if (!change.value) {
        settings_.erase(change.key);
        continue;
      }
      StoredSetting& setting = settings_[change.key] = *change.value;
      setting.generation = generation_;
      setting.unreadable = false;
    }
    return generation_;
  }

  Result<std::vector<std::string>> device_records() override { return device_records_; }

  Status append_device_record(const std::string& record) override {
    device_records_.push_back(record);
    return {};
  }

 private:
  struct Known {
    KnownMail::State state = KnownMail::State::tried;
    unsigned tries = 0;
  };
  struct Kept {
    std::string key;
    Remembered fact;
  };
  struct Reply {
    WallTime time;
    std::string recipient;
  };

  static bool is_sent(const LogRecord& record, std::string_view id) {
    return record.direction == LogRecord::Direction::sent && record.message_id == id;
  }

  std::deque<OutboxEntry>::iterator find(std::string_view id) {
    return std::ranges::find_if(outbox_, [&](const OutboxEntry& entry) { return entry.mail.id == id; });
  }

  std::uint64_t generation_of(const std::string& key) const {
    const auto found = settings_.find(key);
    return found == settings_.end() ? 0 : found->second.generation;
  }

  void take(const MailVerdict& verdict, WallTime now) {
    Known& known = mails_[verdict.key.mailbox][verdict.key.uid];
    const bool aside = verdict.fate == MailVerdict::Fate::set_aside;
    const auto state = aside ? KnownMail::State::set_aside : KnownMail::State::done;
    if (known.state == KnownMail::State::done || known.state == state) return;  // once only
    known.state = state;
    if (verdict.log) append_or_join(store_rules::cleaned(*verdict.log));
    for (const OutboxMail& mail : verdict.replies) post(mail, now);
    if (verdict.fate == MailVerdict::Fate::answered && !verdict.digest.empty()) {
      remember({Memory::Kind::answered_request, verdict.digest, {}}, now);
    }
    if (!verdict.bounced_id.empty()) {
      for (LogRecord& record : log_) {
        if (!is_sent(record, verdict.bounced_id) || record.result != LogRecord::Result::sent) continue;
        record = store_rules::bounced_record(record, verdict);
      }
    }
  }

  void remember(const Memory& memory, WallTime now) {
    auto& kept = memories_[static_cast<std::size_t>(memory.kind)];
    std::erase_if(kept, [&](const Kept& each) { return each.key == memory.key; });
    if (!memory.erase) kept.push_back({memory.key, {memory.value, now}});
  }

  // Oldest first, by the order in which they came, as the database does it.
  void forget_the_old(WallTime now) {
    for (std::size_t kind = 0; kind < Memory::kKinds; ++kind) {
      const auto rule = store_rules::retention(static_cast<Memory::Kind>(kind));
      auto& kept = memories_[kind];
      std::size_t behind = kept.size();  // how many there are from this one to the latest
      std::erase_if(kept, [&](const Kept& each) {
        const std::size_t rank = behind--;
        return rank > rule.at_most || (rank > rule.at_least && now - each.fact.time > rule.age);
      });
    }
  }

  void post(const OutboxMail& mail, WallTime now) {
    if (find(mail.id) != outbox_.end()) return;
    outbox_.push_back(store_rules::fresh_entry(mail, now));
    if (mail.kind == OutboxMail::Kind::reply)
      replies_.push_back({now, store_rules::counted_as(mail.recipient)});
  }

  void split(std::deque<OutboxEntry>::iterator entry, const std::vector<OutboxMail>& parts) {
    const OutboxEntry whole = std::move(*entry);
    auto place = outbox_.erase(entry);
    for (const OutboxMail& part : parts) {
      if (find(part.id) != outbox_.end()) continue;
      place = std::next(outbox_.insert(place, store_rules::part_entry(whole, part)));
    }
  }

  void append(LogRecord record) {
    record.number = ++last_number_;
    log_.push_back(std::move(record));
    if (log_.size() <= limits::kLogKept) return;
    const bool flooded = std::ranges::count_if(log_, store_rules::is_junk) >
                         static_cast<std::ptrdiff_t>(store_rules::kJunkKept);
    log_.erase(flooded ? std::ranges::find_if(log_, store_rules::is_junk) : log_.begin());
  }

  void append_or_join(LogRecord record) {
    const auto latest = std::find_if(log_.rbegin(), log_.rend(), [](const LogRecord& each) {
      return each.direction == LogRecord::Direction::received;
    });
    if (latest != log_.rend() && store_rules::joins_run(*latest, record)) {
      latest->count += record.count;
    } else {
      append(std::move(record));
    }
  }

  std::map<std::string, std::map<std::string, Known, std::less<>>, std::less<>> mails_;  // mailbox, uid
  std::array<std::deque<Kept>, Memory::kKinds> memories_;  // by kind, oldest first
  std::deque<Reply> replies_;
  std::deque<OutboxEntry> outbox_;
  std::deque<LogRecord> log_;
  std::uint64_t last_number_ = 0;
  StoredSettings settings_;
  std::uint64_t generation_ = 0;
  std::vector<std::string> device_records_;
};

}  // namespace

std::unique_ptr<Store> make_memory_store() {
  return std::make_unique<MemoryStore>();
}

}  // namespace remotemail
