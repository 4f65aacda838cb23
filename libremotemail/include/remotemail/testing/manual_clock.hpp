// A clock that stands still until it is moved.
#pragma once

#include <atomic>
#include <chrono>

#include "remotemail/core/clock.hpp"

namespace remotemail::testing {

// Any thread. Both times move together by advance(); set_now() lets the wall clock jump alone.
class ManualClock final : public Clock {
 public:
  explicit ManualClock(WallTime now = std::chrono::sys_days{std::chrono::year{2026} / 3 / 14}) : wall_(now) {}

  WallTime now() const override { return wall_.load(); }
  SteadyTime steady_now() const override { return steady_.load(); }

  // Waiting moves the clock: nothing really waits.
  void sleep_until(SteadyTime at, std::stop_token stop) const override {
    const SteadyTime now = steady_.load();
    if (at > now && !stop.stop_requested()) {
      wall_.store(wall_.load() + std::chrono::duration_cast<std::chrono::milliseconds>(at - now));
      steady_.store(at);
    }
  }

  void advance(std::chrono::milliseconds time) {
    wall_.store(wall_.load() + time);
    steady_.store(steady_.load() + time);
  }
  void set_now(WallTime now) { wall_.store(now); }

 private:
  mutable std::atomic<WallTime> wall_;
  mutable std::atomic<SteadyTime> steady_{SteadyTime{std::chrono::hours{1}}};
};

}  // namespace remotemail::testing
