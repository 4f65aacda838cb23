// What the Manager is told at most once a day, topic by topic (R6, R11, Y8), as it is remembered meanwhile.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "agent/recollection.hpp"

namespace remotemail {

struct Daily {
  std::optional<WallTime> told;    // when the latest mail of this topic was made
  std::optional<WallTime> since;   // the first event that it did not tell of
  std::uint64_t count = 0;         // events since then
  std::vector<std::string> lines;  // of the first of them, at most kLines
  bool operator==(const Daily&) const = default;

  static constexpr std::size_t kLines = 50;
  void add(std::string_view line, WallTime now);  // `line` may be empty: the event only counts
  bool may_tell(WallTime now) const { return !told || now - *told >= std::chrono::hours{24}; }
};

namespace topics {
inline constexpr std::string_view kFailures = "failures";  // R6: replies that failed
inline constexpr std::string_view kLimits = "limits";      // R11
inline constexpr std::string_view kGuesses = "guesses";    // Y8: wrong passwords
}  // namespace topics

std::string format_daily(const Daily& daily);
std::optional<Daily> parse_daily(std::string_view text);  // none: not made by format_daily()

// None yet, or unreadable: nothing told, nothing to tell. Times in the future count as now, and are put so.
Result<Daily> recall_daily(Recollection& memory, std::string_view topic, WallTime now);
void put_daily(Recollection& memory, std::string_view topic, const Daily& daily, WallTime now);

// R6: has the settlement of a mail that failed remember, in its own durable unit, what the Manager is to be told. Of
// replies and copies; a notice or a test that fails is only logged.
Status remember_failure(MailStore& store, const OutboxMail& mail, Settlement& failed);

}  // namespace remotemail
