#include "remotemail/core/clock.hpp"

#include <time.h>

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

SteadyTime SystemClock::steady_now() const {
  // Goes on while the machine sleeps, unlike std::chrono::steady_clock: a poll is due after a night in
  // suspend (fault 69).
  timespec time{};
  ::clock_gettime(CLOCK_BOOTTIME, &time);
  return SteadyTime(std::chrono::seconds(time.tv_sec) + std::chrono::nanoseconds(time.tv_nsec));
}

}  // namespace remotemail
