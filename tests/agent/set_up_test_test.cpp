// C1–C4: the tests of a set-up, in memory and against the mail host.
#include <doctest/doctest.h>

#include "agent/hosted_line.hpp"

using namespace remotemail;
using namespace std::chrono_literals;
using remotemail::testing::HostedLine;
using remotemail::testing::Line;
using Kind = Finding::Kind;

namespace {

JobProgress perform(Agent& agent, JobRequest::Kind kind) {
  JobRequest request;
  request.kind = kind;
  return agent.perform(request, {});
}

// A server that delivers what the copier mails to itself, after so many looks into the mailbox.
void deliver_to_self(Line& line, unsigned after_looks = 0) {
  auto looks = std::make_shared<unsigned>(0);
  auto held = std::make_shared<std::string>();
  line.servers.send_outcome = [&line, held](const OutgoingMail& mail) {
    if (mail.recipient == "copier@example.com") *held = mail.message;
    return SendOutcome{SendOutcome::Kind::sent, false, "250 taken", {}};
  };
  line.servers.fault = [&line, held, looks, after_looks](const std::string& event) -> std::optional<Error> {
    if (event == "list" && !held->empty() && (*looks)++ >= after_looks) {
      line.servers.put(*held);
      held->clear();
    }
    return std::nullopt;
  };
}

}  // namespace

TEST_CASE("sending test: a mail to the Manager, logged, with the server's word as its result [C1, C2, B9]") {
  Line line;
  line.enable();
  const JobProgress progress = perform(*line.agent, JobRequest::Kind::sending_test);
  REQUIRE(progress.findings.size() == 1);
  CHECK(progress.findings[0].kind == Kind::passed);
  CHECK(progress.findings[0].words.find("manager@example.com") != std::string::npos);
  REQUIRE(line.servers.sent.size() == 1);
  CHECK(line.servers.sent[0].recipient == "manager@example.com");
  CHECK(line.servers.sent[0].envelope_from == "manager@example.com");
  CHECK(line.servers.sent[0].message.find("Auto-Submitted: auto-generated") != std::string::npos);
  const Mail mail = Line::parsed(line.servers.sent[0]);
  CHECK(mail.subject == "Sending test [FD0000001]");
  const auto log = *line.store->log(10);
  REQUIRE(log.size() == 1);
  CHECK(log[0].what == "Sending test");
  CHECK(log[0].result == LogRecord::Result::sent);
}

TEST_CASE(
    "sending test: works while the function is disabled and before there is a mailbox, not while the machine is off [C1, A15]") {
  Line line;
  SettingTexts texts;
  texts.emplace("transmission.manager_address", Secret("manager@example.com"));
  texts.emplace("transmission.smtp_server", Secret("smtp.example.com"));
  REQUIRE(line.agent->apply(texts).ok());
  const JobProgress progress = perform(*line.agent, JobRequest::Kind::sending_test);
  REQUIRE(progress.findings.size() == 1);
  CHECK(progress.findings[0].kind == Kind::passed);
  CHECK(line.servers.sent.size() == 1);

  line.device.set_state(DeviceState::sub_power_off);
  const JobProgress off = perform(*line.agent, JobRequest::Kind::sending_test);
  REQUIRE(off.error.has_value());
  CHECK(describe(*off.error).find("the machine is off") != std::string::npos);
  CHECK(perform(*line.agent, JobRequest::Kind::round_trip_test).error->cause == Cause::device_off);
  CHECK(line.servers.sent.size() == 1);
}

TEST_CASE("sending test: all that is missing is named at once, and nothing is tried [C2]") {
  Line line;
  const JobProgress progress = perform(*line.agent, JobRequest::Kind::sending_test);
  REQUIRE(progress.findings.size() == 1);
  CHECK(progress.findings[0].words == "not set: transmission.manager_address, transmission.smtp_server");
  CHECK(line.servers.events.empty());
}

TEST_CASE(
    "sending test: what the server says against it stands in the result and in the log, with step and cause [C2, C5]") {
  Line line;
  line.enable();
  line.servers.send_outcome = [](const OutgoingMail&) {
    Error error = make_error(Cause::recipient_refused, Step::recipient, "smtp.example.com:465", Retry::never);
    error.server_line = "550 5.1.1 no such user";
    return SendOutcome{SendOutcome::Kind::failed, false, error.server_line, error};
  };
  const JobProgress progress = perform(*line.agent, JobRequest::Kind::sending_test);
  REQUIRE(progress.findings.size() == 1);
  CHECK(progress.findings[0].kind == Kind::failed);
  for (const char* part : {"recipient", "550 5.1.1 no such user", "check the address"}) {
    CHECK_MESSAGE(progress.findings[0].words.find(part) != std::string::npos, progress.findings[0].words);
  }
  CHECK((*line.store->log(1))[0].result == LogRecord::Result::failed);
  CHECK(line.store->outbox()->empty());  // a test is not tried again
}

TEST_CASE(
    "sending test: the log-in to the mailbox comes first, and without it nothing is sent [C1, D11, B35]") {
  Line line;
  line.enable();
  line.servers.fault = [](const std::string& event) -> std::optional<Error> {
    if (event == "open mailbox") return make_error(Cause::login_refused, Step::login);
    return std::nullopt;
  };
  CHECK(perform(*line.agent, JobRequest::Kind::sending_test).findings[0].kind == Kind::failed);
  CHECK(line.servers.sent.empty());
  REQUIRE(line.set("reception.pop_before_smtp", "no").ok());
  CHECK(perform(*line.agent, JobRequest::Kind::sending_test).findings[0].kind == Kind::passed);
}

TEST_CASE(
    "round-trip test: the mail comes back past others, is removed and is no illegal mail [C3, C4, C5]") {
  Line line;
  line.enable();
  line.mail("GetLog Counter\r\n");
  line.mail("buy\r\n", "great offers");
  deliver_to_self(line);
  const JobProgress progress = perform(*line.agent, JobRequest::Kind::round_trip_test);
  REQUIRE(progress.findings.size() == 2);
  CHECK(progress.findings[0].part == "sending");
  CHECK(progress.findings[0].kind == Kind::passed);
  CHECK(progress.findings[1].part == "receiving");
  CHECK(progress.findings[1].kind == Kind::passed);
  CHECK(line.servers.mails.size() == 2);  // the others are not touched
  const auto log = *line.store->log(10);
  REQUIRE(log.size() == 2);
  CHECK(log[0].result == LogRecord::Result::arrived);
  CHECK(log[0].direction == LogRecord::Direction::received);
  CHECK(log[1].result == LogRecord::Result::sent);
  // What lay there before is answered afterwards as if nothing had been.
  CHECK(line.once().answered == 1);
}

TEST_CASE("round-trip test: looks every two seconds for a minute, then says: sent, not yet arrived [C4]") {
  Line line;
  line.enable();
  const SteadyTime began = line.clock.steady_now();
  const JobProgress progress = perform(*line.agent, JobRequest::Kind::round_trip_test);
  REQUIRE(progress.findings.size() == 2);
  CHECK(progress.findings[0].kind == Kind::passed);
  CHECK(progress.findings[1].kind == Kind::failed);
  CHECK(progress.findings[1].words.starts_with("sent, not yet arrived"));
  CHECK(line.clock.steady_now() - began == 60s);
  CHECK(std::ranges::count(line.servers.events, "list") == 31);

  SUBCASE("one that comes later is removed by the next poll, without a notice") {
    line.servers.put(line.servers.sent.at(0).message);
    CHECK(line.once().unanswerable == 1);
    CHECK(line.servers.mails.empty());
  }
}

TEST_CASE(
    "round-trip test: a mail that takes a while is found, a locked mailbox is tried again, a refused log-in ends it [C4]") {
  SUBCASE("late") {
    Line line;
    line.enable();
    deliver_to_self(line, 10);
    const JobProgress progress = perform(*line.agent, JobRequest::Kind::round_trip_test);
    CHECK(progress.findings.at(1).kind == Kind::passed);
    CHECK(progress.findings.at(1).words.find("after 22 s") != std::string::npos);
  }
  SUBCASE("locked meanwhile") {
    Line line;
    line.enable();
    deliver_to_self(line);
    const auto delivering = line.servers.fault;
    auto opened = std::make_shared<int>(0);
    line.servers.fault = [delivering, opened](const std::string& event) -> std::optional<Error> {
      if (event == "open mailbox" && ++*opened == 2) return make_error(Cause::mailbox_in_use, Step::login);
      return delivering(event);
    };
    CHECK(perform(*line.agent, JobRequest::Kind::round_trip_test).findings.at(1).kind == Kind::passed);
  }
  SUBCASE("refused meanwhile") {
    Line line;
    line.enable();
    auto opened = std::make_shared<int>(0);
    line.servers.fault = [opened](const std::string& event) -> std::optional<Error> {
      if (event == "open mailbox" && ++*opened > 1)
        return make_error(Cause::login_refused, Step::login, {}, Retry::after_setup_change);
      return std::nullopt;
    };
    const JobProgress progress = perform(*line.agent, JobRequest::Kind::round_trip_test);
    CHECK(progress.findings.at(1).kind == Kind::failed);
    CHECK(*opened == 2);
  }
}

TEST_CASE("round-trip test: two results, one for each half, also when a half fails [C3, C4]") {
  Line line;
  line.enable();
  line.servers.fault = [](const std::string& event) -> std::optional<Error> {
    if (event == "open sender") return make_error(Cause::connection_refused, Step::connect);
    return std::nullopt;
  };
  JobProgress progress = perform(*line.agent, JobRequest::Kind::round_trip_test);
  REQUIRE(progress.findings.size() == 2);
  CHECK(progress.findings[0].kind == Kind::failed);
  CHECK(progress.findings[1].kind == Kind::passed);

  line.servers.fault = [](const std::string& event) -> std::optional<Error> {
    if (event == "open mailbox") return make_error(Cause::connection_refused, Step::connect);
    return std::nullopt;
  };
  progress = perform(*line.agent, JobRequest::Kind::round_trip_test);
  REQUIRE(progress.findings.size() == 2);
  CHECK(progress.findings[0].kind == Kind::skipped);  // POP before SMTP
  CHECK(progress.findings[1].kind == Kind::failed);
  REQUIRE(line.set("reception.pop_before_smtp", "no").ok());
  progress = perform(*line.agent, JobRequest::Kind::round_trip_test);
  CHECK(progress.findings[0].kind == Kind::passed);
  CHECK(progress.findings[1].kind == Kind::failed);
}

TEST_CASE(
    "round-trip test: a stranger's mail with a token of its own, or another test's, is not taken for ours [C3]") {
  Line line;
  line.enable();
  line.servers.send_outcome = [&line](const OutgoingMail& mail) {
    std::string forged = mail.message;
    const auto at = forged.find("X-Remotemail-Test: ");
    REQUIRE(at != std::string::npos);
    forged.replace(at + 19, 4, "0000");
    line.servers.put(forged);
    return SendOutcome{SendOutcome::Kind::sent, false, "250 taken", {}};
  };
  CHECK(perform(*line.agent, JobRequest::Kind::round_trip_test).findings.at(1).kind == Kind::failed);
  CHECK(line.servers.mails.size() == 1);
}

TEST_CASE("round-trip test: a stop ends the waiting at once [C4]") {
  Line line;
  line.enable();
  std::stop_source stop;
  line.servers.send_outcome = [&stop](const OutgoingMail&) {
    stop.request_stop();
    return SendOutcome{SendOutcome::Kind::sent, false, "250 taken", {}};
  };
  JobRequest request;
  request.kind = JobRequest::Kind::round_trip_test;
  const SteadyTime began = line.clock.steady_now();
  (void)line.agent->perform(request, {SteadyTime::max(), stop.get_token()});
  CHECK(line.clock.steady_now() == began);
}

TEST_CASE("round-trip test: progress is told step by step, from any thread and in the caller's [C3]") {
  Line line;
  line.enable();
  deliver_to_self(line);
  JobRequest request;
  request.kind = JobRequest::Kind::round_trip_test;
  std::size_t calls = 0, last = 0;
  const JobProgress done = line.agent->perform(request, {}, [&](const JobProgress& progress) {
    ++calls;
    CHECK(progress.steps.size() + progress.findings.size() == last + 1);
    last = progress.steps.size() + progress.findings.size();
  });
  CHECK(calls == done.steps.size() + done.findings.size());

  deliver_to_self(line);
  const std::uint64_t id = line.agent->request(request);
  line.agent->step({});
  CHECK(line.agent->wait_for(id, {}, 0)->findings.size() == 2);
}

TEST_CASE("round-trip test: over real protocols, POP3 and IMAP [C1, C3, C4]") {
  for (const std::string spool : {"pop3", "imap"}) {
    CAPTURE(spool);
    HostedLine line;
    line.enable(line.settings(spool));
    line.mail("GetLog Counter\r\n");
    const JobProgress progress = perform(*line.agent, JobRequest::Kind::round_trip_test);
    REQUIRE(progress.findings.size() == 2);
    for (const Finding& finding : progress.findings)
      CHECK_MESSAGE(finding.kind == Kind::passed, finding.words);
    CHECK(line.host.mails("copier").size() == 1);
    CHECK(perform(*line.agent, JobRequest::Kind::sending_test).findings.at(0).kind == Kind::passed);
    CHECK(line.host.mails("manager").size() == 1);
  }
}
