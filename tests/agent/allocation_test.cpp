// Memory that runs out at the n-th allocation of a step: a program of its own, since it replaces operator new. Beneath
// the whole line: whole_line_faults_test.cpp.
#include <doctest/doctest.h>

#include <set>

#include "agent/failing_memory.hpp"
#include "agent/line_fixture.hpp"

using namespace std::chrono_literals;
using remotemail::testing::FailingMemory;
using remotemail::testing::Line;

namespace {

// Behind the failure: two replies, one copy at most, nothing left.
void check_end(Line& line) {
  for (int i = 0; i < 6; ++i) {
    line.clock.advance(2h);
    line.once();
  }
  std::set<std::string> ids;
  for (const auto& sent : line.servers.sent) ids.insert(sent.id);
  CHECK(ids.size() == 2);
  CHECK(line.servers.sent.size() <= 3);
  CHECK(line.servers.mails.empty());
  CHECK(line.agent->outbox()->empty());
}

}  // namespace

TEST_CASE(
    "allocation: memory that runs out once, at any allocation of a poll, leaves the mail waiting, the service alive and nothing lost [R1, R5, fault 64]") {
  for (std::size_t n = 1; n < 100'000; n += n < 60 ? 1 : n / 12) {
    Line line;
    line.enable().mail("GetLog Counter\r\nHelp\r\n");
    FailingMemory::fail_at(n);
    FailingMemory::pause(false);
    try {
      line.once();
    } catch (const std::bad_alloc&) {  // step() logs it; perform() lets it through
    }
    FailingMemory::pause(true);
    const bool reached = FailingMemory::failed();
    FailingMemory::heal();
    CAPTURE(n);
    check_end(line);
    if (!reached) break;
  }
}

TEST_CASE(
    "allocation: memory that runs out for a while, from any allocation on, ends no step() with an exception and loses nothing [R1, R5, fault 64]") {
  for (std::size_t n = 1; n < 100'000; n += n < 60 ? 1 : n / 12) {
    Line line;
    line.enable().mail("GetLog Counter\r\nHelp\r\n");
    CAPTURE(n);
    FailingMemory::fail_at(n, true);
    for (int i = 0; i < 4; ++i) {
      line.clock.advance(30min);
      FailingMemory::pause(false);
      bool thrown = false;
      try {
        line.agent->step({});
      } catch (const std::exception&) {
        thrown = true;
      }
      FailingMemory::pause(true);
      CHECK_FALSE(thrown);
    }
    const bool reached = FailingMemory::failed();
    FailingMemory::heal();
    check_end(line);
    if (!reached) break;
  }
}

TEST_CASE("allocation: a poll over 100,000 mails holds no more than 16 MiB at once [D2, fault 43]") {
  Line line;
  line.enable();
  for (int i = 0; i < 100'000; ++i) line.servers.put("Subject: great offer\r\n\r\nbuy\r\n");
  const std::ptrdiff_t before = FailingMemory::held_now();
  FailingMemory::forget_peak();
  CHECK(line.once().illegal == 2005);
  const std::ptrdiff_t grown = FailingMemory::held_at_most() - before;
  MESSAGE("at most " << grown / 1024 << " KiB");
  CHECK(grown <= 16 * 1024 * 1024);
}
