#include "mail_store/sqlite/schema.hpp"

#include <array>
#include <string>

namespace remotemail::sqlite {
namespace {

// "RMst": so that another program's database is never taken for ours.
constexpr std::int64_t kApplicationId = 0x524D7374;

// Times are milliseconds since 1970, UTC. Enumerations are stored by number, in the order of their headers.
// `sum` is the checksum of the columns before it; integrity_check verifies the constraints, so opening does.
constexpr const char* kVersion1 = R"(
CREATE TABLE setting(
  copier TEXT NOT NULL, key TEXT NOT NULL, form INTEGER NOT NULL,
  text BLOB NOT NULL,               -- sealed: bound to key | bound_to
  bound_to TEXT NOT NULL, generation INTEGER NOT NULL, sum INTEGER NOT NULL,
  PRIMARY KEY(copier, key), CHECK(sum = checksum(copier, key, form, text, bound_to, generation))
) STRICT, WITHOUT ROWID;
CREATE TABLE counter(               -- numbers that are never given twice
  copier TEXT NOT NULL, name TEXT NOT NULL, value INTEGER NOT NULL, sum INTEGER NOT NULL,
  PRIMARY KEY(copier, name), CHECK(sum = checksum(copier, name, value))
) STRICT, WITHOUT ROWID;
CREATE TABLE mail(                  -- R3, first key; R5
  copier TEXT NOT NULL, mailbox TEXT NOT NULL, uid TEXT NOT NULL, state INTEGER NOT NULL, tries INTEGER NOT NULL,
  time INTEGER NOT NULL, sum INTEGER NOT NULL,
  PRIMARY KEY(copier, mailbox, uid), CHECK(sum = checksum(copier, mailbox, uid, state, tries, time))
) STRICT, WITHOUT ROWID;
CREATE TABLE digest(                -- R3, second key
  copier TEXT NOT NULL, digest BLOB NOT NULL, number INTEGER NOT NULL, time INTEGER NOT NULL, sum INTEGER NOT NULL,
  PRIMARY KEY(copier, digest), CHECK(sum = checksum(copier, digest, number, time))
) STRICT, WITHOUT ROWID;
CREATE UNIQUE INDEX digest_by_age ON digest(copier, number);
CREATE TABLE reply(                 -- R11
  copier TEXT NOT NULL, number INTEGER NOT NULL, time INTEGER NOT NULL, recipient TEXT NOT NULL,
  sum INTEGER NOT NULL,
  PRIMARY KEY(copier, number), CHECK(sum = checksum(copier, number, time, recipient))
) STRICT, WITHOUT ROWID;
CREATE TABLE outbox(
  copier TEXT NOT NULL, number INTEGER NOT NULL, id TEXT NOT NULL, kind INTEGER NOT NULL, recipient TEXT NOT NULL,
  what TEXT NOT NULL, shows_secret INTEGER NOT NULL, created INTEGER NOT NULL, next_attempt INTEGER NOT NULL,
  attempts INTEGER NOT NULL, in_doubt INTEGER NOT NULL, last_trouble TEXT NOT NULL, sum INTEGER NOT NULL,
  PRIMARY KEY(copier, number), UNIQUE(copier, id),
  CHECK(sum = checksum(copier, number, id, kind, recipient, what, shows_secret, created, next_attempt, attempts,
                       in_doubt, last_trouble))
) STRICT, WITHOUT ROWID;
CREATE TABLE message(               -- beside the outbox, so that a deferral does not write a megabyte anew
  copier TEXT NOT NULL, id TEXT NOT NULL, sealed BLOB NOT NULL, sum INTEGER NOT NULL,
  PRIMARY KEY(copier, id), CHECK(sum = checksum(copier, id, sealed))
) STRICT;
CREATE TABLE log(                   -- C5-C7
  copier TEXT NOT NULL, number INTEGER NOT NULL, time INTEGER NOT NULL, direction INTEGER NOT NULL,
  other_side TEXT NOT NULL, what TEXT NOT NULL, result INTEGER NOT NULL, detail TEXT NOT NULL,
  message_id TEXT NOT NULL, count INTEGER NOT NULL, attempts INTEGER NOT NULL, sum INTEGER NOT NULL,
  PRIMARY KEY(copier, number),
  CHECK(sum = checksum(copier, number, time, direction, other_side, what, result, detail, message_id, count, attempts))
) STRICT, WITHOUT ROWID;
CREATE TABLE device_record(
  copier TEXT NOT NULL, number INTEGER NOT NULL, record BLOB NOT NULL, sum INTEGER NOT NULL,
  PRIMARY KEY(copier, number), CHECK(sum = checksum(copier, number, record))
) STRICT, WITHOUT ROWID;
)";

// Digests become memories of kind 0, answered_request.
constexpr const char* kVersion2 = R"(
CREATE TABLE memory(
  copier TEXT NOT NULL, kind INTEGER NOT NULL, key BLOB NOT NULL, number INTEGER NOT NULL, time INTEGER NOT NULL,
  value BLOB NOT NULL, sum INTEGER NOT NULL,
  PRIMARY KEY(copier, kind, key), CHECK(sum = checksum(copier, kind, key, number, time, value))
) STRICT, WITHOUT ROWID;
CREATE UNIQUE INDEX memory_by_age ON memory(copier, kind, number);
INSERT INTO memory
  SELECT copier, 0, digest, number, time, x'', checksum(copier, 0, digest, number, time, x'') FROM digest;
DROP TABLE digest;
)";

// kSteps[v] leads from version v to v + 1.
constexpr std::array<const char*, kSchemaVersion> kSteps = {kVersion1, kVersion2};

Error damaged(std::string detail) {
  return make_error(Cause::store_damaged, Step::store, std::move(detail), Retry::after_setup_change);
}

Status check_integrity(Connection& connection) {
  const std::string found = connection.text("PRAGMA integrity_check(1)");
  if (Status checked = connection.outcome(); !checked) return checked;
  if (found != "ok") return damaged(found);
  return {};
}

}  // namespace

bool is_our_database(Connection& connection) {
  return connection.number("PRAGMA application_id") == kApplicationId &&
         connection.number("PRAGMA user_version") > 0;
}

Status prepare_schema(Connection& connection) {
  // The lock first: with it the write-ahead log needs no shared memory, and no second process gets in.
  connection.execute("PRAGMA locking_mode=EXCLUSIVE");
  const std::int64_t version = connection.number("PRAGMA user_version");
  const std::int64_t application = connection.number("PRAGMA application_id");
  const std::int64_t tables = connection.number("SELECT count(*) FROM sqlite_schema");
  if (Status read = connection.outcome(); !read) return read;
  if (application != kApplicationId && (version != 0 || application != 0 || tables != 0)) {
    return damaged("this is not a database of remotemail");
  }
  if (version > kSchemaVersion) {
    return make_error(Cause::store_too_new, Step::store,
                      "made for version " + std::to_string(version) + ", this program knows up to " +
                          std::to_string(kSchemaVersion),
                      Retry::after_setup_change);
  }
  if (version < 0) return damaged("impossible version");

  connection.execute(
      // Under a write-ahead log the same as FULL. Before there is one it syncs the folder, too: else the
      // rollback journal of the creation could come back after a power cut, and with it the empty database.
      "PRAGMA synchronous=EXTRA;"
      "PRAGMA journal_mode=WAL;"
      "PRAGMA secure_delete=ON;"
      "PRAGMA temp_store=MEMORY;"
      "PRAGMA mmap_size=0;"
      "PRAGMA cell_size_check=ON;"
      "PRAGMA cache_size=-512;"         // KiB: a megabyte of firmware is dear
      "PRAGMA wal_autocheckpoint=256;"  // pages: the log stays about a megabyte
      "PRAGMA journal_size_limit=1048576");
  if (Status settled = connection.outcome(); !settled) return settled;

  // What a step copies it vouches for anew: a row that is damaged must be found before.
  if (version != kSchemaVersion) {
    if (Status sound = check_integrity(connection); !sound) return sound;
  }
  for (auto step = static_cast<std::size_t>(version); step < kSteps.size(); ++step) {
    Status done = connection.transaction([&] {
      connection.execute(kSteps[step]);
      connection.execute(("PRAGMA application_id=" + std::to_string(kApplicationId)).c_str());
      connection.execute(("PRAGMA user_version=" + std::to_string(step + 1)).c_str());
    });
    if (!done) return done;
  }

  if (Status sound = check_integrity(connection); !sound) return sound;
  connection.write_on_close(true);
  return {};
}

}  // namespace remotemail::sqlite
