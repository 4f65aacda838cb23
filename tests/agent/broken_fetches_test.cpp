// Mails at which a server ends the connection each time: the others are answered all the same.
#include "agent/broken_fetches.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <set>
#include <string>

#include "agent/line_fixture.hpp"
#include "remotemail/core/limits.hpp"

using namespace remotemail;
using namespace std::chrono_literals;
using remotemail::testing::Line;
using remotemail::testing::TestMail;

namespace {

struct BreakingLine : Line {
  BreakingLine() { enable(); }
  std::set<std::string> damaged;  // uids
  int breaks = 0;

  void poll(int times = 1) {
    servers.fault = [this](const std::string& event) -> std::optional<Error> {
      if (!event.starts_with("fetch") || damaged.count(event.substr(event.rfind(' ') + 1)) == 0)
        return std::nullopt;
      ++breaks;
      return make_error(Cause::connection_lost, Step::fetch);
    };
    for (int i = 0; i < times; ++i) {
      once();
      clock.advance(5min);
    }
  }
};

const MailKey kOne{"box", "1"}, kOther{"box", "2"};

}  // namespace

TEST_CASE("a mail at which the server breaks off: all others are answered and removed [R1, R3, fault 5]") {
  BreakingLine line;
  for (int i = 0; i < 8; ++i) line.mail("GetLog Counter\r\n");
  line.damaged = {"1", "4"};
  line.poll(6);
  CHECK(line.servers.sent.size() == 6);
  CHECK(line.servers.mails.size() == 2);
}

TEST_CASE(
    "a mail at which the server breaks off rests for an hour, is named, and is answered when it can be had [R1]") {
  BreakingLine line;
  line.mail("GetLog Counter\r\n");
  line.mail("Help\r\n");
  line.damaged = {"1"};
  line.poll(1);
  CHECK(line.breaks == 2);  // once more behind the others
  CHECK(line.servers.sent.size() == 1);
  CHECK(line.servers.mails.size() == 1);
  line.mail("Help\r\n");
  line.poll(1);
  CHECK(line.breaks == 3);
  CHECK(line.agent->status().mailbox_trouble);
  CHECK(std::ranges::count_if(line.logger.lines, [](const auto& log) {
          return log.find("ended 3 connections at the mail 1") != std::string::npos;
        }) == 1);
  line.poll(2);
  CHECK(line.breaks == 3);
  CHECK_FALSE(line.agent->status().mailbox_trouble);  // the polls go on at their usual pace
  CHECK(line.agent->status().unjudged == 1);
  line.clock.advance(1h);
  line.poll(1);
  CHECK(line.breaks == 4);
  line.poll(1);
  CHECK(line.breaks == 4);
  line.damaged.clear();
  line.clock.advance(1h);
  line.poll(1);
  CHECK(line.servers.mails.empty());
  CHECK(line.servers.sent.size() == 3);
  CHECK(line.agent->status().unjudged == 0);
}

TEST_CASE(
    "a mail at which the server breaks off keeps no CHPASS behind it waiting for long, and makes no guess free [F20, Y8]") {
  BreakingLine line;
  line.mail("Help\r\n");
  line.mail("ChPass U-BIX Sitios\r\n");
  TestMail guess;
  guess.from = "guesser@bad.example";
  guess.subject = "guess";
  line.servers.put(guess.bytes());
  line.damaged = {"1"};
  line.poll(5);
  CHECK(line.servers.sent.size() == 1);
  CHECK(line.agent->status().wrong_passwords == 1);
  line.poll(5);
  CHECK(line.agent->status().wrong_passwords == 1);
}

TEST_CASE(
    "a mail at which the server breaks off lets wrong ones behind it wait for a day, not for ever [F20]") {
  BreakingLine line;
  line.mail("Help\r\n");
  line.mail("Help\r\n", "guess");
  line.damaged = {"1"};
  line.poll(3);
  CHECK(line.servers.mails.size() == 2);
  line.clock.advance(23h);
  line.poll(2);
  CHECK(line.servers.mails.size() == 2);
  line.clock.advance(1h);
  line.poll(2);
  CHECK(line.servers.mails.size() == 1);
}

TEST_CASE(
    "a mail at which the server breaks off behind a CHPASS: the new password is valid for the others at once [F20]") {
  BreakingLine line;
  line.mail("ChPass U-BIX Sitios\r\n");
  line.mail("Help\r\n");
  line.mail("Help\r\n", "Sitios");
  line.damaged = {"2"};
  line.poll(1);
  CHECK(line.servers.sent.size() == 2);
  CHECK(line.servers.mails.size() == 1);
}

TEST_CASE("a line that breaks at each mail: one more session a poll, no storm [R7]") {
  BreakingLine line;
  for (int i = 0; i < 8; ++i) {
    line.mail("GetLog Counter\r\n");
    line.damaged.insert(std::to_string(i + 1));
  }
  line.poll(1);
  CHECK(line.breaks == 2);
  CHECK(line.agent->status().next_poll.value() > line.clock.now() - 5min);
  line.damaged.clear();
  line.poll(3);
  CHECK(line.servers.mails.empty());
}

TEST_CASE("broken fetches: a line that is lost again and again before anything came says nothing of a mail") {
  BrokenFetches broken;
  CHECK(broken.empty());
  CHECK(broken.count(kOne) == 0);
  for (int i = 0; i < 9; ++i) CHECK_FALSE(broken.add(kOne, false, {}));
  CHECK(broken.count(kOne) == 1);
  CHECK_FALSE(broken.rests(kOne, {}));
  CHECK_FALSE(broken.add(kOne, true, {}));
  CHECK(broken.add(kOne, true, {}));
  CHECK(broken.rests(kOne, {}));
  CHECK_FALSE(broken.rests(kOther, {}));
}

TEST_CASE("broken fetches: the rest ends after an hour, and with a mail that comes through [R1]") {
  BrokenFetches broken;
  for (int i = 0; i < 3; ++i) (void)broken.add(kOne, true, {});
  CHECK(broken.rests(kOne, SteadyTime(limits::kBrokenFetchRests - 1s)));
  CHECK_FALSE(broken.rests(kOne, SteadyTime(limits::kBrokenFetchRests)));
  CHECK(broken.add(kOne, false, SteadyTime(2h)));
  CHECK(broken.rests(kOne, SteadyTime(2h)));
  CHECK(broken.awaited(kOne, SteadyTime(limits::kBrokenFetchAwaited - 1s)));
  CHECK_FALSE(broken.awaited(kOne, SteadyTime(limits::kBrokenFetchAwaited)));
  CHECK_FALSE(broken.awaited(kOther, {}));
  broken.came_through(kOne);
  CHECK(broken.empty());
  CHECK_FALSE(broken.rests(kOne, SteadyTime(2h)));
}

TEST_CASE("broken fetches: what is listed no more is forgotten") {
  BrokenFetches broken;
  (void)broken.add(kOne, true, {});
  (void)broken.add(kOther, true, {});
  broken.keep_listed({{kOther, 100}});
  CHECK(broken.count(kOne) == 0);
  CHECK(broken.count(kOther) == 1);
}
