#include "agent/schedule.hpp"

#include <algorithm>
#include <array>

#include "remotemail/core/limits.hpp"

namespace remotemail {
namespace {

using namespace std::chrono_literals;
using std::chrono::milliseconds;

constexpr std::array<milliseconds, 3> kAfterRefusal{15min, 1h, 6h};                 // R7
constexpr std::array<milliseconds, 5> kAfterAttempt{1min, 5min, 15min, 30min, 1h};  // R6
constexpr milliseconds kLongestBackOff = 1h;                                        // R7
constexpr milliseconds kFirstPollSpread = 60s;                                      // A14
// The clock's word alone expires nothing (R6): it may have been moved while the program did not run.
constexpr unsigned kAttemptsBeforeExpiry = 12;
constexpr unsigned kAttemptsOfLifetime = 124;  // about five days of them

template <std::size_t N>
milliseconds step_of(const std::array<milliseconds, N>& steps, unsigned index) {
  return steps[std::min<std::size_t>(index, N - 1)];
}

milliseconds scaled(milliseconds time, double factor) {
  return milliseconds(static_cast<milliseconds::rep>(static_cast<double>(time.count()) * factor));
}

}  // namespace

milliseconds wait_after(Trouble& trouble, const std::optional<Error>& error, milliseconds interval,
                        Random& random) {
  if (!error) {
    trouble = {};
    return interval;
  }
  if (error->retry == Retry::now) return 0ms;
  if (error->retry == Retry::after_setup_change || error->retry == Retry::never) {
    return step_of(kAfterRefusal, trouble.refusals++);
  }
  const unsigned doublings = std::min(trouble.failures++, 12U);
  return scaled(std::min(kLongestBackOff, interval * (1U << doublings)), 0.5 + random.unit() / 2);
}

milliseconds first_poll_delay(Random& random) {
  return scaled(kFirstPollSpread, random.unit());
}

std::optional<WallTime> next_attempt(unsigned attempts, WallTime created, WallTime now, Random& random,
                                     bool clock_in_doubt) {
  const bool aged = created > now ? attempts >= kAttemptsOfLifetime
                                  : now - created >= limits::kReplyLifetime && attempts >= kAttemptsBeforeExpiry;
  if (aged && !clock_in_doubt) return std::nullopt;
  return now + scaled(step_of(kAfterAttempt, attempts == 0 ? 0 : attempts - 1), 0.75 + random.unit() / 2);
}

}  // namespace remotemail
