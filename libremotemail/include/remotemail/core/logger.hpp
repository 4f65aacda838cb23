// One clear line an event. A line never holds a secret, a Subject, or a CHPASS argument.
#pragma once

#include <string_view>

namespace remotemail {

enum class LogLevel { error, warning, notice, info, debug };

class Logger {
 public:
  virtual ~Logger() = default;
  // Any thread. `line` has no line end; an implementation cleans control characters before it writes.
  virtual void log(LogLevel level, std::string_view line) = 0;
};

// Swallows everything; for whoever does not want a log.
class NullLogger final : public Logger {
 public:
  void log(LogLevel, std::string_view) override {}
};

}  // namespace remotemail
