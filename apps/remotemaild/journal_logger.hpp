// One line an event to standard error: with journald's level prefix, or time and level on a terminal.
#pragma once

#include <atomic>
#include <mutex>

#include "remotemail/core/logger.hpp"

namespace remotemaild {

class JournalLogger final : public remotemail::Logger {
 public:
  explicit JournalLogger(remotemail::LogLevel level);
  void log(remotemail::LogLevel level, std::string_view line) override;
  void set_level(remotemail::LogLevel level) { level_ = level; }

 private:
  std::atomic<remotemail::LogLevel> level_;
  const bool terminal_;
  std::mutex mutex_;
};

}  // namespace remotemaild
