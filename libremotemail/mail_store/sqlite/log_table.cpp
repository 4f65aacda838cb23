#include "mail_store/sqlite/log_table.hpp"

#include <algorithm>

#include "mail_store/rules.hpp"
#include "remotemail/core/limits.hpp"

namespace remotemail::sqlite {
namespace {

LogRecord read(const Query& row) {
  LogRecord record;
  record.number = static_cast<std::uint64_t>(row.integer(0));
  record.time = row.time(1);
  record.direction = row.enumerator<LogRecord::Direction>(2);
  record.other_side = row.text(3);
  record.what = row.text(4);
  record.result = row.enumerator<LogRecord::Result>(5);
  record.detail = row.text(6);
  record.message_id = row.text(7);
  record.count = static_cast<unsigned>(row.integer(8));
  record.attempts = static_cast<unsigned>(row.integer(9));
  return record;
}

}  // namespace

void LogTable::append(LogRecord record) {
  {
    Query newest(connection_, "SELECT max(number) FROM log WHERE copier=?1", copier_);
    record.number = newest.next() ? static_cast<std::uint64_t>(newest.integer(0)) + 1 : 1;
  }
  replace(record);
  make_room();
}

void LogTable::make_room() {
  std::uint64_t all = 0, junk = 0, oldest = 0, oldest_junk = 0;
  {
    Query counts(
        connection_,
        "SELECT count(*),min(number),count(junk),min(junk) FROM (SELECT number,"
        "CASE WHEN (direction=?2 AND result IN (?3,?4)) OR (direction=?5 AND substr(what,1,length(?6))=?6) "
        "THEN number END AS junk FROM log WHERE copier=?1)",
        copier_, LogRecord::Direction::received, LogRecord::Result::illegal, LogRecord::Result::unanswerable,
        LogRecord::Direction::sent, kNoticeMark);
    if (!counts.next()) return;
    all = static_cast<std::uint64_t>(counts.integer(0));
    oldest = static_cast<std::uint64_t>(counts.integer(1));
    junk = static_cast<std::uint64_t>(counts.integer(2));
    oldest_junk = static_cast<std::uint64_t>(counts.integer(3));
  }
  if (all > limits::kLogKept) remove(junk > store_rules::kJunkKept ? oldest_junk : oldest);
}

void LogTable::append_or_join(LogRecord record) {
  std::optional<LogRecord> latest;
  {
    Query newest(
        connection_,
        "SELECT number,time,direction,other_side,what,result,detail,message_id,count,attempts FROM log "
        "WHERE copier=?1 AND direction=?2 ORDER BY number DESC LIMIT 1",
        copier_, LogRecord::Direction::received);
    if (newest.next()) latest = read(newest);
  }
  if (latest && store_rules::joins_run(*latest, record)) {
    latest->count += record.count;
    replace(*latest);
  } else {
    append(std::move(record));
  }
}

void LogTable::replace(const LogRecord& record) {
  run(connection_,
      "REPLACE INTO log "
      "VALUES(?1,?2,?3,?4,?5,?6,?7,?8,?9,?10,?11,checksum(?1,?2,?3,?4,?5,?6,?7,?8,?9,?10,?11))",
      copier_, record.number, record.time, record.direction, record.other_side, record.what, record.result,
      record.detail, record.message_id, record.count, record.attempts);
}

void LogTable::remove(std::uint64_t number) {
  run(connection_, "DELETE FROM log WHERE copier=?1 AND number=?2", copier_, number);
}

std::optional<LogRecord> LogTable::sent(std::string_view message_id) {
  Query found(connection_,
              "SELECT number,time,direction,other_side,what,result,detail,message_id,count,attempts FROM log "
              "WHERE copier=?1 AND direction=?2 AND message_id=?3 ORDER BY number DESC LIMIT 1",
              copier_, LogRecord::Direction::sent, message_id);
  if (!found.next()) return std::nullopt;
  return read(found);
}

std::vector<LogRecord> LogTable::latest(std::size_t limit) {
  std::vector<LogRecord> records;
  Query rows(connection_,
             "SELECT number,time,direction,other_side,what,result,detail,message_id,count,attempts FROM log "
             "WHERE copier=?1 ORDER BY number DESC LIMIT ?2",
             copier_, std::min(limit, limits::kLogKept));
  while (rows.next()) records.push_back(read(rows));
  return records;
}

}  // namespace remotemail::sqlite
