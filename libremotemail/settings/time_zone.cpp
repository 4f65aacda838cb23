#include "settings/time_zone.hpp"

#include "core/text.hpp"
#include "settings/refusal.hpp"

#ifdef REMOTEMAIL_TIME_ZONES
#include <date/tz.h>

#include <exception>
#endif

namespace remotemail {
namespace {

constexpr std::size_t kLongestName = 64;

#ifdef REMOTEMAIL_TIME_ZONES

// The OS's zone files are commonly written out up to 2037 only; what lies beyond is looked up 28 years (one
// turn of the calendar) earlier as often as needed, so that daylight saving does not end in that year.
constexpr auto kWrittenOutUntil = std::chrono::sys_days{std::chrono::year{2037} / 1 / 1};
constexpr auto kCalendarTurn = std::chrono::days{10227};
constexpr auto kEarliest = std::chrono::sys_days{std::chrono::year{1900} / 1 / 1};

WallTime written_out(WallTime time) {
  if (time < kEarliest) return kEarliest;
  if (time < kWrittenOutUntil) return time;
  return kWrittenOutUntil - kCalendarTurn + (time - kWrittenOutUntil) % kCalendarTurn;
}

// The OS's files hold an alias (Asia/Calcutta) as a zone of its own.
const date::time_zone* find_zone(std::string_view name) {
  for (const auto& zone : date::get_tzdb().zones) {
    if (equal_ignoring_case(zone.name(), name)) return &zone;
  }
  return nullptr;
}

#endif

}  // namespace

#ifdef REMOTEMAIL_TIME_ZONES

Result<std::string> check_time_zone(std::string_view name) {
  if (name.size() <= kLongestName) {
    try {
      // A zone is asked for its offset at once: a name whose data cannot be read is no use.
      if (const auto* zone = find_zone(name); zone && zone_offset(name, WallTime{})) {
        return zone->name();
      }
    } catch (const std::exception&) {
      return refused(
          "cannot be checked, as the time zones of this machine cannot be read; set the time difference "
          "instead, for example "
          "+0900");
    }
  }
  return refused(
      "must be a time zone of the IANA list, area/place, for example Europe/Berlin or America/New_York");
}

std::optional<std::chrono::minutes> zone_offset(std::string_view name, WallTime time) noexcept {
  try {
    const auto* zone = find_zone(name);
    if (!zone) return std::nullopt;
    const auto offset = zone->get_info(std::chrono::floor<std::chrono::seconds>(written_out(time))).offset;
    return std::chrono::floor<std::chrono::minutes>(offset);
  } catch (...) {  // whatever the library meets in damaged data, a mail's Date must still be written
    return std::nullopt;
  }
}

#else

Result<std::string> check_time_zone(std::string_view) {
  return refused(
      "cannot be set, as this build has no time zone names; set the time difference instead, for example "
      "+0900");
}

std::optional<std::chrono::minutes> zone_offset(std::string_view, WallTime) noexcept {
  return std::nullopt;
}

#endif

}  // namespace remotemail
