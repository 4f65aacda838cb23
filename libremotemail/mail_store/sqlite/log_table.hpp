// The mail log's table (C5-C7). Errors stick in the connection.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "mail_store/sqlite/connection.hpp"
#include "remotemail/core/log_record.hpp"

namespace remotemail::sqlite {

class LogTable {
 public:
  LogTable(Connection& connection, std::string copier)
      : connection_(connection), copier_(std::move(copier)) {}

  void append(LogRecord record);          // gives the number, keeps limits::kLogKept
  void append_or_join(LogRecord record);  // C7
  void replace(const LogRecord& record);  // by its number
  void remove(std::uint64_t number);
  std::optional<LogRecord> sent(std::string_view message_id);
  std::vector<LogRecord> latest(std::size_t limit);

 private:
  void make_room();  // when there is one more than kLogKept
  Connection& connection_;
  const std::string copier_;
};

}  // namespace remotemail::sqlite
