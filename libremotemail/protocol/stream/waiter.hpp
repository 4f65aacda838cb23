// Waiting for descriptors under a Deadline.
#pragma once

#include <poll.h>

#include <cstddef>
#include <span>
#include <string>

#include "remotemail/core/clock.hpp"
#include "remotemail/core/result.hpp"

namespace remotemail {

enum class Woken { ready, timed_out, stopped };

// The error of a wait that ended without its event.
Error to_error(Woken, Step, std::string detail = {});

// A stop request wakes the wait at once by an event descriptor; without one (none left) the wait looks every
// 50 ms. One thread at a time.
class Waiter {
 public:
  static constexpr std::size_t kMostDescriptors = 32;

  explicit Waiter(const Clock& clock);
  ~Waiter();
  Waiter(const Waiter&) = delete;
  Waiter& operator=(const Waiter&) = delete;

  // `stopped` or `timed_out` also when a descriptor is ready: a peer that always has something to say cannot
  // outlast the deadline. At most kMostDescriptors.
  Woken wait(std::span<pollfd> descriptors, const Deadline& deadline);

  // What a wait that needs no time would answer: `ready`, unless the deadline has passed or a stop is asked
  // for.
  Woken look(const Deadline& deadline) const;

  const Clock& clock() const { return clock_; }

 private:
  const Clock& clock_;
  int event_;
};

}  // namespace remotemail
