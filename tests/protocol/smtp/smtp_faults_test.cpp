#include "protocol/smtp/smtp_support.hpp"

using namespace remotemail;
using namespace remotemail::smtp_test;
using namespace std::chrono_literals;

namespace {

const std::vector<OutgoingMail> kTwo{mail("1", "ce@example.com"), mail("2", "ce@example.com")};

}  // namespace

TEST_CASE("smtp faults: 421 anywhere ends the session and the mail waits [fault 46]") {
  for (const std::string script : {
           "C: MAIL *\nS: 421 4.3.2 going down\n",
           "C: MAIL *\nS: 250 ok\nC: RCPT *\nS: 421 4.3.2 going down\n",
           "C: MAIL *\nS: 250 ok\nC: RCPT *\nS: 250 ok\nC: DATA\nS: 421 4.3.2 going down\n",
           "C: MAIL *\nS: 250 ok\nC: RCPT *\nS: 250 ok\nC: DATA\nS: 354 go\nC: A: b\nC:\nC: ..dot\nC: .\nS: "
           "421 4.3.2 going down\n",
           "C: MAIL *\nS: 450 no\nC: RSET\nS: 421 4.3.2 going down\n",
       }) {
    CAPTURE(script);
    Sent run(kOpened + script, kTwo);
    REQUIRE_FALSE(run.status.ok());
    CHECK(run.status.error().cause == Cause::refused_for_now);
    CHECK(run.queue.given == run.queue.outcomes.size());
    for (const auto& [id, outcome] : run.queue.outcomes) {
      CHECK(outcome.kind == Kind::deferred);
      CHECK_FALSE(outcome.in_doubt);
    }
  }
}

TEST_CASE(
    "smtp faults: an answer to the last dot that never comes is waited for and leaves doubt [R1, fault 9, fault 11]") {
  Sent run(kOpened + kEnvelope + kMessage + "SILENT", kTwo);
  CHECK(run.clock.steady_now() == run.start + limits::kFinalDotTime);
  REQUIRE(run.queue.outcomes.size() == 1);
  CHECK(run.outcome().kind == Kind::deferred);
  CHECK(run.outcome().in_doubt);
  CHECK(run.outcome().error->cause == Cause::timed_out);
  CHECK(run.outcome().error->step == Step::confirmation);
  CHECK(run.status.error().cause == Cause::timed_out);
}

TEST_CASE(
    "smtp faults: an answer to the last dot that comes after 9 minutes 59 seconds counts, without doubt [R1, fault 10]") {
  Sent run(kOpened + kEnvelope + kMessage + "WAIT 599s\nS: 250 2.0.0 queued\n" + kQuit,
           {mail("1", "ce@example.com")});
  CHECK(run.clock.steady_now() == run.start + 599s);
  REQUIRE(run.queue.outcomes.size() == 1);
  CHECK(run.outcome().kind == Kind::sent);
  CHECK_FALSE(run.outcome().in_doubt);
  CHECK(run.outcome().server_line == "250 2.0.0 queued");
}

TEST_CASE("smtp faults: a lost line leaves doubt behind the last dot only [R1, fault 8, fault 9]") {
  Sent late(kOpened + kEnvelope + kMessage + "LOST", kTwo);
  CHECK(late.outcome().kind == Kind::deferred);
  CHECK(late.outcome().in_doubt);
  Sent early(kOpened + "C: MAIL *\nS: 250 ok\nC: RCPT *\nS: 250 ok\nC: DATA\nLOST", kTwo);
  CHECK(early.outcome().kind == Kind::deferred);
  CHECK_FALSE(early.outcome().in_doubt);
}

TEST_CASE("smtp faults: a line that breaks while the body is written leaves no doubt [fault 8]") {
  const std::string script = kOpened + kEnvelope + kMessage + "S: 250 ok\n" + kQuit;
  std::size_t deferred = 0;
  CHECK(testing::replay(script, [&](Replay& run) {
          if (!run.name.starts_with("broken after step 10 (S: 354 go)")) return;
          auto opened = open(run.connector, run.clock);
          REQUIRE(opened.ok());
          Queue queue({mail("1", "ce@example.com")});
          CHECK_FALSE((*opened)->send(queue, {}).ok());
          CHECK(queue.outcomes.at(0).second.kind == Kind::deferred);
          CHECK_FALSE(queue.outcomes.at(0).second.in_doubt);
          ++deferred;
        }).find("broken") == std::string::npos);
  CHECK(deferred == 1);
}

TEST_CASE("smtp faults: an answer to the last dot that is no answer leaves doubt [R1, fault 48]") {
  for (const std::string answer :
       {"S: what", "S: 250-ok\nS: 550 no", "FLOOD 250-x", "S: 354 more", "S! 25\nCLOSE"}) {
    CAPTURE(answer);
    Sent run(kOpened + kEnvelope + kMessage + answer, kTwo);
    REQUIRE(run.queue.outcomes.size() == 1);
    CHECK(run.outcome().kind == Kind::deferred);
    CHECK(run.outcome().in_doubt);
    CHECK_FALSE(run.status.ok());
  }
}

TEST_CASE("smtp faults: an answer of another protocol amid the session ends it without doubt [fault 48]") {
  for (const std::string answer : {"S: what", "S: 354 go", "FLOOD 250-x"}) {
    CAPTURE(answer);
    Sent run(kOpened + "C: MAIL *\n" + answer, kTwo);
    CHECK(run.outcome().kind == Kind::deferred);
    CHECK_FALSE(run.outcome().in_doubt);
    CHECK(run.queue.given == 1);
  }
  Sent ready(kOpened + "C: MAIL *\nS: 250 ok\nC: RCPT *\nS: 250 ok\nC: DATA\nS: 250 ready?", kTwo);
  CHECK(ready.outcome().error->cause == Cause::protocol_violation);
  CHECK_FALSE(ready.outcome().in_doubt);
}

TEST_CASE("smtp faults: after a stop request no mail is begun [fault 12]") {
  Sent between(kOpened + kEnvelope + kMessage + "STOP\nS: 250 ok\n", kTwo);
  CHECK(between.outcome().kind == Kind::sent);
  CHECK(between.queue.given == 1);
  CHECK(between.status.error().cause == Cause::stopped);
}

TEST_CASE("smtp faults: a stop request before DATA leaves the mail for later, without doubt") {
  Sent run(kOpened + "C: MAIL *\nS: 250 ok\nC: RCPT *\nS: 250 ok\nSTOP\n", kTwo);
  CHECK(run.outcome().kind == Kind::deferred);
  CHECK_FALSE(run.outcome().in_doubt);
  CHECK(run.outcome().error->cause == Cause::stopped);
  CHECK(run.connector.written().find("DATA") == std::string::npos);
}

TEST_CASE(
    "smtp faults: the answer to the last dot is waited for though a stop was requested, but not for long [fault 12]") {
  Sent run(kOpened + kEnvelope + kMessage + "STOP\nSILENT", kTwo);
  CHECK(run.clock.steady_now() == run.start + limits::kStopPatience);
  CHECK(run.outcome().in_doubt);
  CHECK(run.outcome().error->cause == Cause::timed_out);
}

TEST_CASE("smtp faults: a deadline that has passed begins no mail") {
  ManualClock clock;
  ScriptedConnector connector(clock, {kOpened});
  auto opened = open(connector, clock);
  REQUIRE(opened.ok());
  Queue queue(kTwo);
  CHECK((*opened)->send(queue, Deadline{clock.steady_now(), {}}).error().cause == Cause::timed_out);
  CHECK(queue.given == 0);
}

TEST_CASE("smtp faults: a large message leaves in pieces and arrives whole [fault 14]") {
  std::string message;
  std::string script;
  for (int i = 0; i < 2000; ++i) {
    const std::string line = ".line " + std::to_string(i);
    message += line + "\r\n";
    script += "C: ." + line + "\n";
  }
  Sent run(
      "S: 220 hi\nC: EHLO *\nS: 250 hi\nC: MAIL *\nS: 250 ok\nC: RCPT *\nS: 250 ok\nC: DATA\nS: 354 go\n" +
          script + "C: .\nS: 250 ok\n" + kQuit,
      {mail("1", "ce@example.com", message)});
  CHECK(run.outcome().kind == Kind::sent);
  for (const std::string& piece : run.connector.writes()) CHECK(piece.size() <= 16 * 1024);
}

namespace {

// A session whose clock moves by `pauses[n]` before mail n is given.
struct Slow {
  Slow(const std::string& script, std::vector<std::chrono::milliseconds> pauses,
       std::vector<OutgoingMail> mails)
      : connector(clock, {script}), queue(std::move(mails)) {
    auto opened = open(connector, clock);
    REQUIRE(opened.ok());
    queue.before_next = [&] {
      if (queue.given < pauses.size()) clock.advance(pauses[queue.given]);
      begun = clock.steady_now();
    };
    status = (*opened)->send(queue, {});
    CHECK(connector.problem() == "");
    CHECK(connector.finished());
  }

  ManualClock clock;
  ScriptedConnector connector;
  Queue queue;
  SteadyTime begun;
  Status status;
};

}  // namespace

TEST_CASE("smtp faults: a session has its time, and begins no mail beyond it [fault 12]") {
  Slow run(kOpened + kEnvelope + kMessage + "SILENT", {limits::kSendingSessionTime - 1s}, kTwo);
  CHECK(run.clock.steady_now() == run.begun + limits::kFinalDotTime);  // the dot keeps its own time
  CHECK(run.queue.outcomes.at(0).second.in_doubt);
  CHECK(run.queue.given == 1);

  ManualClock clock;
  ScriptedConnector connector(clock, {kOpened + kEnvelope + kMessage + "S: 250 ok\n" + kQuit});
  auto opened = open(connector, clock);
  REQUIRE(opened.ok());
  Queue queue(kTwo);
  queue.after_settled = [&] { clock.advance(limits::kSendingSessionTime); };
  const Status status = (*opened)->send(queue, {});
  REQUIRE_FALSE(status.ok());
  CHECK(status.error().cause == Cause::timed_out);
  CHECK(queue.given == 1);
  CHECK(queue.outcomes.at(0).second.kind == Kind::sent);
  CHECK(connector.problem() == "");
  CHECK(connector.finished());
}

TEST_CASE(
    "smtp faults: waiting before the last dot ends with the session's time, and leaves no doubt [fault 12]") {
  for (const std::string script : {"C: MAIL *\nSILENT", "C: MAIL *\nS: 250 ok\nC: RCPT *\nSILENT",
                                   "C: MAIL *\nS: 250 ok\nC: RCPT *\nS: 250 ok\nC: DATA\nSILENT"}) {
    CAPTURE(script);
    Slow run(kOpened + script, {limits::kSendingSessionTime - 10s}, kTwo);
    CHECK(run.clock.steady_now() == run.begun + 10s);
    CHECK(run.queue.outcomes.at(0).second.kind == Kind::deferred);
    CHECK_FALSE(run.queue.outcomes.at(0).second.in_doubt);
    CHECK(run.status.error().cause == Cause::timed_out);
    CHECK(run.queue.given == 1);
  }
}
