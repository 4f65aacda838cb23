#include "protocol/smtp/smtp_support.hpp"

using namespace remotemail;
using namespace remotemail::smtp_test;

namespace {

const std::string kReset = "C: RSET\nS: 250 ok\n";

std::string envelope(const std::string& recipient) {
  return "C: MAIL FROM:<manager@example.com> SIZE=14\nS: 250 ok\nC: RCPT TO:<" + recipient + ">\n";
}

}  // namespace

TEST_CASE("smtp sender: a mail is sent, dot-stuffed, and the server's answer kept [G1, R1]") {
  Sent run(kOpened + kEnvelope + kMessage + "S: 250 2.0.0 queued as 4F2A\n" + kQuit,
           {mail("1", "ce@example.com")});
  CHECK(run.status.ok());
  REQUIRE(run.queue.outcomes.size() == 1);
  CHECK(run.outcome().kind == Kind::sent);
  CHECK(run.outcome().server_line == "250 2.0.0 queued as 4F2A");
  CHECK_FALSE(run.outcome().in_doubt);
  CHECK_FALSE(run.outcome().error);
}

TEST_CASE("smtp sender: the end of a mail is a write of its own, behind the body [R1]") {
  Sent run(kOpened + kEnvelope + kMessage + "S: 250 ok\n" + kQuit, {mail("1", "ce@example.com")});
  const auto writes = run.connector.writes();
  REQUIRE(writes.size() == 7);
  CHECK(writes[4] == "A: b\r\n\r\n..dot");
  CHECK(writes[5] == "\r\n.\r\n");
}

TEST_CASE("smtp sender: each mail is settled before another word is said [R1, R2]") {
  Sent run(kOpened + kEnvelope + kMessage + "S: 250 ok\n" + kEnvelope + kMessage + "S: 250 ok\n" + kQuit,
           {mail("1", "ce@example.com"), mail("2", "ce@example.com")});
  CHECK(run.status.ok());
  REQUIRE(run.queue.written_by_then.size() == 2);
  for (const std::string& written : run.queue.written_by_then) CHECK(written.ends_with("..dot\r\n.\r\n"));
  CHECK(run.queue.outcomes[0].first == "1");
  CHECK(run.queue.outcomes[1].first == "2");
}

TEST_CASE("smtp sender: what cannot be noted ends the session, and nothing more is sent [R1, R9]") {
  ManualClock clock;
  ScriptedConnector connector(clock, {kOpened + kEnvelope + kMessage + "S: 250 ok\n"});
  auto opened = open(connector, clock);
  REQUIRE(opened.ok());
  Queue queue({mail("1", "ce@example.com"), mail("2", "ce@example.com")});
  queue.store_fails = true;
  CHECK((*opened)->send(queue, {}).error().cause == Cause::store_full);
  CHECK(queue.outcomes.size() == 1);
  CHECK(queue.given == 1);
  CHECK((*opened)->send(queue, {}).error().cause == Cause::connection_lost);
  CHECK(connector.problem() == "");
}

TEST_CASE("smtp sender: cut anywhere, a mail is sent, in doubt or deferred, each in its place [R1, R6, fault 8, fault 9]") {
  const std::string script = kOpened + kEnvelope + kMessage + "S: 250 ok\n" + kEnvelope + kMessage +
                             "S: 250-ok\nS: 250 ok\n" + kQuit;
  const std::string end = "\r\n.\r\n";
  CHECK(testing::replay(script,
                        [&](Replay& run) {
                          CAPTURE(run.name);
                          auto opened = open(run.connector, run.clock);
                          if (!opened) {
                            CHECK_FALSE(run.whole);
                            return;
                          }
                          Queue queue({mail("1", "ce@example.com"), mail("2", "ce@example.com")});
                          const Status status = (*opened)->send(queue, {});
                          CHECK(queue.outcomes.size() == queue.given);
                          std::size_t sent = 0;
                          bool in_doubt = false;
                          for (const auto& [id, outcome] : queue.outcomes) {
                            CHECK_FALSE(in_doubt);  // nothing follows one in doubt
                            if (outcome.kind == Kind::sent)
                              ++sent;
                            else
                              CHECK(outcome.kind == Kind::deferred);
                            CHECK(outcome.error.has_value() == (outcome.kind == Kind::deferred));
                            in_doubt = outcome.in_doubt;
                          }
                          // Ends of mails that have left: each is either confirmed or in doubt.
                          std::size_t ends = 0;
                          for (const std::string& piece : run.connector.writes())
                            ends += piece == end ? 1U : 0U;
                          // A write that failed is not among writes(), and may have arrived all the same.
                          const bool broken = run.name.starts_with("broken");
                          if (!broken || !in_doubt) CHECK(ends == sent + (in_doubt ? 1U : 0U));
                          if (run.whole) CHECK((sent == 2 && status.ok()));
                          if (sent < 2) CHECK_FALSE(status.ok());
                        },
                        {.after_every_octet = true}) == "");
}

TEST_CASE("smtp sender: 4xx waits, and the next mail is tried after RSET [R6, fault 44, fault 51]") {
  struct Case {
    std::string script;
    Step step;
  };
  const std::vector<Case> cases{
      {"C: MAIL FROM:<manager@example.com> SIZE=14\nS: 450 4.7.1 later\n", Step::mail_from},
      {envelope("ce@example.com") + "S: 450 4.7.1 later\n", Step::recipient},
      {envelope("ce@example.com") + "S: 250 ok\nC: DATA\nS: 450 4.7.1 later\n", Step::data},
      {kEnvelope + kMessage + "S: 450 4.7.1 later\n", Step::confirmation},
  };
  for (const auto& [script, step] : cases) {
    Sent run(kOpened + script + kReset + kEnvelope + kMessage + "S: 250 ok\n" + kQuit,
             {mail("1", "ce@example.com"), mail("2", "ce@example.com")});
    CHECK(run.status.ok());
    REQUIRE(run.queue.outcomes.size() == 2);
    CHECK(run.outcome(0).kind == Kind::deferred);
    CHECK_FALSE(run.outcome(0).in_doubt);
    CHECK(run.outcome(0).error->cause == Cause::refused_for_now);
    CHECK(run.outcome(0).error->step == step);
    CHECK(run.outcome(0).server_line == "450 4.7.1 later");
    CHECK(run.outcome(1).kind == Kind::sent);
  }
}

TEST_CASE("smtp sender: 5xx at RCPT, DATA or after the data fails the mail and no other [R6, fault 45]") {
  struct Case {
    std::string script;
    Step step;
    Cause cause;
  };
  const std::vector<Case> cases{
      {envelope("ce@example.com") + "S: 550 5.1.1 no\n", Step::recipient, Cause::recipient_refused},
      {envelope("ce@example.com") + "S: 250 ok\nC: DATA\nS: 550 5.1.1 no\n", Step::data,
       Cause::message_refused},
      {kEnvelope + kMessage + "S: 550 5.1.1 no\n", Step::confirmation, Cause::message_refused},
  };
  for (const auto& [script, step, cause] : cases) {
    Sent run(kOpened + script + kReset + kEnvelope + kMessage + "S: 250 ok\n" + kQuit,
             {mail("1", "ce@example.com"), mail("2", "ce@example.com")});
    CHECK(run.status.ok());
    CHECK(run.outcome(0).kind == Kind::failed);
    CHECK(run.outcome(0).error->cause == cause);
    CHECK(run.outcome(0).error->step == step);
    CHECK(run.outcome(0).error->retry == Retry::never);
    CHECK(run.outcome(1).kind == Kind::sent);
  }
  Sent large(kOpened + kEnvelope + kMessage + "S: 552 5.3.4 too much\n" + kQuit,
             {mail("1", "ce@example.com")});
  CHECK(large.outcome().error->cause == Cause::message_too_large);
}

TEST_CASE("smtp sender: 5xx at MAIL means the set-up is wrong: the mail waits and the session ends [R6, B8, fault 45]") {
  Sent run(kOpened + "C: MAIL FROM:<manager@example.com> SIZE=14\nS: 553 5.7.1 not yours\n" + kQuit,
           {mail("1", "ce@example.com"), mail("2", "ce@example.com")});
  REQUIRE_FALSE(run.status.ok());
  CHECK(run.status.error().cause == Cause::sender_refused);
  CHECK(run.status.error().retry == Retry::after_setup_change);
  REQUIRE(run.queue.outcomes.size() == 1);
  CHECK(run.outcome().kind == Kind::deferred);
  CHECK(run.outcome().error->retry == Retry::after_setup_change);
  CHECK(run.queue.given == 1);
}

TEST_CASE("smtp sender: a size refused at MAIL waits, but keeps no other mail back [R6, fault 49]") {
  Sent run(kOpened + "C: MAIL FROM:<manager@example.com> SIZE=14\nS: 552 5.3.4 too big\n" + kReset +
               kEnvelope + kMessage + "S: 250 ok\n" + kQuit,
           {mail("1", "ce@example.com"), mail("2", "ce@example.com")});
  CHECK(run.status.ok());
  CHECK(run.outcome(0).kind == Kind::deferred);
  CHECK(run.outcome(0).error->cause == Cause::message_too_large);
  CHECK(run.outcome(1).kind == Kind::sent);
}

TEST_CASE("smtp sender: a message above the server's limit is not begun [G, fault 49]") {
  Sent run(kOpened + kEnvelope + kMessage + "S: 250 ok\n" + kQuit,
           {mail("1", "ce@example.com", std::string(900, 'x') + "\r\n" + std::string(98, 'x') + "\r\n"),
            mail("2", "ce@example.com")});
  CHECK(run.status.ok());
  CHECK(run.outcome(0).kind == Kind::failed);
  CHECK(run.outcome(0).error->cause == Cause::message_too_large);
  CHECK(run.outcome(1).kind == Kind::sent);
}

TEST_CASE("smtp sender: a server without SIZE is told none [fault 54]") {
  Sent run(
      "S: 220 hi\nC: EHLO *\nS: 250 hi\nC: MAIL FROM:<manager@example.com>\nS: 250 ok\nC: RCPT "
      "TO:<ce@example.com>\n"
      "S: 251 forwarded\nC: DATA\nS: 354 go\n" +
          kMessage + "S: 250 ok\n" + kQuit,
      {mail("1", "ce@example.com")});
  CHECK(run.outcome().kind == Kind::sent);
}

TEST_CASE("smtp sender: octets over 0x7F only to a server that takes them [fault 54]") {
  const auto eight_bit = mail("1", "ce@example.com", "\xC3\xA4\r\n");
  Sent without(kOpened + kQuit, {eight_bit});
  CHECK(without.outcome().kind == Kind::failed);
  CHECK(without.outcome().error->cause == Cause::capability_missing);
  Sent with(
      "S: 220 hi\nC: EHLO *\nS: 250-hi\nS: 250 8BITMIME\nC: MAIL FROM:<manager@example.com> "
      "BODY=8BITMIME\nS: 250 ok\n"
      "C: RCPT TO:<ce@example.com>\nS: 250 ok\nC: DATA\nS: 354 go\nC: \xC3\xA4\nC: .\nS: 250 ok\n" +
          kQuit,
      {eight_bit});
  CHECK(with.outcome().kind == Kind::sent);
}

TEST_CASE("smtp sender: what could pass for another end of the mail, or another command, does not leave [Y7]") {
  Sent run(kOpened + kQuit,
           {mail("1", "ce@example.com", "a\n.\nMAIL FROM:<x@y>\r\n"), mail("2", "ce@example.com", "a\r.\r\n"),
            mail("3", "ce@example.com>\r\nRCPT TO:<x@y"), mail("4", "")});
  CHECK(run.status.ok());
  REQUIRE(run.queue.outcomes.size() == 4);
  for (const auto& [id, outcome] : run.queue.outcomes) {
    CHECK(outcome.kind == Kind::failed);
    CHECK(outcome.error->cause == Cause::unsafe_text);
    CHECK(outcome.error->retry == Retry::never);
  }
}

TEST_CASE("smtp sender: an empty queue is a polite good-bye, and the answer to it does not matter") {
  for (const std::string& end : {kQuit, std::string("C: QUIT\nCLOSE"), std::string("C: QUIT\nS: 500 what"),
                                 std::string("C: QUIT\nSILENT")}) {
    Sent run(kOpened + end, {});
    CHECK(run.status.ok());
    CHECK(run.clock.steady_now() - run.start <= std::chrono::seconds{5});
  }
}

TEST_CASE("smtp sender: the largest message is known after the opening [G]") {
  ManualClock clock;
  ScriptedConnector connector(clock, {kOpened});
  CHECK((*open(connector, clock))->size_limit() == 1000);
}

TEST_CASE("smtp sender: a password that the server repeats reaches no outcome [Y4]") {
  Sent sent(kOpened + kEnvelope + kMessage + "S: 250 queued, pa ss\n" + kQuit, {mail("1", "ce@example.com")});
  CHECK(sent.outcome().server_line == "250 queued, ***");
  Sent refused(kOpened + "C: MAIL *\nS: 250 ok\nC: RCPT *\nS: 550 no pa ss\n" + kQuit,
               {mail("1", "ce@example.com")});
  CHECK(refused.outcome().server_line == "550 no ***");
  CHECK(refused.outcome().error->server_line == "550 no ***");
  Sent broken(kOpened + kEnvelope + kMessage + "S: pa ss\n", {mail("1", "ce@example.com")});
  CHECK(broken.outcome().server_line == "***");
}
