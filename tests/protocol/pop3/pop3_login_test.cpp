#include "protocol/pop3/pop3_support.hpp"

using namespace remotemail;
using namespace remotemail::pop3_test;
using namespace std::chrono_literals;

namespace {

// Opens a mailbox over `script`; the error, or none. The script must be kept to.
std::optional<Error> error_of(const std::string& script,
                              const MailboxAccount& account = pop3_test::account()) {
  ManualClock clock;
  ScriptedConnector connector(clock, {script});
  auto opened = open(connector, clock, account);
  CHECK(connector.problem() == "");
  CHECK(connector.finished());
  if (opened.ok()) return std::nullopt;
  CHECK(describe(opened.error()).find("pa ss") == std::string::npos);
  return opened.error();
}

MailboxAccount with_password(Security security, std::string password) {
  MailboxAccount account = pop3_test::account(security);
  account.server.password = Secret(std::move(password));
  return account;
}

// NUL copier NUL "pa ss"
const std::string kPlain = "AGNvcGllcgBwYSBzcw==";

}  // namespace

TEST_CASE("pop3 log-in: TLS first, then SASL PLAIN with its initial response [Y2, A20]") {
  const std::string script =
      "TLS\nS: +OK\nC: CAPA\nS: +OK\nS: SASL PLAIN\nS: .\nC: AUTH PLAIN " + kPlain + "\nS: +OK in\n";
  CHECK(testing::replay(
            script,
            [](Replay& run) {
              std::vector<Step> steps;
              const auto opened = open(run.connector, run.clock, account(Security::tls), {}, &steps);
              CAPTURE(run.name);
              CHECK(opened.ok() == run.whole);
              CHECK(run.connector.written_in_clear() == "");
              if (!run.whole) return;
              CHECK((steps == std::vector{Step::tls, Step::greeting, Step::capabilities, Step::login}));
              CHECK(run.connector.tls_policies().at(0).host == "Mail.Example.com");
            },
            {.after_every_octet = true}) == "");
}

TEST_CASE("pop3 log-in: STLS, and nothing heard before it counts [Y2]") {
  const std::string script = R"(
    S: +OK
    C: CAPA
    S: +OK
    S: STLS
    S: SASL PLAIN
    S: .
    C: STLS
    S: +OK go
    TLS
    C: CAPA
    S: +OK
    S: USER
    S: .
    C: USER copier
    S: +OK
    C: PASS pa ss
    S: +OK
  )";
  CHECK(testing::replay(script,
                        [](Replay& run) {
                          std::vector<Step> steps;
                          const auto opened =
                              open(run.connector, run.clock, account(Security::starttls), {}, &steps);
                          CAPTURE(run.name);
                          CHECK(opened.ok() == run.whole);
                          CHECK(run.connector.written_in_clear().find("copier") == std::string::npos);
                          if (!run.whole) return;
                          CHECK((steps == std::vector{Step::greeting, Step::capabilities, Step::tls,
                                                      Step::capabilities, Step::login}));
                        },
                        {.after_every_octet = true}) == "");
}

TEST_CASE("pop3 log-in: STARTTLS that is not offered ends the session and no password leaves [Y2, fault 50]") {
  const auto stripped = error_of("S: +OK\nC: CAPA\nS: +OK\nS: USER\nS: .", account(Security::starttls));
  REQUIRE(stripped);
  CHECK(stripped->cause == Cause::tls_not_offered);
  CHECK(stripped->retry == Retry::after_setup_change);
  const auto refused =
      error_of("S: +OK\nC: CAPA\nS: -ERR what?\nC: STLS\nS: -ERR no", account(Security::starttls));
  REQUIRE(refused);
  CHECK(refused->cause == Cause::tls_not_offered);
  CHECK(refused->server_line == "-ERR no");
}

TEST_CASE("pop3 log-in: text behind the go-ahead for TLS ends the session [fault 37]") {
  const auto error = error_of("S: +OK\nC: CAPA\nS: +OK\nS: STLS\nS: .\nC: STLS\nS: +OK\nS: +OK injected",
                              account(Security::starttls));
  REQUIRE(error);
  CHECK(error->cause == Cause::protocol_violation);
}

TEST_CASE("pop3 log-in: a certificate that does not hold ends the session before a word is said [Y2]") {
  const auto error = error_of("TLS FAILS", account(Security::tls));
  REQUIRE(error);
  CHECK(error->cause == Cause::certificate_untrusted);
  CHECK(error->step == Step::tls);
  CHECK(error->detail == "Mail.Example.com:110");
}

TEST_CASE("pop3 log-in: a silent handshake ends in time [fault 17]") {
  ManualClock clock;
  const SteadyTime start = clock.steady_now();
  ScriptedConnector connector(clock, {"S: +OK\nC: CAPA\nS: +OK\nS: STLS\nS: .\nC: STLS\nSILENT"});
  CHECK(open(connector, clock, account(Security::starttls)).error().cause == Cause::timed_out);
  CHECK(clock.steady_now() == start + limits::kCommandTime);
}

TEST_CASE("pop3 log-in: a server without CAPA is asked by USER and PASS [A20]") {
  CHECK_FALSE(error_of("S: +OK\nC: CAPA\nS: -ERR\nC: USER copier\nS: +OK\nC: PASS pa ss\nS: +OK"));
}

TEST_CASE("pop3 log-in: a server that offers none that we know is sent no password [fault 38]") {
  const auto error = error_of("S: +OK\nC: CAPA\nS: +OK\nS: SASL GSSAPI\nS: .");
  REQUIRE(error);
  CHECK(error->cause == Cause::login_not_possible);
}

TEST_CASE("pop3 log-in: a user name that is refused is followed by no password") {
  const auto error = error_of("S: +OK\nC: CAPA\nS: -ERR\nC: USER copier\nS: -ERR plaintext not allowed");
  REQUIRE(error);
  CHECK(error->cause == Cause::login_refused);
}

TEST_CASE("pop3 log-in: a server that overlooks the initial response is given it once more, not twice") {
  const std::string begin =
      "S: +OK\nC: CAPA\nS: +OK\nS: SASL PLAIN\nS: .\nC: AUTH PLAIN " + kPlain + "\nS: +\nC: " + kPlain + "\n";
  CHECK_FALSE(error_of(begin + "S: +OK"));
  const auto error = error_of(begin + "S: + again");
  REQUIRE(error);
  CHECK(error->cause == Cause::protocol_violation);
}

TEST_CASE("pop3 log-in: a response too long for the command line waits for its turn (RFC 5034)") {
  const std::string begin = "S: +OK\nC: CAPA\nS: +OK\nS: SASL PLAIN\nS: .\n";
  CHECK_FALSE(
      error_of(begin + "C: AUTH PLAIN *\nS: +OK", with_password(Security::none, std::string(172, 'x'))));
  const auto long_one = with_password(Security::none, std::string(173, 'x'));
  CHECK_FALSE(error_of(begin + "C: AUTH PLAIN\nS: + \nC: AGNvcGllcgB4*\nS: +OK", long_one));
  const auto error = error_of(begin + "C: AUTH PLAIN\nS: +OK who needs passwords", long_one);
  REQUIRE(error);
  CHECK(error->cause == Cause::protocol_violation);
}

TEST_CASE("pop3 log-in: refusals and what to do about them [R7, fault 29, fault 30]") {
  struct Case {
    std::string_view answer;
    Cause cause;
    Retry retry;
  };
  const std::vector<Case> cases{
      {"-ERR", Cause::login_refused, Retry::after_setup_change},
      {"-ERR [AUTH] wrong", Cause::login_refused, Retry::after_setup_change},
      {"-ERR [IN-USE] locked", Cause::mailbox_in_use, Retry::later},
      {"-ERR [LOGIN-DELAY] wait", Cause::refused_for_now, Retry::later},
      {"-ERR [SYS/TEMP] wait", Cause::refused_for_now, Retry::later},
      {"-ERR [SYS/PERM] call us", Cause::refused, Retry::after_setup_change},
      {"-ERR [REFERRAL /pop://evil.example] go there", Cause::login_refused, Retry::after_setup_change},
      {"* BAD", Cause::protocol_violation, Retry::later},
  };
  for (const auto& [answer, cause, retry] : cases) {
    CAPTURE(answer);
    for (const bool plain : {false, true}) {
      const std::string script = plain
                                     ? "S: +OK\nC: CAPA\nS: +OK\nS: SASL PLAIN\nS: .\nC: AUTH PLAIN *\nS: "
                                     : "S: +OK\nC: CAPA\nS: -ERR\nC: USER copier\nS: +OK\nC: PASS pa ss\nS: ";
      const auto error = error_of(script + std::string(answer));
      REQUIRE(error);
      CHECK(error->cause == cause);
      CHECK(error->retry == retry);
      CHECK(error->step == Step::login);
      CHECK(error->server_line == answer);
    }
  }
}

TEST_CASE("pop3 greeting: what is no POP3 server is named as such [fault 39, fault 40]") {
  for (const std::string greeting : {"HTTP/1.1 400 Bad Request", "220 mail.example.com ESMTP",
                                     "* OK IMAP4rev1", "SSH-2.0-x", "-ERROR", ""}) {
    CAPTURE(greeting);
    const auto error = error_of("S: " + greeting);
    REQUIRE(error);
    CHECK(error->cause == Cause::not_this_protocol);
    CHECK(error->retry == Retry::after_setup_change);
    CHECK(error->server_line == greeting);
  }
  const auto nul = error_of(R"(S! \x15\x03\x03\0\x02\r\n)");
  REQUIRE(nul);
  CHECK(nul->cause == Cause::not_this_protocol);
  CHECK(nul->server_line == "?????");
}

TEST_CASE("pop3 greeting: a refusal is passed on [fault 29]") {
  CHECK(error_of("S: -ERR too busy")->cause == Cause::refused_for_now);
  CHECK(error_of("S: -ERR [SYS/TEMP] disk")->retry == Retry::later);
}

TEST_CASE("pop3 log-in: line breaks in user or password do not leave, and no error shows them [Y7]") {
  for (const std::string& bad : {std::string("x\r\nDELE 1"), std::string("x\ny"), std::string("x\0y", 3)}) {
    const auto pass =
        error_of("S: +OK\nC: CAPA\nS: -ERR\nC: USER copier\nS: +OK", with_password(Security::none, bad));
    REQUIRE(pass);
    CHECK(pass->cause == Cause::unsafe_text);
    CHECK(describe(*pass).find("DELE") == std::string::npos);
    const auto plain =
        error_of("S: +OK\nC: CAPA\nS: +OK\nS: SASL PLAIN\nS: .", with_password(Security::none, bad));
    REQUIRE(plain);
    CHECK(plain->cause == Cause::unsafe_text);
  }
}

TEST_CASE("pop3 capabilities: a list without end is given up [Y6, fault 38]") {
  const auto error = error_of("S: +OK\nC: CAPA\nS: +OK\n", account());
  REQUIRE(error);
  CHECK(error->cause == Cause::connection_lost);
  ManualClock clock;
  ScriptedConnector connector(clock, {"S: +OK\nC: CAPA\nS: +OK\nFLOOD SASL PLAIN"});
  CHECK(open(connector, clock).error().cause == Cause::answer_too_large);
  ScriptedConnector wide(clock, {"S: +OK " + std::string(limits::kServerLine + 10, 'x')});
  CHECK(open(wide, clock).error().cause == Cause::answer_too_large);
}

TEST_CASE("pop3 log-in: a stop request ends it") {
  ManualClock clock;
  ScriptedConnector connector(clock, {"S: +OK\nC: CAPA\nSTOP\nS: +OK\nS: ."});
  Deadline deadline;
  deadline.stop = connector.stop_token();
  CHECK(open(connector, clock, account(), deadline).error().cause == Cause::stopped);
}

TEST_CASE("pop3 login: a password that the server repeats reaches no error [Y4]") {
  const std::string pass = "S: +OK\nC: CAPA\nS: -ERR\nC: USER copier\nS: +OK\nC: PASS pa ss\nS: ";
  const struct {
    std::string script, shown;
  } rows[] = {
      {pass + "-ERR bad command: PASS pa ss", "-ERR bad command: PASS ***"},
      {pass + "-ERR [pa ss] what", "-ERR [***] what"},
      {pass + "PASS pa ss?", "PASS ***?"},
      {"S: +OK\nC: CAPA\nS: +OK\nS: SASL PLAIN\nS: .\nC: AUTH PLAIN *\nS: -ERR AUTH PLAIN " + kPlain,
       "-ERR AUTH PLAIN ***"},
      {"S: +OK\nC: CAPA\nS: +OK\nS: SASL PLAIN\nS: .\nC: AUTH PLAIN *\nS: AUTH PLAIN " + kPlain,
       "AUTH PLAIN ***"},
      {"S: pa ss", "***"},
      {"S: -ERR pa ss", "-ERR ***"},
  };
  for (const auto& [script, shown] : rows) {
    CAPTURE(script);
    const auto error = error_of(script);
    REQUIRE(error);
    CHECK(error->server_line == shown);
    CHECK(describe(*error).find("pa ss") == std::string::npos);
  }
}
