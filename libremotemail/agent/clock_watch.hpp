// Notices that the wall clock was moved: until a day after, what it says of a reply's age is not believed (R6).
#pragma once

#include <chrono>
#include <optional>

#include "remotemail/core/clock.hpp"

namespace remotemail {

class ClockWatch {
 public:
  explicit ClockWatch(const Clock& clock) : clock_(clock), apart_(apart()) {}

  // By how much it was moved since the last look; nothing: it was not, or so little as clocks are put right every day.
  std::optional<std::chrono::milliseconds> look();
  bool in_doubt() const;

 private:
  std::chrono::milliseconds apart() const;  // what lies between the two clocks

  const Clock& clock_;
  std::chrono::milliseconds apart_;
  std::optional<SteadyTime> moved_;
};

}  // namespace remotemail
