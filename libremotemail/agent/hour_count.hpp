// How often something happened within an hour, as it is remembered over restarts (H2, Y8).
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "remotemail/core/clock.hpp"

namespace remotemail {

struct HourCount {
  WallTime began{};
  std::uint64_t count = 0;    // of what was allowed
  std::uint64_t further = 0;  // beyond that
  bool operator==(const HourCount&) const = default;
  bool over(WallTime now) const { return now - began >= std::chrono::hours{1}; }
};

std::string format_hour(const HourCount& hour);
std::optional<HourCount> parse_hour(std::string_view text);  // none: not made by format_hour()

// A time as digits, and back; for values of memories.
std::string format_millis(WallTime time);
std::optional<WallTime> parse_millis(std::string_view text);

}  // namespace remotemail
