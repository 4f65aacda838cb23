// Refusals beneath the SQLite store that no disk of ours can make: allocations of SQLite, and system calls of the
// library itself (the linker hands them to refusals.cpp; SQLite's own go their way, and its syncs are counted).
#pragma once

#include <cstdint>

namespace remotemail::test {

// The n-th allocation of SQLite from now fails, and, when `lasting`, all behind it. No database may be open while the
// first of these is made: SQLite starts anew with an allocator that can refuse.
class Allocations {
 public:
  Allocations();
  void fail_at(std::uint64_t n, bool lasting = false);
  void heal();
  bool failed() const;  // since fail_at()
};

// How often SQLite has had a file synced, by the one call that it uses for that.
std::uint64_t syncs_of_sqlite();

enum class Call { open, fsync, stat, chmod, link, rename };

// While it lives, the n-th such call from now fails with `code`.
class RefusedCall {
 public:
  RefusedCall(Call call, int code, unsigned n = 1);
  ~RefusedCall();
  RefusedCall(const RefusedCall&) = delete;
  RefusedCall& operator=(const RefusedCall&) = delete;
  static bool happened();
};

}  // namespace remotemail::test
