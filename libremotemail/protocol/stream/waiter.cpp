#include "protocol/stream/waiter.hpp"

#include <sys/eventfd.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cassert>
#include <cstdint>
#include <optional>
#include <stop_token>
#include <utility>

namespace remotemail {
namespace {

constexpr std::chrono::milliseconds kLongestSleep{60'000};
constexpr std::chrono::milliseconds kSlice{50};

struct Wake {
  int event;
  void operator()() const noexcept {
    const std::uint64_t one = 1;
    // Can only fail when the counter is full, and then it wakes all the same.
    [[maybe_unused]] const auto written = ::write(event, &one, sizeof one);
  }
};

}  // namespace

Error to_error(Woken woken, Step step, std::string detail) {
  if (woken == Woken::stopped) return make_error(Cause::stopped, step, std::move(detail), Retry::now);
  return make_error(Cause::timed_out, step, std::move(detail));
}

Waiter::Waiter(const Clock& clock) : clock_(clock), event_(::eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC)) {}

Waiter::~Waiter() {
  if (event_ >= 0) ::close(event_);
}

Woken Waiter::look(const Deadline& deadline) const {
  if (deadline.stopping()) return Woken::stopped;
  return deadline.passed(clock_.steady_now()) ? Woken::timed_out : Woken::ready;
}

Woken Waiter::wait(std::span<pollfd> descriptors, const Deadline& deadline) {
  assert(descriptors.size() <= kMostDescriptors);
  std::array<pollfd, kMostDescriptors + 1> polled{};
  std::copy(descriptors.begin(), descriptors.end(), polled.begin());
  polled[descriptors.size()] = {event_, POLLIN, 0};

  std::optional<std::stop_callback<Wake>> wake;
  if (event_ >= 0 && deadline.stop.stop_possible()) wake.emplace(deadline.stop, Wake{event_});

  for (;;) {
    if (const Woken now = look(deadline); now != Woken::ready) return now;
    const auto left = deadline.at - clock_.steady_now();
    auto sleep = left > kLongestSleep ? kLongestSleep : std::chrono::ceil<std::chrono::milliseconds>(left);
    if (event_ < 0 && deadline.stop.stop_possible()) sleep = std::min(sleep, kSlice);
    const int count =
        ::poll(polled.data(), descriptors.size() + 1, std::max(0, static_cast<int>(sleep.count())));
    if (count <= 0) continue;  // time, or a signal
    if (polled[descriptors.size()].revents != 0) {
      // Of this stop request or a former one's: the counter is emptied, so that it wakes once.
      std::uint64_t counter = 0;
      [[maybe_unused]] const auto emptied = ::read(event_, &counter, sizeof counter);
    }
    bool any = false;
    for (std::size_t i = 0; i < descriptors.size(); ++i) {
      descriptors[i].revents = polled[i].revents;
      any = any || polled[i].revents != 0;
    }
    if (any) return look(deadline);
  }
}

}  // namespace remotemail
