// The database between failures: what cannot be read, written or kept, and what a store says afterwards.
#include <doctest/doctest.h>
#include <fcntl.h>
#include <sqlite3.h>
#include <unistd.h>

#include <cerrno>
#include <fstream>
#include <sstream>

#include "mail_store/places.hpp"
#include "mail_store/refusals.hpp"
#include "remotemail/core/limits.hpp"
#include "remotemail/mail_store/sqlite_backup.hpp"
#include "remotemail/testing/power_loss_vfs.hpp"

using namespace remotemail;
using namespace remotemail::test;
using testing::PowerLossDisk;

namespace {

namespace fs = std::filesystem;

const WallTime kNow{std::chrono::milliseconds(1'800'000'000'000)};

std::unique_ptr<Store> opened(const std::string& path, const std::string& vfs = "") {
  auto store = open_sqlite_store({path, vfs, ""}, test_sealer());
  REQUIRE_MESSAGE(store.ok(), describe(store.error()));
  return std::move(*store);
}

std::string read_whole(const std::string& path) {
  std::ifstream in(path, std::ios::binary);
  std::ostringstream bytes;
  bytes << in.rdbuf();
  return bytes.str();
}

void execute(const std::string& path, const char* sql) {
  sqlite3* database = nullptr;
  REQUIRE(sqlite3_open(path.c_str(), &database) == SQLITE_OK);
  CHECK(sqlite3_exec(database, sql, nullptr, nullptr, nullptr) == SQLITE_OK);
  sqlite3_close(database);
}

OutboxMail reply(const std::string& id) {
  return {id, OutboxMail::Kind::reply, "ce@example.com", "Help", "text", false};
}

// One of SQLite's own system calls, replaced while this lives.
class Replaced {
 public:
  Replaced(const char* name, sqlite3_syscall_ptr call) : name_(name) { set(call); }
  ~Replaced() { set(nullptr); }
  Replaced(const Replaced&) = delete;
  Replaced& operator=(const Replaced&) = delete;

 private:
  void set(sqlite3_syscall_ptr call) {
    sqlite3_vfs* vfs = sqlite3_vfs_find(nullptr);
    (void)vfs->xSetSystemCall(vfs, name_, call);  // not every build has every call
  }
  const char* name_;
};

int open_for_reading_only(const char* path, int flags, int mode) {
  if ((flags & O_ACCMODE) == O_RDONLY) return ::open(path, flags, mode);
  errno = EROFS;
  return -1;
}

ssize_t no_room(int, const void*, std::size_t) {
  errno = ENOSPC;
  return -1;
}
ssize_t no_room_there(int, const void*, std::size_t, off_t) {
  errno = ENOSPC;
  return -1;
}

}  // namespace

TEST_CASE("sqlite store: a file that may only be read is no store, and is not touched [R9, fault 63]") {
  TemporaryFolder folder;
  const std::string path = folder.file("store");
  opened(path);
  const std::string before = read_whole(path);
  {
    const Replaced read_only("open", reinterpret_cast<sqlite3_syscall_ptr>(open_for_reading_only));
    const auto store = open_sqlite_store({path, "", ""}, test_sealer());
    REQUIRE_FALSE(store.ok());
    CHECK(store.error().cause == Cause::store_failed);
  }
  CHECK(read_whole(path) == before);
  opened(path);
}

TEST_CASE("sqlite store: a folder in the place of the state is no store [R9]") {
  TemporaryFolder folder;
  fs::create_directory(folder.file("store"));
  fs::permissions(folder.file("store"), fs::perms::owner_all);
  const auto store = open_sqlite_store({folder.file("store"), "", ""}, test_sealer());
  REQUIRE_FALSE(store.ok());
  CHECK(store.error().cause == Cause::store_failed);
}

TEST_CASE("sqlite store: another program's mark and an impossible version are refused and not touched [R9]") {
  TemporaryFolder folder;
  const std::string path = folder.file("store");
  for (const char* sql :
       {"PRAGMA application_id=7", "PRAGMA application_id=1380807540; PRAGMA user_version=-1"}) {
    CAPTURE(std::string(sql));
    execute(path, sql);
    const std::string before = read_whole(path);
    const auto store = open_sqlite_store({path, "", ""}, test_sealer());
    REQUIRE_FALSE(store.ok());
    CHECK(store.error().cause == Cause::store_damaged);
    CHECK(read_whole(path) == before);
    fs::remove(path);
  }
}

TEST_CASE("sqlite store: what is wrong with a damaged state is said in the words of SQLite [R9]") {
  TemporaryFolder folder;
  const std::string path = folder.file("store");
  opened(path);
  execute(path, "DROP TABLE log");
  const auto log = opened(path)->log(10);
  REQUIRE_FALSE(log.ok());
  CHECK(log.error().cause == Cause::store_damaged);
  CHECK(log.error().detail == "no such table: log");
}

TEST_CASE("sqlite store: a backup takes no file's place [R9]") {
  TemporaryFolder folder;
  auto store = opened(folder.file("store"));
  std::ofstream(folder.file("backup")) << "precious";
  const Status refused = store->back_up(folder.file("backup"));
  REQUIRE_FALSE(refused.ok());
  CHECK(refused.error().cause == Cause::store_failed);
  CHECK(read_whole(folder.file("backup")) == "precious");
}

TEST_CASE("sqlite store: a backup onto a full disk is said so, leaves no half, and harms no store [R9]") {
  TemporaryFolder folder;
  auto store = opened(folder.file("store"));
  {
    const Replaced plain("write", reinterpret_cast<sqlite3_syscall_ptr>(no_room));
    const Replaced at("pwrite", reinterpret_cast<sqlite3_syscall_ptr>(no_room_there));
    const Replaced far("pwrite64", reinterpret_cast<sqlite3_syscall_ptr>(no_room_there));
    const Status refused = store->back_up(folder.file("backup"));
    REQUIRE_FALSE(refused.ok());
    CHECK(refused.error().cause == Cause::store_full);
  }
  CHECK_FALSE(fs::exists(folder.file("backup")));
  CHECK(store->append_device_record("power on"));
  CHECK(store->back_up(folder.file("backup")));
}

TEST_CASE("sqlite store: after a failure to read nothing is believed until it is opened anew [R9]") {
  TemporaryFolder folder;
  PowerLossDisk disk("unreadable");
  {
    auto store = opened("store", disk.name());
    for (int i = 0; i < 40; ++i) REQUIRE(store->append_device_record(std::string(50'000, 'r')));
  }
  auto store = opened("store", disk.name());
  disk.fail_at(1, PowerLossDisk::Fault::read_error);
  const auto records = store->device_records();
  REQUIRE(disk.fault_happened());
  REQUIRE_FALSE(records.ok());
  CHECK(records.error().cause == Cause::store_failed);
  disk.heal();
  CHECK(store->append_device_record("one more").error().cause == Cause::store_failed);
  const Status copied = store->back_up(folder.file("backup"));
  REQUIRE_FALSE(copied.ok());
  CHECK(copied.error().cause == Cause::store_failed);
  CHECK(copied.error().detail == "closed after an earlier failure");
  CHECK_FALSE(fs::exists(folder.file("backup")));
  CHECK(opened("store", disk.name())->device_records()->size() == 40);
}

TEST_CASE(
    "sqlite store: mails that left the mailbox are forgotten by the next write or said to be not [R9]") {
  PowerLossDisk disk("forgotten");
  auto store = opened("store", disk.name());
  REQUIRE(store->note_tries(std::vector<MailKey>{{"box", "1"}}));
  const MailboxListing later{"box", {{{"box", "2"}, 500}}, 1, true};
  REQUIRE(store->recall(later));  // a new mail is there, so the old one's key waits for the next write
  const auto before = disk.counters().syncs;
  REQUIRE(store->recall(later));
  CHECK(disk.counters().syncs > before);
  REQUIRE(store->note_tries(std::vector<MailKey>{{"box", "1"}}));
  REQUIRE(store->recall(later));
  disk.fail_at(1, PowerLossDisk::Fault::io_error, true);
  const auto again = store->recall(later);
  REQUIRE_FALSE(again.ok());
  CHECK(again.error().cause == Cause::store_failed);
}

TEST_CASE(
    "sqlite store: keys of a mailbox that is listed no more are kept for 400 days, tries for ever [R3, R5]") {
  TemporaryFolder folder;
  auto store = opened(folder.file("store"));
  const auto done = [&](const std::string& mailbox, WallTime now) {
    Batch batch;
    batch.now = now;
    batch.verdicts.resize(1);
    batch.verdicts[0].key = {mailbox, "1"};
    batch.verdicts[0].fate = MailVerdict::Fate::answered;
    REQUIRE(store->commit(batch));
  };
  const auto known = [&] {
    const std::vector<KnownMail> mails =
        store->recall({"old", {{{"old", "1"}, 500}, {{"old", "2"}, 500}}, 2, false}).value();
    return std::pair(mails[0].state, mails[1].state);
  };
  using State = KnownMail::State;
  done("old", kNow);
  REQUIRE(store->note_tries(std::vector<MailKey>{{"old", "2"}}));
  done("new", kNow + limits::kDigestAge);
  CHECK(known() == std::pair(State::done, State::tried));
  done("new", kNow + limits::kDigestAge + std::chrono::milliseconds(1));
  CHECK(known() == std::pair(State::unknown, State::tried));
}

TEST_CASE("sqlite store: what is longer than a value may be is refused whole [R2, R9]") {
  TemporaryFolder folder;
  auto store = opened(folder.file("store"));
  Batch batch;
  batch.now = kNow;
  batch.notices = {reply("small"), reply("vast")};
  batch.notices.back().recipient = batch.notices.back().what = std::string(17 * 1024 * 1024, 'x');
  const auto refused = store->commit(batch);
  REQUIRE_FALSE(refused.ok());
  CHECK(refused.error().cause == Cause::store_full);
  CHECK(store->outbox()->empty());
  CHECK(store->append_device_record("and it goes on"));
}

TEST_CASE("sqlite store: without a sealing key no reply is split, and it waits as it was [Y3, R1]") {
  TemporaryFolder folder;
  const std::string path = folder.file("store");
  {
    Batch batch;
    batch.now = kNow;
    batch.notices = {reply("whole")};
    REQUIRE(opened(path)->commit(batch));
  }
  SystemRandom random;
  const Sealer none(Secret(), random);
  auto store = std::move(*open_sqlite_store({path, "", ""}, none));
  Settlement split{Settlement::Kind::split, kNow, {}, false, {}};
  split.parts = {reply("part 1"), reply("part 2")};
  const Status refused = store->settle("whole", split);
  REQUIRE_FALSE(refused.ok());
  CHECK(refused.error().cause == Cause::key_missing);
  REQUIRE(store->outbox()->size() == 1);
  CHECK(store->outbox()->front().mail.id == "whole");
}

TEST_CASE("sqlite store: several passwords that are blanked at once are all gone from every file [Y3]") {
  PowerLossDisk disk("blanked");
  auto store = opened("store", disk.name());
  const StoredSetting secret{StoredSetting::Form::sealed, Secret("password"), "host", 0, false};
  const StoredSetting name{StoredSetting::Form::plain, Secret("name"), {}, 0, false};
  REQUIRE(store->save_settings(
      std::vector{SettingChange{"a", name}, SettingChange{"b", secret}, SettingChange{"c", secret}}, {}));
  const auto mentions = [&](const char* bound) {
    bool found = false;
    for (const std::string& file : disk.files())
      found = found || disk.contents(file).find(bound) != std::string::npos;
    return found;
  };
  REQUIRE(mentions("host"));
  REQUIRE(store->save_settings(std::vector{SettingChange{"b", {}}, SettingChange{"c", {}}}, {}));
  CHECK_FALSE(mentions("host"));
}

TEST_CASE("backup file: tables that are not exactly ours are refused, whoever wrote them [R9]") {
  const struct {
    const char* name;
    const char* sql;
    bool sound;
  } rows[] = {
      {"ours", "SELECT 1", true},
      {"one more table", "CREATE TABLE more(a TEXT) STRICT", false},
      {"a table with dashes in a text", "CREATE TABLE more(a TEXT CHECK(a <> '--')) STRICT", false},
      {"one less", "DROP TABLE log", false},
      {"an index of theirs", "CREATE INDEX more ON log(time)", false},
      {"one that differs behind its comment",
       "PRAGMA writable_schema=ON;"
       "UPDATE sqlite_schema SET sql=replace(sql, 'copier TEXT', 'copier BLOB') WHERE name='reply'",
       false},
      {"a trigger", "CREATE TRIGGER more AFTER INSERT ON counter BEGIN DELETE FROM mail; END", false},
  };
  for (const auto& row : rows) {
    CAPTURE(std::string(row.name));
    TemporaryFolder folder;
    const std::string backup = folder.file("backup");
    REQUIRE(opened(folder.file("store"))->back_up(backup));
    execute(backup, row.sql);
    const Status said = check_layout(backup);
    CHECK(said.ok() == row.sound);
    if (!said) CHECK(said.error().cause == Cause::store_damaged);
  }
  TemporaryFolder folder;
  CHECK_FALSE(check_layout(folder.file("none")).ok());
}

TEST_CASE("refused memory: a look at a backup's tables is right or is said to have failed [R9, fault 64]") {
  Allocations memory;
  TemporaryFolder folder;
  const std::string backup = folder.file("backup");
  REQUIRE(opened(folder.file("store"))->back_up(backup));
  for (const bool lasting : {false, true}) {
    for (std::uint64_t n = 1;; ++n) {
      CAPTURE(n);
      memory.fail_at(n, lasting);
      const Status said = check_layout(backup);
      memory.heal();
      if (!memory.failed()) {
        CHECK(said);
        break;
      }
      if (!said) CHECK(said.error().cause != Cause::internal);
    }
  }
}
