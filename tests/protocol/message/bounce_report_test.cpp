#include "protocol/message/bounce_report.hpp"

#include <doctest/doctest.h>

#include "remotemail/protocol/message.hpp"

using namespace remotemail;

namespace {

std::optional<BounceReport> bounce_of(const std::string& bytes) {
  return parse_mail(RawMail{{}, 0, bytes, true}).bounce;
}

std::string dsn(const std::string& action, const std::string& returned_type = "message/rfc822") {
  return "Return-Path: <>\n"
         "From: Mail Delivery System <MAILER-DAEMON@mx.example>\n"
         "Content-Type: multipart/report; report-type=delivery-status;\n\tboundary=\"x\"\n\n"
         "--x\n\nYour mail could not be delivered.\n"
         "--x\nContent-Type: message/delivery-status\n\n"
         "Reporting-MTA: dns; mx.example\n\n"
         "Final-Recipient: rfc822; ce@example.com\n" +
         (action.empty() ? "" : "Action: " + action + "\n") +
         "Status: 5.1.1 (no such user)\nDiagnostic-Code: smtp; 550 5.1.1\n <ce@example.com>: unknown\n\n"
         "--x\nContent-Type: " +
         returned_type +
         "\n\n"
         "Message-ID: <rm.abc@copier.example>\nReferences: <other@x>\nSubject: Counter list\n\nbody\n--x--\n";
}

}  // namespace

TEST_CASE("bounce report: RFC 3464 gives id, status and diagnostic [R10]") {
  for (const char* type : {"message/rfc822", "text/rfc822-headers", "message/global"}) {
    CAPTURE(type);
    const auto report = bounce_of(dsn("failed", type));
    REQUIRE(report);
    CHECK(report->message_ids == std::vector<std::string>{"rm.abc@copier.example"});
    CHECK(report->status == "5.1.1");
    CHECK(report->diagnostic == "550 5.1.1 <ce@example.com>: unknown");
  }
  CHECK(bounce_of(dsn("")));
}

TEST_CASE("bounce report: news of a delay or a success is none [R10]") {
  for (const char* action : {"delayed", "delivered", "Relayed", "expanded"})
    CHECK_FALSE(bounce_of(dsn(action)));
}

TEST_CASE("bounce report: a receipt, an abuse report, a notice of absence are none [R10] [fault 92]") {
  CHECK_FALSE(bounce_of(
      "Return-Path: <>\nContent-Type: multipart/report; report-type=disposition-notification; boundary=x\n\n"
      "--x\n\nread\n--x\nContent-Type: message/disposition-notification\n\nOriginal-Message-ID: "
      "<a@b>\n--x--\n"));
  CHECK_FALSE(bounce_of(
      "Return-Path: <>\nContent-Type: multipart/report; report-type=feedback-report; boundary=x\n\n--x\n\n"
      "Message-ID: <a@b>\n--x--\n"));
  CHECK_FALSE(bounce_of("Return-Path: <>\nFrom: ce@example.com\nIn-Reply-To: <a@b>\n\nI am away.\n"));
  CHECK_FALSE(bounce_of("From: ce@example.com\n\nMessage-ID: <a@b>\n"));
}

TEST_CASE("bounce report: the header alone shows that a report is one [R10]") {
  const auto report =
      bounce_of("Content-Type: multipart/report; report-type=delivery-status; boundary=x\n\n");
  REQUIRE(report);
  CHECK(report->message_ids.empty());
}

TEST_CASE("bounce report: servers that write prose are understood when they quote the id [R10]") {
  const auto report = bounce_of(
      "Return-Path: <>\nFrom: MAILER-DAEMON@mail.example\nSubject: failure notice\n\n"
      "Hi. This is the program at 192.0.2.5.1.1 of mail.example.\n"
      "<ce@example.com>:\n192.0.2.7 does not like recipient.\nRemote host said: 550 5.7.1 rejected\n\n"
      "--- Below this line is a copy of the message.\n\n> Subject: x\n> Message-Id:\n>  "
      "<rm.abc@copier.example>\n\ntext\n");
  REQUIRE(report);
  CHECK(report->message_ids == std::vector<std::string>{"rm.abc@copier.example"});
  CHECK(report->status == "5.7.1");
  CHECK(report->diagnostic == "Remote host said: 550 5.7.1 rejected");

  const auto coded =
      bounce_of("From: MAILER-DAEMON (Mail Delivery)\n\n554 no such user\nMessage-ID: <a@b>\n");
  REQUIRE(coded);
  CHECK(coded->status.empty());
  CHECK(coded->diagnostic == "554 no such user");
}

TEST_CASE("bounce report: whoever may write one is believed when the id is quoted [R10]") {
  const std::string body = "\n550 no such user\n\nMessage-ID: <rm.abc@copier.example>\n";
  for (const char* header :
       {"From: Postmaster@mx.example", "From: Mail Delivery Subsystem <x@mx.example>",
        "From: post_master@mx.example", "From: MDaemon@mx.example", "From: no-reply@mx.example",
        "Return-Path: <MAILER-DAEMON@mx.example>", "X-Failed-Recipients: a@b", "X-Envelope-From: <>"}) {
    CAPTURE(header);
    const auto report = bounce_of(std::string(header) + "\n" + body);
    REQUIRE(report);
    CHECK(report->message_ids == std::vector<std::string>{"rm.abc@copier.example"});
  }
  CHECK_FALSE(bounce_of("From: ce@example.com\nReturn-Path: <ce@example.com>\n" + body));
}

TEST_CASE(
    "bounce report: an unknown word for failure is one, a mail that begins late or in the part's header is found [R10]") {
  CHECK(bounce_of(dsn("failure")));
  const std::string head =
      "Return-Path: <>\nContent-Type: multipart/mixed; boundary=x\n\n--x\n\nsorry\n--x\n";
  for (const char* part : {"Content-Type: message/rfc822\n\n\n\nMessage-ID: <a@b>\n\ntext\n",
                           "Content-Type: message/rfc822-headers\n\nMessage-ID: <a@b>\n",
                           "Received: from c\nMessage-ID: <a@b>\nSubject: list\n\ntext\n"}) {
    CAPTURE(part);
    const auto report = bounce_of(head + part + "--x--\n");
    REQUIRE(report);
    CHECK(report->message_ids == std::vector<std::string>{"a@b"});
  }
  CHECK_FALSE(bounce_of("Return-Path: <>\nMessage-ID: <own@b>\n\nI am away.\n"));
}

TEST_CASE(
    "bounce report: what a postmaster writes is a report when it returns a mail or names an error [R10]") {
  struct {
    const char* mail;
    bool report;
  } const cases[] = {
      {"From: postmaster@b\n\nGETLOG\n", false},
      {"From: postmaster@b\n\nGETLOG COUNTER\n-- \nYour postmaster, room 550\n", false},
      {"From: postmaster@b\n\n550 unknown user\n", true},
      {"From: postmaster@b\n\nStatus: 5.1.1\n", true},
      {"From: postmaster@b\n\nYour mail follows.\nMessage-ID: <a@b>\n", true},
      {"From: postmaster@b\nContent-Type: multipart/mixed; boundary=x\n\n--x\n\nsorry\n--x\n"
       "Content-Type: message/rfc822\n\nSubject: x\n\n--x--\n",
       true},
      {"From: ce@b\n\n550 unknown user\n", false},
      {"From: ce@b\nContent-Type: multipart/mixed; boundary=x\n\n--x\n\nGETLOG\n--x\n"
       "Content-Type: message/rfc822\n\nSubject: x\n\n--x--\n",
       false},
      {"From: ce@b\nContent-Type: multipart/mixed; boundary=x\n\n--x\n\nsorry\n--x\n"
       "Content-Type: message/delivery-status\n\nAction: delayed\n\n--x--\n",
       true},
      {"From: ce@b\nContent-Type: multipart/mixed; boundary=x\n\n--x\n"
       "Content-Type: message/disposition-notification\n\nDisposition: x\n\n--x--\n",
       true},
      {"From: ce@b\nContent-Type: multipart/report; boundary=x; report-type=anything\n\n", true},
  };
  for (const auto& c : cases) {
    CAPTURE(c.mail);
    CHECK(parse_mail(RawMail{{}, 0, c.mail, true}).marks.report == c.report);
  }
}

TEST_CASE("bounce report: no more than 16 ids and 200 characters are kept [R10]") {
  std::string mail = "Return-Path: <>\n\n550 " + std::string(1000, 'x') + "\n";
  for (int i = 0; i < 100; ++i) mail += "Message-ID: <" + std::to_string(i) + "@b>\n";
  const auto report = bounce_of(mail);
  REQUIRE(report);
  CHECK(report->message_ids.size() == 16);
  CHECK(report->diagnostic.size() == 200);
}

TEST_CASE("bounce report: a status code is not taken from an address or a version") {
  struct {
    const char *line, *status;
  } const cases[] = {
      {"5.1.1", "5.1.1"},
      {"(#5.1.1)", "5.1.1"},
      {"550-5.7.26 x", "5.7.26"},
      {"5.1.1.20", ""},
      {"192.5.1.1", ""},
      {"v5.1.1", ""},
      {"5.1", ""},
      {"5.1000.1", ""},
      {"3.1.1", ""},
      {"at 4.4.1.", "4.4.1"},
      {"", ""},
  };
  for (const auto& c : cases) {
    CAPTURE(c.line);
    CHECK(find_status(c.line) == c.status);
  }
}
