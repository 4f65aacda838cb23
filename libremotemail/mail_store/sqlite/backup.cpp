#include "remotemail/mail_store/sqlite_backup.hpp"

#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <vector>

#include "core/text.hpp"
#include "mail_store/sqlite/connection.hpp"
#include "mail_store/sqlite/database_file.hpp"
#include "mail_store/sqlite/schema.hpp"

namespace remotemail {
namespace {

using sqlite::Blob;
using sqlite::Connection;
using sqlite::Query;

constexpr const char* kSuffixes[] = {"", "-wal", "-shm", "-journal"};
constexpr const char* kLogs[] = {"-wal", "-shm", "-journal"};

// Looks at the whole file before the first octet of it is changed.
Status open(Connection& connection, const std::string& path) {
  connection.open(path, {});
  const bool ours = sqlite::is_our_database(connection);
  std::string found = "it is not a database of remotemail";
  if (ours) found = connection.text("PRAGMA integrity_check(1)");
  // SQLite takes what a last page lacks for zeros.
  const std::int64_t size = connection.number("PRAGMA page_count") * connection.number("PRAGMA page_size");
  struct stat about {};
  if (found == "ok" && (::stat(path.c_str(), &about) != 0 || about.st_size != size))
    found = "its end is missing";
  if (Status read = connection.outcome(); !read) return read;
  if (found != "ok") return make_error(Cause::store_damaged, Step::store, found, Retry::after_setup_change);
  connection.execute("PRAGMA journal_mode=DELETE; PRAGMA synchronous=EXTRA; PRAGMA secure_delete=ON");
  return connection.outcome();
}

// An SQL text without comments, with single blanks.
std::string plain_sql(std::string sql) {
  for (std::size_t at; (at = sql.find("--")) != std::string::npos;) {
    const std::size_t end = sql.find('\n', at);
    sql.erase(at, end == std::string::npos ? end : end - at);
  }
  std::string plain;
  for (const std::string_view line : split(sql, '\n')) {
    for (const std::string_view word : split_words(line)) plain.append(" ").append(word);
  }
  return plain;
}

// All tables and indices, and what else there should not be.
std::vector<std::string> layout_of(Connection& connection) {
  std::vector<std::string> layout;
  Query row(connection, "SELECT type,name,tbl_name,sql FROM sqlite_schema ORDER BY type,name");
  while (row.next())
    layout.push_back(row.text(0) + " " + row.text(1) + " " + row.text(2) + plain_sql(row.text(3)));
  return layout;
}

}  // namespace

Status check_layout(const std::string& path) {
  Connection connection, reference;
  if (Status opened = open(connection, path); !opened) return opened;
  reference.open(":memory:", {});
  if (Status made = sqlite::prepare_schema(reference); !made) return made;
  const auto found = layout_of(connection), wanted = layout_of(reference);
  if (Status read = connection.outcome(); !read) return read;
  if (Status read = reference.outcome(); !read) return read;
  if (found == wanted) return {};
  return make_error(Cause::store_damaged, Step::store, "its tables are not those of remotemail",
                    Retry::after_setup_change);
}

Status put_key_into_backup(const std::string& path, const Secret& key) {
  Connection connection;
  if (Status opened = open(connection, path); !opened) return opened;
  return connection.transaction([&] {
    connection.execute(
        "CREATE TABLE IF NOT EXISTS sealing_key(key BLOB NOT NULL) STRICT; DELETE FROM sealing_key");
    sqlite::run(connection, "INSERT INTO sealing_key VALUES(?1)", Blob{key.reveal()});
  });
}

Result<std::optional<Secret>> take_key_from_backup(const std::string& path) {
  Connection connection;
  if (Status opened = open(connection, path); !opened) return opened.error();
  const bool there = connection.number("SELECT count(*) FROM sqlite_schema WHERE name='sealing_key'") > 0;
  std::optional<Secret> key;
  if (there) {
    Query row(connection, "SELECT key FROM sealing_key");
    if (row.next()) key = Secret(row.text(0));
  }
  if (Status read = connection.outcome(); !read) return read.error();
  if (!there) return key;
  if (Status gone = connection.transaction([&] { connection.execute("DROP TABLE sealing_key"); }); !gone)
    return gone.error();
  return key;
}

Status replace_store(const std::string& fresh, const std::string& path) {
  const std::string kept = path + ".before-restore";
  const auto failed = [](const std::string& what) {
    return make_error(Cause::store_failed, Step::store, what + ": " + std::strerror(errno));
  };
  for (const char* suffix : kSuffixes) {
    const std::string from = path + suffix, to = kept + suffix;
    ::unlink(to.c_str());
    if (::link(from.c_str(), to.c_str()) != 0 && errno != ENOENT) return failed(to);
  }
  if (Status kept_for_sure = sqlite::sync_folder_of(path); !kept_for_sure) return kept_for_sure;
  // A write-ahead log beside another database would be played into it. Cut off here, the old database is an older one.
  for (const char* suffix : kLogs) ::unlink((path + suffix).c_str());
  if (Status clean = sqlite::sync_folder_of(path); !clean) return clean;
  if (std::rename(fresh.c_str(), path.c_str()) != 0) return failed(path);
  return sqlite::sync_folder_of(path);
}

}  // namespace remotemail
