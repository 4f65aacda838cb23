// Y8: how many wrong passwords are listened to.
#include <doctest/doctest.h>

#include "agent/daily.hpp"
#include "agent/line_fixture.hpp"
#include "agent/waiting_mails.hpp"
#include "remotemail/core/limits.hpp"
#include "remotemail/testing/failing_store.hpp"

using namespace remotemail;
using namespace std::chrono_literals;
using remotemail::testing::Line;
using remotemail::testing::TestMail;

namespace {

struct GuessedLine : Line {
  using Line::Line;
  int made = 0;
  void from(const std::string& sender, const std::string& subject, const std::string& body = "Help\r\n",
            const std::string& host = "mail.example.com") {
    TestMail mail;
    mail.from = sender;
    mail.subject = subject;
    mail.body = body;
    mail.message_id = "g" + std::to_string(++made) + "@example.com";
    std::string bytes = mail.bytes();
    bytes.replace(bytes.find("mail.example.com"), 16, host);
    servers.put(bytes);
  }
  void guesses(int count) {
    for (int i = 0; i < count; ++i)
      from("x" + std::to_string(made) + "@bad.example", "guess" + std::to_string(made));
  }
  std::size_t to(const std::string& recipient) const {
    return static_cast<std::size_t>(std::ranges::count(servers.sent, recipient, &OutgoingMail::recipient));
  }
};

}  // namespace

TEST_CASE(
    "guesses: after ten wrong passwords in an hour mails of unknown senders wait unjudged, right or wrong [Y8, D13]") {
  GuessedLine line;
  line.enable();
  line.guesses(12);
  line.from("new@example.com", "U-BIX");
  CHECK(line.once().illegal == 10);
  CHECK(line.servers.mails.size() == 3);
  CHECK(line.to("new@example.com") == 0);
  const AgentStatus status = line.agent->status();
  CHECK(status.unjudged == 3);
  CHECK(status.wrong_passwords == 10);
  CHECK(status.unknown_judged_from == line.clock.now() + 1h);
  CHECK(remarks(status, 60min) ==
        std::vector<std::string>{"10 mails with a wrong password came from unknown senders within an hour",
                                 "mails of unknown senders wait until Sat, 14 Mar 2026 02:00:00 +0100",
                                 "3 mails wait on the server, unjudged"});
  line.clock.advance(1h - 1s);
  CHECK(line.once().left == 3);
  line.clock.advance(1s);
  const PollReport report = line.once();
  CHECK(report.illegal == 2);
  CHECK(report.answered == 1);
  CHECK(line.agent->status().unjudged == 0);
  CHECK_FALSE(line.agent->status().unknown_judged_from);
}

TEST_CASE("guesses: a correct mail spends nothing, nor does a Subject that can be no password [Y8]") {
  GuessedLine line;
  line.enable();
  for (int i = 0; i < 30; ++i) line.from("x@bad.example", i % 2 ? "two words" : std::string(21, 'x'));
  for (int i = 0; i < 30; ++i) line.from("c" + std::to_string(i) + "@example.com", "U-BIX");
  CHECK(line.once(40).answered == 30);
  CHECK(line.servers.mails.empty());
  CHECK(line.agent->status().wrong_passwords == 0);
  line.guesses(9);
  CHECK(line.once().illegal == 9);
  line.from("late@example.com", "U-BIX");
  CHECK(line.once().answered == 1);
}

TEST_CASE("guesses: a sender that was answered before goes on, by the same relay and for 400 days [Y8]") {
  GuessedLine line;
  line.enable();
  line.from("ce@example.com", "U-BIX");
  line.once();
  line.agent = line.open();
  const auto attacked = [&](std::chrono::days later) {
    line.clock.advance(later);
    line.guesses(10);
    line.once();
    line.from("CE@example.com", "U-BIX");
    line.from("ce@example.com", "U-BIX", "Help\r\n", "other.example.net");
    const std::uint64_t answered = line.once().answered;
    line.servers.mails.clear();
    line.once();
    return answered;
  };
  SUBCASE("within them, each accepted mail begins them anew") {
    CHECK(attacked(std::chrono::days{400}) == 1);
    CHECK(attacked(std::chrono::days{400}) == 1);
  }
  SUBCASE("not after them") {
    CHECK(attacked(std::chrono::days{401}) == 0);
  }
}

TEST_CASE(
    "guesses: a known sender's address is no way round: it has ten wrong ones an hour of its own [Y8]") {
  GuessedLine line;
  line.enable();
  line.from("ce@example.com", "U-BIX");
  line.once();
  for (int i = 0; i < 15; ++i) line.from("ce@example.com", "guess" + std::to_string(i));
  CHECK(line.once().illegal == 10);
  CHECK(line.agent->status().wrong_passwords == 0);
  line.from("unknown@example.com", "U-BIX");
  CHECK(line.once().answered == 1);
}

TEST_CASE(
    "guesses: a power cycle fills no budget up again, and polls that only wait write nothing [Y8, R8]") {
  auto inner = make_memory_store();
  auto counting = std::make_unique<remotemail::testing::FailingStore>(*inner);
  auto& store = *counting;
  GuessedLine line(std::move(counting));
  line.enable();
  line.guesses(14);
  for (int i = 0; i < 5; ++i) {
    line.once();
    line.agent = line.open();
  }
  CHECK(line.servers.mails.size() == 4);
  line.once();
  line.servers.events.clear();
  const auto before = store.writing_calls();
  for (int i = 0; i < 20; ++i) {
    line.clock.advance(1min);
    line.once();
  }
  CHECK(store.writing_calls() == before);
  CHECK(std::ranges::none_of(line.servers.events,
                             [](const auto& event) { return event.starts_with("fetch"); }));
}

TEST_CASE("guesses: the Manager is told once a day of ten and more wrong passwords [Y8]") {
  GuessedLine line;
  line.enable();
  line.guesses(9);
  line.once();
  CHECK(line.to("manager@example.com") == 0);
  line.guesses(1);
  line.once();
  REQUIRE(line.to("manager@example.com") == 1);
  CHECK(Line::parsed(line.servers.sent[0]).subject == "Wrong passwords [FD0000001]");
  CHECK(
      line.body(0) ==
      "Serial number: FD0000001\n"
      "\n"
      "10 mails with a wrong password came since Sat, 14 Mar 2026 00:00:00 +0000.\n"
      "\n"
      "After 10 within an hour, mails of unknown senders wait on the server, unjudged, until the hour is over.\n"
      "Senders that were answered before are served as usual. The mail log tells more.\n"
      "\n"
      "This is told once a day at most.\n");
  for (int hour = 0; hour < 23; ++hour) {
    line.clock.advance(1h);
    line.guesses(10);
    line.once();
  }
  CHECK(line.to("manager@example.com") == 1);
  line.clock.advance(1h);
  line.once();
  REQUIRE(line.to("manager@example.com") == 2);
  CHECK(line.body(1).find("230 mails with a wrong password") != std::string::npos);
}

TEST_CASE("guesses: a clock that was set back makes a spent budget last an hour, not years [Y8, fault 66]") {
  GuessedLine line;
  line.enable();
  line.guesses(12);
  line.once();
  line.clock.set_now(line.clock.now() - std::chrono::days{3000});
  CHECK(line.once().illegal == 0);
  line.clock.advance(59min);
  CHECK(line.once().illegal == 0);
  line.clock.advance(1min);
  CHECK(line.once().illegal == 2);
}

TEST_CASE("guesses: so it is with a known sender's budget, in polls that judge nothing [Y8, fault 66]") {
  GuessedLine line;
  line.enable();
  line.from("ce@example.com", "U-BIX");
  line.once();
  for (int i = 0; i < 12; ++i) line.from("ce@example.com", "guess" + std::to_string(i));
  CHECK(line.once().illegal == 10);
  line.clock.set_now(line.clock.now() - std::chrono::days{3000});
  CHECK(line.once().illegal == 0);
  line.clock.advance(1h);
  CHECK(line.once().illegal == 2);
}

TEST_CASE(
    "guesses: of a thousand that wait, an hour's end costs a hundred headers, not all of them [Y8, D2]") {
  GuessedLine line;
  line.enable();
  line.guesses(350);
  line.once();
  line.clock.advance(1h);
  line.servers.events.clear();
  CHECK(line.once().illegal == 10);
  CHECK(std::ranges::count_if(line.servers.events,
                              [](const auto& event) { return event.starts_with("fetch"); }) <= 100);
  CHECK(line.once().left == 330);
}

TEST_CASE("guesses: wrong passwords behind five executed mails are judged in the same poll [D2, Y8]") {
  GuessedLine line;
  line.enable();
  for (int i = 0; i < 5; ++i) line.from("ce@example.com", "U-BIX");
  line.guesses(5);
  const PollReport report = line.once();
  CHECK(report.answered == 5);
  CHECK(report.illegal == 5);
}

TEST_CASE("status: what waits and why, in words [R11, Y8, D2]") {
  AgentStatus status;
  CHECK(remarks(status, 0min).empty());
  status.limited = 2;
  status.unjudged = 1;
  status.wrong_passwords = 1;
  status.unlisted = 7;
  CHECK(remarks(status, 0min) ==
        std::vector<std::string>{"2 mails wait on the server, unanswered: a limit of replies is reached",
                                 "1 mail with a wrong password came from unknown senders within an hour",
                                 "1 mail waits on the server, unjudged",
                                 "the mailbox holds 7 mails beyond the 100000 that are looked at"});
}

TEST_CASE(
    "guesses: behind a mail that waits a wrong password may yet become right; it is counted once [Y8, F20, R11]") {
  GuessedLine line;
  line.enable().set("limits.replies_per_sender", "1");
  line.from("ce@example.com", "U-BIX", "Help\r\n");
  line.once();
  line.from("ce@example.com", "U-BIX", "ChPass U-BIX Sitios\r\n");  // waits for the limit
  line.from("ce@example.com", "Sitios", "GetLog\r\n");
  line.guesses(10);
  for (int i = 0; i < 5; ++i) {
    CHECK(line.once().illegal == 0);
    line.clock.advance(10min);
  }
  CHECK(line.agent->status().wrong_passwords == 10);
  line.set("limits.replies_per_sender", "100");
  const PollReport report = line.once();
  CHECK(report.answered == 2);
  CHECK(report.illegal == 10);  // they have paid: none waits for the hour
  CHECK(line.subjects().back() == "Counter list (phone) [FD0000001]");
  CHECK(line.agent->status().wrong_passwords == 10);
}

TEST_CASE(
    "guesses: a mail that only waits for its turn is no guess, and is there at the next poll [D2, Y8]") {
  GuessedLine line;
  line.enable();
  line.guesses(11);  // one of them waits for the hour
  line.once();
  for (int i = 0; i < 2; ++i) line.from("ce@example.com", "U-BIX");
  CHECK(line.once().answered == 0);  // unknown, too
  line.clock.advance(1h);
  CHECK(line.once(1).answered == 1);
  CHECK(line.agent->status().unjudged == 0);
  CHECK(line.once(1).answered == 1);
  CHECK(line.servers.mails.empty());
}

TEST_CASE(
    "guesses: of mails that wait no more than ten thousand are remembered, and none that only waits its turn [D2, Y8, fault 43]") {
  WaitingMails waiting;
  const auto key = [](std::size_t uid) { return MailKey{"pop3 copier@example.com", std::to_string(uid)}; };
  WaitingMail guess{WaitingMail::Why::guesses, {}};
  for (std::size_t uid = 0; uid < limits::kWaitingMailsRemembered + 5; ++uid)
    remember(waiting, key(uid), guess);
  CHECK(waiting.size() == limits::kWaitingMailsRemembered);
  guess.counted = true;
  remember(waiting, key(0), guess);  // one that is known may change
  CHECK(waiting.at(key(0)).counted);
  remember(waiting, key(1), WaitingMail{});
  CHECK_FALSE(waiting.contains(key(1)));
  guess.why = WaitingMail::Why::turn;
  remember(waiting, key(2), guess);  // that its guess was counted must not be forgotten
  CHECK(waiting.at(key(2)).counted);
}

TEST_CASE(
    "notice: what was told by a clock that was ahead counts as told now, and only then is anything put anew [Y8, H3, R8]") {
  const auto store = make_memory_store();
  Recollection memory(*store);
  const WallTime now = std::chrono::sys_days{std::chrono::year{2026} / 3 / 14};
  Daily daily;
  daily.told = daily.since = now;
  daily.count = 7;
  put_daily(memory, "topic", daily, now);
  Batch batch;
  batch.now = now;
  batch.memories = memory.pending();
  REQUIRE(store->commit(batch));
  memory.became_durable();
  for (const auto later : {0ms, 1ms}) {
    CHECK(recall_daily(memory, "topic", now + later)->count == 7);
    CHECK_FALSE(memory.dirty());
  }
  const auto before = recall_daily(memory, "topic", now - 1ms);
  CHECK(before->told == now - 1ms);
  CHECK(before->since == now - 1ms);
  CHECK(memory.dirty());
}
