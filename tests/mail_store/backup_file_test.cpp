// The backup as a file: with the sealing key and without, what is none, and the restore's change of files.
#include <doctest/doctest.h>
#include <sqlite3.h>

#include <cerrno>
#include <fstream>
#include <functional>
#include <sstream>

#include "mail_store/places.hpp"
#include "mail_store/refusals.hpp"
#include "remotemail/mail_store/sqlite_backup.hpp"

using namespace remotemail;
using namespace remotemail::test;

namespace {

namespace fs = std::filesystem;

std::string read_whole(const std::string& path) {
  std::ifstream in(path, std::ios::binary);
  std::ostringstream bytes;
  bytes << in.rdbuf();
  return bytes.str();
}

void write_whole(const std::string& path, const std::string& bytes) {
  std::ofstream(path, std::ios::binary) << bytes;
}

void execute(const std::string& path, const char* sql) {
  sqlite3* database = nullptr;
  REQUIRE(sqlite3_open(path.c_str(), &database) == SQLITE_OK);
  CHECK(sqlite3_exec(database, sql, nullptr, nullptr, nullptr) == SQLITE_OK);
  sqlite3_close(database);
}

struct Backed {
  TemporaryFolder folder;
  std::string state = folder.file("state.db"), backup = folder.file("backup");
  Backed() {
    auto store = std::move(*open_sqlite_store({state, "", ""}, test_sealer()));
    REQUIRE(store->append_device_record("a record to be found again"));
    REQUIRE(store->back_up(backup));
  }
};

const std::string kKey(32, 'k');

}  // namespace

TEST_CASE("backup file: a sealing key that was put in is taken out once, and leaves no trace [Y3]") {
  Backed made;
  CHECK_FALSE(take_key_from_backup(made.backup)->has_value());
  REQUIRE(put_key_into_backup(made.backup, Secret(std::string(32, 'x'))));
  REQUIRE(put_key_into_backup(made.backup, Secret(kKey)));
  CHECK(read_whole(made.backup).find(kKey) != std::string::npos);
  CHECK(read_whole(made.backup).find(std::string(32, 'x')) == std::string::npos);
  const auto taken = take_key_from_backup(made.backup);
  REQUIRE((taken && taken->has_value()));
  CHECK((*taken)->reveal() == kKey);
  CHECK(read_whole(made.backup).find(kKey) == std::string::npos);
  CHECK_FALSE(take_key_from_backup(made.backup)->has_value());
}

TEST_CASE(
    "backup file: a sealing key that was put in or taken out is so on the disk before that is said [R9, Y3]") {
  Backed made;
  std::uint64_t before = syncs_of_sqlite();
  REQUIRE(put_key_into_backup(made.backup, Secret(kKey)));
  CHECK(syncs_of_sqlite() >= before + 2);  // the journal, then the file
  before = syncs_of_sqlite();
  REQUIRE(take_key_from_backup(made.backup));
  CHECK(syncs_of_sqlite() >= before + 2);
}

TEST_CASE("backup file: what is no whole backup of ours is refused and not touched [R9]") {
  Backed made;
  const std::string whole = read_whole(made.backup);
  const struct {
    const char* name;
    std::function<void()> spoil;
    const char* words;
  } rows[] = {
      {"not there", [&] { fs::remove(made.backup); }, ""},
      {"no database", [&] { write_whole(made.backup, std::string(8192, 'x')); }, "not a database"},
      {"nothing", [&] { write_whole(made.backup, ""); }, "not a database of remotemail"},
      {"of another program", [&] { execute(made.backup, "PRAGMA application_id=7"); },
       "not a database of remotemail"},
      {"of no version", [&] { execute(made.backup, "PRAGMA user_version=0"); },
       "not a database of remotemail"},
      {"a page too few", [&] { write_whole(made.backup, whole.substr(0, whole.size() - 4096)); }, ""},
      {"half a page too few", [&] { write_whole(made.backup, whole.substr(0, whole.size() - 2048)); }, ""},
      {"an octet too few", [&] { write_whole(made.backup, whole.substr(0, whole.size() - 1)); }, ""},
      {"an octet too many", [&] { write_whole(made.backup, whole + "x"); }, "its end is missing"},
      {"a flipped bit",
       [&] {
         std::string spoilt = whole;
         spoilt[spoilt.find("a record to be found again")] ^= 1;
         write_whole(made.backup, spoilt);
       },
       "CHECK constraint failed"},
  };
  for (const auto& row : rows) {
    CAPTURE(std::string(row.name));
    write_whole(made.backup, whole);
    row.spoil();
    const std::string before = read_whole(made.backup);
    const auto taken = take_key_from_backup(made.backup);
    REQUIRE_FALSE(taken.ok());
    CHECK(describe(taken.error()).find(row.words) != std::string::npos);
    CHECK_FALSE(put_key_into_backup(made.backup, Secret(kKey)).ok());
    CHECK(read_whole(made.backup) == before);
  }
}

TEST_CASE("backup file: a size that cannot be asked for is one that does not fit [R9]") {
  Backed made;
  const RefusedCall refused(Call::stat, EIO);
  CHECK(describe(take_key_from_backup(made.backup).error()).find("its end is missing") != std::string::npos);
}

TEST_CASE("backup file: a forged place of the key is an error or no key, never a crash [Y3]") {
  Backed made;
  execute(made.backup, "CREATE TABLE sealing_key(key BLOB NOT NULL)");
  CHECK_FALSE(take_key_from_backup(made.backup)->has_value());
  execute(made.backup, "CREATE VIEW sealing_key AS SELECT 'forged' AS key");
  CHECK_FALSE(take_key_from_backup(made.backup).ok());
  CHECK_FALSE(put_key_into_backup(made.backup, Secret(kKey)).ok());
}

TEST_CASE("backup file: a restore takes the place of the state and keeps what it replaces") {
  Backed made;
  write_whole(made.state, "the old one");
  write_whole(made.state + "-wal", "its log");
  write_whole(made.state + ".before-restore", "an older one");
  REQUIRE(replace_store(made.backup, made.state));
  CHECK(read_whole(made.state + ".before-restore") == "the old one");
  CHECK(read_whole(made.state + ".before-restore-wal") == "its log");
  CHECK_FALSE(fs::exists(made.state + "-wal"));
  CHECK_FALSE(fs::exists(made.backup));
  auto store = open_sqlite_store({made.state, "", ""}, test_sealer());
  REQUIRE(store.ok());
  CHECK((*store)->device_records()->size() == 1);
}

TEST_CASE(
    "backup file: a restore that a file system refuses leaves the state where it was, or its copy beside it [R9]") {
  const struct {
    Call call;
    int code;
    unsigned n;
    Cause cause;
  } rows[] = {
      {Call::link, EIO, 1, Cause::store_failed},   {Call::fsync, EIO, 1, Cause::store_failed},
      {Call::fsync, ENOSPC, 2, Cause::store_full}, {Call::fsync, EDQUOT, 3, Cause::store_full},
      {Call::rename, EIO, 1, Cause::store_failed}, {Call::open, EMFILE, 1, Cause::store_failed},
  };
  for (const auto& row : rows) {
    Backed made;
    const std::string old = read_whole(made.state);
    Status replaced;
    {
      const RefusedCall refused(row.call, row.code, row.n);
      replaced = replace_store(made.backup, made.state);
      REQUIRE(RefusedCall::happened());
    }
    REQUIRE_FALSE(replaced.ok());
    CHECK(replaced.error().cause == row.cause);
    const bool stays = read_whole(made.state) == old;
    CHECK((stays || read_whole(made.state + ".before-restore") == old));
  }
}

TEST_CASE(
    "sqlite store: a file that cannot be made, looked at or kept from others is said with its reason [R9, Y3]") {
  TemporaryFolder folder;
  const std::string path = folder.file("state.db");
  const auto opened = [&](Call call, int code, unsigned n = 1) {
    const RefusedCall refused(call, code, n);
    auto store = open_sqlite_store({path, "", ""}, test_sealer());
    REQUIRE(RefusedCall::happened());
    REQUIRE_FALSE(store.ok());
    return store.error().cause;
  };
  CHECK(opened(Call::open, ENOSPC) == Cause::store_full);
  CHECK(opened(Call::open, EDQUOT) == Cause::store_full);
  CHECK(opened(Call::open, EACCES) == Cause::store_failed);
  CHECK(opened(Call::open, EMFILE, 2) == Cause::store_failed);
  fs::remove(path);
  CHECK(opened(Call::fsync, EIO) == Cause::store_failed);
  CHECK(opened(Call::stat, EIO) == Cause::store_failed);
  fs::permissions(path, fs::perms::owner_all | fs::perms::group_read);
  CHECK(opened(Call::chmod, EPERM) == Cause::store_failed);
}

TEST_CASE("sqlite store: a state named without a folder lies in the one at work") {
  TemporaryFolder folder;
  const fs::path before = fs::current_path();
  fs::current_path(fs::path(folder.file("x")).parent_path());
  const bool opened = open_sqlite_store({"state.db", "", ""}, test_sealer()).ok();
  fs::current_path(before);
  CHECK(opened);
  CHECK(fs::exists(folder.file("state.db")));
}
