// B12: the time difference from UTC as people write it and as it is stored.
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

namespace remotemail {

// Optional sign, then H, HMM or HHMM; -1200 to +1200, minutes below 60. No blanks. None: it is not of this
// form.
std::optional<std::chrono::minutes> parse_time_difference(std::string_view text) noexcept;
std::string format_time_difference(std::chrono::minutes);  // ±HHMM

}  // namespace remotemail
