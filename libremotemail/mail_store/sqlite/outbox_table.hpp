// The outbox's two tables: what is known of a waiting mail, and its sealed message. Errors stick in the
// connection.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "mail_store/sqlite/connection.hpp"
#include "remotemail/core/sealer.hpp"
#include "remotemail/mail_store/batch.hpp"

namespace remotemail::sqlite {

class OutboxTable {
 public:
  OutboxTable(Connection& connection, std::string copier, const Sealer& sealer)
      : connection_(connection), copier_(std::move(copier)), sealer_(sealer) {}

  bool add(std::uint64_t number, const OutboxEntry& entry);  // false: its id is there already
  // Gives one that is there another place, by its number.
  void move(std::uint64_t number, const OutboxEntry& entry);
  std::vector<OutboxEntry> behind(std::string_view id);  // without their messages
  void replace(const OutboxEntry& entry);                // without the message
  void remove(std::string_view id);
  std::optional<OutboxEntry> find(std::string_view id);  // without its message
  std::vector<OutboxEntry> all();
  // With its message. One that cannot be unsealed is passed over: it fails by age as any other (R6).
  std::optional<OutboxEntry> next_due(WallTime now, std::string_view after);

 private:
  void put(std::int64_t number, const OutboxEntry& entry);
  std::int64_t number_of(std::string_view id);  // 0: no such
  bool unseal(OutboxEntry& entry);

  Connection& connection_;
  const std::string copier_;
  const Sealer& sealer_;
};

}  // namespace remotemail::sqlite
