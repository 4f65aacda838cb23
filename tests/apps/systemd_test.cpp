#include <doctest/doctest.h>
#include <unistd.h>

#include <cstdlib>
#include <string>

#include "systemd_notify.hpp"

using namespace remotemaild;
using namespace std::chrono_literals;

namespace {

struct Environment {
  Environment(const char* patience, const char* process) {
    patience != nullptr ? ::setenv("WATCHDOG_USEC", patience, 1) : ::unsetenv("WATCHDOG_USEC");
    process != nullptr ? ::setenv("WATCHDOG_PID", process, 1) : ::unsetenv("WATCHDOG_PID");
  }
  ~Environment() {
    ::unsetenv("WATCHDOG_USEC");
    ::unsetenv("WATCHDOG_PID");
  }
};

std::chrono::milliseconds interval(const char* patience, const char* process = nullptr) {
  const Environment environment(patience, process);
  return watchdog_interval();
}

}  // namespace

TEST_CASE(
    "systemd: the watchdog is spoken to twice in its time, when it is there and meant for this process") {
  CHECK(interval(nullptr) == 0ms);
  CHECK(interval("120000000") == 60s);
  CHECK(interval("4000") == 2ms);
  CHECK(interval("18446744073709551615") == 12h);
  CHECK(interval("120000000", std::to_string(::getpid()).c_str()) == 60s);
  CHECK(interval("120000000", "1") == 0ms);
  for (const char* nonsense : {"", "0", "1999", "-5", "many", "1e9"}) {
    CAPTURE(nonsense);
    CHECK(interval(nonsense) == 0ms);
  }
}

TEST_CASE("systemd: a worker hangs when one step lasts for more than two hours, not when it waits") {
  WorkerPulse pulse;
  const WorkerPulse::Time begin{1000h};
  CHECK_FALSE(pulse.hangs(begin));
  pulse.step_begins(begin);
  CHECK_FALSE(pulse.hangs(begin + 2h));
  CHECK(pulse.hangs(begin + 2h + 1s));
  pulse.step_ended();
  CHECK_FALSE(pulse.hangs(begin + 1000h));
}
