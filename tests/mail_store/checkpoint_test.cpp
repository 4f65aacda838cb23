// Power cuts at the moments a usual day seldom meets: while SQLite moves its log into the database, while a page is
// applied, and with the log's end torn at every octet.
#include <doctest/doctest.h>

#include <set>

#include "mail_store/places.hpp"
#include "remotemail/testing/power_loss_vfs.hpp"

using namespace remotemail;
using namespace remotemail::test;
using testing::PowerLossDisk;
using Fault = PowerLossDisk::Fault;
using Unsynced = PowerLossDisk::Unsynced;

namespace {

constexpr Unsynced kModes[] = {Unsynced::lost, Unsynced::kept, Unsynced::every_other, Unsynced::torn};

Result<std::unique_ptr<Store>> open_on(const PowerLossDisk& disk) {
  return open_sqlite_store({"store", disk.name(), ""}, test_sealer());
}

std::unique_ptr<Store> reopened(const PowerLossDisk& disk) {
  auto store = open_on(disk);
  REQUIRE_MESSAGE(store.ok(), describe(store.error()));
  return std::move(*store);
}

Batch answered(int number) {
  const std::string text = std::to_string(number);
  MailVerdict verdict;
  verdict.key = {"pop3 a", text};
  verdict.fate = MailVerdict::Fate::answered;
  verdict.replies = {
      {"id" + text, OutboxMail::Kind::reply, "ce@example.com", "a list", std::string(20'000, 'x'), false}};
  verdict.log = LogRecord{};
  Batch batch;
  batch.verdicts = {verdict};
  return batch;
}

// The page as applied for the n-th time: five values that belong together, one of them sealed.
std::vector<SettingChange> page(int number, bool with_secret = true) {
  const std::string text = std::to_string(number);
  std::vector<SettingChange> changes;
  for (const char* key : {"server", "port", "user", "address"})
    changes.push_back({key, StoredSetting{StoredSetting::Form::plain, Secret(key + text), {}, 0, false}});
  // A secret that is replaced is wiped, and the log with it.
  const auto form = with_secret ? StoredSetting::Form::sealed : StoredSetting::Form::plain;
  changes.push_back({"password", StoredSetting{form, Secret("password" + text), "server" + text, 0, false}});
  return changes;
}

// Which page is there: all five values of one, or a failure.
int page_of(Store& store) {
  const auto settings = store.load_settings().value();
  REQUIRE(settings.size() == 5);
  std::set<std::string> numbers;
  for (const auto& [key, setting] : settings) {
    CHECK_FALSE(setting.unreadable);
    numbers.insert(std::string(setting.text.reveal()).substr(key.size()));
  }
  REQUIRE(numbers.size() == 1);
  return std::stoi(*numbers.begin());
}

}  // namespace

TEST_CASE(
    "checkpoint: a cut at every operation while the log is moved into the database loses nothing [R1, fault 72]") {
  // The log of some 20 replies of 20 kB is moved by the closing.
  constexpr int kMails = 20;
  std::uint64_t before_closing = 0;
  const auto run = [&](PowerLossDisk& disk, std::uint64_t first, bool cut) {
    int durable = 0;
    if (auto store = open_on(disk)) {
      disk.reset_counters();
      if (cut) disk.fail_at(first, Fault::power_cut);
      while (durable < kMails && (*store)->commit(answered(durable)).ok()) ++durable;
      if (!cut) before_closing = disk.counters().operations();
    }  // closing moves what is left
    return durable;
  };
  std::uint64_t operations = 0;
  {
    PowerLossDisk disk("whole");
    REQUIRE(run(disk, 0, false) == kMails);
    operations = disk.counters().operations();
    CHECK(operations > before_closing + 3);
    CHECK(disk.contents("store").size() > kMails * 20'000);  // it was moved
  }
  int cuts = 0;
  for (const Unsynced mode : kModes) {
    // All of the closing, and one operation in 29 of what leads to it.
    for (std::uint64_t n = 1; n <= operations; n += n + 3 > before_closing ? 1 : 29) {
      INFO("operation " << n << " of " << operations << ", mode " << int(mode));
      PowerLossDisk disk("cut");
      const int durable = run(disk, n, true);
      REQUIRE(disk.fault_happened());
      disk.restore_power(mode);
      ++cuts;
      auto store = reopened(disk);
      const auto outbox = store->outbox().value();
      // What was acknowledged is there; of the commit under way all or nothing.
      REQUIRE(outbox.size() >= std::size_t(durable));
      REQUIRE(outbox.size() <= std::size_t(durable) + 1);
      for (std::size_t i = 0; i < outbox.size(); ++i) CHECK(outbox[i].mail.id == "id" + std::to_string(i));
      CHECK(store->commit(answered(1000)).ok());
    }
  }
  MESSAGE(cuts << " cuts in " << operations << " operations");
}

TEST_CASE(
    "apply: a power cut while a page is applied leaves the old settings or the new, never some of each [B17, fault 75]") {
  for (const Unsynced mode : kModes) {
    for (std::uint64_t n = 1;; ++n) {
      INFO("operation " << n << ", mode " << int(mode));
      PowerLossDisk disk("apply");
      bool said_saved = false;
      {
        auto store = reopened(disk);
        REQUIRE(store->save_settings(page(1), {}));
        disk.fail_at(n, Fault::power_cut);
        said_saved = store->save_settings(page(2), {}).ok();
      }
      const bool was_cut = disk.fault_happened();
      disk.restore_power(mode);
      auto store = reopened(disk);
      const int found = page_of(*store);
      CHECK((found == 2 || (found == 1 && !said_saved)));
      REQUIRE(store->save_settings(page(3), {}));
      CHECK(page_of(*store) == 3);
      if (!was_cut) break;
    }
  }
}

TEST_CASE(
    "torn write: a log cut at any octet is its whole records, never half of one, never an invented one [R1, fault 58]") {
  PowerLossDisk disk("torn");
  std::string database, log;
  std::string log_name;
  {
    auto store = reopened(disk);
    store.reset();
    store = reopened(disk);
    for (int i = 1; i <= 3; ++i) REQUIRE(store->save_settings(page(i, false), {}));
    database = disk.contents("store");
    for (const std::string& file : disk.files()) {
      if (file.ends_with("-wal")) log_name = file;
    }
    REQUIRE_FALSE(log_name.empty());
    log = disk.contents(log_name);
    REQUIRE(log.size() > 4096);
  }
  int before = 0;
  std::set<int> seen;
  // Every octet of the last record's beginning and end; the steps between are no divisor of a page.
  for (std::size_t length = 0; length <= log.size();
       length += log.size() - length < 200 || length % 4096 < 64 ? 1U : 61U) {
    INFO("length " << length << " of " << log.size());
    disk.set_contents("store", database);
    disk.set_contents(log_name, log.substr(0, length));
    auto store = open_on(disk);
    REQUIRE_MESSAGE(store.ok(), describe(store.error()));
    const auto settings = (*store)->load_settings().value();
    const int found = settings.empty() ? 0 : page_of(**store);
    CHECK(found >= before);  // a longer log tells no less
    before = found;
    seen.insert(found);
  }
  CHECK(seen == std::set<int>{0, 1, 2, 3});
}
