// DIR/lock: it belongs to whoever works on the state; only the owner opens the database.
#pragma once

#include <memory>
#include <optional>
#include <string>

#include "remotemail/core/result.hpp"

namespace remotemaild {

class StateLock {
 public:
  // Creates DIR (0700) and the lock file where they are missing. none: another process holds it. Never waits.
  static remotemail::Result<std::unique_ptr<StateLock>> try_take(const std::string& directory);
  ~StateLock();
  StateLock(const StateLock&) = delete;
  StateLock& operator=(const StateLock&) = delete;

 private:
  explicit StateLock(int file) : file_(file) {}
  int file_;
};

// As root, commands first become the owner of DIR, so that no file in it belongs to root. Nothing when DIR is
// ours or does not exist yet.
remotemail::Status become_owner_of(const std::string& directory);

}  // namespace remotemaild
