// What only the SQLite store promises: its file, its secrets, its wear, and what it refuses.
#include <doctest/doctest.h>
#include <sqlite3.h>
#include <sys/stat.h>

#include <algorithm>
#include <fstream>
#include <sstream>

#include "core/crypto/digest.hpp"
#include "mail_store/places.hpp"
#include "remotemail/core/limits.hpp"
#include "remotemail/testing/power_loss_vfs.hpp"

using namespace remotemail;
using namespace remotemail::test;
using namespace std::chrono_literals;
using testing::PowerLossDisk;

namespace {

const WallTime kNow{std::chrono::milliseconds(1'800'000'000'000)};

class SameRandom final : public Random {
 public:
  void fill(std::span<std::byte> out) override { std::ranges::fill(out, std::byte{0x42}); }
};

Result<std::unique_ptr<Store>> open_on(const PowerLossDisk& disk, const Sealer& sealer = test_sealer()) {
  return open_sqlite_store({"store", disk.name(), ""}, sealer);
}

std::string all_bytes(const PowerLossDisk& disk) {
  std::string bytes;
  for (const std::string& file : disk.files()) bytes += disk.contents(file);
  return bytes;
}

bool contains(const std::string& bytes, std::string_view part) {
  return bytes.find(part) != std::string::npos;
}

Batch one_reply(const std::string& uid, const OutboxMail& mail) {
  Batch batch;
  batch.now = kNow;
  batch.verdicts.push_back(
      {{"pop3 a", uid}, MailVerdict::Fate::answered, std::string(32, 'd'), {mail}, LogRecord{}, {}});
  return batch;
}

OutboxMail secret_mail(const std::string& id) {
  return {id,
          OutboxMail::Kind::reply,
          "ce@example.com",
          "CHPASS",
          "New Password:[canary-message]" + std::string(9000, 'x'),
          true};
}

Settlement sent() {
  return {Settlement::Kind::sent, kNow, {}, false, "250 ok"};
}

SettingChange sealed_setting(const std::string& text, const std::string& bound_to) {
  return {"reception.password", StoredSetting{StoredSetting::Form::sealed, Secret(text), bound_to, 0, false}};
}

// How many operations it takes to settle a mail as sent and to wipe it.
std::uint64_t operations_of_sending(const Sealer& sealer, const OutboxMail& mail) {
  PowerLossDisk disk("twin");
  auto store = open_on(disk, sealer).value();
  REQUIRE(store->commit(one_reply("1", mail)));
  disk.reset_counters();
  REQUIRE(store->settle(mail.id, sent()));
  return disk.counters().operations();
}

std::string read_file(const std::string& path) {
  std::ifstream in(path, std::ios::binary);
  std::ostringstream bytes;
  bytes << in.rdbuf();
  return bytes.str();
}

// The store's own function, as rows are checked by it.
void checksum(sqlite3_context* context, int count, sqlite3_value** values) {
  std::string data;
  for (int i = 0; i < count; ++i) {
    data += static_cast<char>('0' + sqlite3_value_type(values[i]));
    const void* bytes = sqlite3_value_blob(values[i]);
    append_field(data,
                 {static_cast<const char*>(bytes), static_cast<std::size_t>(sqlite3_value_bytes(values[i]))});
  }
  const std::string digest = sha256(data);
  std::uint64_t sum = 0;
  for (std::size_t i = 0; i < 8; ++i) sum = sum << 8 | static_cast<unsigned char>(digest[i]);
  sqlite3_result_int64(context, static_cast<std::int64_t>(sum >> 1));
}

void run_sql(const std::string& path, const char* sql) {
  sqlite3* db = nullptr;
  REQUIRE(sqlite3_open(path.c_str(), &db) == SQLITE_OK);
  REQUIRE(sqlite3_create_function(db, "checksum", -1, SQLITE_UTF8 | SQLITE_DETERMINISTIC | SQLITE_INNOCUOUS,
                                  nullptr, checksum, nullptr, nullptr) == SQLITE_OK);
  REQUIRE(sqlite3_exec(db, sql, nullptr, nullptr, nullptr) == SQLITE_OK);
  sqlite3_close(db);
}

}  // namespace

TEST_CASE(
    "sqlite store: its files are for their owner alone, an open umask or an older mode notwithstanding [Y3]") {
  TemporaryFolder folder;
  const std::string path = folder.file("store");
  const mode_t before = ::umask(0);
  for (int opening = 0; opening < 2; ++opening) {
    auto store = open_sqlite_store({path, "", ""}, test_sealer()).value();
    REQUIRE(store->append_device_record("x"));
    for (const auto& entry : std::filesystem::directory_iterator(folder.file(""))) {
      INFO(entry.path().string());
      CHECK((entry.status().permissions() & std::filesystem::perms(077)) == std::filesystem::perms::none);
    }
    store.reset();
    ::chmod(path.c_str(), 0644);
  }
  ::umask(before);
}

TEST_CASE("sqlite store: a second opener is told that somebody has it, and disturbs nothing [fault 79]") {
  TemporaryFolder folder;
  const SqliteOptions options{folder.file("store"), "", ""};
  auto first = open_sqlite_store(options, test_sealer()).value();
  for (int attempt = 0; attempt < 3; ++attempt) {
    const auto second = open_sqlite_store(options, test_sealer());
    REQUIRE_FALSE(second.ok());
    CHECK(second.error().cause == Cause::already_running);
  }
  REQUIRE(first->append_device_record("x"));
  first.reset();
  CHECK(open_sqlite_store(options, test_sealer()).value()->device_records()->size() == 1);
}

TEST_CASE("sqlite store: a database of a later version is refused and not touched [fault 80]") {
  TemporaryFolder folder;
  const std::string path = folder.file("store");
  REQUIRE(open_sqlite_store({path, "", ""}, test_sealer()).value()->append_device_record("x"));
  run_sql(path, "PRAGMA user_version=3; CREATE TABLE of_the_future(x)");
  const std::string before = read_file(path);
  const auto opened = open_sqlite_store({path, "", ""}, test_sealer());
  REQUIRE_FALSE(opened.ok());
  CHECK(opened.error().cause == Cause::store_too_new);
  CHECK(read_file(path) == before);
}

// Makes of a database of today one as version 1 left it: digests in a table of their own.
void back_to_version_1(const std::string& path) {
  run_sql(
      path,
      "CREATE TABLE digest(copier TEXT NOT NULL, digest BLOB NOT NULL, number INTEGER NOT NULL, time INTEGER NOT "
      "NULL, sum INTEGER NOT NULL, PRIMARY KEY(copier, digest), CHECK(sum = checksum(copier, digest, number, time))) "
      "STRICT, WITHOUT ROWID;"
      "CREATE UNIQUE INDEX digest_by_age ON digest(copier, number);"
      "INSERT INTO digest SELECT copier,key,number,time,checksum(copier,key,number,time) FROM memory WHERE kind=0;"
      "DROP TABLE memory; PRAGMA user_version=1");
}

TEST_CASE(
    "sqlite store: a database of version 1 is carried forward, each copier's digests with their age [R3, R9]") {
  TemporaryFolder folder;
  const std::string path = folder.file("store");
  for (const std::string copier : {"", "B"}) {
    auto store = open_sqlite_store({path, "", copier}, test_sealer()).value();
    Batch batch = one_reply("1", secret_mail("waits"));
    if (copier == "B") batch.verdicts[0].digest = std::string("\0b", 2);
    REQUIRE(store->commit(batch));
  }
  back_to_version_1(path);
  SUBCASE("a sound one") {
    for (int opening = 0; opening < 2; ++opening) {
      auto store = open_sqlite_store({path, "", ""}, test_sealer()).value();
      CHECK(store->recall_memory(Memory::Kind::answered_request, std::string(32, 'd')).value() ==
            Remembered{"", kNow});
      CHECK_FALSE(store->recall_memory(Memory::Kind::answered_request, std::string("\0b", 2)).value());
      CHECK(store->outbox()->size() == 1);
      Batch later;
      later.now = kNow + 1s;
      later.memories = {{Memory::Kind::told, "topic", "value"}};
      REQUIRE(store->commit(later));
      CHECK(store->recall_memory(Memory::Kind::told, "topic").value() == Remembered{"value", kNow + 1s});
    }
    auto other = open_sqlite_store({path, "", "B"}, test_sealer()).value();
    CHECK(other->recall_memory(Memory::Kind::answered_request, std::string("\0b", 2)).value());
  }
  SUBCASE("a damaged row is found before, and nothing is touched") {
    run_sql(path, "PRAGMA ignore_check_constraints=ON; UPDATE digest SET time=time+1");
    const std::string before = read_file(path);
    const auto opened = open_sqlite_store({path, "", ""}, test_sealer());
    REQUIRE_FALSE(opened.ok());
    CHECK(opened.error().cause == Cause::store_damaged);
    CHECK(read_file(path) == before);
  }
}

TEST_CASE(
    "sqlite store: the step from version 1, cut at every operation, is made wholly or not at all [R1, R9]") {
  TemporaryFolder folder;
  const std::string path = folder.file("store");
  REQUIRE(open_sqlite_store({path, "", ""}, test_sealer()).value()->commit(one_reply("1", secret_mail("a"))));
  back_to_version_1(path);
  const std::string old = read_file(path);
  for (const auto mode : {PowerLossDisk::Unsynced::lost, PowerLossDisk::Unsynced::kept,
                          PowerLossDisk::Unsynced::every_other, PowerLossDisk::Unsynced::torn}) {
    for (std::uint64_t n = 1;; ++n) {
      PowerLossDisk disk("step");
      disk.set_contents("store", old);
      disk.fail_at(n, PowerLossDisk::Fault::power_cut);
      { const auto cut = open_on(disk); }
      if (!disk.fault_happened()) break;
      INFO("mode " << int(mode) << ", operation " << n);
      disk.restore_power(mode);
      auto again = open_on(disk);
      REQUIRE_MESSAGE(again.ok(), describe(again.error()));
      CHECK((*again)->recall_memory(Memory::Kind::answered_request, std::string(32, 'd')).value());
      CHECK((*again)->next_due(kNow, "").value()->mail.id == "a");
    }
  }
}

TEST_CASE("sqlite store: what is no database of ours is refused and not touched [R9]") {
  TemporaryFolder folder;
  const std::string path = folder.file("store");
  SUBCASE("a text") {
    std::ofstream(path) << std::string(5000, '?');
  }
  SUBCASE("another program's database") {
    run_sql(path, "CREATE TABLE theirs(x)");
  }
  SUBCASE("another program's database with a version") {
    run_sql(path, "PRAGMA user_version=1");
  }
  const std::string before = read_file(path);
  const auto opened = open_sqlite_store({path, "", ""}, test_sealer());
  REQUIRE_FALSE(opened.ok());
  CHECK(opened.error().cause == Cause::store_damaged);
  CHECK(read_file(path) == before);
}

TEST_CASE("sqlite store: a folder that does not exist is named [R9]") {
  TemporaryFolder folder;
  const auto opened = open_sqlite_store({folder.file("none/store"), "", ""}, test_sealer());
  REQUIRE_FALSE(opened.ok());
  CHECK(opened.error().cause == Cause::store_failed);
  CHECK(contains(opened.error().detail, "none/store"));
}

TEST_CASE("sqlite store: several copiers share a database and see nothing of each other [Z]") {
  TemporaryFolder folder;
  for (const std::string copier : {"", "A", "B"}) {
    auto store = open_sqlite_store({folder.file("store"), "", copier}, test_sealer()).value();
    CHECK(store->device_records()->empty());
    CHECK(store->outbox()->empty());
    CHECK(store->load_settings()->empty());
    CHECK_FALSE(store->recall_memory(Memory::Kind::answered_request, std::string(32, 'd')).value());
    REQUIRE(store->append_device_record(copier));
    REQUIRE(store->commit(one_reply("1", secret_mail("same"))));
    REQUIRE(store->save_settings(std::vector{sealed_setting("p", "h")}, {}));
    CHECK(store->log(10)->size() == 1);
  }
}

TEST_CASE("sqlite store: an idle poll and all reading write not one byte [R8]") {
  PowerLossDisk disk("idle");
  auto store = open_on(disk).value();
  REQUIRE(store->commit(one_reply("1", secret_mail("a"))));
  MailVerdict aside{{"pop3 a", "9"}, MailVerdict::Fate::set_aside, {}, {}, LogRecord{}, {}};
  Batch aside_again;
  aside_again.now = kNow;
  aside_again.verdicts = {aside};
  REQUIRE(store->commit(aside_again));
  disk.reset_counters();
  MailboxListing listing{
      "pop3 a", {{{"pop3 a", "1"}, 10}, {{"pop3 a", "9"}, 10}, {{"pop3 a", "x"}, 10}}, 3, true};
  for (int poll = 0; poll < 3; ++poll) {
    REQUIRE(store->recall(listing));
    REQUIRE(store->recall_memory(Memory::Kind::known_sender, "x"));
    REQUIRE(store->outbox());
    REQUIRE(store->next_due(kNow, ""));
    REQUIRE(store->find_sent("a"));
    REQUIRE(store->count_replies(kNow, ""));
    REQUIRE(store->log(10));
    REQUIRE(store->load_settings());
    REQUIRE(store->device_records());
    REQUIRE(store->commit(aside_again));
    REQUIRE(store->note_tries(std::vector<MailKey>{{"pop3 a", "9"}}));
  }
  CHECK(disk.counters().operations() == 0);
}

TEST_CASE("sqlite store: opening again and again does not wear the flash [fault 76]") {
  PowerLossDisk disk("boot");
  REQUIRE(open_on(disk).value()->append_device_record("x"));
  disk.reset_counters();
  for (int boot = 0; boot < 20; ++boot) REQUIRE(open_on(disk));
  CHECK(disk.counters().bytes_written == 0);
  CHECK(disk.counters().syncs == 0);
}

TEST_CASE("sqlite store: each call that writes is one durable unit of one sync [R2]") {
  PowerLossDisk disk("figures");
  auto store = open_on(disk).value();
  const auto figures = [&](const std::string& call) {
    const auto counted = disk.counters();
    disk.reset_counters();
    MESSAGE(call << ": " << counted.syncs << " syncs, " << counted.writes << " writes, "
                 << counted.bytes_written << " octets");
    return counted;
  };
  figures("creation");
  // The first call behind a checkpoint starts the log anew, and syncs its head as well.
  REQUIRE(store->note_tries(std::vector<MailKey>{{"pop3 a", "1"}}));
  CHECK(figures("first call").syncs == 2);
  REQUIRE(store->note_tries(std::vector<MailKey>{{"pop3 a", "2"}, {"pop3 a", "3"}}));
  CHECK(figures("note_tries").syncs == 1);
  OutboxMail mail = secret_mail("a");
  mail.shows_secret = false;
  REQUIRE(store->commit(one_reply("1", mail)));
  CHECK(figures("commit").syncs == 1);
  REQUIRE(store->settle("a", {Settlement::Kind::deferred, kNow, kNow, false, "451"}));
  const auto deferred = figures("settle, deferred");
  CHECK(deferred.syncs == 1);
  REQUIRE(store->settle("a", sent()));
  CHECK(figures("settle, sent").syncs == 1);
  REQUIRE(store->recall({"pop3 a", {}, 0, true}));
  CHECK(figures("recall that forgets").syncs == 1);
  REQUIRE(store->commit(one_reply("4", secret_mail("b"))));
  figures("commit with a secret");
  REQUIRE(store->settle("b", sent()));
  CHECK(figures("settle and wipe").syncs <= 4);
}

TEST_CASE("sqlite store: no reply and no password stands readable in any file [Y3, Y4]") {
  PowerLossDisk disk("sealed");
  auto store = open_on(disk).value();
  REQUIRE(store->commit(one_reply("1", secret_mail("a"))));
  REQUIRE(store->save_settings(std::vector{sealed_setting("canary-password", "host")}, {}));
  CHECK_FALSE(contains(all_bytes(disk), "canary"));
  store.reset();
  CHECK_FALSE(contains(all_bytes(disk), "canary"));
}

TEST_CASE(
    "sqlite store: a reply that shows a password is gone from every file, sealed bytes too, once sent [Y3]") {
  SameRandom random;
  const Sealer sealer(Secret(std::string(32, 'k')), random);
  const OutboxMail mail = secret_mail("a");
  // All of it: a page that is left in the middle of it would still give a part away.
  const std::string sealed = sealer.seal(mail.message, mail.id);
  const auto left = [&](const PowerLossDisk& disk) {
    int pieces = 0;
    const std::string bytes = all_bytes(disk);
    for (std::size_t at = 0; at + 64 <= sealed.size(); at += 64)
      pieces += contains(bytes, sealed.substr(at, 64));
    return pieces;
  };
  PowerLossDisk disk("wiped");
  auto store = open_on(disk, sealer).value();
  REQUIRE(store->commit(one_reply("1", mail)));
  REQUIRE(left(disk) > 100);
  SUBCASE("at once") {
    REQUIRE(store->settle("a", sent()));
    CHECK(left(disk) == 0);
  }
  SUBCASE("when it failed for good") {
    REQUIRE(store->settle("a", {Settlement::Kind::failed, kNow, {}, false, "550"}));
    CHECK(left(disk) == 0);
  }
  SUBCASE("when it was split, as are its parts, when they are sent") {
    Settlement split{Settlement::Kind::split, kNow, {}, false, {}};
    OutboxMail part = mail;
    part.id = "a.1";
    part.message = "Part: 1 of 1, New Password:[canary-part]" + std::string(8000, 'y');
    part.shows_secret = false;  // but it is a part of one that does
    split.parts = {part};
    REQUIRE(store->settle("a", split));
    CHECK(left(disk) == 0);
    CHECK_FALSE(contains(all_bytes(disk), "canary"));
    const std::string sealed_part = sealer.seal(part.message, part.id);
    CHECK(contains(all_bytes(disk), sealed_part.substr(64, 64)));
    REQUIRE(store->settle("a.1", sent()));
    CHECK_FALSE(contains(all_bytes(disk), sealed_part.substr(64, 64)));
  }
  SUBCASE("when it had been moved from the log into the database before") {
    store.reset();
    store = open_on(disk, sealer).value();
    REQUIRE(left(disk) > 100);
    REQUIRE(store->settle("a", sent()));
    CHECK(left(disk) == 0);
  }
  SUBCASE("at the next start, when the power failed before the wiping") {
    disk.fail_at(operations_of_sending(sealer, mail), PowerLossDisk::Fault::power_cut);
    CHECK_FALSE(store->settle("a", sent()));
    store.reset();
    disk.restore_power(PowerLossDisk::Unsynced::lost);
    REQUIRE(left(disk) > 0);
    store = open_on(disk, sealer).value();
    CHECK(store->outbox()->empty());
    CHECK(left(disk) == 0);
  }
  SUBCASE("at the next call, when the disk was too full for wiping") {
    // The last operations are the database's writes, its sync and the log's truncation.
    disk.fail_at(operations_of_sending(sealer, mail) - 3, PowerLossDisk::Fault::disk_full, true);
    REQUIRE(store->settle("a", sent()));
    CHECK(disk.fault_happened());
    CHECK(left(disk) > 0);
    disk.heal();
    REQUIRE(store->append_device_record("x"));
    CHECK(left(disk) == 0);
  }
}

TEST_CASE("sqlite store: a password that was blanked is gone from every file [Y3]") {
  SameRandom random;
  const Sealer sealer(Secret(std::string(32, 'k')), random);
  const std::string sealed = sealer.seal("mailbox password", "reception.password|host");
  PowerLossDisk disk("blanked");
  auto store = open_on(disk, sealer).value();
  REQUIRE(store->save_settings(std::vector{sealed_setting("mailbox password", "host")}, {}));
  REQUIRE(contains(all_bytes(disk), sealed));
  SUBCASE("removed") {
    REQUIRE(store->save_settings(std::vector{SettingChange{"reception.password", {}}}, {}));
  }
  SUBCASE("replaced") {
    REQUIRE(store->save_settings(std::vector{sealed_setting("other", "host2")}, {}));
  }
  CHECK_FALSE(contains(all_bytes(disk), sealed));
}

TEST_CASE(
    "sqlite store: with another sealing key secrets are unreadable, and the rest goes on [Y3, fault 96]") {
  SystemRandom random;
  const Sealer other(Secret(std::string(32, 'o')), random), missing(Secret(), random);
  PowerLossDisk disk("rekeyed");
  {
    auto store = open_on(disk).value();
    REQUIRE(store->commit(one_reply("1", secret_mail("a"))));
    REQUIRE(store->save_settings(std::vector{sealed_setting("p", "host")}, {}));
  }
  {
    auto store = open_on(disk, other).value();
    const auto settings = store->load_settings().value();
    CHECK(settings.at("reception.password").unreadable);
    CHECK(settings.at("reception.password").text.empty());
    CHECK(store->outbox()->size() == 1);
    CHECK_FALSE(store->next_due(kNow, "").value());
    REQUIRE(store->commit(one_reply("2", secret_mail("b"))));
    CHECK(store->next_due(kNow, "").value()->mail.id == "b");
    REQUIRE(store->settle("a", {Settlement::Kind::failed, kNow, {}, false, "too old"}));
  }
  auto store = open_on(disk, missing).value();
  CHECK(store->commit(one_reply("3", secret_mail("c"))).error().cause == Cause::key_missing);
  CHECK(store->save_settings(std::vector{sealed_setting("q", "host")}, {}).error().cause ==
        Cause::key_missing);
  CHECK(store->outbox()->size() == 1);
}

TEST_CASE("sqlite store: a flipped bit anywhere is found or harmless, never believed [R9, fault 59]") {
  PowerLossDisk disk("flips");
  const auto tell = [](Store& store) {
    std::string text;
    MailboxListing listing{"pop3 a", {{{"pop3 a", "1"}, 10}, {{"pop3 a", "2"}, 10}}, 2, false};
    const auto known = store.recall(listing);
    const auto outbox = store.outbox();
    const auto log = store.log(100);
    const auto settings = store.load_settings();
    const auto due = store.next_due(kNow, "");
    if (!known || !outbox || !log || !settings || !due) return std::string("failed");
    for (const auto& mail : *known) text += std::to_string(int(mail.state));
    for (const auto& entry : *outbox) text += entry.mail.id + entry.mail.recipient + entry.mail.what;
    for (const auto& line : *log)
      text += line.detail + line.what + std::to_string(line.time.time_since_epoch().count());
    for (const auto& [key, setting] : *settings) {
      text += key + std::string(setting.text.reveal()) + std::to_string(setting.generation);
    }
    if (*due) text += (*due)->mail.message;
    return text + (store.recall_memory(Memory::Kind::answered_request, std::string(32, 'd')).value()
                       ? "digest"
                       : "");
  };
  std::string right;
  {
    auto store = open_on(disk).value();
    REQUIRE(store->commit(one_reply("1", secret_mail("a"))));
    REQUIRE(store->commit(one_reply("2", secret_mail("b"))));
    REQUIRE(store->save_settings(std::vector{sealed_setting("p", "host")}, {}));
    right = tell(*store);
  }
  const std::string sound = disk.contents("store");
  int found = 0, harmless = 0;
  // Every page's head and cells are met: the stride is no divisor of a page.
  for (std::size_t at = 0; at < sound.size(); at += at < 200 ? 1 : 37) {
    std::string flipped = sound;
    flipped[at] = static_cast<char>(flipped[at] ^ (1 << at % 8));
    disk.set_contents("store", flipped);
    const auto opened = open_on(disk);
    INFO("octet " << at);
    if (!opened.ok()) {
      ++found;
      const Cause cause = opened.error().cause;
      CHECK((cause == Cause::store_damaged || cause == Cause::store_too_new || cause == Cause::store_failed));
    } else {
      ++harmless;
      const std::string told = tell(**opened);
      CHECK((told == right || told == "failed"));
    }
  }
  MESSAGE(found << " found, " << harmless << " harmless");
  CHECK(found > 300);
}
