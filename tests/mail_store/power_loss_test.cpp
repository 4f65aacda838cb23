// Power cuts, full disks and broken disks beneath the SQLite store, at every single operation of a poll's
// life.
#include <doctest/doctest.h>

#include <functional>

#include "mail_store/places.hpp"
#include "remotemail/testing/power_loss_vfs.hpp"

using namespace remotemail;
using namespace remotemail::test;
using namespace std::chrono_literals;
using testing::PowerLossDisk;
using Fault = PowerLossDisk::Fault;
using Unsynced = PowerLossDisk::Unsynced;

namespace {

const WallTime kNow{std::chrono::milliseconds(1'800'000'000'000)};
const std::string kBox = "pop3 copier@example.com";
constexpr Unsynced kModes[] = {Unsynced::lost, Unsynced::kept, Unsynced::every_other, Unsynced::torn};

Result<std::unique_ptr<Store>> open_on(const PowerLossDisk& disk) {
  return open_sqlite_store({"store", disk.name(), ""}, test_sealer());
}

MailboxListing listing(const std::vector<std::string>& uids, bool complete = true) {
  MailboxListing all{kBox, {}, uids.size(), complete};
  for (const std::string& uid : uids) all.mails.push_back({{kBox, uid}, 500});
  return all;
}

OutboxMail reply(const std::string& id, std::size_t size, bool secret = false) {
  return {id, OutboxMail::Kind::reply, "ce@example.com", "a list", std::string(size, id[0]), secret};
}

MailVerdict verdict(const std::string& uid, MailVerdict::Fate fate, std::vector<OutboxMail> replies = {}) {
  MailVerdict made;
  made.key = {kBox, uid};
  made.fate = fate;
  made.digest = std::string(32, uid[0]);
  made.replies = std::move(replies);
  made.log = LogRecord{};
  made.log->time = kNow;
  made.log->other_side = "ce@example.com";
  if (fate == MailVerdict::Fate::illegal) made.log->result = LogRecord::Result::illegal;
  return made;
}

// Everything a store tells, as text; two stores that print alike are alike.
std::string dump(Store& store) {
  std::string text;
  const auto say = [&](auto... parts) { ((text += parts, text += ' '), ...), text += '\n'; };
  const auto known = store.recall(listing({"1", "2", "3", "4"}, false));
  REQUIRE_MESSAGE(known.ok(), describe(known.error()));
  for (const KnownMail& mail : *known)
    say("mail", std::to_string(int(mail.state)), std::to_string(mail.tries));
  for (const char digit : std::string("1234")) {
    say(*store.recall_memory(Memory::Kind::answered_request, std::string(32, digit)) ? "digest" : "-");
  }
  for (const auto kind : {Memory::Kind::known_sender, Memory::Kind::notice_hour, Memory::Kind::guesses}) {
    const auto memory = *store.recall_memory(kind, "key");
    say("memory", memory ? memory->value + std::to_string(memory->time.time_since_epoch().count()) : "none");
  }
  const auto outbox = store.outbox();
  for (const OutboxEntry& entry : *outbox) {
    say("waits", entry.mail.id, std::to_string(entry.attempts), entry.last_trouble,
        std::to_string(entry.next_attempt.time_since_epoch().count()));
  }
  std::string after;
  while (const auto due = *store.next_due(kNow + std::chrono::days{1}, after)) {
    after = due->mail.id;
    say("due", after, std::to_string(std::hash<std::string>()(due->mail.message)));
  }
  const auto log = store.log(100);
  for (const LogRecord& line : *log) {
    say("log", std::to_string(line.number), std::string(words(line.result)), line.detail,
        std::to_string(line.count));
  }
  const auto settings = store.load_settings();
  for (const auto& [key, setting] : *settings) {
    say("setting", key, std::string(setting.text.reveal()), std::to_string(setting.generation),
        setting.unreadable ? "unreadable" : "");
  }
  say("replies", std::to_string(*store.count_replies(kNow - 1h, "")));
  const auto records = store.device_records();
  for (const std::string& record : *records) say("device", record);
  return text;
}

template <typename T>
Status status(const Result<T>& result) {
  return result ? Status() : Status(result.error());
}

// The reference scenario: what a copier's day writes, call by call.
const std::vector<std::function<Status(Store&)>>& steps() {
  static const std::vector<std::function<Status(Store&)>> kSteps = {
      [](Store& store) {  // a page is applied
        const StoredSetting ce{StoredSetting::Form::hashed, Secret("hash of the old one"), {}, 0, false};
        const StoredSetting box{StoredSetting::Form::sealed, Secret("mailbox password"), "host", 0, false};
        return status(
            store.save_settings(std::vector{SettingChange{"ce", ce}, SettingChange{"box", box}}, {}));
      },
      [](Store& store) {
        return store.note_tries(std::vector<MailKey>{{kBox, "1"}, {kBox, "2"}, {kBox, "3"}});
      },
      [](Store& store) {  // CHPASS with its reply, a long list, junk
        Batch batch;
        batch.now = kNow;
        batch.verdicts = {verdict("1", MailVerdict::Fate::answered,
                                  {reply("chpass", 400, true), reply("long", 30'000), reply("behind", 500)}),
                          verdict("2", MailVerdict::Fate::illegal)};
        batch.spared = {{kBox, "3"}};
        batch.memories = {{Memory::Kind::known_sender, "key", "host"},
                          {Memory::Kind::notice_hour, "key", "1"}};
        batch.password_key = "ce";
        batch.password_generation = 1;
        batch.new_password = PasswordHash{"hash of the new one"};
        return status(store.commit(batch));
      },
      [](Store& store) {
        return store.settle("chpass", {Settlement::Kind::deferred, kNow, kNow + 1min, true, "451 later"});
      },
      [](Store& store) {
        return store.settle("chpass", {Settlement::Kind::sent, kNow, {}, false, "250 ok"});
      },
      [](Store& store) { return store.append_device_record("copied a page"); },
      [](Store& store) {  // too large for the server: two parts in its place
        Settlement split{Settlement::Kind::split, kNow, {}, false, "too large"};
        split.parts = {reply("part 1", 16'000, true), reply("part 2", 15'000)};
        return store.settle("long", split);
      },
      [](Store& store) {
        return store.settle("part 1", {Settlement::Kind::sent, kNow, {}, false, "250 ok"});
      },
      [](Store& store) {
        Settlement failed{Settlement::Kind::failed, kNow, {}, false, "550 no"};
        failed.memories = {{Memory::Kind::guesses, "key", "failed"},
                           {Memory::Kind::notice_hour, "key", {}, true}};
        return store.settle("part 2", failed);
      },
      [](Store& store) {
        return status(store.recall(listing({})));
      },                  // the next poll: 1 and 2 are gone
      [](Store& store) {  // the mailbox moves: its password is blanked
        return status(store.save_settings(std::vector{SettingChange{"box", {}}}, {{"box", 1}}));
      },
  };
  return kSteps;
}

// What the store tells before the first step and after each.
const std::vector<std::string>& milestones() {
  static const std::vector<std::string> kMilestones = [] {
    PowerLossDisk disk("milestones");
    auto store = open_on(disk).value();
    std::vector<std::string> all = {dump(*store)};
    for (const auto& step : steps()) {
      REQUIRE(step(*store));
      all.push_back(dump(*store));
    }
    return all;
  }();
  return kMilestones;
}

// A database in which nothing happened yet; making one anew each time would double the time these tests take.
const std::string& empty_store() {
  static const std::string kEmpty = [] {
    PowerLossDisk disk("empty");
    REQUIRE(open_on(disk));
    return disk.contents("store");
  }();
  return kEmpty;
}

// Carries the scenario on from a state that has to be a milestone, `at` or the one behind it, to its end.
void finish(Store& store, std::size_t at, bool acknowledged) {
  const std::string now = dump(store);
  const bool done = now == milestones()[at + 1];
  CHECK_MESSAGE((done || (!acknowledged && now == milestones()[at])),
                "step " << at << (acknowledged ? " acknowledged\n" : "\n") << now);
  for (std::size_t i = done ? at + 1 : at; i < steps().size(); ++i) REQUIRE(steps()[i](store));
  CHECK(dump(store) == milestones().back());
}

struct Broken {
  std::size_t step = 0;  // during which the fault came
  Status outcome;        // what that step said
  std::unique_ptr<Store> store;
};

// Runs the scenario from a fresh disk with a fault at its n-th operation; none when it ends before.
std::optional<Broken> run_with_fault(PowerLossDisk& disk, std::uint64_t n, Fault fault,
                                     bool lasting = false) {
  disk.set_contents("store", empty_store());
  auto store = open_on(disk).value();
  disk.fail_at(n, fault, lasting);
  for (std::size_t i = 0; i < steps().size(); ++i) {
    Status outcome = steps()[i](*store);
    if (disk.fault_happened()) return Broken{i, std::move(outcome), std::move(store)};
    REQUIRE(outcome);
  }
  return std::nullopt;
}

}  // namespace

TEST_CASE(
    "power loss: cut at every operation, each call is there wholly or not at all [R1, R2, fault 58, fault 60, fault 70, fault 73]") {
  std::uint64_t cuts = 0;
  for (const Unsynced mode : kModes) {
    for (std::uint64_t n = 1;; ++n) {
      PowerLossDisk disk("cut");
      auto broken = run_with_fault(disk, n, Fault::power_cut);
      if (!broken) break;
      ++cuts;
      INFO("mode " << int(mode) << ", operation " << n << ", step " << broken->step);
      broken->store.reset();
      disk.restore_power(mode);
      auto again = open_on(disk);
      REQUIRE_MESSAGE(again.ok(), describe(again.error()));
      finish(**again, broken->step, broken->outcome.ok());
    }
  }
  MESSAGE(cuts << " cuts");
  CHECK(cuts > 100);
}

TEST_CASE("power loss: a second cut while the store recovers loses nothing either [R1, fault 71]") {
  for (std::uint64_t n = 1;; n += 3) {
    bool ended = false;
    for (std::uint64_t m = 1; !ended; ++m) {
      PowerLossDisk disk("twice");
      auto broken = run_with_fault(disk, n, Fault::power_cut);
      if (!broken) return;
      INFO("operations " << n << " and " << m << ", step " << broken->step);
      broken->store.reset();
      disk.restore_power(n % 2 == 0 ? Unsynced::torn : Unsynced::kept);
      disk.fail_at(m, Fault::power_cut);
      { const auto cut = open_on(disk); }
      ended = !disk.fault_happened();
      disk.restore_power(m % 2 == 0 ? Unsynced::lost : Unsynced::every_other);
      auto again = open_on(disk);
      REQUIRE_MESSAGE(again.ok(), describe(again.error()));
      finish(**again, broken->step, broken->outcome.ok());
    }
  }
}

TEST_CASE(
    "power loss: the first creation cut at every operation leaves an empty store or none [R1, fault 61]") {
  for (const Unsynced mode : kModes) {
    for (std::uint64_t n = 1;; ++n) {
      PowerLossDisk disk("creation");
      disk.fail_at(n, Fault::power_cut);
      { const auto cut = open_on(disk); }
      if (!disk.fault_happened()) break;
      INFO("mode " << int(mode) << ", operation " << n);
      disk.restore_power(mode);
      auto again = open_on(disk);
      REQUIRE_MESSAGE(again.ok(), describe(again.error()));
      CHECK(dump(**again) == milestones().front());
    }
  }
}

TEST_CASE("power loss: closing in good order and a cut meanwhile lose nothing [R1]") {
  for (const Unsynced mode : kModes) {
    for (std::uint64_t n = 1;; ++n) {
      PowerLossDisk disk("closing");
      auto store = open_on(disk).value();
      for (const auto& step : steps()) REQUIRE(step(*store));
      disk.fail_at(n, Fault::power_cut);
      store.reset();
      if (!disk.fault_happened()) break;
      disk.restore_power(mode);
      auto again = open_on(disk);
      REQUIRE_MESSAGE(again.ok(), describe(again.error()));
      CHECK(dump(**again) == milestones().back());
    }
  }
}

TEST_CASE(
    "disk full: at every write, nothing of the call is there and the same store works on later [R9, fault 55]") {
  for (const bool lasting : {false, true}) {
    for (std::uint64_t n = 1;; ++n) {
      PowerLossDisk disk("full");
      auto broken = run_with_fault(disk, n, Fault::disk_full, lasting);
      if (!broken) break;
      INFO((lasting ? "lasting" : "once") << ", operation " << n << ", step " << broken->step);
      if (!broken->outcome.ok()) {
        CHECK(broken->outcome.error().cause == Cause::store_full);
        CHECK(dump(*broken->store) == milestones()[broken->step]);
      }
      disk.heal();
      finish(*broken->store, broken->step, broken->outcome.ok());
      broken->store.reset();
      CHECK(dump(**open_on(disk)) == milestones().back());
    }
  }
}

TEST_CASE(
    "disk broken: after an I/O error nothing is believed until the store was opened anew [R9, faults 56, 57]") {
  for (const bool lasting : {false, true}) {
    for (std::uint64_t n = 1;; ++n) {
      PowerLossDisk disk("broken");
      auto broken = run_with_fault(disk, n, Fault::io_error, lasting);
      if (!broken) break;
      INFO((lasting ? "lasting" : "once") << ", operation " << n << ", step " << broken->step);
      disk.heal();
      if (!broken->outcome.ok()) {
        CHECK(broken->outcome.error().cause == Cause::store_failed);
        for (const auto& step : steps()) {
          const Status refused = step(*broken->store);
          REQUIRE_FALSE(refused.ok());
          CHECK(refused.error().cause == Cause::store_failed);
        }
      }
      broken->store.reset();
      finish(*open_on(disk).value(), broken->step, broken->outcome.ok());
    }
  }
}

TEST_CASE(
    "disk broken: a read that fails while opening, at every read, is said and harms nothing [R9, fault 56]") {
  PowerLossDisk disk("unreadable");
  {
    auto store = open_on(disk).value();
    for (const auto& step : steps()) REQUIRE(step(*store));
  }
  for (std::uint64_t n = 1;; ++n) {
    disk.fail_at(n, Fault::read_error);
    const auto opened = open_on(disk);
    disk.heal();
    if (!disk.fault_happened()) break;
    INFO("read " << n);
    if (!opened.ok())
      CHECK((opened.error().cause == Cause::store_failed || opened.error().cause == Cause::store_damaged));
  }
  CHECK(dump(**open_on(disk)) == milestones().back());
}
