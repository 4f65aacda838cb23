// The table of memories: small facts with a lifetime. Errors stick in the connection.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "mail_store/sqlite/connection.hpp"
#include "remotemail/mail_store/batch.hpp"

namespace remotemail::sqlite {

class MemoryTable {
 public:
  MemoryTable(Connection& connection, std::string copier)
      : connection_(connection), copier_(std::move(copier)) {}

  std::optional<Remembered> find(Memory::Kind kind, std::string_view key);
  void put(const Memory& memory, WallTime now);
  // What is beyond store_rules::retention().
  void forget_the_old(WallTime now);

 private:
  Connection& connection_;
  const std::string copier_;
};

}  // namespace remotemail::sqlite
