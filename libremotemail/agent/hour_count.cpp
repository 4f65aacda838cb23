#include "agent/hour_count.hpp"

#include <vector>

#include "core/text.hpp"

namespace remotemail {

std::string format_millis(WallTime time) {
  return std::to_string(time.time_since_epoch().count());
}

std::optional<WallTime> parse_millis(std::string_view text) {
  // Times before 1970 come from a clock that was never set; they are as good as its beginning.
  const bool before = text.starts_with('-');
  const auto count = parse_number<std::int64_t>(text.substr(before ? 1 : 0));
  if (!count) return std::nullopt;
  return WallTime(std::chrono::milliseconds(before ? 0 : *count));
}

std::string format_hour(const HourCount& hour) {
  return format_millis(hour.began) + " " + std::to_string(hour.count) + " " + std::to_string(hour.further);
}

std::optional<HourCount> parse_hour(std::string_view text) {
  const auto parts = split(text, ' ');
  if (parts.size() != 3) return std::nullopt;
  const auto began = parse_millis(parts[0]);
  const auto count = parse_number(parts[1]), further = parse_number(parts[2]);
  if (!began || !count || !further) return std::nullopt;
  return HourCount{*began, *count, *further};
}

}  // namespace remotemail
