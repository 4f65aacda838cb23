#include <doctest/doctest.h>

#include <string>

#include "remotemail/core/result.hpp"

using namespace remotemail;

TEST_CASE("explanation: what providers answer is explained in words that help [Y2, C2]") {
  const struct {
    const char *line, *word;
  } lines[] = {
      {"535 5.7.139 Authentication unsuccessful, SmtpClientAuthentication is disabled for the Tenant.",
       "Authenticated SMTP"},
      {"550 5.7.30 Basic authentication is not supported for Client Submission.",
       "ended log-ins by password"},
      {"535 5.7.8 Username and Password not accepted.", "password"},
      {"534 5.7.9 Application-specific password required.", "app password"},
      {"-ERR [AUTH] Username and password not accepted.", "password"},
      {"-ERR [IN-USE] Do you have another POP session running?", "mailbox of its own"},
      {"NO [OVERQUOTA] Quota exceeded", "full"},
      {"NO [AUTHENTICATIONFAILED] Authentication failed.", "password"},
      {"-ERR [LOGIN-DELAY] wait", "reception.interval"},
      {"NO [ALERT] [WEBALERT https://example.com] Web login required.", "browser"},
      {"451 4.7.1 Greylisted, try again", "greylisting"},
      {"530 5.7.57 Client not authenticated to send mail", "log-in"},
      {"554 5.2.252 SendAsDenied; copier@example.com not allowed to send as", "envelope_sender"},
      {"no [overquota] quota", "full"},
  };
  for (const auto& [line, word] : lines) {
    CAPTURE(line);
    CHECK(explain(line).find(word) != std::string_view::npos);
  }
}

TEST_CASE(
    "explanation: a code counts as a word of its own only, and what is not known is not explained [C2]") {
  CHECK(explain("550 5.7.133 sender not authenticated for group") == "");
  CHECK(explain("550 15.7.1 nonsense") == "");
  CHECK(explain("550 5.7.1.2 nonsense") == "");
  CHECK(explain("-ERR AUTH is not enabled") == "");
  CHECK(explain("250 2.0.0 Ok: queued as 5F7A1") == "");
  CHECK(explain("") == "");
  CHECK(explain(std::string(100'000, '5')) == "");
}

TEST_CASE("explanation: it takes the place of the general cure in what is logged and shown [C2]") {
  Error error = make_error(Cause::login_refused, Step::login, "smtp.example.com:465");
  CHECK(describe(error).ends_with("check user name and password at the mail server"));
  error.server_line = "535 5.7.139 no";
  CHECK(describe(error).find("Authenticated SMTP") != std::string::npos);
  CHECK(describe(error).find("check user name and password") == std::string::npos);
}

TEST_CASE("explanation: a server that does not greet may expect TLS from the first byte [C2]") {
  const Error silent = make_error(Cause::timed_out, Step::greeting, "smtp.example.com:465");
  CHECK(describe(silent).find("port and security belong together") != std::string::npos);
  const Error away = make_error(Cause::timed_out, Step::connect, "smtp.example.com:465");
  CHECK(describe(away).find("security") == std::string::npos);
}

TEST_CASE("explanation: an address that another program listens at is said once, with its cure [Y5]") {
  const Error taken = make_error(Cause::already_running, Step::settings, "web listen: port 8080 is taken");
  CHECK(describe(taken) == "settings web listen: port 8080 is taken");
  const Error state = make_error(Cause::already_running, Step::store, "state.db");
  CHECK(describe(state).find("another instance is running; stop the other one first") != std::string::npos);
}
