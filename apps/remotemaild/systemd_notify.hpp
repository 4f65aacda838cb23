// What a service says to systemd: sd_notify(3) without libsystemd, and the watchdog.
#pragma once

#include <atomic>
#include <chrono>
#include <string>

namespace remotemaild {

// One datagram to $NOTIFY_SOCKET, such as "READY=1"; nothing without one.
void tell_systemd(const std::string& state);

// How often "WATCHDOG=1" is to be said: half of $WATCHDOG_USEC, where it is meant for this process; else zero, not at
// all.
std::chrono::milliseconds watchdog_interval();

// Whether the worker still gets on. A step may last as long as five mails, a slow device and slow servers take; one that
// has lasted for two hours hangs. Any thread.
class WorkerPulse {
 public:
  using Time = std::chrono::steady_clock::time_point;
  static constexpr std::chrono::hours kLongestStep{2};

  void step_begins(Time now) { begun_ = now; }
  void step_ended() { begun_ = Time::max(); }
  bool hangs(Time now) const {
    const Time begun = begun_;
    return begun != Time::max() && now - begun > kLongestStep;
  }

 private:
  std::atomic<Time> begun_{Time::max()};
};

}  // namespace remotemaild
