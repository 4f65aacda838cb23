// Faults on real sockets, in the protocols' own words: what an administrator reads, once when trouble starts and once
// when it ends, and that nothing is lost or answered twice meanwhile.
#include <doctest/doctest.h>

#include "agent/hosted_line.hpp"

using namespace remotemail;
using remotemail::testing::HostedLine;

namespace {

std::vector<std::string> lines_with(const HostedLine& line, std::string_view part) {
  std::vector<std::string> found;
  for (const std::string& text : line.logger.lines) {
    if (text.find(part) != std::string::npos) found.push_back(text);
  }
  return found;
}

}  // namespace

TEST_CASE(
    "fault lines: a receiving server that breaks off, refuses or talks nonsense is told of once, and once when it works again [R3, R7, fault 5, fault 6, fault 7, fault 18, fault 29, fault 30, fault 31, fault 33, fault 39]") {
  const struct {
    const char *spool, *fault, *words;
  } cases[] = {
      {"pop3", "pop3 UIDL 1 close", "listing"},
      {"pop3", "pop3 LIST 1 half", "connection lost"},
      {"pop3", "pop3 RETR 1 half", "connection lost"},
      {"pop3", "pop3 DELE 1 close", "connection lost"},
      {"pop3", "pop3 QUIT 1 close", "connection lost"},
      {"pop3", "pop3 QUIT 1 close-after", "connection lost"},
      {"pop3", "pop3 QUIT 1 refuse some messages not deleted", "some messages not deleted"},
      {"pop3", "pop3 connect 1 refuse [IN-USE] locked by another session",
       "another program has this mailbox open"},
      {"pop3", "pop3 connect 1 refuse [LOGIN-DELAY] too soon", "set a longer reception.interval"},
      {"pop3", "pop3 connect 1 refuse [SYS/TEMP] down", "the mail server has trouble of its own"},
      {"pop3", "pop3 login 1 refuse [AUTH] no", "check user name and password"},
      {"pop3", "pop3 connect 1 garbage", "the server speaks another protocol"},
      {"imap", "imap SELECT 1 close", "connection lost"},
      {"imap", "imap FETCH 1 half", "connection lost"},
      {"imap", "imap STORE 1 close", "connection lost"},
      {"imap", "imap EXPUNGE 1 close-after", "connection lost"},
      {"imap", "imap login 1 refuse [UNAVAILABLE] later", "a part of the mail server is down"},
      {"imap", "imap login 1 refuse [AUTHENTICATIONFAILED] no", "check user name and password"},
      {"imap", "imap connect 1 garbage", "the server speaks another protocol"},
  };
  for (const auto& [spool, fault, words_of_line] : cases) {
    CAPTURE(std::string(fault));
    HostedLine line;
    line.enable(line.settings(spool));
    line.mail("Help\r\n");
    REQUIRE(line.host.add_fault(fault).ok());
    for (int i = 0; i < 3; ++i) line.once();
    CHECK(line.subjects() == std::vector<std::string>{"Help [FD0000001]"});
    CHECK(line.host.mails("copier").empty());
    const auto told = lines_with(line, "receiving mail server: ");
    REQUIRE(told.size() == 2);
    INFO(told[0]);
    CHECK(told[0].find(words_of_line) != std::string::npos);
    CHECK(told[0].find("localhost:") != std::string::npos);
    CHECK(told[1] == "receiving mail server: works again");
    CHECK(lines_with(line, "mail from ce@example.com: answered: ").size() == 1);
    CHECK(lines_with(line, "mailbox-password").empty());
  }
}

TEST_CASE(
    "fault lines: an SMTP server that refuses for now or breaks off lets the reply wait, told of once [R6, R7, fault 8, fault 44, fault 46, fault 48]") {
  for (const std::string when : {"connect", "EHLO", "AUTH", "MAIL", "RCPT", "DATA", "dot"}) {
    for (const std::string what : {"451 4.3.0 not now", "421 4.3.2 going down", "close", "garbage"}) {
      if (when == "dot" && (what == "close" || what == "garbage")) continue;  // in doubt: fault 9
      CAPTURE(when);
      CAPTURE(what);
      HostedLine line;
      line.enable(line.settings());
      line.mail("Help\r\n");
      REQUIRE(line.host.add_fault("smtp " + when + " 1 " + what).ok());
      for (int i = 0; i < 3; ++i) line.once();
      CHECK(line.subjects() == std::vector<std::string>{"Help [FD0000001]"});
      CHECK(line.agent->outbox()->empty());
      CHECK(lines_with(line, " waits: ").size() == 1);
      CHECK(lines_with(line, "in doubt").empty());
      CHECK(lines_with(line, "sent Help to ce@example.com").size() == 1);
      const auto told = lines_with(line, "SMTP server: ");
      CHECK((told.empty() || told.size() == 2));
      if (what[0] == '4') CHECK(lines_with(line, what).size() >= 1);
    }
  }
}

TEST_CASE(
    "fault lines: an SMTP server that refuses for good fails the reply at recipient and message, and is a wrong set-up before [R6, fault 45]") {
  for (const std::string when : {"connect", "EHLO", "AUTH", "MAIL", "RCPT", "DATA", "dot"}) {
    CAPTURE(when);
    HostedLine line;
    line.enable(line.settings());
    line.mail("Help\r\n");
    REQUIRE(line.host.add_fault("smtp " + when + " 1 554 5.0.0 go away").ok());
    const PollReport report = line.once();
    const bool fails = when == "RCPT" || when == "DATA" || when == "dot";
    CHECK(report.failed == (fails ? 1 : 0));
    CHECK(report.waiting == (fails ? 0 : 1));
    CHECK(lines_with(line, fails ? "Help to ce@example.com failed for good: " : "SMTP server: ").size() == 1);
    CHECK(lines_with(line, "go away").size() >= 1);
    for (int i = 0; i < 2; ++i) line.once();
    CHECK(line.subjects().size() == (fails ? 0 : 1));
    CHECK(line.agent->outbox()->empty());
  }
}
