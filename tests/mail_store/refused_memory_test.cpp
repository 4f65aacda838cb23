// SQLite, or ourselves, without memory at every single allocation of every call: an error or the whole, never a part,
// never an end.
#include <doctest/doctest.h>

#include <functional>
#include <new>
#include <string>
#include <vector>

#include "agent/failing_memory.hpp"
#include "mail_store/places.hpp"
#include "mail_store/refusals.hpp"
#include "remotemail/mail_store/sqlite_backup.hpp"
#include "remotemail/testing/power_loss_vfs.hpp"

using namespace remotemail;
using namespace remotemail::test;
using namespace std::chrono_literals;
using testing::PowerLossDisk;

namespace {

const WallTime kNow{std::chrono::milliseconds(1'800'000'000'000)};
const std::string kBox = "pop3 copier@example.com";

template <typename T>
Status status(const Result<T>& result) {
  return result ? Status() : Status(result.error());
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
  made.log->detail = "wrong password";
  if (fate == MailVerdict::Fate::illegal) made.log->result = LogRecord::Result::illegal;
  return made;
}

// What lies in a store before the call that fails.
void fill(Store& store) {
  const StoredSetting ce{StoredSetting::Form::hashed, Secret("hash of the old one"), {}, 0, false};
  const StoredSetting box{StoredSetting::Form::sealed, Secret("mailbox password"), "host", 0, false};
  REQUIRE(store.save_settings(std::vector{SettingChange{"ce", ce}, SettingChange{"box", box}}, {}));
  Batch batch;
  batch.now = kNow;
  batch.verdicts = {
      verdict("1", MailVerdict::Fate::answered, {reply("first", 400, true), reply("second", 9000)}),
      verdict("2", MailVerdict::Fate::illegal)};
  REQUIRE(store.commit(batch));
  REQUIRE(store.settle("first", {Settlement::Kind::sent, kNow, {}, false, "250 ok"}));
  REQUIRE(store.note_tries(std::vector<MailKey>{{kBox, "3"}}));
  REQUIRE(store.append_device_record("power on"));
}

struct StoreCall {
  std::string name;
  std::function<Status(Store&)> call;
};

const std::vector<StoreCall>& steps() {
  static const std::vector<StoreCall> table{
      {"recall",
       [](Store& store) {
         MailboxListing listing{kBox, {{{kBox, "1"}, 500}}, 1, true};
         return status(store.recall(listing));
       }},
      {"recall_memory",
       [](Store& store) {
         return status(store.recall_memory(Memory::Kind::answered_request, std::string(32, '1')));
       }},
      {"find_sent", [](Store& store) { return status(store.find_sent("first")); }},
      {"find_sent of one that waits", [](Store& store) { return status(store.find_sent("second")); }},
      {"count_replies", [](Store& store) { return status(store.count_replies(kNow - 1h, "")); }},
      {"note_tries",
       [](Store& store) {
         return store.note_tries(std::vector<MailKey>{{kBox, "3"}, {kBox, "4"}});
       }},
      {"commit",
       [](Store& store) {
         Batch batch;
         batch.now = kNow;
         batch.verdicts = {verdict("4", MailVerdict::Fate::answered, {reply("third", 5000, true)}),
                           verdict("5", MailVerdict::Fate::illegal), verdict("6", MailVerdict::Fate::bounce)};
         batch.verdicts.back().bounced_id = "first";
         batch.spared = {{kBox, "3"}};
         batch.notices = {{"notice", OutboxMail::Kind::notice, "m@example.com", "notice", "text", false}};
         batch.memories = {{Memory::Kind::told, "limits", "fact", false},
                           {Memory::Kind::guesses, "", {}, true}};
         batch.password_key = "ce";
         batch.password_generation = 1;
         batch.new_password = PasswordHash{"hash of the new one"};
         return status(store.commit(batch));
       }},
      {"outbox", [](Store& store) { return status(store.outbox()); }},
      {"next_due", [](Store& store) { return status(store.next_due(kNow, "first")); }},
      {"settle deferred",
       [](Store& store) {
         return store.settle("second", {Settlement::Kind::deferred, kNow, kNow + 1min, true, "451 later"});
       }},
      {"settle sent",
       [](Store& store) {
         return store.settle("second", {Settlement::Kind::sent, kNow, {}, false, "250 ok"});
       }},
      {"settle split",
       [](Store& store) {
         Settlement split{Settlement::Kind::split, kNow, {}, false, {}};
         split.parts = {reply("part 1", 100), reply("part 2", 100)};
         return store.settle("second", split);
       }},
      {"log", [](Store& store) { return status(store.log(10)); }},
      {"log a record",
       [](Store& store) {
         LogRecord record;
         record.time = kNow;
         return status(store.log(10, &record));
       }},
      {"load_settings", [](Store& store) { return status(store.load_settings()); }},
      {"save_settings",
       [](Store& store) {
         const StoredSetting name{StoredSetting::Form::plain, Secret("name"), {}, 0, false};
         return status(store.save_settings(
             std::vector{SettingChange{"name", name}, SettingChange{"box", std::nullopt}}, {{"name", 0}}));
       }},
      {"save no settings", [](Store& store) { return status(store.save_settings({}, {})); }},
      {"device_records", [](Store& store) { return status(store.device_records()); }},
      {"append_device_record", [](Store& store) { return store.append_device_record("power off"); }},
  };
  return table;
}

// What a store tells; two that print alike are alike.
std::string dump(Store& store) {
  std::string text;
  const MailboxListing listing{
      kBox,
      {{{kBox, "1"}, 1}, {{kBox, "2"}, 1}, {{kBox, "3"}, 1}, {{kBox, "4"}, 1}, {{kBox, "5"}, 1}},
      5,
      false};
  for (const KnownMail& mail : *store.recall(listing))
    text += std::to_string(static_cast<int>(mail.state)) + "/" + std::to_string(mail.tries) + " ";
  for (const OutboxEntry& entry : *store.outbox())
    text += entry.mail.id + "/" + std::to_string(entry.attempts) + " ";
  for (const LogRecord& line : *store.log(100))
    text += std::to_string(line.number) + "/" + std::string(words(line.result)) + "x" +
            std::to_string(line.count) + " ";
  for (const auto& [key, setting] : *store.load_settings())
    text += key + "=" + std::string(setting.text.reveal()) + "/" + std::to_string(setting.generation) + " ";
  return text + std::to_string(store.device_records()->size());
}

std::unique_ptr<Store> open_again(const SqliteOptions& options) {
  auto opened = open_sqlite_store(options, test_sealer());
  REQUIRE_MESSAGE(opened.ok(), describe(opened.error()));
  return std::move(*opened);
}
std::unique_ptr<Store> open_again(const PowerLossDisk& disk) {
  return open_again(SqliteOptions{"store", disk.name(), ""});
}

}  // namespace

TEST_CASE(
    "refused memory: a call of the store happens whole or not at all at every allocation of SQLite that fails [R2, R9, fault 64]") {
  Allocations memory;
  PowerLossDisk disk("memory");
  fill(*open_again(disk));
  std::vector<std::pair<std::string, std::string>> files;
  for (const std::string& file : disk.files()) files.emplace_back(file, disk.contents(file));
  const std::string filled = dump(*open_again(disk));
  for (const StoreCall& step : steps()) {
    for (const bool lasting : {false, true}) {
      std::string after;  // when nothing fails
      for (std::uint64_t n = 0;; ++n) {
        CAPTURE(step.name);
        CAPTURE(n);
        for (const std::string& file : disk.files()) disk.set_contents(file, {});
        for (const auto& [file, bytes] : files) disk.set_contents(file, bytes);
        Status said;
        {
          const auto store = open_again(disk);
          if (n > 0) memory.fail_at(n, lasting);
          said = step.call(*store);
          memory.heal();
          if (said && n > 0 && !memory.failed()) break;  // no allocation is left to fail
        }
        const std::string found = dump(*open_again(disk));
        if (n == 0) {
          REQUIRE(said);
          after = found;
        } else if (said) {
          CHECK(found == after);
        } else {
          CHECK((found == filled || found == after));
          // A change that cannot even be rolled back makes the whole store suspect.
          CHECK((said.error().cause == Cause::store_full || said.error().cause == Cause::store_failed));
        }
      }
    }
  }
}

TEST_CASE(
    "refused memory: a call that ends by an exception leaves no unit open: the store tells what is durable, and the next call works [R1, R2, R9, fault 64]") {
  using Memory = testing::FailingMemory;
  // Files: a simulated disk would allocate within SQLite.
  TemporaryFolder folder;
  const SqliteOptions options{folder.file("store"), "", ""};
  const std::string filled = folder.file("filled");
  fill(*open_again(options));
  std::filesystem::copy_file(options.path, filled);
  // What the store tells after one more call, which must agree with what it tells when it is opened again.
  const auto told_later = [&](Store& store) {
    CHECK(store.append_device_record("later"));
    return dump(store);
  };
  const std::string before = told_later(*open_again(options));
  for (const StoreCall& step : steps()) {
    for (const bool lasting : {false, true}) {
      std::string after;  // when nothing fails
      for (std::size_t n = 0;; n += 1 + n / 5) {
        CAPTURE(step.name);
        CAPTURE(n);
        for (const char* rest : {"-wal", "-shm"}) std::filesystem::remove(options.path + rest);
        std::filesystem::copy_file(filled, options.path, std::filesystem::copy_options::overwrite_existing);
        Status said;
        bool thrown = false, is_open = true;
        std::string told;
        {
          const auto store = open_again(options);
          Memory::fail_at(n, lasting);  // 0: none
          Memory::pause(false);
          try {
            said = step.call(*store);
          } catch (const std::bad_alloc&) {
            thrown = true;
          }
          Memory::pause(true);
          Memory::heal();
          if (n > 0 && !Memory::failed()) break;  // no allocation is left to fail
          // A failure of SQLite's own closes it until it is opened anew.
          is_open = store->recall({kBox, {}, 0, false}).ok();
          CHECK((is_open || !thrown));
          if (is_open) told = told_later(*store);
        }
        if (!is_open) told = told_later(*open_again(options));
        CHECK(dump(*open_again(options)) == told);
        if (n == 0) after = told;
        CHECK((thrown || !said || told == after));
        // What recall() found gone is forgotten mail by mail, by whatever is written next.
        CHECK((told == before || told == after || step.name == "recall"));
      }
    }
  }
}

TEST_CASE("refused memory: an opening that fails leaves the state as it was [R9, fault 64]") {
  Allocations memory;
  for (const bool is_new : {true, false}) {
    PowerLossDisk disk("memory");
    if (!is_new) fill(**open_sqlite_store({"store", disk.name(), ""}, test_sealer()));
    for (std::uint64_t n = 1;; ++n) {
      CAPTURE(n);
      if (is_new) {
        for (const std::string& file : disk.files()) disk.set_contents(file, {});
      }
      memory.fail_at(n);
      const bool opened = open_sqlite_store({"store", disk.name(), ""}, test_sealer()).ok();
      memory.heal();
      if (!memory.failed()) break;
      if (!opened) (void)dump(*open_again(disk));
    }
  }
}

TEST_CASE(
    "refused memory: a backup is whole or is said to have failed, with the sealing key and without [R9, fault 64]") {
  Allocations memory;
  TemporaryFolder folder;
  auto store = std::move(*open_sqlite_store({folder.file("store"), "", ""}, test_sealer()));
  fill(*store);
  const std::string backup = folder.file("backup");
  for (std::uint64_t n = 1;; ++n) {
    CAPTURE(n);
    memory.fail_at(n);
    const Status copied = store->back_up(backup);
    memory.heal();
    const bool failed = memory.failed();
    CHECK(copied.ok() == std::filesystem::exists(backup));
    std::filesystem::remove(backup);
    if (!failed) break;
  }
  REQUIRE(store->back_up(backup));
  for (std::uint64_t n = 1;; ++n) {
    CAPTURE(n);
    memory.fail_at(n);
    const Status put = put_key_into_backup(backup, Secret(std::string(32, 'k')));
    memory.heal();
    if (put && !memory.failed()) break;
  }
  for (std::uint64_t n = 1;; ++n) {
    CAPTURE(n);
    memory.fail_at(n);
    auto taken = take_key_from_backup(backup);
    memory.heal();
    if (taken) {
      REQUIRE(taken->has_value());
      CHECK((*taken)->reveal() == std::string(32, 'k'));
      if (!memory.failed()) break;
      REQUIRE(put_key_into_backup(backup, Secret(std::string(32, 'k'))));
    }
  }
  CHECK_FALSE(take_key_from_backup(backup)->has_value());
}
