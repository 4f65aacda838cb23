// What the Manager is told once a day, and mails that wait on the server (R6, R11).
#include <doctest/doctest.h>

#include "agent/daily.hpp"
#include "agent/line_fixture.hpp"

using namespace remotemail;
using namespace std::chrono_literals;
using remotemail::testing::FailingLine;
using remotemail::testing::Line;

namespace {

std::vector<std::string> told(const Line& line) {
  std::vector<std::string> all;
  for (const OutgoingMail& mail : line.servers.sent) {
    if (mail.recipient == "manager@example.com")
      all.push_back(Line::parsed(mail).subject + "\n" + Line::parsed(mail).text);
  }
  return all;
}

// Refuses for good what goes to the CE, and the Manager's mails too when asked to.
void refuse(Line& line, bool managers_too = false) {
  line.servers.send_outcome = [managers_too](const OutgoingMail& mail) {
    if (mail.recipient == "manager@example.com" && !managers_too)
      return SendOutcome{SendOutcome::Kind::sent, false, "250 ok", {}};
    return SendOutcome{SendOutcome::Kind::failed, false, "550 5.1.1 no such user",
                       make_error(Cause::recipient_refused, Step::recipient, {}, Retry::never)};
  };
}

bool contains(std::string_view text, std::string_view part) {
  return text.find(part) != std::string_view::npos;
}

auto count_events(const Line& line, std::string_view beginning) {
  return std::ranges::count_if(line.servers.events,
                               [&](const auto& event) { return event.starts_with(beginning); });
}

}  // namespace

TEST_CASE("manager: what failed for good is told in one mail a day [R6]") {
  Line line;
  line.enable().mail("Help\r\n");
  refuse(line);
  line.once();
  REQUIRE(told(line).size() == 1);
  const std::string text = told(line)[0];
  CHECK(
      text.starts_with("Replies not delivered [FD0000001]\nSerial number: FD0000001\n\n"
                       "1 mail of this copier failed for good since Sat, 14 Mar 2026 00:00:00 +0000:\n\n"
                       "Help to ce@example.com: "));
  CHECK(text.ends_with("\n\nThis is told once a day at most.\n"));
  CHECK(contains(line.servers.sent[0].message, "\r\nAuto-Submitted: auto-generated\r\n"));
  for (int i = 0; i < 3; ++i) {
    line.mail("Help\r\nGetLog\r\n");
    line.clock.advance(5h);
    line.once();
    line.agent = line.open();
  }
  CHECK(told(line).size() == 1);
  line.clock.advance(9h);
  line.once();
  REQUIRE(told(line).size() == 2);
  CHECK(contains(told(line)[1],
                 "\n\n6 mails of this copier failed for good since Sat, 14 Mar 2026 05:00:00 +0000:\n\n"));
  line.clock.advance(25h);
  line.once();
  CHECK(told(line).size() == 2);
}

TEST_CASE("manager: a notice that fails is only logged [R6]") {
  Line line;
  line.enable().mail("Help\r\n");
  refuse(line, true);
  for (int day = 0; day < 4; ++day) {
    line.once();
    line.clock.advance(25h);
  }
  const auto log = line.agent->log(20);
  CHECK(std::ranges::count(*log, LogRecord::Result::failed, &LogRecord::result) ==
        2);  // the reply, the notice of it
  CHECK(line.agent->outbox()->empty());
}

TEST_CASE("manager: fifty failures are named, the others counted; what is remembered stays bounded [R6]") {
  Daily daily;
  const WallTime now{std::chrono::days{20'000}};
  for (int i = 0; i < 60; ++i) daily.add("line " + std::to_string(i), now);
  daily.told = now - 1h;
  CHECK(daily.lines.size() == 50);
  CHECK(parse_daily(format_daily(Daily())) == Daily());
  CHECK(parse_daily(format_daily(daily)) == daily);
  CHECK_FALSE(daily.may_tell(now));
  CHECK(daily.may_tell(now + 23h));
  for (const char* odd : {"", "1 2", "1 2 x", "a", "- - 18446744073709551616"}) CHECK_FALSE(parse_daily(odd));
  for (const char* odd : {"", "1 2", "x 1 2", "1 2 3 4", "1 -2 3"}) CHECK_FALSE(parse_hour(odd));
  CHECK(parse_hour(format_hour({now, 20, 3})) == HourCount{now, 20, 3});
}

TEST_CASE(
    "manager: a mail over a limit waits, is told of once a day, and is not fetched anew at each poll [R11, R8]") {
  FailingLine line;
  auto& store = line.disk;
  line.enable().set("limits.replies_per_sender", "2");
  line.mail("Help\r\nGetLog\r\n");
  line.mail("Help\r\n");
  line.once();
  REQUIRE(told(line).size() == 1);
  CHECK(told(line)[0] ==
        "Limit of replies [FD0000001]\n"
        "Serial number: FD0000001\n"
        "\n"
        "1 mail waits in the copier's mailbox, unanswered, because a limit of replies is reached:\n"
        "\n"
        "1 reply to ce@example.com: 2 went out in 24 hours, limits.replies_per_sender is 2\n"
        "\n"
        "Each is answered as soon as its limit allows.\n"
        "\n"
        "This is told once a day at most.\n");
  CHECK(line.agent->status().limited == 1);
  CHECK(remarks(line.agent->status(), 0min) ==
        std::vector<std::string>{"1 mail waits on the server, unanswered: a limit of replies is reached"});
  line.servers.events.clear();
  const auto before = store.writing_calls();
  for (int i = 0; i < 10; ++i) {
    line.clock.advance(1h);
    CHECK(line.once().left == 1);
  }
  CHECK(count_events(line, "fetch") == 0);
  CHECK(store.writing_calls() == before);
  // Others are answered meanwhile, and it uses up none of the five.
  for (int i = 0; i < 5; ++i) {
    remotemail::testing::TestMail other;
    other.from = "other" + std::to_string(i) + "@example.com";
    other.body = "Help\r\n";
    line.servers.put(other.bytes());
  }
  CHECK(line.once().answered == 5);
  line.clock.advance(15h);
  CHECK(line.once().answered == 1);
  CHECK(line.servers.mails.empty());
  CHECK(line.agent->status().limited == 0);
  CHECK(told(line).size() == 1);
}

TEST_CASE("manager: of a mail that waits for days the Manager is told each day [R11]") {
  Line line;
  line.enable().set("limits.replies_per_sender", "1");
  line.mail("Help\r\nGetLog\r\n");  // more than will ever be allowed
  for (int hour = 0; hour <= 50; ++hour) {
    line.once();
    line.clock.advance(1h);
  }
  CHECK(told(line).size() == 3);
  // A higher limit counts at once.
  line.set("limits.replies_per_sender", "2");
  CHECK(line.once().answered == 1);
}

TEST_CASE(
    "manager: a clock that was set back holds the day's mail up for a day, not for years [R6, fault 66]") {
  Line line;
  line.enable().mail("Help\r\n");
  refuse(line);
  line.once();
  line.clock.set_now(line.clock.now() - std::chrono::days{4000});
  line.mail("Help\r\n");
  line.once();
  CHECK(told(line).size() == 1);
  line.clock.advance(24h);
  line.once();
  CHECK(told(line).size() == 2);
}

TEST_CASE("manager: what failed while the function is disabled is told too [R6, A16]") {
  Line line;
  line.enable().mail("Help\r\n");
  line.servers.send_outcome = [](const OutgoingMail&) {
    return SendOutcome{SendOutcome::Kind::deferred, false, "451",
                       make_error(Cause::refused_for_now, Step::recipient)};
  };
  line.once();
  line.set("reception.enabled", "no");
  refuse(line);
  line.clock.advance(2h);
  for (int i = 0; i < 5; ++i) line.agent->step({});
  CHECK(told(line).size() == 1);
}
