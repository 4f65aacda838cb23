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

namespace {

// A line on which the other end has not acknowledged what `left` says.
class LateStream final : public Stream {
 public:
  LateStream(std::unique_ptr<Stream> inner, std::function<std::size_t()> left)
      : inner_(std::move(inner)), left_(std::move(left)) {}
  Result<std::size_t> read(std::span<char> out, const Deadline& deadline) override {
    return inner_->read(out, deadline);
  }
  Status write(std::string_view bytes, const Deadline& deadline) override {
    return inner_->write(bytes, deadline);
  }
  Status start_tls(const TlsPolicy& policy, const Deadline& deadline) override {
    return inner_->start_tls(policy, deadline);
  }
  std::size_t unacknowledged() const override { return left_(); }

 private:
  std::unique_ptr<Stream> inner_;
  std::function<std::size_t()> left_;
};

// One mail over a LateStream.
struct SentLate {
  SentLate(const std::string& script, const std::function<std::size_t()>& left, const Deadline& deadline = {})
      : connector(clock, {script}), queue({mail("1", "ce@example.com")}) {
    auto stream = connector.connect("smtp.example.com", 25, "", {});
    REQUIRE(stream.ok());
    auto opened = open_smtp_sender(std::make_unique<LateStream>(std::move(*stream), left), account(),
                                   "copier.example.com", clock, {}, {});
    REQUIRE(opened.ok());
    start = clock.steady_now();
    status = (*opened)->send(queue, deadline);
    CHECK(connector.problem() == "");
  }
  const SendOutcome& outcome() const { return queue.outcomes.at(0).second; }

  ManualClock clock;
  ScriptedConnector connector;
  Queue queue;
  SteadyTime start;
  Status status;
};

}  // namespace

TEST_CASE(
    "smtp faults: while the server's system lacks a part of the message no last dot leaves, so nothing is in doubt [R1, fault 8, fault 14]") {
  SentLate stuck(kOpened + kEnvelope + kMessage, [] { return std::size_t{100}; });
  CHECK(stuck.outcome().kind == Kind::deferred);
  CHECK_FALSE(stuck.outcome().in_doubt);
  CHECK(stuck.outcome().error->cause == Cause::timed_out);
  CHECK(stuck.outcome().error->step == Step::data);
  CHECK(stuck.clock.steady_now() == stuck.start + limits::kCommandTime);
  CHECK_FALSE(stuck.connector.written().ends_with("\r\n.\r\n"));

  std::stop_source stop;
  std::size_t looks = 0;
  const auto stop_at_the_third_look = [&] {
    if (++looks == 3) stop.request_stop();
    return std::size_t{100};
  };
  SentLate stopped(kOpened + kEnvelope + kMessage, stop_at_the_third_look,
                   {SteadyTime::max(), stop.get_token()});
  CHECK(stopped.outcome().error->cause == Cause::stopped);
  CHECK_FALSE(stopped.outcome().in_doubt);
  CHECK(looks == 3);
}

TEST_CASE("smtp faults: a message that arrives slowly but steadily is waited for [R1, fault 14]") {
  std::size_t left = 5'000;  // a little less at each look, for longer than a command may take
  SentLate run(kOpened + kEnvelope + kMessage + "S: 250 ok\n" + kQuit, [&] { return left > 0 ? --left : 0; });
  CHECK(run.outcome().kind == Kind::sent);
  CHECK(run.clock.steady_now() - run.start > limits::kCommandTime);
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
