#include "journal_logger.hpp"

#include <fmt/chrono.h>
#include <fmt/format.h>
#include <unistd.h>

#include <chrono>
#include <cstdio>
#include <string>

#include "core/text.hpp"

namespace remotemaild {
namespace {

constexpr std::size_t kLongestLine = 1000;

struct LevelWords {
  int journald;  // sd-daemon(3)
  const char* name;
};

LevelWords words_of(remotemail::LogLevel level) {
  switch (level) {
    case remotemail::LogLevel::error:
      return {3, "error"};
    case remotemail::LogLevel::warning:
      return {4, "warning"};
    case remotemail::LogLevel::notice:
      return {5, "notice"};
    case remotemail::LogLevel::info:
      return {6, "info"};
    case remotemail::LogLevel::debug:
      return {7, "debug"};
  }
  return {6, "info"};
}

}  // namespace

JournalLogger::JournalLogger(remotemail::LogLevel level)
    : level_(level), terminal_(::isatty(STDERR_FILENO) == 1) {}

void JournalLogger::log(remotemail::LogLevel level, std::string_view line) {
  if (level > level_) return;
  const LevelWords words = words_of(level);
  const std::string clean = remotemail::clean_line(line, kLongestLine);
  std::string text;
  if (terminal_) {
    const auto now = std::chrono::floor<std::chrono::seconds>(std::chrono::system_clock::now());
    text = fmt::format("{:%H:%M:%S} {}: {}\n", fmt::localtime(std::chrono::system_clock::to_time_t(now)),
                       words.name, clean);
  } else {
    text = fmt::format("<{}>{}\n", words.journald, clean);
  }
  const std::lock_guard lock(mutex_);
  std::fwrite(text.data(), 1, text.size(), stderr);
}

}  // namespace remotemaild
