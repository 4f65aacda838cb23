// From mail to reply, whole.
#include <doctest/doctest.h>

#include "agent/line_fixture.hpp"

using namespace remotemail;
using remotemail::testing::Line;
using remotemail::testing::TestMail;

namespace {
bool contains(const std::string& text, std::string_view part) {
  return text.find(part) != std::string::npos;
}
}  // namespace

TEST_CASE(
    "line: a mail with a keyword is answered with the list, by mail to its sender [A1, A2, G1, G2, G3]") {
  Line line;
  line.enable().mail("GetLog Counter\r\n");
  const PollReport report = line.once();
  CHECK(report.state == "done");
  CHECK(report.answered == 1);
  CHECK(report.sent == 1);
  REQUIRE(line.servers.sent.size() == 1);
  const OutgoingMail& sent = line.servers.sent[0];
  CHECK(sent.recipient == "ce@example.com");
  CHECK(sent.envelope_from == "manager@example.com");
  CHECK(line.subjects()[0] == "Counter list [FD0000001]");
  CHECK(contains(line.body(0), "Serial number: FD0000001\nRequested by: ce@example.com\n"));
  CHECK(contains(line.body(0), "> GetLog Counter\n"));
  CHECK(line.servers.mails.empty());
}

TEST_CASE("line: a list a mail, in the order of the commands, each once [E14, E15, G2]") {
  Line line;
  line.enable().mail("GetLog Management\r\nG C\r\nbogus\r\ng c\r\nGetLog\r\nHelp\r\nG Nonsense\r\n");
  line.once();
  const std::vector<std::string> expected{"Machine management list 1 [FD0000001]", "Counter list [FD0000001]",
                                          "Command errors [FD0000001]", "Counter list (phone) [FD0000001]",
                                          "Help [FD0000001]"};
  CHECK(line.subjects() == expected);
  CHECK(contains(line.body(2), "Command Not Found -> bogus\n"));
  CHECK(contains(line.body(2), "Option Not Found -> G Nonsense\n"));
}

TEST_CASE("line: every mail we send says that it is automatic and what it answers [G1, R10]") {
  Line line;
  line.enable().mail("Help\r\n", "U-BIX", "ask@example.com");
  line.once();
  REQUIRE(line.servers.sent.size() == 1);
  const std::string& bytes = line.servers.sent[0].message;
  for (const char* field : {"\r\nAuto-Submitted: auto-replied\r\n", "\r\nIn-Reply-To: <ask@example.com>\r\n",
                            "\r\nReferences: <ask@example.com>\r\n", "\r\nX-Loop: copier@example.com\r\n",
                            "\r\nMIME-Version: 1.0\r\n"}) {
    CAPTURE(field);
    CHECK(contains("\r\n" + bytes, field));
  }
  CHECK(contains(bytes, "Message-ID: <" + line.servers.sent[0].id + ">\r\n"));
  // G3: the received Subject is a password and stands nowhere.
  CHECK_FALSE(contains(bytes, "U-BIX"));
}

TEST_CASE("line: a nickname names the copier in Subject and From [B30, G3]") {
  Line line;
  line.enable().set("reception.nickname", "2nd-floor");
  line.mail("Help\r\n");
  line.once();
  CHECK(line.subjects()[0] == "Help [2nd-floor]");
  CHECK(Line::parsed(line.servers.sent[0]).from->display_name == "2nd-floor");
  CHECK(contains(line.body(0), "Nickname: 2nd-floor\n"));
}

TEST_CASE("line: the reply's Date is local time with the time difference [B12, G11]") {
  Line line;
  line.enable().set("transmission.time_difference", "-0930");
  line.mail("Help\r\n");
  line.once();
  CHECK(contains(line.servers.sent[0].message, "Date: Fri, 13 Mar 2026 14:30:00 -0930\r\n"));
}

TEST_CASE("line: the delay is announced when asked for [B34, G4, G5, G6, G7]") {
  Line line;
  line.enable().set("reception.announce_delay", "yes");
  line.mail("Help\r\n");
  line.clock.advance(std::chrono::seconds(12 * 60 + 5));
  line.once();
  CHECK(contains(line.body(0), "Delay time: +0d 00h12m05s\n"));
}

TEST_CASE("line: the envelope sender is the manager, or the copier where a server wants that [B8]") {
  Line line;
  line.enable().set("transmission.envelope_sender", "copier");
  line.mail("Help\r\n");
  line.once();
  CHECK(line.servers.sent[0].envelope_from == "copier@example.com");
}

TEST_CASE("line: a wrong password is logged and removed, and gets no answer [D6, D12]") {
  Line line;
  line.enable().mail("GetLog Counter\r\n", "u-bix");
  const PollReport report = line.once();
  CHECK(report.illegal == 1);
  CHECK(line.servers.sent.empty());
  CHECK(line.servers.mails.empty());
  const auto log = line.agent->log(10);
  REQUIRE(log->size() == 1);
  CHECK((*log)[0].result == LogRecord::Result::illegal);
  CHECK(contains((*log)[0].detail, "wrong password"));
}

TEST_CASE("line: a mail of 10 KB or more is illegal, its header not counted [D6, D7]") {
  Line line;
  line.enable();
  TestMail mail;
  mail.body = std::string(10'239, 'x');
  mail.extra = "X-Relay: " + std::string(15'000, 'r') + "\r\n";
  line.servers.put(mail.bytes());
  mail.body += 'x';
  mail.message_id = "2@example.com";
  line.servers.put(mail.bytes());
  const PollReport report = line.once();
  CHECK(report.answered == 1);
  CHECK(report.illegal == 1);
}

TEST_CASE("line: whatever the server says of the size, what does not end is too large [fault 27]") {
  Line line;
  line.enable();
  TestMail mail;
  mail.body = "Help\r\n" + std::string(500'000, 'x');
  line.servers.put(mail.bytes());
  line.servers.lie_about_size = 0;
  CHECK(line.once().illegal == 1);
  CHECK(line.servers.sent.empty());
}

TEST_CASE(
    "line: automatic mail, bulk mail and our own are never answered, though the password is right [R10, "
    "D13]") {
  for (const char* extra :
       {"Auto-Submitted: auto-replied\r\n", "Precedence: bulk\r\n", "List-Id: <x.example.com>\r\n",
        "X-Loop: copier@example.com\r\n", "X-Auto-Response-Suppress: All\r\n"}) {
    Line line;
    line.enable();
    TestMail mail;
    mail.body = "Help\r\n";
    mail.extra = extra;
    line.servers.put(mail.bytes());
    CAPTURE(extra);
    CHECK(line.once().unanswerable == 1);
    CHECK(line.servers.sent.empty());
    CHECK(line.servers.mails.empty());
  }
}

TEST_CASE("line: a bounce of one of our replies turns its log line into \"not delivered\" [R10]") {
  Line line;
  line.enable().mail("Help\r\n");
  line.once();
  const std::string id = line.servers.sent.at(0).id;
  line.servers.put(
      "Return-Path: <>\r\nFrom: MAILER-DAEMON@example.com\r\nSubject: Undelivered Mail\r\nDate: Sat, 14 Mar "
      "2026 01:00:00 "
      "+0000\r\nMIME-Version: 1.0\r\nContent-Type: multipart/report; report-type=delivery-status; "
      "boundary=b\r\n\r\n"
      "--b\r\nContent-Type: text/plain\r\n\r\nno such user\r\n--b\r\nContent-Type: "
      "message/delivery-status\r\n\r\n"
      "Reporting-MTA: dns; x\r\n\r\nFinal-Recipient: rfc822; ce@example.com\r\nAction: failed\r\nStatus: "
      "5.1.1\r\n"
      "Diagnostic-Code: smtp; 550 no such user\r\n\r\n--b\r\nContent-Type: message/rfc822\r\n\r\nMessage-ID: "
      "<" +
      id + ">\r\nSubject: Help\r\n\r\nx\r\n--b--\r\n");
  CHECK(line.once().unanswerable == 1);
  const auto log = line.agent->log(10);
  bool bounced = false;
  for (const LogRecord& record : *log) bounced = bounced || record.result == LogRecord::Result::bounced;
  CHECK(bounced);
  CHECK(line.servers.sent.size() == 1);
}

TEST_CASE("line: a list the machine lacks is answered in words [G2]") {
  Line line;
  line.device.lacks(ListId::font);
  line.enable().mail("GetLog Font\r\n");
  line.once();
  CHECK(contains(line.body(0), "font pattern list"));
}

TEST_CASE("line: the right password and no command is answered by the help mail [E16]") {
  Line line;
  line.enable().mail("\r\n Hello\r\n");
  line.once();
  CHECK(contains(line.body(0), "No command was found in your mail.\n"));
}
