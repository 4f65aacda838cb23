#include "mail_store/sqlite/memory_table.hpp"

#include <algorithm>

#include "mail_store/rules.hpp"

namespace remotemail::sqlite {

std::optional<Remembered> MemoryTable::find(Memory::Kind kind, std::string_view key) {
  Query found(connection_, "SELECT value,time FROM memory WHERE copier=?1 AND kind=?2 AND key=?3", copier_,
              kind, Blob{key});
  if (!found.next()) return std::nullopt;
  return Remembered{found.text(0), found.time(1)};
}

void MemoryTable::put(const Memory& memory, WallTime now) {
  if (memory.erase) {
    run(connection_, "DELETE FROM memory WHERE copier=?1 AND kind=?2 AND key=?3", copier_, memory.kind,
        Blob{memory.key});
    return;
  }
  std::int64_t newest = 0;
  {
    Query numbers(connection_, "SELECT max(number) FROM memory WHERE copier=?1 AND kind=?2", copier_,
                  memory.kind);
    if (numbers.next()) newest = numbers.integer(0);
  }
  run(connection_, "REPLACE INTO memory VALUES(?1,?2,?3,?4,?5,?6,checksum(?1,?2,?3,?4,?5,?6))", copier_,
      memory.kind, Blob{memory.key}, newest + 1, now, Blob{memory.value});
}

void MemoryTable::forget_the_old(WallTime now) {
  constexpr std::string_view kForget =
      "DELETE FROM memory WHERE copier=?1 AND kind=?2 AND time<?3 AND number <= "
      "(SELECT number FROM memory WHERE copier=?1 AND kind=?2 ORDER BY number DESC LIMIT 1 OFFSET ?4)";
  for (std::size_t i = 0; i < Memory::kKinds; ++i) {
    const auto kind = static_cast<Memory::Kind>(i);
    const auto rule = store_rules::retention(kind);
    const auto rows = [](std::size_t count) { return std::min<std::size_t>(count, INT64_MAX); };
    run(connection_, kForget, copier_, kind, WallTime(now - rule.age), rows(rule.at_least));
    run(connection_, kForget, copier_, kind, WallTime::max(), rows(rule.at_most));
  }
}

}  // namespace remotemail::sqlite
