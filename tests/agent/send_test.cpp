// Sending rounds: what is sent, what waits, what fails.
#include <doctest/doctest.h>

#include "agent/line_fixture.hpp"
#include "agent/send_round.hpp"
#include "remotemail/core/limits.hpp"

using namespace remotemail;
using namespace std::chrono_literals;
using remotemail::testing::FailingLine;
using remotemail::testing::Line;

namespace {

SendOutcome deferred(bool in_doubt = false) {
  return {SendOutcome::Kind::deferred, in_doubt, "451 4.7.1 try again later",
          make_error(Cause::refused_for_now, Step::recipient)};
}

// One round, in which the disk is full from the moment the server has confirmed a mail.
void confirm_while_full(FailingLine& line) {
  line.servers.send_outcome = [&](const OutgoingMail&) {
    line.disk.fail_at(1, Cause::store_full);
    return SendOutcome{SendOutcome::Kind::sent, false, "250 ok", std::nullopt};
  };
  line.once();
  line.servers.send_outcome = nullptr;
}

void run_for(Line& line, std::chrono::minutes time) {
  const SteadyTime end = line.clock.steady_now() + time;
  while (line.clock.steady_now() < end) {
    line.agent->step({});
    line.clock.advance(5s);
  }
}

}  // namespace

TEST_CASE(
    "send: a refusal for now is tried again by schedule until it goes through [R6, fault 44, fault 51]") {
  Line line;
  line.enable().mail("Help\r\n");
  line.servers.send_outcome = [](const OutgoingMail&) { return deferred(); };
  line.once();
  CHECK(line.agent->outbox()->size() == 1);
  run_for(line, 10min);
  CHECK(line.agent->outbox()->at(0).attempts == 3);
  line.servers.send_outcome = nullptr;
  run_for(line, 40min);
  CHECK(line.agent->outbox()->empty());
  CHECK(line.servers.sent.size() == 1);
}

TEST_CASE("send: a refused recipient or message has failed at once and stands in the log [R6, fault 45]") {
  Line line;
  line.enable().mail("Help\r\n");
  line.servers.send_outcome = [](const OutgoingMail& mail) {
    if (mail.recipient != "ce@example.com") return SendOutcome{SendOutcome::Kind::sent, false, "250 ok", {}};
    return SendOutcome{SendOutcome::Kind::failed, false, "550 5.1.1 no such user",
                       make_error(Cause::recipient_refused, Step::recipient, {}, Retry::never)};
  };
  const PollReport report = line.once();
  CHECK(report.failed == 1);
  CHECK(line.agent->outbox()->empty());
  const auto log = line.agent->log(2);
  CHECK(log->at(1).result == LogRecord::Result::failed);
  // The Manager is told.
  REQUIRE(line.servers.sent.size() == 1);
  CHECK(line.servers.sent[0].recipient == "manager@example.com");
}

TEST_CASE(
    "send: a reply that may have arrived is sent again as the same bytes, and the log says so [R1, fault 9, fault 11]") {
  Line line;
  line.enable().mail("Help\r\n");
  line.servers.send_outcome = [](const OutgoingMail&) { return deferred(true); };
  line.once();
  line.clock.advance(3h);
  line.servers.send_outcome = nullptr;
  line.once();
  REQUIRE(line.servers.sent.size() == 2);
  CHECK(line.servers.sent[0].message == line.servers.sent[1].message);
  CHECK(line.servers.sent[0].id == line.servers.sent[1].id);
  CHECK(line.logger.has("in doubt"));
  CHECK(line.logger.has("second identical copy"));
}

TEST_CASE(
    "send: of a server that quotes a reply with a password only the codes are kept, sent, waiting or failed [Y4]") {
  using Kind = SendOutcome::Kind;
  for (const auto& [kind, step] :
       {std::pair{Kind::sent, Step::none}, std::pair{Kind::deferred, Step::data},
        std::pair{Kind::failed, Step::data}, std::pair{Kind::deferred, Step::confirmation},
        std::pair{Kind::failed, Step::confirmation}}) {
    Line line;
    line.enable().mail("ChPass U-BIX Sitios\r\nHelp\r\n");
    line.servers.send_outcome = [kind = kind, step = step](const OutgoingMail& mail) {
      if (mail.recipient != "ce@example.com")
        return SendOutcome{SendOutcome::Kind::sent, false, "250 ok", {}};
      const std::string words = kind == SendOutcome::Kind::sent ? "250 2.0.0 took New Password:[Sitios]"
                                                                : "554 5.7.1 no New Password:[Sitios]";
      Error error = make_error(Cause::message_refused, step, "smtp.example.com:465");
      error.server_line = words;
      return SendOutcome{kind, false, words,
                         kind == SendOutcome::Kind::sent ? std::nullopt : std::optional(error)};
    };
    line.once();
    const auto log = *line.agent->log(100);
    unsigned quoted = 0;
    bool codes = false;
    for (const LogRecord& record : log) {
      if (record.what == "Password change") {
        CHECK(record.detail.find("Sitios") == std::string::npos);
        codes = codes || record.detail.find(kind == SendOutcome::Kind::sent ? "250 2.0.0" : "554 5.7.1") !=
                             std::string::npos;
      } else if (record.detail.find("Sitios") != std::string::npos) {
        ++quoted;
      }
    }
    CHECK(codes);
    CHECK(quoted == 1);  // the words about the other reply are told as they are
    unsigned logged = 0;
    for (const std::string& text : line.logger.lines) logged += text.find("Sitios") != std::string::npos;
    CHECK(logged <= 1);
  }
}

TEST_CASE("send: a set-up fault of the server keeps all replies waiting and is told in words [R6, R7]") {
  Line line;
  line.enable().mail("Help\r\nGetLog\r\n");
  line.servers.fault = [](const std::string& event) -> std::optional<Error> {
    return event == "open sender"
               ? std::optional(make_error(Cause::login_refused, Step::login, "smtp.example.com:465",
                                          Retry::after_setup_change))
               : std::nullopt;
  };
  const PollReport report = line.once();
  CHECK(report.waiting == 2);
  CHECK(report.failed == 0);
  CHECK(line.agent->status().smtp_trouble->cause == Cause::login_refused);
  line.servers.events.clear();
  run_for(line, 14min);
  CHECK(std::count(line.servers.events.begin(), line.servers.events.end(), "open sender") == 0);
  // A change of settings is a reason to try at once.
  line.servers.fault = nullptr;
  line.set("transmission.smtp_port", "587");
  run_for(line, 2min);
  CHECK(line.servers.sent.size() == 2);
  CHECK_FALSE(line.agent->status().smtp_trouble);
}

TEST_CASE(
    "send: with POP before SMTP a mailbox log-in not older than 60 s precedes every sending [B35, D11]") {
  Line line;
  line.enable().mail("Help\r\n");
  line.servers.send_outcome = [](const OutgoingMail&) { return deferred(); };
  line.once();
  line.servers.send_outcome = nullptr;
  line.set("reception.enabled", "no");
  line.clock.advance(2min);
  line.servers.events.clear();
  line.agent->step({});
  const std::vector<std::string> expected{"open mailbox", "close", "open sender"};
  REQUIRE(line.servers.events.size() == 4);
  CHECK(std::vector<std::string>(line.servers.events.begin(), line.servers.events.begin() + 3) == expected);
}

TEST_CASE("send: a log-in of the last 60 s is enough, an older one is not [D11]") {
  Line line;
  line.enable().mail("Help\r\n");
  line.servers.send_outcome = [](const OutgoingMail&) { return deferred(); };
  line.once();
  JobRequest send;
  send.kind = JobRequest::Kind::send;
  const auto log_ins_after = [&](std::chrono::seconds time) {
    line.clock.advance(time);
    line.servers.events.clear();
    line.agent->perform(send, {});
    return std::count(line.servers.events.begin(), line.servers.events.end(), "open mailbox");
  };
  CHECK(log_ins_after(59s) == 0);
  CHECK(log_ins_after(1s) == 1);
  CHECK(log_ins_after(59s) == 0);
}

TEST_CASE("send: when the log-in before sending fails, nothing is sent [D11]") {
  Line line;
  line.enable().mail("Help\r\n");
  line.servers.send_outcome = [](const OutgoingMail&) { return deferred(); };
  line.once();
  line.servers.send_outcome = nullptr;
  line.set("reception.enabled", "no");
  line.clock.advance(2min);
  line.servers.fault = [](const std::string& event) -> std::optional<Error> {
    return event == "open mailbox" ? std::optional(make_error(Cause::login_refused, Step::login))
                                   : std::nullopt;
  };
  line.servers.events.clear();
  line.agent->step({});
  CHECK(line.servers.events == std::vector<std::string>{"open mailbox"});
  CHECK(line.servers.sent.empty());
  // Without the setting the mailbox is left alone.
  line.servers.fault = nullptr;
  line.set("reception.pop_before_smtp", "no");
  line.servers.events.clear();
  run_for(line, 10min);
  CHECK(line.servers.sent.size() == 1);
  CHECK(std::count(line.servers.events.begin(), line.servers.events.end(), "open mailbox") == 0);
}

TEST_CASE("send: replies waiting at the end of one run are sent by the next [R1]") {
  Line line;
  line.enable().mail("GetLog Counter\r\n");
  line.servers.send_outcome = [](const OutgoingMail&) { return deferred(); };
  line.once();
  line.servers.send_outcome = nullptr;
  line.agent = line.open();
  line.clock.advance(2min);
  run_for(line, 3min);
  CHECK(line.servers.sent.size() == 1);
}

TEST_CASE("send: replies expire after five days of a server that is down, whichever server it is [R6, D11]") {
  for (const char* down : {"open sender", "open mailbox"}) {
    CAPTURE(std::string(down));
    Line line;
    line.enable();
    for (int i = 0; i < 5; ++i) line.mail("Help\r\nGetLog\r\n");
    line.servers.fault = [](const std::string& event) -> std::optional<Error> {
      return event == "open sender" ? std::optional(make_error(Cause::timed_out, Step::connect))
                                    : std::nullopt;
    };
    line.once();
    CHECK(line.agent->outbox()->size() == 10);
    line.set("reception.enabled", "no");
    line.servers.fault = [down](const std::string& event) -> std::optional<Error> {
      return event == down ? std::optional(make_error(Cause::timed_out, Step::connect)) : std::nullopt;
    };
    for (int hour = 0; hour < 24 * 5 - 2; ++hour) {
      line.agent->step({});
      line.clock.advance(1h);
    }
    CHECK(line.agent->outbox()->size() == 10);
    for (int hour = 0; hour < 24; ++hour) {
      line.agent->step({});
      line.clock.advance(1h);
    }
    const auto waiting = line.agent->outbox();
    for (const OutboxEntry& entry : *waiting) CHECK(entry.mail.kind == OutboxMail::Kind::notice);
    const auto log = line.agent->log(100);
    CHECK(std::ranges::count(*log, LogRecord::Result::failed, &LogRecord::result) == 10);
  }
}

TEST_CASE("send: a store that fails does not make the agent spin [R9, fault 56]") {
  FailingLine line;
  auto& disk = line.disk;
  line.enable().mail("Help\r\n");
  line.servers.send_outcome = [](const OutgoingMail&) { return deferred(); };
  line.once();
  line.clock.advance(2min);
  disk.fail_at(1, Cause::store_failed);
  for (int i = 0; i < 5; ++i) line.agent->step({});
  CHECK(line.agent->next_due() > line.clock.steady_now());
}

TEST_CASE(
    "send: what a server confirmed while the disk was full is not sent again by this process, and the log says so [R1, R9]") {
  FailingLine line;
  auto& disk = line.disk;
  line.enable().mail("Help\r\n");
  confirm_while_full(line);
  disk.heal();
  for (int i = 0; i < 5; ++i) {
    line.clock.advance(2h);
    line.once();
  }
  CHECK(line.servers.sent.size() == 1);
  CHECK(line.agent->outbox()->empty());
  CHECK(line.logger.has("could not be noted"));
}

TEST_CASE(
    "send: where a line dies behind the final dot while the disk is full, or memory ends there, the log says of the second copy that it may be one [R1, R9, fault 64]") {
  for (const bool memory : {false, true}) {
    CAPTURE(memory);
    FailingLine line;
    auto& disk = line.disk;
    line.enable().mail("Help\r\n");
    line.servers.send_outcome = [&](const OutgoingMail&) -> SendOutcome {
      if (memory) throw std::bad_alloc();
      disk.fail_at(1, Cause::store_full);
      return {SendOutcome::Kind::deferred, true, {}, make_error(Cause::connection_lost, Step::confirmation)};
    };
    for (int i = 0; i < 5; ++i) line.agent->step({});
    line.servers.send_outcome = nullptr;
    disk.heal();
    for (int i = 0; i < 3; ++i) {
      line.clock.advance(2h);
      line.once();
    }
    CHECK(line.agent->outbox()->empty());
    CHECK(line.agent->log(1)->front().detail.starts_with("an earlier attempt may have arrived too"));
    CHECK(line.agent->log(1)->front().attempts == 2);
    CHECK(line.logger.has("may be the second identical copy"));
  }
}

TEST_CASE(
    "send: a mail whose sending ends for want of memory waits longer each time, as after any failure [R6, fault 64]") {
  Line line;
  line.enable().mail("Help\r\n");
  std::vector<SteadyTime> given;
  line.servers.send_outcome = [&](const OutgoingMail&) -> SendOutcome {
    given.push_back(line.clock.steady_now());
    throw std::bad_alloc();
  };
  for (int i = 0; i < 80; ++i) {
    line.agent->step({});
    line.agent->step({});
    line.clock.advance(30s);
  }
  REQUIRE(given.size() == 4);
  const std::chrono::milliseconds waits[] = {1min, 5min, 15min};
  for (std::size_t i = 0; i < std::size(waits); ++i) {
    CHECK(given[i + 1] - given[i] >= waits[i] * 3 / 4);
    CHECK(given[i + 1] - given[i] <= waits[i] * 5 / 4 + 1min);
  }
}

TEST_CASE(
    "send: what a server confirmed is not sent again however often the disk is still full, nor waited for once it was dropped [R1, R9]") {
  for (const bool dropped : {false, true}) {
    FailingLine line;
    auto& disk = line.disk;
    line.enable().mail("Help\r\n");
    confirm_while_full(line);
    const std::string id = line.agent->outbox()->at(0).mail.id;
    for (int i = 0; i < 3; ++i) {
      disk.fail_at(1, Cause::store_full);
      line.clock.advance(2h);
      line.once();
    }
    CHECK(line.agent->outbox()->size() == 1);
    disk.heal();
    if (dropped)
      REQUIRE(line.inner->settle(id, {Settlement::Kind::failed, line.clock.now(), {}, false, "dropped"}));
    line.mail("GetLog\r\n");
    line.clock.advance(2h);
    line.once();
    CHECK(line.servers.sent.size() == 2);
    CHECK(line.agent->outbox()->empty());
  }
}

TEST_CASE("send: the log tells of a trouble when it starts and when it changes, not at each try [R7]") {
  Line line;
  line.enable().mail("Help\r\n");
  std::string words = "451 4.7.1 greylisted";
  line.servers.send_outcome = [&](const OutgoingMail&) {
    Error error = make_error(Cause::refused_for_now, Step::recipient);
    error.server_line = words;
    return SendOutcome{SendOutcome::Kind::deferred, false, words, error};
  };
  const auto told = [&] {
    return std::ranges::count_if(line.logger.lines, [](const std::string& text) {
      return text.find(" waits: ") != std::string::npos;
    });
  };
  line.once();
  CHECK(told() == 1);
  run_for(line, 30min);
  REQUIRE(line.agent->outbox()->at(0).attempts > 3);
  CHECK(told() == 1);
  words = "452 4.3.1 no room";
  run_for(line, 3h);
  CHECK(told() == 2);
}

TEST_CASE(
    "send: behind a success that could not be noted nothing more is sent in that round: it might come twice, too [R2, R9]") {
  FailingLine line;
  auto& disk = line.disk;
  line.enable().mail("Help\r\nGetLog\r\n");
  std::size_t sent = 0;
  line.servers.send_outcome = [&](const OutgoingMail&) {
    if (++sent == 1) disk.fail_at(1, Cause::store_full);
    return SendOutcome{SendOutcome::Kind::sent, false, "250 ok", std::nullopt};
  };
  line.once();
  CHECK(sent == 1);
}

TEST_CASE(
    "send: a server that is down costs each reply a try that is due, to the millisecond, or that a moved clock put off too far [R6, fault 66]") {
  const struct {
    std::chrono::milliseconds ahead;
    unsigned tries;
  } cases[] = {{0ms, 1}, {1ms, 0}, {limits::kLongestRetryWait, 0}, {limits::kLongestRetryWait + 1ms, 1}};
  for (const auto& [ahead, tries] : cases) {
    CAPTURE(ahead.count());
    Line line;
    line.enable().mail("Help\r\nGetLog\r\n");
    line.servers.send_outcome = [](const OutgoingMail&) { return deferred(); };
    line.once();
    const auto waiting = *line.agent->outbox();
    REQUIRE(waiting.size() == 2);
    const WallTime now = line.clock.now();
    REQUIRE(
        line.store->settle(waiting[0].mail.id, {Settlement::Kind::deferred, now, now + ahead, false, "451"}));
    REQUIRE(line.store->settle(waiting[1].mail.id, {Settlement::Kind::deferred, now, now, false, "451"}));
    const unsigned before = line.agent->outbox()->at(0).attempts;
    line.servers.fault = [](const std::string& event) -> std::optional<Error> {
      if (event == "open sender") return make_error(Cause::connection_refused, Step::connect);
      return std::nullopt;
    };
    const AgentPorts ports{line.servers, *line.store,        *line.store,    line.device,
                           line.parser,  line.authenticator, line.formatter, line.sealer,
                           line.clock,   line.random,        line.logger};
    Unnoted unnoted;
    const auto settings = line.agent->settings();
    const SendResult result = send_round({ports,
                                          *line.store,
                                          *settings,
                                          "copier.example.com",
                                          unnoted,
                                          [] { return std::optional<Error>(); },
                                          {},
                                          false,
                                          {}},
                                         false, {});
    CHECK(result.smtp_error.has_value());
    CHECK(line.agent->outbox()->at(0).attempts == before + tries);
  }
}

TEST_CASE("send: one waiting mail that is asked for by its id is tried alone [R6]") {
  Line line;
  line.enable().mail("Help\r\nGetLog\r\nGetLog Counter\r\n");
  line.servers.send_outcome = [](const OutgoingMail&) { return deferred(); };
  line.once();
  line.servers.send_outcome = nullptr;
  const auto waiting = *line.agent->outbox();
  REQUIRE(waiting.size() == 3);
  JobRequest send;
  send.kind = JobRequest::Kind::send;
  send.id = waiting[1].mail.id;
  CHECK(line.agent->perform(send, {}).report.sent == 1);
  REQUIRE(line.servers.sent.size() == 1);
  CHECK(line.servers.sent[0].id == send.id);
}

TEST_CASE("send: a machine that is turned off ends the sending after the mail in hand [A8]") {
  Line line;
  line.enable().mail("Help\r\nGetLog\r\nGetLog Counter\r\n");
  line.servers.send_outcome = [&](const OutgoingMail&) {
    line.device.set_state(DeviceState::main_power_off);
    return SendOutcome{SendOutcome::Kind::sent, false, "250 ok", std::nullopt};
  };
  line.once();
  CHECK(line.servers.sent.size() == 1);
  CHECK(line.agent->outbox()->size() == 2);
}
