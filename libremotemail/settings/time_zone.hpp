// IANA zone names (B12–B14). The only place that knows the time zone library; nothing here throws.
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

#include "remotemail/core/clock.hpp"
#include "remotemail/core/result.hpp"

namespace remotemail {

// The zone's name as the database writes it ("europe/berlin" becomes "Europe/Berlin"), or words that say what
// is right.
Result<std::string> check_time_zone(std::string_view name);
// What to add to UTC at `time`; none when the zone is unknown or its data cannot be read.
std::optional<std::chrono::minutes> zone_offset(std::string_view name, WallTime time) noexcept;

}  // namespace remotemail
