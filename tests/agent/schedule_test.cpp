#include <doctest/doctest.h>

#include "agent/clock_watch.hpp"
#include "agent/schedule.hpp"
#include "remotemail/core/limits.hpp"
#include "remotemail/testing/manual_clock.hpp"

using namespace remotemail;
using namespace std::chrono_literals;
using std::chrono::milliseconds;

namespace {

// A die that always shows the same face, from 0 to nearly 1.
class Die final : public Random {
 public:
  explicit Die(int octet) : octet_(octet) {}
  void fill(std::span<std::byte> out) override {
    for (std::byte& byte : out) byte = static_cast<std::byte>(octet_);
  }

 private:
  int octet_;
};

Error trouble(Retry retry) {
  return make_error(Cause::connection_refused, Step::connect, {}, retry);
}

}  // namespace

TEST_CASE("schedule: a poll that went well is followed by the next after the interval [D1, A19]") {
  SystemRandom random;
  Trouble state{3, 2};
  CHECK(wait_after(state, std::nullopt, 10min, random) == 10min);
  CHECK(state.failures == 0);
  CHECK(state.refusals == 0);
}

TEST_CASE(
    "schedule: a server that is down is asked less and less often, at least once an hour, never in step [R7, A21]") {
  for (const int face : {0x00, 0xFF}) {
    Die die(face);
    Trouble state;
    milliseconds before = 0ms;
    for (int i = 0; i < 40; ++i) {
      const milliseconds wait = wait_after(state, trouble(Retry::later), 10min, die);
      CHECK(wait >= 5min);
      CHECK(wait <= 1h);
      CHECK(wait >= before);
      before = wait;
    }
    CHECK(before >= 30min);
  }
  Die low(0x00), high(0xFF);
  Trouble one, other;
  CHECK(wait_after(one, trouble(Retry::later), 10min, low) <
        wait_after(other, trouble(Retry::later), 10min, high));
}

TEST_CASE("schedule: a refused log-in is tried after 15 minutes, 1 hour, then every 6 hours [R7]") {
  SystemRandom random;
  Trouble state;
  const Error refused = trouble(Retry::after_setup_change);
  CHECK(wait_after(state, refused, 1min, random) == 15min);
  CHECK(wait_after(state, refused, 1min, random) == 1h);
  CHECK(wait_after(state, refused, 1min, random) == 6h);
  CHECK(wait_after(state, refused, 1min, random) == 6h);
}

TEST_CASE("schedule: the first poll comes within 60 s of a start, spread by chance [A14]") {
  Die low(0x00), high(0xFF);
  CHECK(first_poll_delay(low) == 0ms);
  CHECK(first_poll_delay(high) > 59s);
  CHECK(first_poll_delay(high) <= 60s);
}

TEST_CASE(
    "schedule: a reply is tried again after 1, 5, 15, 30 minutes, then hourly, each give or take a quarter [R6]") {
  const WallTime now = std::chrono::sys_days{std::chrono::year{2026} / 3 / 14};
  const milliseconds steps[] = {1min, 5min, 15min, 30min, 1h, 1h, 1h};
  for (const int face : {0x00, 0x80, 0xFF}) {
    Die die(face);
    for (unsigned attempt = 1; attempt <= std::size(steps); ++attempt) {
      const auto next = next_attempt(attempt, now, now, die);
      REQUIRE(next);
      const milliseconds step = steps[attempt - 1];
      CHECK(*next - now >= step * 3 / 4);
      CHECK(*next - now <= step * 5 / 4);
    }
  }
}

TEST_CASE(
    "schedule: a reply fails after five days of trying, and no jump of the clock alone makes it fail [R6, fault 66]") {
  SystemRandom random;
  const WallTime born = std::chrono::sys_days{std::chrono::year{2026} / 3 / 14};
  CHECK(next_attempt(100, born, born + limits::kReplyLifetime - 1ms, random));
  CHECK_FALSE(next_attempt(100, born, born + limits::kReplyLifetime, random));
  CHECK(next_attempt(3, born, born + std::chrono::years{20}, random));
  CHECK(next_attempt(100, born, born - std::chrono::years{20}, random));
  // Both at once: so long, and so often.
  CHECK(next_attempt(11, born, born + limits::kReplyLifetime, random));
  CHECK_FALSE(next_attempt(12, born, born + limits::kReplyLifetime, random));
  // A clock that was set back says nothing of its age: the attempts of five days are counted.
  CHECK(next_attempt(123, born, born - 1ms, random));
  CHECK_FALSE(next_attempt(124, born, born - 1ms, random));
  CHECK(next_attempt(124, born, born, random));
}

TEST_CASE(
    "schedule: what is worth another try at once is tried at once, what never works like a refusal [R7]") {
  SystemRandom random;
  Trouble state;
  CHECK(wait_after(state, trouble(Retry::now), 10min, random) == 0ms);
  CHECK(state.failures == 0);
  CHECK(wait_after(state, trouble(Retry::never), 10min, random) == 15min);
}

TEST_CASE("schedule: a reply that was not tried yet waits like one tried once [R6]") {
  Die middle(0x80);
  const WallTime now = std::chrono::sys_days{std::chrono::year{2026} / 3 / 14};
  CHECK(*next_attempt(0, now, now, middle) == *next_attempt(1, now, now, middle));
}

TEST_CASE(
    "schedule: a clock put right by less than ten minutes was not moved; one that was is in doubt for a day, not longer [R6]") {
  for (const milliseconds by : {milliseconds(10min), -milliseconds(10min)}) {
    remotemail::testing::ManualClock clock;
    ClockWatch watch(clock);
    clock.set_now(clock.now() + by - by / std::abs(by.count()));
    CHECK_FALSE(watch.look());
    CHECK_FALSE(watch.in_doubt());
    clock.set_now(clock.now() + by / std::abs(by.count()));
    CHECK(watch.look() == by);
    CHECK_FALSE(watch.look());
    clock.advance(24h - 1ms);
    CHECK(watch.in_doubt());
    clock.advance(1ms);
    CHECK_FALSE(watch.in_doubt());
  }
}
