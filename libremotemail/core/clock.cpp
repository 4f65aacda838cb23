#include "remotemail/core/clock.hpp"

#include <algorithm>
#include <thread>

namespace remotemail {

void Clock::sleep_until(SteadyTime at, std::stop_token stop) const {
  using namespace std::chrono_literals;
  for (SteadyTime now = steady_now(); now < at && !stop.stop_requested(); now = steady_now()) {
    std::this_thread::sleep_for(std::min<SteadyTime::duration>(at - now, 50ms));
  }
}

WallTime SystemClock::now() const {
  return std::chrono::time_point_cast<std::chrono::milliseconds>(std::chrono::system_clock::now());
}

SteadyTime SystemClock::steady_now() const { return std::chrono::steady_clock::now(); }

}  // namespace remotemail
