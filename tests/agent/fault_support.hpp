// What the tests of faults over the whole line share.
#pragma once

#include <algorithm>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "agent/line_fixture.hpp"

namespace remotemail::testing {

// The lines that hold `part`.
inline std::vector<std::string> lines_with(const Line& line, std::string_view part) {
  std::vector<std::string> found;
  for (const std::string& text : line.logger.lines) {
    if (text.find(part) != std::string::npos) found.push_back(text);
  }
  return found;
}

inline void run_for(Line& line, std::chrono::seconds time,
                    std::chrono::seconds step = std::chrono::seconds(5)) {
  const SteadyTime end = line.clock.steady_now() + time;
  while (line.clock.steady_now() < end) {
    line.agent->step({});
    line.clock.advance(step);
  }
}

inline long count_of(const Line& line, const std::string& event) {
  return std::count(line.servers.events.begin(), line.servers.events.end(), event);
}

inline std::function<std::optional<Error>(const std::string&)> always(std::string event, const Error& error) {
  return [event = std::move(event), error](const std::string& now) -> std::optional<Error> {
    return now == event ? std::optional(error) : std::nullopt;
  };
}

}  // namespace remotemail::testing
