// A MailStore that the worker and the pages' threads can share: one mutex around every call.
#pragma once

#include <mutex>

#include "remotemail/mail_store/mail_store.hpp"

namespace remotemail {

class GuardedStore final : public MailStore {
 public:
  GuardedStore(MailStore& store, std::mutex& mutex) : store_(store), mutex_(mutex) {}

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

 private:
  MailStore& store_;
  std::mutex& mutex_;
};

}  // namespace remotemail
