#include "device_adapter/lists/list_layout.hpp"

#include <fmt/format.h>

#include <chrono>

namespace remotemail {

std::string day_cell(WallTime at) {
  if (at == WallTime{}) return {};
  const std::chrono::year_month_day day{std::chrono::floor<std::chrono::days>(at)};
  return fmt::format("{:04}-{:02}-{:02}", static_cast<int>(day.year()), static_cast<unsigned>(day.month()),
                     static_cast<unsigned>(day.day()));
}

std::string minute_cell(WallTime at) {
  if (at == WallTime{}) return {};
  const auto minute =
      std::chrono::floor<std::chrono::minutes>(at - std::chrono::floor<std::chrono::days>(at));
  return fmt::format("{} {:02}:{:02}", day_cell(at), minute.count() / 60, minute.count() % 60);
}

std::string count_cell(std::uint64_t value) {
  return std::to_string(value);
}

std::string tenths_cell(std::uint64_t tenths) {
  return fmt::format("{}.{}", tenths / 10, tenths % 10);
}

std::string hundredths_cell(std::uint64_t hundredths) {
  return fmt::format("{}.{:02}", hundredths / 100, hundredths % 100);
}

std::string numbered_code(std::string_view prefix, std::size_t number) {
  return fmt::format("{}-{:02}", prefix, number);
}

}  // namespace remotemail
