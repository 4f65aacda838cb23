// A store that several threads may share: one mutex around every call of the store it wraps.
#pragma once

#include <mutex>

#include "remotemail/mail_store/store.hpp"

namespace remotemail {

// What an agent wants for its ports `mails` and `settings`: pages and commands ask while the worker works.
class GuardedStore final : public Store {
 public:
  // `store` must outlive it, and be used by nobody else meanwhile.
  explicit GuardedStore(Store& store) : store_(store) {}

  Result<std::vector<KnownMail>> recall(const MailboxListing& listing) override {
    const std::lock_guard lock(mutex_);
    return store_.recall(listing);
  }
  Result<bool> answered(std::string_view digest) override {
    const std::lock_guard lock(mutex_);
    return store_.answered(digest);
  }
  Result<std::optional<LogRecord>> find_sent(std::string_view message_id) override {
    const std::lock_guard lock(mutex_);
    return store_.find_sent(message_id);
  }
  Result<std::uint64_t> count_replies(WallTime from, std::string_view recipient) override {
    const std::lock_guard lock(mutex_);
    return store_.count_replies(from, recipient);
  }
  Status note_tries(std::span<const MailKey> keys) override {
    const std::lock_guard lock(mutex_);
    return store_.note_tries(keys);
  }
  Result<std::vector<Receipt>> commit(const Batch& batch) override {
    const std::lock_guard lock(mutex_);
    return store_.commit(batch);
  }
  Result<std::vector<OutboxEntry>> outbox() override {
    const std::lock_guard lock(mutex_);
    return store_.outbox();
  }
  Result<std::optional<OutboxEntry>> next_due(WallTime now, std::string_view after) override {
    const std::lock_guard lock(mutex_);
    return store_.next_due(now, after);
  }
  Status settle(std::string_view id, const Settlement& settlement) override {
    const std::lock_guard lock(mutex_);
    return store_.settle(id, settlement);
  }
  Result<std::vector<LogRecord>> log(std::size_t limit, const LogRecord* record) override {
    const std::lock_guard lock(mutex_);
    return store_.log(limit, record);
  }

  Result<StoredSettings> load_settings() override {
    const std::lock_guard lock(mutex_);
    return store_.load_settings();
  }
  Result<std::uint64_t> save_settings(std::span<const SettingChange> changes,
                                      const std::map<std::string, std::uint64_t>& seen) override {
    const std::lock_guard lock(mutex_);
    return store_.save_settings(changes, seen);
  }
  Result<std::vector<std::string>> device_records() override {
    const std::lock_guard lock(mutex_);
    return store_.device_records();
  }
  Status append_device_record(const std::string& record) override {
    const std::lock_guard lock(mutex_);
    return store_.append_device_record(record);
  }

 private:
  Store& store_;
  std::mutex mutex_;
};

}  // namespace remotemail
