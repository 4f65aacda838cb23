#include "remotemail/mail_store/sqlite_store.hpp"

#include <unistd.h>

#include <functional>
#include <unordered_map>
#include <unordered_set>

#include "mail_store/rules.hpp"
#include "mail_store/sqlite/connection.hpp"
#include "mail_store/sqlite/database_file.hpp"
#include "mail_store/sqlite/log_table.hpp"
#include "mail_store/sqlite/memory_table.hpp"
#include "mail_store/sqlite/outbox_table.hpp"
#include "mail_store/sqlite/schema.hpp"
#include "remotemail/core/limits.hpp"

namespace remotemail {
namespace {

using sqlite::Blob;
using sqlite::Connection;
using sqlite::Query;
using sqlite::run;

class SqliteStore final : public Store {
 public:
  SqliteStore(std::string copier, const Sealer& sealer)
      : copier_(std::move(copier)),
        sealer_(sealer),
        log_(connection_, copier_),
        memories_(connection_, copier_),
        outbox_(connection_, copier_, sealer) {}

  Status open(const SqliteOptions& options) {
    connection_.open(options.path, options.vfs);
    if (Status opened = connection_.outcome(); !opened) return opened;
    if (Status prepared = sqlite::prepare_schema(connection_); !prepared) return prepared;
    wipe_ = true;  // a power cut may have come between a deletion and its wiping
    return wipe();
  }

  Result<std::vector<KnownMail>> recall(const MailboxListing& listing) override {
    if (!forgotten_.empty()) {
      if (Status forgotten = forget(); !forgotten) return forgotten.error();
    }
    std::unordered_map<std::string, KnownMail> known;
    {
      Query rows(connection_, "SELECT uid,state,tries FROM mail WHERE copier=?1 AND mailbox=?2", copier_,
                 listing.mailbox);
      while (rows.next()) {
        known[rows.text(0)] = {
            rows.enumerator<KnownMail::State>(1), static_cast<unsigned>(rows.integer(2)), {}};
      }
    }
    if (Status read = connection_.outcome(); !read) return read.error();

    std::vector<KnownMail> all;
    all.reserve(listing.mails.size());
    std::unordered_set<std::string_view> listed;
    for (std::size_t i = 0; i < listing.mails.size(); ++i) {
      KnownMail& answer = all.emplace_back();
      if (known.empty()) continue;
      const auto found = known.find(std::string(listing.mails.uid(i)));
      if (found == known.end()) continue;
      listed.insert(found->first);
      answer = found->second;
      if (answer.state == KnownMail::State::tried && answer.tries >= limits::kTriesBeforeSetAside) {
        answer.state = KnownMail::State::set_aside;
      }
      if (answer.state == KnownMail::State::done) {
        answer.receipt = std::make_shared<const Receipt>(make_receipt(listing.mails.key(i)));
      }
    }
    if (!listing.complete || listed.size() == known.size()) return all;  // an idle poll ends here (R8)
    for (const auto& [uid, mail] : known) {
      if (!listed.contains(uid)) forgotten_.push_back({listing.mailbox, uid});
    }
    // A new mail is noted next, which costs a sync anyhow. A power cut before that undoes the whole poll.
    if (listed.size() < listing.mails.size()) return all;
    // At once: undone by a power cut, a mail that gets the uid anew before the next listing would count as done.
    if (Status forgotten = forget(); !forgotten) {
      forgotten_.clear();  // nothing of a call that failed
      return forgotten.error();
    }
    return all;
  }

  Result<std::optional<Remembered>> recall_memory(Memory::Kind kind, std::string_view key) override {
    return read(memories_.find(kind, key));
  }

  Result<std::optional<LogRecord>> find_sent(std::string_view message_id) override {
    std::optional<LogRecord> record = log_.sent(message_id);
    if (!record) {
      if (const auto entry = outbox_.find(message_id)) record = store_rules::waiting_record(*entry);
    }
    return read(std::move(record));
  }

  Result<std::uint64_t> count_replies(WallTime from, std::string_view recipient) override {
    const std::string who = store_rules::counted_as(recipient);
    Query found(connection_,
                "SELECT count(*) FROM reply WHERE copier=?1 AND time>=?2 AND (?3='' OR recipient=?3)",
                copier_, from, who);
    const auto count = found.next() ? static_cast<std::uint64_t>(found.integer(0)) : 0;
    return read(count);
  }

  Status note_tries(std::span<const MailKey> keys) override {
    return write([&] {
      for (const MailKey& key : keys) {
        const KnownMail known = find(key);
        if (known.state == KnownMail::State::done || known.state == KnownMail::State::set_aside) continue;
        put(key, KnownMail::State::tried, known.tries + 1, WallTime{});
      }
    });
  }

  Result<std::vector<Receipt>> commit(const Batch& batch) override {
    if (!batch.password_key.empty()) {
      const std::uint64_t generation = generation_of(batch.password_key);
      if (Status asked = connection_.outcome(); !asked) return asked.error();
      if (generation != batch.password_generation) {
        return make_error(Cause::changed_elsewhere, Step::store, batch.password_key, Retry::now);
      }
    }
    if (Status key = check_sealer(); !key) return key.error();
    std::vector<Receipt> receipts;
    Status done = write([&] {
      for (const MailVerdict& verdict : batch.verdicts) {
        take(verdict, batch.now);
        if (verdict.fate != MailVerdict::Fate::set_aside) receipts.push_back(make_receipt(verdict.key));
      }
      for (const MailKey& key : batch.spared) {
        run(connection_, "DELETE FROM mail WHERE copier=?1 AND mailbox=?2 AND uid=?3 AND state=?4", copier_,
            key.mailbox, key.uid, KnownMail::State::tried);
      }
      for (const OutboxMail& mail : batch.notices) post(mail, batch.now);
      for (const Memory& memory : batch.memories) memories_.put(memory, batch.now);
      if (batch.new_password) {
        StoredSetting password;
        password.form = StoredSetting::Form::hashed;
        password.text = Secret(batch.new_password->text);
        password.generation = next_number("generation");
        put(batch.password_key, password);
      }
      forget_the_old(batch);
    });
    if (!done) return done.error();
    return receipts;
  }

  Result<std::vector<OutboxEntry>> outbox() override { return read(outbox_.all()); }

  Result<std::optional<OutboxEntry>> next_due(WallTime now, std::string_view after) override {
    return read(outbox_.next_due(now, after));
  }

  Status settle(std::string_view id, const Settlement& settlement) override {
    std::optional<OutboxEntry> entry = outbox_.find(id);
    if (Status found = connection_.outcome(); !found) return found;
    if (!entry) return make_error(Cause::not_found, Step::store, std::string(id), Retry::never);
    if (Status sound = store_rules::check(settlement); !sound) return sound;
    if (settlement.kind == Settlement::Kind::split) {
      if (Status key = check_sealer(); !key) return key;
    }
    const LogRecord record = store_rules::sent_record(*entry, settlement);
    return write([&] {
      for (const Memory& memory : settlement.memories) memories_.put(memory, settlement.now);
      if (settlement.kind == Settlement::Kind::deferred) {
        if (entry->attempts == 0) log_.append(record);
        store_rules::defer(*entry, settlement);
        outbox_.replace(*entry);
        return;
      }
      const auto waiting = log_.sent(id);
      if (settlement.kind != Settlement::Kind::split) log_.append(record);
      if (waiting && waiting->result == LogRecord::Result::waiting) log_.remove(waiting->number);
      if (settlement.kind == Settlement::Kind::split) {
        split(*entry, settlement.parts);
      } else {
        outbox_.remove(id);
      }
      wipe_ = wipe_ || entry->mail.shows_secret;
    });
  }

  Result<std::vector<LogRecord>> log(std::size_t limit, const LogRecord* record) override {
    if (record != nullptr) {
      Status appended = write([&] { log_.append_or_join(store_rules::cleaned(*record)); });
      if (!appended) return appended.error();
    }
    return read(log_.latest(limit));
  }

  Result<StoredSettings> load_settings() override {
    StoredSettings all;
    Query rows(connection_, "SELECT key,form,text,bound_to,generation FROM setting WHERE copier=?1", copier_);
    while (rows.next()) {
      const std::string key = rows.text(0);
      StoredSetting& setting = all[key];
      setting.form = rows.enumerator<StoredSetting::Form>(1);
      setting.text = Secret(rows.text(2));
      setting.bound_to = rows.text(3);
      setting.generation = static_cast<std::uint64_t>(rows.integer(4));
      if (setting.form != StoredSetting::Form::sealed) continue;
      Result<Secret> opened = sealer_.open(setting.text.reveal(), key + "|" + setting.bound_to);
      setting.unreadable = !opened.ok();
      setting.text = opened ? std::move(*opened) : Secret();
    }
    return read(std::move(all));
  }

  Result<std::uint64_t> save_settings(std::span<const SettingChange> changes,
                                      const std::map<std::string, std::uint64_t>& seen) override {
    std::string changed;
    for (const auto& [key, generation] : seen) {
      if (generation_of(key) != generation) changed += (changed.empty() ? "" : ", ") + key;
    }
    if (Status asked = connection_.outcome(); !asked) return asked.error();
    if (!changed.empty()) return make_error(Cause::changed_elsewhere, Step::settings, changed, Retry::never);
    if (changes.empty()) return read(last_number("generation"));
    for (const SettingChange& change : changes) {
      if (!change.value || change.value->form != StoredSetting::Form::sealed) continue;
      if (Status key = check_sealer(); !key) return key.error();
    }
    std::uint64_t generation = 0;
    Status saved = write([&] {
      generation = next_number("generation");
      for (const SettingChange& change : changes) {
        wipe_ = wipe_ || is_sealed(change.key);
        if (!change.value) {
          run(connection_, "DELETE FROM setting WHERE copier=?1 AND key=?2", copier_, change.key);
          continue;
        }
        StoredSetting setting = *change.value;
        setting.generation = generation;
        put(change.key, setting);
      }
    });
    if (!saved) return saved.error();
    return generation;
  }

  Result<std::vector<std::string>> device_records() override {
    std::vector<std::string> records;
    Query rows(connection_, "SELECT record FROM device_record WHERE copier=?1 ORDER BY number", copier_);
    while (rows.next()) records.push_back(rows.text(0));
    return read(std::move(records));
  }

  Status back_up(const std::string& path) override {
    if (Status made = sqlite::make_file(path, sqlite::IfThere::refuse); !made) return made;
    Status copied = connection_.copy_to(path);
    if (!copied) ::unlink(path.c_str());
    return copied;
  }

  Status append_device_record(const std::string& record) override {
    return write([&] {
      run(connection_, "INSERT INTO device_record VALUES(?1,?2,?3,checksum(?1,?2,?3))", copier_,
          highest("SELECT max(number) FROM device_record WHERE copier=?1") + 1, Blob{record});
    });
  }

 private:
  // What was read, unless reading failed.
  template <typename T>
  Result<T> read(T value) {
    if (Status outcome = connection_.outcome(); !outcome) return outcome.error();
    return value;
  }

  // One durable unit. What it made worth wiping is wiped before it returns (Y3); when the disk is too full
  // for that, the unit stands all the same, and the next one tries again.
  Status write(const std::function<void()>& work) {
    const bool before = wipe_;
    const auto unit = [&] {
      for (const MailKey& key : forgotten_) {
        run(connection_, "DELETE FROM mail WHERE copier=?1 AND mailbox=?2 AND uid=?3", copier_, key.mailbox,
            key.uid);
      }
      work();
    };
    if (Status done = connection_.transaction(unit); !done) {
      wipe_ = before;
      return done;
    }
    forgotten_.clear();
    return wipe();
  }

  // What recall() found gone, and nothing else.
  Status forget() {
    const std::function<void()> nothing = [] {};
    return write(nothing);
  }

  Status wipe() {
    if (!wipe_) return {};
    connection_.checkpoint();
    Status wiped = connection_.outcome();
    if (wiped) wipe_ = false;
    if (!wiped && wiped.error().cause == Cause::store_full) return {};
    return wiped;
  }

  Status check_sealer() const {
    if (!sealer_.seal({}, {}).empty()) return {};
    return make_error(Cause::key_missing, Step::store, {}, Retry::after_setup_change);
  }

  KnownMail find(const MailKey& key) {
    Query found(connection_, "SELECT state,tries FROM mail WHERE copier=?1 AND mailbox=?2 AND uid=?3",
                copier_, key.mailbox, key.uid);
    if (!found.next()) return {};
    return {found.enumerator<KnownMail::State>(0), static_cast<unsigned>(found.integer(1)), {}};
  }

  void put(const MailKey& key, KnownMail::State state, unsigned tries, WallTime now) {
    run(connection_, "REPLACE INTO mail VALUES(?1,?2,?3,?4,?5,?6,checksum(?1,?2,?3,?4,?5,?6))", copier_,
        key.mailbox, key.uid, state, tries, now);
  }

  void take(const MailVerdict& verdict, WallTime now) {
    const KnownMail known = find(verdict.key);
    const bool aside = verdict.fate == MailVerdict::Fate::set_aside;
    const auto state = aside ? KnownMail::State::set_aside : KnownMail::State::done;
    if (known.state == KnownMail::State::done || known.state == state) return;  // once only
    put(verdict.key, state, known.tries, now);
    if (verdict.log) log_.append_or_join(store_rules::cleaned(*verdict.log));
    for (const OutboxMail& mail : verdict.replies) post(mail, now);
    if (verdict.fate == MailVerdict::Fate::answered && !verdict.digest.empty()) {
      memories_.put({Memory::Kind::answered_request, verdict.digest, {}}, now);
    }
    if (verdict.bounced_id.empty()) return;
    const auto sent = log_.sent(verdict.bounced_id);
    if (sent && sent->result == LogRecord::Result::sent)
      log_.replace(store_rules::bounced_record(*sent, verdict));
  }

  void post(const OutboxMail& mail, WallTime now) {
    const OutboxEntry entry = store_rules::fresh_entry(mail, now);
    if (!outbox_.add(next_number("outbox"), entry) || mail.kind != OutboxMail::Kind::reply) return;
    const std::string recipient = store_rules::counted_as(mail.recipient);
    run(connection_, "INSERT INTO reply VALUES(?1,?2,?3,?4,checksum(?1,?2,?3,?4))", copier_,
        highest("SELECT max(number) FROM reply WHERE copier=?1") + 1, now, recipient);
  }

  // Numbers only grow, so what waits behind the entry gets new ones, too.
  void split(const OutboxEntry& whole, const std::vector<OutboxMail>& parts) {
    const std::vector<OutboxEntry> behind = outbox_.behind(whole.mail.id);
    outbox_.remove(whole.mail.id);
    for (const OutboxMail& part : parts) {
      outbox_.add(next_number("outbox"), store_rules::part_entry(whole, part));
    }
    for (const OutboxEntry& entry : behind) outbox_.move(next_number("outbox"), entry);
  }

  void forget_the_old(const Batch& batch) {
    memories_.forget_the_old(batch.now);
    run(connection_, "DELETE FROM reply WHERE copier=?1 AND (time<=?2 OR time>=?3)", copier_,
        WallTime(batch.now - store_rules::kReplyMemory), WallTime(batch.now + store_rules::kReplyMemory));
    if (batch.verdicts.empty()) return;
    // Keys of mailboxes that are listed no more: another account, another UIDVALIDITY.
    run(connection_, "DELETE FROM mail WHERE copier=?1 AND mailbox<>?2 AND state=?3 AND time<?4", copier_,
        batch.verdicts.front().key.mailbox, KnownMail::State::done, WallTime(batch.now - limits::kDigestAge));
  }

  void put(const std::string& key, const StoredSetting& setting) {
    std::string text(setting.text.reveal());
    if (setting.form == StoredSetting::Form::sealed) text = sealer_.seal(text, key + "|" + setting.bound_to);
    run(connection_, "REPLACE INTO setting VALUES(?1,?2,?3,?4,?5,?6,checksum(?1,?2,?3,?4,?5,?6))", copier_,
        key, setting.form, Blob{text}, setting.bound_to, setting.generation);
  }

  std::uint64_t generation_of(const std::string& key) {
    Query found(connection_, "SELECT generation FROM setting WHERE copier=?1 AND key=?2", copier_, key);
    return found.next() ? static_cast<std::uint64_t>(found.integer(0)) : 0;
  }

  bool is_sealed(const std::string& key) {
    Query found(connection_, "SELECT form FROM setting WHERE copier=?1 AND key=?2", copier_, key);
    return found.next() && found.enumerator<StoredSetting::Form>(0) == StoredSetting::Form::sealed;
  }

  std::uint64_t last_number(std::string_view name) {
    Query found(connection_, "SELECT value FROM counter WHERE copier=?1 AND name=?2", copier_, name);
    return found.next() ? static_cast<std::uint64_t>(found.integer(0)) : 0;
  }

  std::uint64_t next_number(std::string_view name) {
    const std::uint64_t number = last_number(name) + 1;
    run(connection_, "REPLACE INTO counter VALUES(?1,?2,?3,checksum(?1,?2,?3))", copier_, name, number);
    return number;
  }

  std::int64_t highest(std::string_view sql) {
    Query found(connection_, sql, copier_);
    return found.next() ? found.integer(0) : 0;
  }

  const std::string copier_;
  const Sealer& sealer_;
  Connection connection_;
  sqlite::LogTable log_;
  sqlite::MemoryTable memories_;
  sqlite::OutboxTable outbox_;
  std::vector<MailKey> forgotten_;  // by recall(); the next write takes them out
  bool wipe_ = false;               // the write-ahead log still holds what should be gone
};

}  // namespace

Result<std::unique_ptr<Store>> open_sqlite_store(const SqliteOptions& options, const Sealer& sealer) {
  if (options.vfs.empty()) {
    if (Status prepared = sqlite::make_file(options.path, sqlite::IfThere::use); !prepared)
      return prepared.error();
  }
  auto store = std::make_unique<SqliteStore>(options.copier, sealer);
  if (Status opened = store->open(options); !opened) return opened.error();
  return std::unique_ptr<Store>(std::move(store));
}

}  // namespace remotemail
