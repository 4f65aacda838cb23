// SQLite's C interface behind two small classes. Errors stick: after the first failure every further step is
// skipped, and Connection::outcome() says what happened, so that the code between reads as if nothing could
// fail.
#pragma once

#include <chrono>
#include <concepts>
#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <type_traits>

#include "remotemail/core/clock.hpp"
#include "remotemail/core/result.hpp"

struct sqlite3;
struct sqlite3_stmt;

namespace remotemail::sqlite {

// Marks bytes that are no text.
struct Blob {
  std::string_view bytes;
};

class Connection {
 public:
  Connection() = default;
  ~Connection() { close(); }
  Connection(const Connection&) = delete;
  Connection& operator=(const Connection&) = delete;

  // Opens or creates; registers the SQL function checksum(...), by which every row vouches for itself. `vfs`
  // may be empty. Errors show in outcome().
  void open(const std::string& path, const std::string& vfs);
  void close() noexcept;

  void execute(const char* sql);         // any number of statements, no parameters
  std::int64_t number(const char* sql);  // first column of the first row, or 0
  std::string text(const char* sql);

  bool ok() const noexcept { return trouble_ == 0; }
  // What happened since the last call, as the store's vocabulary. Rolls back an open transaction unless all
  // went well. store_failed and store_damaged close the connection for good (R9: after an I/O error nothing
  // is believed).
  Status outcome();
  bool open() const noexcept { return db_ != nullptr; }

  // One transaction: `work` and COMMIT, or nothing of it, also when `work` throws (out of memory).
  template <typename Work>
  Status transaction(Work&& work) {
    struct Undo {
      Connection* connection;
      ~Undo() {
        if (connection != nullptr) connection->abandon();
      }
    } undo{this};
    execute("BEGIN IMMEDIATE");
    if (ok()) work();
    if (ok()) execute("COMMIT");
    Status done = outcome();
    undo.connection = nullptr;
    return done;
  }

  // No trouble may be pending. Copies all, as of one moment, into the empty file `path`. What is wrong with the copy does not stick.
  Status copy_to(const std::string& path);

  // Moves all that the write-ahead log holds into the database and cuts the log to nothing. It must be open and well.
  void checkpoint();
  // Whether closing may write (it checkpoints); off until the database was found to be ours and sound.
  void write_on_close(bool yes);

  void note(int result_code) noexcept;

 private:
  // Amid an exception: as outcome(), but nobody is told.
  void abandon() noexcept;
  void roll_back() noexcept;
  void leave_trouble() noexcept;  // forgets it; closes behind what is worse than full
  friend class Query;
  bool usable();                                 // no trouble so far; being closed is trouble
  sqlite3_stmt* prepared(std::string_view sql);  // null after an error

  sqlite3* db_ = nullptr;
  int trouble_ = 0;  // the first extended result code that was no success
  std::string words_;
  std::map<std::string_view, sqlite3_stmt*> statements_;  // by the address-stable literal they were made from
};

// One run of a statement. `sql` must be a literal: prepared statements are kept under it.
class Query {
 public:
  template <typename... Values>
  Query(Connection& connection, std::string_view sql, const Values&... values)
      : connection_(connection), statement_(connection.prepared(sql)) {
    (bind(values), ...);
  }
  ~Query();
  Query(const Query&) = delete;
  Query& operator=(const Query&) = delete;

  bool next();                  // true: a row is there
  void run() { (void)next(); }  // a statement that gives no rows is done in one step

  std::int64_t integer(int column) const noexcept;
  bool flag(int column) const { return integer(column) != 0; }
  std::string text(int column) const;  // of text and blobs alike
  WallTime time(int column) const {
    const std::int64_t since_1970 = integer(column);
    return WallTime(std::chrono::milliseconds(since_1970));
  }
  template <typename Enum>
  requires std::is_enum_v<Enum> Enum enumerator(int column)
  const { return static_cast<Enum>(integer(column)); }

 private:
  template <typename Value>
  void bind(const Value& value) {
    if constexpr (std::is_same_v<Value, WallTime>) {
      const std::int64_t since_1970 = value.time_since_epoch().count();
      bind_integer(since_1970);
    } else if constexpr (std::is_enum_v<Value> || std::integral<Value>) {
      bind_integer(static_cast<std::int64_t>(value));
    } else if constexpr (std::is_same_v<Value, Blob>) {
      bind_bytes(value.bytes, true);
    } else {
      bind_bytes(value, false);
    }
  }
  void bind_integer(std::int64_t value);
  void bind_bytes(std::string_view bytes, bool blob);  // not copied: must outlive the Query

  Connection& connection_;
  sqlite3_stmt* statement_;
  int parameter_ = 0;
};

// Runs a statement that gives no rows.
template <typename... Values>
void run(Connection& connection, std::string_view sql, const Values&... values) {
  Query(connection, sql, values...).run();
}

}  // namespace remotemail::sqlite
