#include "mail_store/sqlite/connection.hpp"

#include <sqlite3.h>

#include "core/crypto/digest.hpp"
#include "core/text.hpp"

namespace remotemail::sqlite {
namespace {

// No text and no blob is longer: a file that somebody made (a backup) must not cost a machine's memory by what its
// constraints compute.
constexpr int kLongestValue = 16 * 1024 * 1024;

constexpr const char* kClosed = "closed after an earlier failure";

std::string_view view(const void* bytes, int size) {
  return {static_cast<const char*>(bytes), static_cast<std::size_t>(size)};  // nothing may lie nowhere
}

// checksum(a, b, …): 63 bits of SHA-256 over its arguments with type and length. SQLite notices a broken page
// structure, not a flipped bit in a value; a CHECK constraint on this does, whenever the database is opened.
void checksum(sqlite3_context* context, int count, sqlite3_value** values) try {
  std::string data;
  for (int i = 0; i < count; ++i) {
    const int type = sqlite3_value_type(values[i]);
    data += static_cast<char>('0' + type);
    // Asking for the octets first keeps numbers exact: SQLite prints an integer in full.
    const void* bytes = sqlite3_value_blob(values[i]);
    append_field(data, view(bytes, sqlite3_value_bytes(values[i])));
  }
  const std::string digest = sha256(data);
  std::uint64_t sum = 0;
  for (int i = 0; i < 8; ++i)
    sum = sum << 8 | static_cast<unsigned char>(digest[static_cast<std::size_t>(i)]);
  sqlite3_result_int64(context, static_cast<std::int64_t>(sum >> 1));
} catch (...) {  // must not pass through SQLite, which is C
  sqlite3_result_error_nomem(context);
}

Cause cause_of(int code) {
  switch (code & 0xFF) {
    case SQLITE_FULL:
    case SQLITE_NOMEM:
    case SQLITE_TOOBIG:  // nothing was written, and what is smaller goes on working
      return Cause::store_full;
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
      return Cause::already_running;
    case SQLITE_CORRUPT:
    case SQLITE_NOTADB:
    case SQLITE_CONSTRAINT:  // a row that does not vouch for itself
    case SQLITE_MISMATCH:
    case SQLITE_SCHEMA:
    case SQLITE_ERROR:
      return Cause::store_damaged;  // our own SQL is right, so what it names is gone
    default:                        // an I/O error for want of memory comes as SQLITE_NOMEM
      return Cause::store_failed;
  }
}

}  // namespace

void Connection::open(const std::string& path, const std::string& vfs) {
  // No SQLITE_OPEN_URI: a path is a path. Not thread-safe, as the port says; the agent's mutex guards it.
  note(sqlite3_open_v2(
      path.c_str(), &db_,
      SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE,
      vfs.empty() ? nullptr : vfs.c_str()));
  if (!ok()) return;
  for (const int dangerous : {SQLITE_DBCONFIG_ENABLE_TRIGGER, SQLITE_DBCONFIG_ENABLE_VIEW,
                              SQLITE_DBCONFIG_TRUSTED_SCHEMA, SQLITE_DBCONFIG_ENABLE_LOAD_EXTENSION}) {
    note(sqlite3_db_config(db_, dangerous, 0, nullptr));
  }
  note(sqlite3_db_config(db_, SQLITE_DBCONFIG_DEFENSIVE, 1, nullptr));
  sqlite3_limit(db_, SQLITE_LIMIT_LENGTH, kLongestValue);
  // SQLite would open a file it may not write for reading; what cannot keep anything is no store (fault 63).
  if (sqlite3_db_readonly(db_, "main") == 1) note(SQLITE_READONLY);
  write_on_close(false);
  note(sqlite3_create_function_v2(db_, "checksum", -1, SQLITE_UTF8 | SQLITE_DETERMINISTIC | SQLITE_INNOCUOUS,
                                  nullptr, checksum, nullptr, nullptr, nullptr));
}

void Connection::close() noexcept {
  for (const auto& [sql, statement] : statements_) sqlite3_finalize(statement);
  statements_.clear();
  sqlite3_close_v2(db_);
  db_ = nullptr;
}

void Connection::note(int code) noexcept {
  if (code == SQLITE_OK || code == SQLITE_ROW || code == SQLITE_DONE || trouble_ != 0) return;
  trouble_ = code;
  try {
    words_ = sqlite3_errmsg(db_);  // of none: out of memory
  } catch (...) {                  // out of memory: the cause alone says enough
  }
}

void Connection::execute(const char* sql) {
  if (usable()) note(sqlite3_exec(db_, sql, nullptr, nullptr, nullptr));
}

std::int64_t Connection::number(const char* sql) {
  Query query(*this, sql);
  return query.next() ? query.integer(0) : 0;
}

std::string Connection::text(const char* sql) {
  Query query(*this, sql);
  if (!query.next()) return {};
  return clean_line(query.text(0));
}

bool Connection::usable() {
  if (ok() && db_ == nullptr) {
    trouble_ = SQLITE_IOERR;
    words_ = kClosed;
  }
  return ok();
}

sqlite3_stmt* Connection::prepared(std::string_view sql) {
  if (!usable()) return nullptr;
  // Its place first: memory that runs out for it leaves no statement that nobody finalizes.
  sqlite3_stmt*& statement = statements_[sql];
  if (statement == nullptr) {
    note(sqlite3_prepare_v3(db_, sql.data(), static_cast<int>(sql.size()), SQLITE_PREPARE_PERSISTENT,
                            &statement, nullptr));
  }
  return statement;
}

void Connection::roll_back() noexcept {
  if (db_ == nullptr || sqlite3_get_autocommit(db_) != 0) return;
  if (sqlite3_exec(db_, "ROLLBACK", nullptr, nullptr, nullptr) != SQLITE_OK) trouble_ = SQLITE_IOERR;
}

void Connection::leave_trouble() noexcept {
  if (!ok() && cause_of(trouble_) != Cause::store_full) {
    write_on_close(false);
    close();
  }
  trouble_ = 0;
  words_.clear();
}

void Connection::abandon() noexcept {
  roll_back();
  leave_trouble();
}

Status Connection::outcome() {
  if (ok()) return {};
  roll_back();
  Error error = make_error(cause_of(trouble_), Step::store, clean_line(words_));  // they quote the file
  leave_trouble();
  return error;
}

Status Connection::copy_to(const std::string& path) {
  if (db_ == nullptr) return make_error(Cause::store_failed, Step::store, kClosed);
  sqlite3* copy = nullptr;
  int code = sqlite3_open_v2(path.c_str(), &copy,
                             SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE, nullptr);
  if (code == SQLITE_OK) {
    sqlite3_backup* backup = sqlite3_backup_init(copy, "main", db_, "main");
    if (backup != nullptr) (void)sqlite3_backup_step(backup, -1);
    code = backup != nullptr ? sqlite3_backup_finish(backup) : sqlite3_extended_errcode(copy);
  }
  const std::string words = sqlite3_errmsg(copy);  // of none: out of memory
  sqlite3_close_v2(copy);
  if (code == SQLITE_OK) return {};
  return make_error((code & 0xFF) == SQLITE_FULL ? Cause::store_full : Cause::store_failed, Step::store,
                    path + ": " + words);
}

void Connection::checkpoint() {
  note(sqlite3_wal_checkpoint_v2(db_, "main", SQLITE_CHECKPOINT_TRUNCATE, nullptr, nullptr));
}

void Connection::write_on_close(bool yes) {
  if (db_ != nullptr) sqlite3_db_config(db_, SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, yes ? 0 : 1, nullptr);
}

Query::~Query() {
  if (statement_ == nullptr || !connection_.open()) return;  // closing has finalized it
  sqlite3_reset(statement_);
  sqlite3_clear_bindings(statement_);
}

bool Query::next() {
  if (!connection_.ok()) return false;  // so without a statement
  const int code = sqlite3_step(statement_);
  connection_.note(code);
  return code == SQLITE_ROW;
}

std::int64_t Query::integer(int column) const noexcept {
  return sqlite3_column_int64(statement_, column);
}

std::string Query::text(int column) const {
  const void* bytes = sqlite3_column_blob(statement_, column);
  return std::string(view(bytes, sqlite3_column_bytes(statement_, column)));
}

void Query::bind_integer(std::int64_t value) {
  if (statement_ != nullptr) connection_.note(sqlite3_bind_int64(statement_, ++parameter_, value));
}

void Query::bind_bytes(std::string_view bytes, bool blob) {
  if (statement_ == nullptr) return;
  const char* data = bytes.empty() ? "" : bytes.data();  // a null pointer would bind NULL
  connection_.note(
      blob ? sqlite3_bind_blob64(statement_, ++parameter_, data, bytes.size(), SQLITE_STATIC)
           : sqlite3_bind_text64(statement_, ++parameter_, data, bytes.size(), SQLITE_STATIC, SQLITE_UTF8));
}

}  // namespace remotemail::sqlite
