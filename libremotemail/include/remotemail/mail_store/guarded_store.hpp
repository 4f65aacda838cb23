// A store that several threads may share and that comes back after a failure of the medium.
#pragma once

#include <chrono>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <type_traits>
#include <utility>

#include "remotemail/core/clock.hpp"
#include "remotemail/mail_store/store.hpp"

namespace remotemail {

// What an agent wants for its ports `mails` and `settings`: one mutex around every call of the store it wraps, because
// pages and commands ask while the worker works. With a way to open the store anew, one that has failed (store_failed,
// store_damaged) is closed, opened again, which checks it, and used on, at most once in kPause; until then every call
// gives the failure (R9).
class GuardedStore final : public Store {
 public:
  using Reopen = std::function<Result<std::unique_ptr<Store>>()>;
  static constexpr std::chrono::seconds kPause{60};

  // `store` must outlive it, and be used by nobody else meanwhile. A failure is final.
  explicit GuardedStore(Store& store) : store_(&store) {}
  // `clock` must outlive it; `reopen` is called with the failed store closed.
  GuardedStore(std::unique_ptr<Store> store, Reopen reopen, const Clock& clock)
      : owned_(std::move(store)), store_(owned_.get()), reopen_(std::move(reopen)), clock_(&clock) {}

  Result<std::vector<KnownMail>> recall(const MailboxListing& listing) override {
    return call([&](Store& store) { return store.recall(listing); });
  }
  Result<std::optional<Remembered>> recall_memory(Memory::Kind kind, std::string_view key) override {
    return call([&](Store& store) { return store.recall_memory(kind, key); });
  }
  Result<std::optional<LogRecord>> find_sent(std::string_view message_id) override {
    return call([&](Store& store) { return store.find_sent(message_id); });
  }
  Result<std::uint64_t> count_replies(WallTime from, std::string_view recipient) override {
    return call([&](Store& store) { return store.count_replies(from, recipient); });
  }
  Status note_tries(std::span<const MailKey> keys) override {
    return call([&](Store& store) { return store.note_tries(keys); });
  }
  Result<std::vector<Receipt>> commit(const Batch& batch) override {
    return call([&](Store& store) { return store.commit(batch); });
  }
  Result<std::vector<OutboxEntry>> outbox() override {
    return call([&](Store& store) { return store.outbox(); });
  }
  Result<std::optional<OutboxEntry>> next_due(WallTime now, std::string_view after) override {
    return call([&](Store& store) { return store.next_due(now, after); });
  }
  Status settle(std::string_view id, const Settlement& settlement) override {
    return call([&](Store& store) { return store.settle(id, settlement); });
  }
  Result<std::vector<LogRecord>> log(std::size_t limit, const LogRecord* record) override {
    return call([&](Store& store) { return store.log(limit, record); });
  }
  Result<StoredSettings> load_settings() override {
    return call([&](Store& store) { return store.load_settings(); });
  }
  Result<std::uint64_t> save_settings(std::span<const SettingChange> changes,
                                      const std::map<std::string, std::uint64_t>& seen) override {
    return call([&](Store& store) { return store.save_settings(changes, seen); });
  }
  Result<std::vector<std::string>> device_records() override {
    return call([&](Store& store) { return store.device_records(); });
  }
  Status append_device_record(const std::string& record) override {
    return call([&](Store& store) { return store.append_device_record(record); });
  }
  Status back_up(const std::string& path) override {
    // What is wrong with the copy says nothing of the store.
    std::optional<Error> refused;
    Status asked = call([&](Store& store) -> Status {
      Status copied = store.back_up(path);
      if (!copied) refused = copied.error();
      return {};
    });
    if (!asked) return asked;
    return refused ? Status(*refused) : Status();
  }

 private:
  template <typename Ask>
  std::invoke_result_t<Ask, Store&> call(Ask ask) {
    const std::lock_guard lock(mutex_);
    if (failure_) {
      if (!reopen_ || clock_->steady_now() < next_try_) return *failure_;
      next_try_ = clock_->steady_now() + kPause;
      auto opened = reopen_();
      if (!opened) {
        failure_ = std::move(opened).error();
        return *failure_;
      }
      owned_ = std::move(*opened);
      store_ = owned_.get();
      failure_.reset();
    }
    auto result = ask(*store_);
    if (!result && reopen_ &&
        (result.error().cause == Cause::store_failed || result.error().cause == Cause::store_damaged)) {
      failure_ = result.error();
      next_try_ = clock_->steady_now() + kPause;
      store_ = nullptr;
      owned_.reset();
    }
    return result;
  }

  std::unique_ptr<Store> owned_;
  Store* store_;
  Reopen reopen_;
  const Clock* clock_ = nullptr;
  std::optional<Error> failure_;
  SteadyTime next_try_{};
  std::mutex mutex_;
};

}  // namespace remotemail
