// Time as an argument. Whoever needs the time is handed a Clock; tests hand in one that they move.
#pragma once

#include <chrono>
#include <stop_token>

namespace remotemail {

using WallTime = std::chrono::sys_time<std::chrono::milliseconds>;  // UTC; may jump; for Date fields and log
using SteadyTime = std::chrono::steady_clock::time_point;           // never jumps; for waits and schedules

class Clock {
 public:
  virtual ~Clock() = default;
  virtual WallTime now() const = 0;         // any thread
  virtual SteadyTime steady_now() const = 0;  // any thread; goes on while the machine sleeps, where the system can
  // Returns at `at` or within 50 ms of a stop. Any thread. A simulated clock moves itself instead of waiting.
  virtual void sleep_until(SteadyTime at, std::stop_token stop) const;
};

// The system's clocks.
class SystemClock final : public Clock {
 public:
  WallTime now() const override;
  SteadyTime steady_now() const override;
};

// How long something may take, and the request to stop that ends it early. A copy is cheap. Every operation that
// takes one returns Cause::timed_out after `at`, and Cause::stopped within 100 ms of a stop request.
struct Deadline {
  SteadyTime at = SteadyTime::max();
  std::stop_token stop;

  // The earlier of this and `limit` from `now`, with the same stop.
  Deadline within(SteadyTime now, std::chrono::milliseconds limit) const {
    const SteadyTime other = now + limit;
    return {other < at ? other : at, stop};
  }
  bool passed(SteadyTime now) const { return now >= at; }
  bool stopping() const { return stop.stop_requested(); }
};

}  // namespace remotemail
