// A store that fails when told to, around another one: for tests of whoever uses a store.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <utility>

#include "remotemail/mail_store/store.hpp"

namespace remotemail::testing {

// Only calls that write are counted and fail by plan: note_tries, commit, settle, save_settings,
// append_device_record, and log with a record. As the contract says, store_full is over with the call;
// store_failed and store_damaged make every call fail until heal(), which stands for opening the store anew.
class FailingStore final : public Store {
 public:
  enum class Work {
    undone,  // the failing call leaves nothing behind
    done,    // all of it is durable, though it says it failed: as a power cut before the answer would have it
  };

  explicit FailingStore(Store& inner) : inner_(inner) {}  // `inner` must outlive this

  // The n-th writing call from now (1: the next) fails with `cause`.
  void fail_at(std::uint64_t n, Cause cause, Work work = Work::undone) {
    until_failure_ = n;
    cause_ = cause;
    work_ = work;
  }
  void heal() {
    until_failure_ = 0;
    broken_ = false;
  }
  std::uint64_t writing_calls() const { return writing_calls_; }

  Result<std::vector<KnownMail>> recall(const MailboxListing& listing) override {
    return reading([&] { return inner_.recall(listing); });
  }
  Result<std::optional<Remembered>> recall_memory(Memory::Kind kind, std::string_view key) override {
    return reading([&] { return inner_.recall_memory(kind, key); });
  }
  Result<std::optional<LogRecord>> find_sent(std::string_view message_id) override {
    return reading([&] { return inner_.find_sent(message_id); });
  }
  Result<std::uint64_t> count_replies(WallTime from, std::string_view recipient) override {
    return reading([&] { return inner_.count_replies(from, recipient); });
  }
  Status note_tries(std::span<const MailKey> keys) override {
    return writing([&] { return inner_.note_tries(keys); });
  }
  Result<std::vector<Receipt>> commit(const Batch& batch) override {
    return writing([&] { return inner_.commit(batch); });
  }
  Result<std::vector<OutboxEntry>> outbox() override {
    return reading([&] { return inner_.outbox(); });
  }
  Result<std::optional<OutboxEntry>> next_due(WallTime now, std::string_view after) override {
    return reading([&] { return inner_.next_due(now, after); });
  }
  Status settle(std::string_view id, const Settlement& settlement) override {
    return writing([&] { return inner_.settle(id, settlement); });
  }
  Result<std::vector<LogRecord>> log(std::size_t limit, const LogRecord* record = nullptr) override {
    const auto work = [&] { return inner_.log(limit, record); };
    return record == nullptr ? reading(work) : writing(work);
  }
  Result<StoredSettings> load_settings() override {
    return reading([&] { return inner_.load_settings(); });
  }
  Result<std::uint64_t> save_settings(std::span<const SettingChange> changes,
                                      const std::map<std::string, std::uint64_t>& seen) override {
    return writing([&] { return inner_.save_settings(changes, seen); });
  }
  Result<std::vector<std::string>> device_records() override {
    return reading([&] { return inner_.device_records(); });
  }
  Status append_device_record(const std::string& record) override {
    return writing([&] { return inner_.append_device_record(record); });
  }

 private:
  Error failure() const { return make_error(cause_, Step::store, "as planned"); }

  template <typename Call>
  auto reading(Call call) -> decltype(call()) {
    if (broken_) return failure();
    return call();
  }

  template <typename Call>
  auto writing(Call call) -> decltype(call()) {
    if (broken_) return failure();
    ++writing_calls_;
    if (until_failure_ == 0 || --until_failure_ > 0) return call();
    broken_ = cause_ != Cause::store_full;
    if (work_ == Work::done) {
      if (auto done = call(); !done) return done;
    }
    return failure();
  }

  Store& inner_;
  std::uint64_t until_failure_ = 0;
  std::uint64_t writing_calls_ = 0;
  Cause cause_ = Cause::store_failed;
  Work work_ = Work::undone;
  bool broken_ = false;
};

}  // namespace remotemail::testing
