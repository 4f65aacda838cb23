// The first polls after a program that was killed in its work: mails that were tried come last, the most tried behind the
// others (R5), and are judged as if they had come in their own order all the same.
#include <doctest/doctest.h>

#include "agent/line_fixture.hpp"
#include "remotemail/core/limits.hpp"

using namespace remotemail;
using remotemail::testing::Line;
using remotemail::testing::TestMail;

namespace {

struct CrashedLine : Line {
  CrashedLine() { enable(); }
  // As a program leaves it that was killed with these mails in hand.
  void killed_with(int first, int last) {
    std::vector<MailKey> keys;
    for (int uid = first; uid <= last; ++uid) keys.push_back({servers.name, std::to_string(uid)});
    REQUIRE(store->note_tries(keys));
    restart_on(std::move(store));
  }
};

}  // namespace

TEST_CASE(
    "after a crash: what a mail's password is does not depend on the order in which mails are tried again [R1, R5, F20]") {
  // The first was tried more often than the others, so it comes last; it is the one that makes their password right.
  CrashedLine line;
  line.mail("ChPass U-BIX Sitios\r\n");
  line.mail("GetLog Counter\r\n", "Sitios");
  line.mail("GetLog Counter\r\n", "Sitios");
  line.killed_with(1, 2);
  line.killed_with(1, 1);
  for (int i = 0; i < 3; ++i) line.once();
  CHECK(line.servers.sent.size() == 3);
  CHECK(line.servers.mails.empty());
}

TEST_CASE("after a crash: a newer mail does not change the password beneath an older one [R1, R5, F20]") {
  CrashedLine line;
  line.mail("GetLog Counter\r\n");
  line.mail("ChPass U-BIX Sitios\r\n");
  line.killed_with(1, 1);
  for (int i = 0; i < 3; ++i) line.once();
  CHECK(line.subjects() ==
        std::vector<std::string>{"Counter list [FD0000001]", "Password change [FD0000001]"});
  CHECK(line.servers.mails.empty());
}

TEST_CASE("after a crash: mails that wait for an older one are no wrong guesses [R1, R5, F20, Y8]") {
  // Tried most is the change of the password, or the mail before it that the change waits for. Behind both are more mails
  // with the new password than there are guesses an hour.
  for (const int tried_most : {1, 2}) {
    CAPTURE(tried_most);
    CrashedLine line;
    line.mail("GetLog Counter\r\n");
    line.mail("ChPass U-BIX Sitios\r\n");
    for (int i = 0; i < 15; ++i) line.mail("GetLog Counter\r\n", "Sitios");
    line.killed_with(1, 17);
    line.killed_with(tried_most, tried_most);
    for (int i = 0; i < 3; ++i) line.once(20);
    CHECK(line.servers.sent.size() == 17);
    CHECK(line.servers.mails.empty());
    CHECK(line.agent->status().wrong_passwords == 0);
  }
}

TEST_CASE("after a crash: what waited for an older mail is judged as soon as that is done [R5, F20, Y8]") {
  CrashedLine line;
  line.mail("ChPass U-BIX Sitios\r\n");
  line.mail("Help\r\n", "Sitios");
  TestMail guess;
  guess.from = "guesser@bad.example";
  line.servers.put(guess.bytes());
  line.killed_with(1, 1);
  CHECK(line.once().answered == 1);
  CHECK(line.agent->status().wrong_passwords == 0);
  CHECK(line.agent->status().next_poll == line.clock.now());
  line.agent->step({});
  CHECK(line.servers.mails.empty());
  CHECK(line.agent->status().wrong_passwords == 1);
  CHECK(line.agent->status().next_poll.value() > line.clock.now());
  line.once();
  CHECK(line.servers.sent.size() == 2);
}

TEST_CASE(
    "after a crash: one wrong password is listened to before the older mail, no further ones [R5, Y8]") {
  // Else as many could be tried behind it as come, of which none is counted yet.
  for (const bool guessed : {false, true}) {
    CAPTURE(guessed);
    CrashedLine line;
    line.mail("Help\r\n");
    line.mail("Help\r\n", guessed ? "guess" : "U-BIX");
    line.mail("GetLog Counter\r\n");
    line.killed_with(1, 1);
    CHECK(line.once().answered == (guessed ? 1 : 3));
    CHECK(line.once().answered == (guessed ? 1 : 0));
    CHECK(line.servers.mails.empty());
  }
}

TEST_CASE("after a crash: what waits behind an older mail does not keep that from its turn [R1, R5, D2]") {
  CrashedLine line;
  line.mail("GetLog Counter\r\n");
  for (int i = 0; i < 2'100; ++i) line.mail("Help\r\n", "guess");
  line.killed_with(1, 1);
  CHECK(line.once().answered == 1);
}

TEST_CASE(
    "after a crash: however slow the server, what waits behind an older mail comes nearer to its turn with each poll [R1, D2]") {
  CrashedLine line;
  line.mail("Help\r\n");
  line.mail("GetLog Counter\r\n");
  line.mail("Help\r\n", "guess");
  line.mail("GetLog Counter\r\n");
  line.killed_with(1, 2);
  line.servers.fault = [&line](const std::string& event) -> std::optional<Error> {
    if (event.starts_with("fetch")) line.clock.advance(limits::kJudgingTimePerPoll);
    return std::nullopt;
  };
  // The guess uses up the time; the first has its turn all the same, at the next poll the second one.
  CHECK(line.once().answered == 1);
  CHECK(line.agent->status().next_poll.value() > line.clock.now());
  CHECK(line.once().answered == 1);
  CHECK(line.agent->status().next_poll == line.clock.now());
  line.servers.fault = nullptr;
  CHECK(line.once().answered == 1);
  CHECK(line.servers.mails.empty());
}

TEST_CASE("after no crash: a mail that waits makes the next poll no sooner [R11]") {
  CrashedLine line;
  line.set("limits.replies_per_sender", "1");
  line.mail("Help\r\n");
  line.mail("GetLog Counter\r\n");
  const PollReport report = line.once();
  CHECK(report.answered == 1);
  CHECK(report.left == 1);
  CHECK(line.agent->status().next_poll.value() > line.clock.now());
}
