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
  line.servers.lie_about_size = static_cast<std::uint64_t>(-495'000);  // listed as 5 KB
  CHECK(line.once().illegal == 1);
  CHECK(line.servers.sent.empty());
  CHECK(line.servers.mails.empty());
  CHECK(line.logger.has(": too large"));
}

TEST_CASE(
    "line: automatic mail, bulk mail and our own are never answered, though the password is right [R10, D13]") {
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

TEST_CASE("line: of a bounce that quotes a reply with a password only the codes reach the log [Y4, R10]") {
  struct Row {
    const char *body, *kept;
    std::size_t bounced = 0;  // which of the mails sent; 1: the copy to the administrator
  };
  // A slip of the finger in CHPASS shows the password as well; a list shows none, and its words help.
  for (const Row& row :
       {Row{"ChPass U-BIX Sitios\r\n", ""}, Row{"ChPas U-BIX Sitios\r\n", ""},
        Row{"CChPass U-BIX Sitios\r\n", ""}, Row{"GetLog Counter\r\n", "Sitios"}, Row{"GetLog\r\n", "Sitios"},
        Row{"GetLog Counter\r\n", "Sitios", 1}, Row{"ChPass U-BIX Sitios\r\n", "", 1}}) {
    CAPTURE(row.body);
    Line line;
    line.enable();
    line.set("reception.administrator_address", "admin@example.com");
    line.set("reception.notice", "all");
    line.mail(row.body);
    line.once();
    const std::string id = line.servers.sent.at(row.bounced).id;
    line.servers.put(
        "Return-Path: <>\r\nFrom: MAILER-DAEMON@example.com\r\nSubject: Undelivered Mail\r\nDate: Sat, 14 Mar 2026 "
        "01:00:00 +0000\r\nMIME-Version: 1.0\r\nContent-Type: multipart/report; report-type=delivery-status; "
        "boundary=b\r\n\r\n--b\r\nContent-Type: message/delivery-status\r\n\r\nReporting-MTA: dns; x\r\n\r\n"
        "Final-Recipient: rfc822; ce@example.com\r\nAction: failed\r\nStatus: 5.7.1\r\nDiagnostic-Code: smtp; 550 "
        "5.7.1 refused: New Password:[Sitios]\r\n\r\n--b\r\nContent-Type: message/rfc822\r\n\r\nMessage-ID: <" +
        id + ">\r\nSubject: x\r\n\r\nx\r\n--b--\r\n");
    CHECK(line.once().unanswerable == 1);
    const auto log = line.agent->log(10);
    bool codes = false, password = false;
    for (const LogRecord& record : *log) {
      codes = codes || record.detail.find("5.7.1") != std::string::npos;
      password = password || record.detail.find("Sitios") != std::string::npos;
    }
    CHECK(codes);
    CHECK(password == (std::string_view(row.kept) == "Sitios"));
  }
}

TEST_CASE("line: a reply that quotes a misspelt CHPASS is stored as one that shows a password [Y3, Y4]") {
  Line line;
  line.servers.fault = [](const std::string& event) {
    return event == "open sender" ? std::optional(make_error(Cause::connection_refused, Step::connect))
                                  : std::nullopt;
  };
  line.enable().mail("ChPas U-BIX Sitios\r\nGetLog Counter\r\n");
  line.once();
  const auto waiting = line.agent->outbox();
  REQUIRE(waiting->size() == 2);
  CHECK(waiting->at(0).mail.shows_secret);
  CHECK_FALSE(waiting->at(1).mail.shows_secret);
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

TEST_CASE("line: each keyword brings its list, and ALL the ten of them [F1–F12, A2]") {
  for (const ListWord& word : kListWords) {
    CAPTURE(word.option);
    Line line;
    line.enable().mail("GETLOG " + std::string(word.option) + "\r\n");
    line.once();
    REQUIRE(line.servers.sent.size() == 1);
    CHECK(line.subjects()[0] == std::string(word.title) + " [FD0000001]");
    CHECK(line.device.readings() == std::vector<ListId>{word.id});
  }
  Line line;
  line.enable().mail("GetLog All\r\n");
  line.once();
  REQUIRE(line.servers.sent.size() == kListCount);
  for (std::size_t i = 0; i < kListCount; ++i) {
    CHECK(line.subjects()[i] == std::string(kListWords[i].title) + " [FD0000001]");
  }
}

TEST_CASE("line: GETLOG alone is the counter list for a phone, besides the counter list [F13, G10]") {
  Line line;
  line.enable().mail("GetLog\r\nGetLog Counter\r\n");
  line.once();
  const std::vector<std::string> expected{"Counter list (phone) [FD0000001]", "Counter list [FD0000001]"};
  CHECK(line.subjects() == expected);
  std::size_t lines = 0;
  for (const std::string_view text : split(line.body(0), '\n')) {
    CHECK(text.size() <= 24);
    ++lines;
  }
  CHECK(lines <= 21);  // twenty, and the end of the last
}

TEST_CASE("line: To is not judged: what lies in the copier's mailbox is for the copier [D4, A7]") {
  Line line;
  line.enable();
  for (const char* to :
       {"alias@elsewhere.example", "undisclosed-recipients:;", "", "copier@example.com, ce@example.com"}) {
    TestMail mail;
    mail.body = "Help\r\n";
    mail.message_id = std::to_string(line.servers.mails.size()) + "@x.example";
    std::string bytes = mail.bytes();
    const auto at = bytes.find("copier@example.com");
    bytes.replace(at, 18, to);
    line.servers.put(bytes);
  }
  CHECK(line.once().answered == 4);
}

TEST_CASE(
    "line: an attachment below the limit is ignored; text is found in base64, QP and alternatives [D8, D9, D10]") {
  Line line;
  line.enable();
  const char* const bodies[] = {
      "Content-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\nContent-Type: "
      "text/plain\r\n\r\nHelp\r\n--b\r\nContent-Type: "
      "application/pdf; name=x.pdf\r\nContent-Disposition: attachment\r\n\r\nGetLog All\r\n--b--\r\n",
      "Content-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: base64\r\n\r\nSGVscA0K\r\n",
      "Content-Type: text/plain\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\nHe=6Cp=\r\n\r\n",
      "Content-Type: multipart/alternative; boundary=b\r\n\r\n--b\r\nContent-Type: "
      "text/plain\r\n\r\nHelp\r\n--b\r\nContent-Type: "
      "text/html\r\n\r\n<p>GetLog</p>\r\n--b--\r\n",
      "Content-Type: text/html\r\n\r\n<html><body><div>Help</div></body></html>\r\n",
  };
  int number = 0;
  for (const char* body : bodies) {
    line.servers.sent.clear();
    TestMail mail;
    mail.message_id = std::to_string(++number) + "@example.com";
    std::string bytes = mail.bytes();
    bytes.resize(bytes.size() - 2);  // the empty line: the body brings header fields of its own
    line.servers.put(bytes + "MIME-Version: 1.0\r\n" + body);
    line.once();
    CAPTURE(std::string(body));
    CHECK(line.subjects() == std::vector<std::string>{"Help [FD0000001]"});
  }
}

TEST_CASE(
    "line: whatever is asked, the answer is English, US-ASCII, in lines of at most 128 columns with CRLF [G8, G9]") {
  Line line;
  line.enable().mail("GetLog All\r\nGetLog\r\nHelp\r\n\xC3\xA4\xC3\xB6\xC3\xBC " + std::string(900, 'x') +
                     "\r\n");
  line.once();
  REQUIRE(line.servers.sent.size() == 13);
  for (const OutgoingMail& sent : line.servers.sent) {
    for (const std::string_view text : split(sent.message, '\n')) {
      CHECK(text.size() <= 129);
      CHECK((text.empty() || text.back() == '\r'));
      for (const char c : text) CHECK((is_printable(c) || c == '\r'));
    }
  }
}
