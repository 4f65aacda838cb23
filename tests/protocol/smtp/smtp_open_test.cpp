#include "protocol/smtp/smtp_support.hpp"

using namespace remotemail;
using namespace remotemail::smtp_test;

namespace {

// Opens a sender over `script`, which must be kept to; the error, or none.
std::optional<Error> error_of(const std::string& script,
                              const ServerAccount& account = smtp_test::account()) {
  ManualClock clock;
  ScriptedConnector connector(clock, {script});
  auto opened = open(connector, clock, account);
  CHECK(connector.problem() == "");
  CHECK(connector.finished());
  if (opened.ok()) return std::nullopt;
  CHECK(describe(opened.error()).find("pa ss") == std::string::npos);
  return opened.error();
}

// NUL copier NUL "pa ss"
const std::string kPlain = "AGNvcGllcgBwYSBzcw==";
const std::string kHello = "S: 220 hi\nC: EHLO copier.example.com\n";
const std::string kOffersPlain = kHello + "S: 250-hi\nS: 250 AUTH LOGIN PLAIN\n";

}  // namespace

TEST_CASE("smtp opening: TLS first, then greeting, EHLO and AUTH PLAIN [Y2, A20]") {
  const std::string script = "TLS\n" + kOffersPlain + "C: AUTH PLAIN " + kPlain + "\nS: 235 2.7.0 in\n";
  CHECK(testing::replay(script,
                        [](Replay& run) {
                          std::vector<Step> steps;
                          const auto opened =
                              open(run.connector, run.clock, account(Security::tls, "copier"), {}, &steps);
                          CAPTURE(run.name);
                          CHECK(opened.ok() == run.whole);
                          CHECK(run.connector.written_in_clear() == "");
                          if (run.whole)
                            CHECK((steps == std::vector{Step::tls, Step::greeting, Step::ehlo, Step::login}));
                        },
                        {.after_every_octet = true}) == "");
}

TEST_CASE("smtp opening: STARTTLS, and nothing heard before it counts [Y2]") {
  const std::string script = R"(
    S: 220-two lines
    S: 220 of greeting
    C: EHLO copier.example.com
    S: 250-hi
    S: 250-SIZE 77
    S: 250-AUTH PLAIN
    S: 250 STARTTLS
    C: STARTTLS
    S: 220 go
    TLS
    C: EHLO copier.example.com
    S: 250-hi
    S: 250 AUTH=LOGIN
    C: AUTH LOGIN
    S: 334 VXNlciBOYW1lAA==
    C: Y29waWVy
    S: 334
    C: cGEgc3M=
    S: 235 in
  )";
  CHECK(testing::replay(
            script,
            [](Replay& run) {
              std::vector<Step> steps;
              const auto opened =
                  open(run.connector, run.clock, account(Security::starttls, "copier"), {}, &steps);
              CAPTURE(run.name);
              CHECK(opened.ok() == run.whole);
              CHECK(run.connector.written_in_clear().find("AUTH") == std::string::npos);
              CHECK(run.connector.written_in_clear().find("cGEgc3M=") == std::string::npos);
              if (!run.whole) return;
              CHECK((steps == std::vector{Step::greeting, Step::ehlo, Step::tls, Step::ehlo, Step::login}));
              CHECK((*opened)->size_limit() == 0);
            },
            {.after_every_octet = true}) == "");
}

TEST_CASE("smtp opening: STARTTLS that is not offered or refused ends the session in the clear [Y2, fault 50]") {
  const auto stripped = error_of(kOffersPlain, account(Security::starttls, "copier"));
  REQUIRE(stripped);
  CHECK(stripped->cause == Cause::tls_not_offered);
  CHECK(stripped->retry == Retry::after_setup_change);
  const std::string ask = kHello + "S: 250-hi\nS: 250 STARTTLS\nC: STARTTLS\n";
  CHECK(error_of(ask + "S: 502 no", account(Security::starttls, "copier"))->cause == Cause::tls_not_offered);
  CHECK(error_of(ask + "S: 454 not now", account(Security::starttls, "copier"))->cause ==
        Cause::refused_for_now);
  CHECK(error_of(ask + "S: 220 go\nTLS FAILS", account(Security::starttls))->cause ==
        Cause::certificate_untrusted);
}

TEST_CASE("smtp opening: text behind the go-ahead for TLS ends the session [fault 37]") {
  const auto error = error_of(kHello + "S: 250-hi\nS: 250 STARTTLS\nC: STARTTLS\nS: 220 go\nS: 250 injected",
                              account(Security::starttls));
  REQUIRE(error);
  CHECK(error->cause == Cause::protocol_violation);
}

TEST_CASE("smtp opening: an account without a user does not log in [B10]") {
  CHECK_FALSE(error_of(kOffersPlain));
}

TEST_CASE("smtp opening: HELO only where neither TLS nor a log-in is wanted") {
  CHECK_FALSE(error_of(kHello + "S: 502 what?\nC: HELO copier.example.com\nS: 250 hi"));
  CHECK(error_of(kHello + "S: 502 what?\nC: HELO copier.example.com\nS: 550 no")->cause == Cause::refused);
  CHECK(error_of(kHello + "S: 502 what?", account(Security::none, "copier"))->cause == Cause::refused);
  CHECK(error_of(kHello + "S: 502 what?", account(Security::starttls))->cause == Cause::refused);
  CHECK(error_of(kHello + "S: 421 closing")->cause == Cause::refused_for_now);
}

TEST_CASE("smtp opening: a refused log-in and what to do about it [R6, R7, fault 45]") {
  struct Case {
    std::string_view answer;
    Cause cause;
    Retry retry;
  };
  const std::vector<Case> cases{
      {"535 5.7.8 wrong", Cause::login_refused, Retry::after_setup_change},
      {"550 no", Cause::login_refused, Retry::after_setup_change},
      {"454 4.7.0 later", Cause::refused_for_now, Retry::later},
      {"421 4.7.0 too many", Cause::refused_for_now, Retry::later},
      {"504 5.5.4 unknown", Cause::login_not_possible, Retry::after_setup_change},
      {"534 5.7.9 too weak", Cause::login_not_possible, Retry::after_setup_change},
      {"538 5.7.11 encrypt", Cause::login_not_possible, Retry::after_setup_change},
      {"354 what", Cause::protocol_violation, Retry::later},
      {"+OK", Cause::protocol_violation, Retry::later},
  };
  for (const auto& [answer, cause, retry] : cases) {
    CAPTURE(answer);
    const auto plain = error_of(kOffersPlain + "C: AUTH PLAIN *\nS: " + std::string(answer),
                                account(Security::none, "copier"));
    REQUIRE(plain);
    CHECK(plain->cause == cause);
    CHECK(plain->retry == retry);
    CHECK(plain->step == Step::login);
    CHECK(plain->server_line == answer);
    const auto login =
        error_of(kHello + "S: 250-hi\nS: 250 AUTH LOGIN\nC: AUTH LOGIN\nS: 334 x\nC: *\nS: 334 y\nC: *\nS: " +
                     std::string(answer),
                 account(Security::none, "copier"));
    REQUIRE(login);
    CHECK(login->cause == cause);
  }
}

TEST_CASE("smtp opening: no log-in that we know, no password [fault 38]") {
  CHECK(error_of(kHello + "S: 250 hi", account(Security::none, "copier"))->cause ==
        Cause::login_not_possible);
  CHECK(error_of(kHello + "S: 250-hi\nS: 250 AUTH GSSAPI", account(Security::none, "copier"))->cause ==
        Cause::login_not_possible);
}

TEST_CASE("smtp opening: AUTH LOGIN that is good before the password is none") {
  const std::string ask = kHello + "S: 250-hi\nS: 250 AUTH LOGIN\nC: AUTH LOGIN\n";
  CHECK(error_of(ask + "S: 235 in", account(Security::none, "copier"))->cause == Cause::protocol_violation);
  CHECK(error_of(ask + "S: 334 x\nC: Y29waWVy\nS: 235 in", account(Security::none, "copier"))->cause ==
        Cause::protocol_violation);
  CHECK(error_of(ask + "S: 334 x\nC: Y29waWVy\nS: 535 who?", account(Security::none, "copier"))->cause ==
        Cause::login_refused);
}

TEST_CASE("smtp opening: a server that overlooks the initial response is given it once more, not twice") {
  const std::string ask = kOffersPlain + "C: AUTH PLAIN " + kPlain + "\nS: 334\nC: " + kPlain + "\n";
  CHECK_FALSE(error_of(ask + "S: 235 in", account(Security::none, "copier")));
  CHECK(error_of(ask + "S: 334", account(Security::none, "copier"))->cause == Cause::protocol_violation);
}

TEST_CASE("smtp opening: a response too long for the command line waits for its turn (RFC 4954)") {
  ServerAccount long_one = account(Security::none, "copier");
  long_one.password = Secret(std::string(400, 'x'));
  CHECK_FALSE(error_of(kOffersPlain + "C: AUTH PLAIN\nS: 334\nC: AGNvcGllcgB4*\nS: 235 in", long_one));
  CHECK(error_of(kOffersPlain + "C: AUTH PLAIN\nS: 235 in", long_one)->cause == Cause::protocol_violation);
}

TEST_CASE("smtp opening: line breaks in what we say do not leave [Y7]") {
  ServerAccount bad = account(Security::none, "copier");
  bad.password = Secret("x\r\nMAIL FROM:<a@b>");
  CHECK(error_of(kOffersPlain, bad)->cause == Cause::unsafe_text);
  CHECK(error_of(kHello + "S: 250-hi\nS: 250 AUTH LOGIN", bad)->cause == Cause::unsafe_text);
  ManualClock clock;
  ScriptedConnector connector(clock, {"S: 220 hi\nC: never"});
  CHECK(open(connector, clock, account(), {}, nullptr, "x\r\nDATA").error().cause == Cause::unsafe_text);
  CHECK(connector.written() == "");
}

TEST_CASE("smtp opening: a client without a name says an address literal") {
  ManualClock clock;
  ScriptedConnector connector(clock, {"S: 220 hi\nC: EHLO [127.0.0.1]\nS: 250 hi"});
  CHECK(open(connector, clock, account(), {}, nullptr, "").ok());
}

TEST_CASE("smtp greeting: what is no SMTP server is named as such [fault 39]") {
  for (const std::string greeting : {"+OK POP3 ready", "* OK IMAP4rev1", "HTTP/1.1 400 Bad Request", ""}) {
    CAPTURE(greeting);
    const auto error = error_of("S: " + greeting);
    REQUIRE(error);
    CHECK(error->cause == Cause::not_this_protocol);
    CHECK(error->server_line == greeting);
  }
}

TEST_CASE("smtp greeting: a refusal for now waits, one for good waits for a change of settings [R6, fault 44, fault 45]") {
  CHECK(error_of("S: 421 too busy")->retry == Retry::later);
  CHECK(error_of("S: 554 5.7.1 your address is listed")->cause == Cause::refused);
  CHECK(error_of("S: 554 5.7.1 your address is listed")->retry == Retry::after_setup_change);
  CHECK(error_of("S: 220-a\nS: 221 b")->cause == Cause::protocol_violation);
}

TEST_CASE("smtp opening: answers without end are given up [Y6, fault 48]") {
  for (const std::string script : {"FLOOD 220-x", "S: 220 x\nC: EHLO *\nFLOOD 250-x"}) {
    CHECK(error_of(script)->cause == Cause::answer_too_large);
  }
  CHECK(error_of("S: 220 " + std::string(1'000'000, 'x'))->cause == Cause::answer_too_large);
}

TEST_CASE("smtp opening: a silent server costs the time of a command [fault 12]") {
  ManualClock clock;
  const SteadyTime start = clock.steady_now();
  ScriptedConnector connector(clock, {"SILENT"});
  const auto opened = open(connector, clock);
  CHECK(opened.error().cause == Cause::timed_out);
  CHECK(opened.error().detail == "smtp.example.com:25");
  CHECK(clock.steady_now() == start + limits::kCommandTime);
}

TEST_CASE("smtp opening: a password that the server repeats reaches no error [Y4]") {
  const std::string login =
      kHello + "S: 250-hi\nS: 250 AUTH LOGIN\nC: AUTH LOGIN\nS: 334 x\nC: *\nS: 334 y\nC: *\nS: ";
  const std::string plain = kOffersPlain + "C: AUTH PLAIN *\nS: ";
  const struct {
    std::string script, shown;
  } rows[] = {
      {plain + "535 5.7.8 refused: AUTH PLAIN " + kPlain, "535 5.7.8 refused: AUTH PLAIN ***"},
      {plain + "535-5.7.8 no\nS: 535 pa ss", "535 5.7.8 no ***"},
      {plain + "AUTH PLAIN " + kPlain + "?", "AUTH PLAIN ***?"},
      {login + "535 cGEgc3M= is wrong", "535 *** is wrong"},
      {"S: hello pa ss", "hello ***"},
      {"S: 554 hello pa ss", "554 hello ***"},
  };
  for (const auto& [script, shown] : rows) {
    CAPTURE(script);
    const auto error = error_of(script, account(Security::none, "copier"));
    REQUIRE(error);
    CHECK(error->server_line == shown);
  }
}
