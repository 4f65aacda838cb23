// One poll: order of operations, limits, and what each trouble leaves behind.
#include <doctest/doctest.h>

#include <utility>

#include "agent/line_fixture.hpp"
#include "remotemail/core/limits.hpp"

using namespace remotemail;
using namespace std::chrono_literals;
using remotemail::testing::FailingLine;
using remotemail::testing::Line;
using remotemail::testing::TestMail;

namespace {

std::size_t position(const std::vector<std::string>& events, const std::string& event) {
  return static_cast<std::size_t>(std::find(events.begin(), events.end(), event) - events.begin());
}

// Fails the first event that begins with `event`, once.
auto fail_once(Line& line, std::string event, Cause cause = Cause::connection_lost) {
  return [&line, event = std::move(event), cause](const std::string& now) -> std::optional<Error> {
    if (now.rfind(event, 0) != 0) return std::nullopt;
    line.servers.fault = nullptr;
    return make_error(cause, Step::fetch);
  };
}

}  // namespace

TEST_CASE("poll: fetch, decide, commit, remove, send: in that order [R2]") {
  Line line;
  line.enable().mail("GetLog Counter\r\n");
  line.once();
  const auto& events = line.servers.events;
  const auto fetch = position(events, "fetch whole 1"), remove = position(events, "remove 1"),
             close = position(events, "close"), open = position(events, "open sender");
  CHECK(fetch < remove);
  CHECK(remove < close);
  CHECK(close < open);
  CHECK(open < events.size());
}

TEST_CASE("poll: a mail is removed only after its replies are durable [R1, R2]") {
  Line line;
  line.enable().mail("GetLog Counter\r\n");
  line.servers.fault = [&](const std::string& event) -> std::optional<Error> {
    if (event == "remove 1") CHECK(line.store->outbox()->size() == 1);
    return std::nullopt;
  };
  line.once();
  CHECK(line.servers.sent.size() == 1);
}

TEST_CASE(
    "poll: a line lost at any step loses nothing and executes nothing twice [R1, R3, fault 5, fault 6, fault 7]") {
  for (const char* step : {"open mailbox", "list", "fetch", "remove", "close", "open sender", "send"}) {
    CAPTURE(step);
    Line line;
    line.enable().mail("ChPass U-BIX Sitios\r\nGetLog Counter\r\n");
    line.servers.fault = fail_once(line, step);
    line.once();
    line.once();
    CHECK(line.servers.mails.empty());
    const std::vector<std::string> expected{"Password change [FD0000001]", "Counter list [FD0000001]"};
    CHECK(line.subjects() == expected);
    CHECK(line.body(0).find("successfully") != std::string::npos);
  }
}

TEST_CASE("poll: a line lost again and again sets no innocent mail aside [R5]") {
  Line line;
  line.enable().mail("Help\r\n");
  line.servers.fault = [](const std::string& event) -> std::optional<Error> {
    return event.starts_with("fetch") ? std::optional(make_error(Cause::connection_lost, Step::fetch)) : std::nullopt;
  };
  for (int i = 0; i < 5; ++i) CHECK(line.once().error);
  line.servers.fault = nullptr;
  CHECK(line.once().answered == 1);
}

TEST_CASE("poll: a mail known as done is only removed again, also by a new start of the program [R3]") {
  Line line;
  line.enable().mail("Help\r\n");
  line.servers.fault = [&](const std::string& event) -> std::optional<Error> {
    return event == "remove 1" ? std::optional(make_error(Cause::connection_lost, Step::remove))
                               : std::nullopt;
  };
  line.once();
  CHECK(line.servers.mails.size() == 1);
  line.agent = line.open();
  line.servers.fault = nullptr;
  line.servers.events.clear();
  const PollReport report = line.once();
  CHECK(report.answered == 0);
  CHECK(line.servers.mails.empty());
  CHECK(position(line.servers.events, "fetch whole 1") == line.servers.events.size());
  CHECK(line.servers.sent.size() == 1);
}

TEST_CASE(
    "poll: the same mail delivered twice, or listed under another uid, is answered once [R3, fault 22, fault 90]") {
  Line line;
  line.enable().mail("Help\r\n", "U-BIX", "same@example.com");
  line.mail("Help\r\n", "U-BIX", "same@example.com");
  line.once();
  line.servers.name = "memory copier@migrated";
  line.mail("Help\r\n", "U-BIX", "same@example.com");
  line.once();
  CHECK(line.servers.sent.size() == 1);
  CHECK(line.servers.mails.empty());
  // The same Message-ID with another command is another mail [fault 91].
  line.mail("GetLog\r\n", "U-BIX", "same@example.com");
  line.once();
  CHECK(line.servers.sent.size() == 2);
}

TEST_CASE("poll: two equal mails with neither Date nor Message-ID are both answered [R3]") {
  Line line;
  line.enable();
  for (int i = 0; i < 2; ++i) line.servers.put("From: ce@example.com\r\nSubject: U-BIX\r\n\r\nHelp\r\n");
  CHECK(line.once().answered == 2);
  CHECK(line.servers.sent.size() == 2);
  CHECK(line.servers.sent[0].id != line.servers.sent[1].id);
}

TEST_CASE("poll: a reply's Message-ID is a keyed digest of request and reply [R4]") {
  std::vector<std::string> ids;
  for (int i = 0; i < 2; ++i) {
    Line line;
    line.enable().mail("Help\r\nGetLog\r\n");
    line.once();
    for (const OutgoingMail& sent : line.servers.sent) ids.push_back(sent.id);
  }
  REQUIRE(ids.size() == 4);
  CHECK(ids[0] == ids[2]);
  CHECK(ids[1] == ids[3]);
  CHECK(ids[0] != ids[1]);
}

TEST_CASE(
    "poll: at most five mails are executed, the rest at the next poll; junk uses up none of the five [D1, D2]") {
  Line line;
  line.enable();
  for (int i = 0; i < 300; ++i) line.mail("buy\r\n", "great offer " + std::to_string(i));
  for (int i = 0; i < 7; ++i) line.mail("Help\r\n");
  PollReport report = line.once();
  CHECK(report.answered == 5);
  CHECK(report.illegal == 300);
  CHECK(report.left == 2);
  CHECK(line.servers.mails.size() == 2);
  report = line.once();
  CHECK(report.answered == 2);
  CHECK(line.servers.mails.empty());
}

TEST_CASE(
    "poll: mails that wait for a later poll are not taken for mails that bring the program down [R5, D2]") {
  Line line;
  line.enable();
  for (int i = 0; i < 12; ++i) line.mail("Help\r\n");
  for (int i = 0; i < 12; ++i) CHECK(line.once(1).answered == 1);
  CHECK(line.servers.mails.empty());
}

TEST_CASE("poll: --max-mails replaces the five [D2]") {
  Line line;
  line.enable();
  for (int i = 0; i < 9; ++i) line.mail("Help\r\n");
  CHECK(line.once(8).answered == 8);
}

TEST_CASE(
    "poll: while the machine is off nothing is fetched and nothing sent; JAM, SC and low power do not matter [A8, A9, A10, A11, A12, A13]") {
  Line line;
  line.enable().mail("Help\r\n");
  for (const DeviceState state : {DeviceState::shut_off, DeviceState::sub_power_off,
                                  DeviceState::main_power_off, DeviceState::unreachable}) {
    line.device.set_state(state);
    line.servers.events.clear();
    CHECK(line.once().state == "off");
    CHECK(line.servers.events.empty());
  }
  for (const DeviceState state :
       {DeviceState::jam, DeviceState::service_call, DeviceState::low_power, DeviceState::ready}) {
    line.device.set_state(state);
    line.mail("Help\r\n");
    CHECK(line.once().answered >= 1);
  }
}

TEST_CASE(
    "poll: a device that turns off between fetch and commit: nothing is committed, the mails stay [A8, A14]") {
  Line line;
  line.enable().mail("ChPass U-BIX Sitios\r\n");
  line.servers.fault = [&](const std::string& event) -> std::optional<Error> {
    if (event == "fetch whole 1") line.device.set_state(DeviceState::shut_off);
    return std::nullopt;
  };
  CHECK(line.once().state == "off");
  CHECK(line.servers.mails.size() == 1);
  CHECK(line.servers.sent.empty());
  line.servers.fault = nullptr;
  line.device.set_state(DeviceState::ready);
  line.once();
  CHECK(line.body(0).find("successfully") != std::string::npos);
}

TEST_CASE("poll: disabled, nothing is fetched; what was committed is still sent [A15, A16, A17]") {
  Line line;
  CHECK(line.once().state == "disabled");
  CHECK(line.servers.events.empty());
  line.enable().mail("Help\r\n");
  line.servers.fault = [](const std::string& event) -> std::optional<Error> {
    return event == "open sender" ? std::optional(make_error(Cause::connection_refused, Step::connect))
                                  : std::nullopt;
  };
  CHECK(line.once().waiting == 1);
  line.servers.fault = nullptr;
  line.set("reception.enabled", "no");
  line.mail("Help\r\n");
  const PollReport report = line.once();
  CHECK(report.state == "disabled");
  CHECK(report.sent == 1);
  CHECK(line.servers.mails.size() == 1);
}

TEST_CASE("poll: a busy device is waited for, in all 30 s a mail, then answered in words [G]") {
  Line line;
  line.enable();
  line.device.busy(3);
  line.mail("GetLog Counter\r\n");
  line.once();
  CHECK(line.subjects()[0] == "Counter list [FD0000001]");
  CHECK(line.body(0).find("busy") == std::string::npos);
  line.device.busy(1000);
  line.mail("GetLog Counter\r\nGetLog Job\r\n");
  const SteadyTime before = line.clock.steady_now();
  line.once();
  CHECK(line.clock.steady_now() - before <= limits::kBusyWaitPerMail + 1s);
  CHECK(line.body(1).find("busy") != std::string::npos);
  CHECK(line.servers.sent.size() == 3);
}

TEST_CASE("poll: a slow device costs the session, not the answer: a second short one removes [fault 65]") {
  Line line;
  line.enable();
  line.device.slow(40s);
  line.mail("GetLog Counter\r\n");
  line.mail("Help\r\n");
  const PollReport report = line.once();
  CHECK(report.answered == 2);
  CHECK(line.servers.mails.empty());
  CHECK(std::count(line.servers.events.begin(), line.servers.events.end(), "open mailbox") == 2);
}

TEST_CASE("poll: what a device cannot say within 120 s is answered in words [fault 78]") {
  Line line;
  line.enable();
  line.device.slow(100s);
  line.mail("GetLog Counter\r\nGetLog Job\r\n");
  line.once();
  REQUIRE(line.servers.sent.size() == 2);
  CHECK(line.body(0).find("cannot be read") == std::string::npos);
  CHECK(line.body(1).find("cannot be read") != std::string::npos);
}

TEST_CASE(
    "poll: the replies of a sender and of all are limited per day; such a mail waits on the server [R11]") {
  Line line;
  line.enable().set("limits.replies_per_sender", "2");
  line.mail("Help\r\nGetLog\r\n");
  line.mail("Help\r\n");
  PollReport report = line.once();
  CHECK(report.answered == 1);
  CHECK(report.left == 1);
  CHECK(line.servers.mails.size() == 1);
  line.clock.advance(25h);
  CHECK(line.once().answered == 1);
}

TEST_CASE("poll: trouble is logged once when it starts and once when it ends [R7]") {
  Line line;
  line.enable();
  line.servers.fault = [](const std::string&) -> std::optional<Error> {
    return make_error(Cause::connection_refused, Step::connect, "mail.example.com:995");
  };
  for (int i = 0; i < 5; ++i) line.once();
  line.servers.fault = nullptr;
  for (int i = 0; i < 3; ++i) line.once();
  std::size_t lines = 0;
  for (const std::string& text : line.logger.lines)
    lines += text.find("receiving mail server") != std::string::npos;
  CHECK(lines == 2);
  CHECK(line.logger.has("connection mail.example.com:995: connection refused; check server and port"));
}

TEST_CASE(
    "poll: an idle agent polls every interval, and at once when the machine is turned on [A14, A19, D1]") {
  Line line;
  line.enable();
  const auto polls = [&] {
    return std::count(line.servers.events.begin(), line.servers.events.end(), "list");
  };
  const auto run_for = [&](std::chrono::seconds time) {
    const SteadyTime end = line.clock.steady_now() + time;
    while (line.clock.steady_now() < end) {
      line.agent->step({});
      line.clock.advance(1s);
    }
  };
  run_for(30min + 5s);
  CHECK(polls() == 4);  // at once, as it was enabled, then every ten minutes
  line.device.set_state(DeviceState::sub_power_off);
  run_for(30min);
  CHECK(polls() == 4);
  line.device.set_state(DeviceState::ready);
  run_for(10s);
  CHECK(polls() == 5);
}

TEST_CASE("poll: ten thousand idle polls write nothing to the store [R8]") {
  FailingLine line;
  auto& counted = line.disk;
  line.enable();
  const auto before = counted.writing_calls();
  for (int i = 0; i < 10'000; ++i) line.once();
  CHECK(counted.writing_calls() == before);
  CHECK(line.agent->log(10)->empty());
  CHECK(line.agent->outbox()->empty());
}

TEST_CASE(
    "poll: a mail that brings the program down is set aside after the third try, and harms no other [R5, fault 93, fault 64]") {
  Line line;
  line.enable().mail("poison\r\n");
  line.mail("Help\r\n");
  for (int i = 0; i < 6; ++i) {
    line.agent->request({});
    line.agent->step({});
    if (i == 2) CHECK(line.agent->log(10)->size() >= 1);  // the innocent one is answered before the third try
  }
  CHECK(line.servers.sent.size() == 1);
  REQUIRE(line.servers.mails.size() == 1);
  CHECK(line.servers.mails.begin()->second.find("poison") != std::string::npos);
  CHECK(line.agent->status().set_aside == 1);
  const auto records = line.agent->log(100);
  CHECK(std::count_if(records->begin(), records->end(), [](const LogRecord& record) {
          return record.result == LogRecord::Result::set_aside;
        }) == 1);
  // It uses up none of the five, and is not parsed again.
  line.servers.events.clear();
  for (int i = 0; i < 5; ++i) line.mail("Help\r\n");
  CHECK(line.once().answered == 5);
  CHECK(position(line.servers.events, "fetch whole 1") == line.servers.events.size());
}

TEST_CASE("poll: a disk that is full at the commit, however often, sets no mail aside [R5, R9, fault 55]") {
  FailingLine line;
  auto& disk = line.disk;
  line.enable().mail("ChPass U-BIX Sitios\r\n");
  for (int i = 0; i < 5; ++i) {
    disk.fail_at(i == 0 ? 2 : 1, Cause::store_full);  // the commit: behind the note, which is made once
    line.once();
    disk.heal();
  }
  CHECK(line.agent->status().set_aside == 0);
  line.once();
  CHECK(line.once().left == 0);
  CHECK(line.servers.mails.empty());
  REQUIRE(line.servers.sent.size() == 1);
  CHECK(line.body(0).find("successfully") != std::string::npos);
}

TEST_CASE(
    "poll: a stop while the device is read commits nothing: the mail is answered by the next start [R1, fault 74]") {
  Line line;
  line.enable();
  std::stop_source stop;
  remotemail::testing::FakeDevice slow(line.clock, [&](std::chrono::milliseconds time) {
    stop.request_stop();
    line.clock.advance(time);
  });
  slow.busy(1000);
  auto agent =
      std::move(*Agent::open({line.servers, *line.store, *line.store, slow, line.parser, line.authenticator,
                              line.formatter, line.sealer, line.clock, line.random, line.logger},
                             {}));
  line.mail("GetLog Counter\r\n");
  stop.request_stop();
  CHECK(agent->perform({}, {SteadyTime::max(), stop.get_token()}).report.answered == 0);
  CHECK(line.servers.mails.size() == 1);
  CHECK(line.once().answered == 1);
  CHECK(line.body(0).find("stopped") == std::string::npos);
}

TEST_CASE("poll: no more than five mails are executed a poll, though passwords change among them [D2, F20]") {
  Line line;
  line.enable();
  std::string password = "U-BIX";
  for (int i = 0; i < 20; ++i) {
    const std::string next = "password-" + std::to_string(i);
    line.mail("ChPass " + password + " " + next + "\r\n", password);
    password = next;
  }
  CHECK(line.once().answered == 5);
  std::uint64_t polls = 1;
  for (; !line.servers.mails.empty() && polls < 10; ++polls) CHECK(line.once().answered == 5);
  CHECK(polls == 4);
  line.agent->step({});
  CHECK(line.agent->status().next_poll.value() > line.clock.now());
}

TEST_CASE("poll: while the machine is off the mailbox is not even counted [A8, A22]") {
  Line line;
  line.device.set_state(DeviceState::main_power_off);
  JobRequest request;
  request.kind = JobRequest::Kind::count_mailbox;
  request.texts = Line::usual_settings();
  CHECK(line.agent->perform(request, {}).error->cause == Cause::device_off);
  CHECK(line.servers.events.empty());
}

TEST_CASE("poll: mails that are done are removed though another one breaks every session [R3, fault 5]") {
  Line line;
  line.enable();
  for (int i = 0; i < 8; ++i) line.mail("Help\r\n");
  line.servers.fault = [](const std::string& event) -> std::optional<Error> {
    return event == "fetch whole 3" ? std::optional(make_error(Cause::timed_out, Step::fetch)) : std::nullopt;
  };
  for (int i = 0; i < 3; ++i) line.once();
  CHECK(line.servers.mails.count(1) == 0);
  CHECK(line.servers.mails.count(2) == 0);
}

TEST_CASE("poll: a size that a server reports too small makes no command illegal [D6]") {
  Line line;
  line.enable();
  TestMail mail;
  mail.body = "Help\r\n";
  mail.extra = "X-Relay: " + std::string(9'000, 'r') + "\r\n";
  line.servers.put(mail.bytes());
  line.servers.lie_about_size = static_cast<std::uint64_t>(-9'100);
  for (int i = 0; i < 7; ++i) line.mail("buy\r\n", "a great offer");
  CHECK(line.once().answered == 1);
}

TEST_CASE("poll: behind a CHPASS whose text did not come no password is a wrong guess [F20, Y8, fault 5]") {
  bool lost = false;
  Line line;
  line.enable();
  line.mail("ChPass U-BIX Sitios\r\n");
  for (int i = 0; i < 12; ++i) line.mail("GetLog Counter\r\n", "Sitios");
  SUBCASE("since the line was lost") {
    line.servers.fault = [&lost](const std::string& event) -> std::optional<Error> {
      if (event != "fetch whole 1" || std::exchange(lost, true)) return std::nullopt;
      return make_error(Cause::connection_lost, Step::fetch);
    };
  }
  SUBCASE("since the machine took too long for the mail before") {
    line.servers.mails.clear();
    line.mail("GetLog Counter\r\n");
    line.mail("ChPass U-BIX Sitios\r\n");
    for (int i = 0; i < 11; ++i) line.mail("GetLog Counter\r\n", "Sitios");
    line.device.slow(31s);
  }
  for (int i = 0; i < 15; ++i) line.once(20);
  CHECK(line.agent->status().wrong_passwords == 0);
  CHECK(line.servers.sent.size() == 13);
}
