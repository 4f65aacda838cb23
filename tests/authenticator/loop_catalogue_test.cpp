// Whole mails, judged with a Subject that is the password: the rules of RFC 3834 and RFC 5230 that decide whether a
// mail is answered, by their numbers in the product's catalogue of loop rules. What the catalogue asks of a reply
// itself (15, 20 to 31) is shown where replies are composed and sent.
#include <doctest/doctest.h>

#include <set>

#include "authenticator/loop_rules.hpp"
#include "remotemail/protocol/message.hpp"

using namespace remotemail;

namespace {

enum class Answer { given, none };

struct Row {
  int rule;
  const char* header;  // besides From and Subject, unless it has a From
  const char* body;
  Answer answer;
};

constexpr auto kGiven = Answer::given;
constexpr auto kNone = Answer::none;
const char* const kCommand = "GETLOG COUNTER\n";
const char* const kReport =
    "--x\n\nsorry\n--x\nContent-Type: message/delivery-status\n\nAction: delayed\n\n--x--\n";

const Row kRows[] = {
    // 2: Auto-Submitted other than "no", comments and parameters aside; any of several
    {2, "", kCommand, kGiven},
    {2, "Auto-Submitted: no\n", kCommand, kGiven},
    {2, "Auto-Submitted: (by a person) No; x=y\n", kCommand, kGiven},
    {2, "Auto-Submitted: auto-replied\n", kCommand, kNone},
    {2, "Auto-Submitted: auto-generated (failure)\n", kCommand, kNone},
    {2, "Auto-Submitted: no\nAuto-Submitted: auto-notified; owner=a@b\n", kCommand, kNone},
    // 3: the null sender
    {3, "Return-Path: <ce@example.com>\n", kCommand, kGiven},
    {3, "Return-Path: <>\n", kCommand, kNone},
    {3, "Return-Path:\n < (nobody) >\n", kCommand, kNone},
    {3, "X-Envelope-From: <>\n", kCommand, kNone},
    // 4: mail systems, in From and on the path; a postmaster is answered unless he returns a mail
    {4, "From: Mailer-Daemon@example.com\n", kCommand, kNone},
    {4, "From: owner-copiers@example.com\n", kCommand, kNone},
    {4, "From: copiers-request@example.com\n", kCommand, kNone},
    {4, "From: LISTSERV@example.com\n", kCommand, kNone},
    {4, "From: majordomo@example.com\n", kCommand, kNone},
    {4, "From: no-reply+7@example.com\n", kCommand, kNone},
    {4, "Return-Path: <MAILER-DAEMON@example.com>\n", kCommand, kNone},
    {4, "Return-Path: <owner-copiers@example.com>\n", kCommand, kNone},
    {4, "Return-Path: <no-reply@gateway.example.com>\n", kCommand, kGiven},
    {4, "From: postmaster@example.com\n", kCommand, kGiven},
    {4, "From: postmaster@example.com\n", "550 5.1.1 unknown user\n", kNone},
    {4, "From: ce@example.com\n", "550 5.1.1 unknown user\n", kGiven},
    // 5: what is malformed, and content types that only programs send
    {5, "Content-Type: multipart/mixed; boundary=x\n", "--x\n\nGETLOG\n--x--\n", kGiven},
    {5, "Content-Type: multipart/report; boundary=x; report-type=delivery-status\n", kReport, kNone},
    {5, "Content-Type: multipart/mixed; boundary=x\n", kReport, kNone},
    {5, "Subject: another\n", kCommand, kNone},
    // 8: Precedence
    {8, "Precedence: first-class\n", kCommand, kGiven},
    {8, "Precedence: Bulk\n", kCommand, kNone},
    {8, "Precedence: junk\n", kCommand, kNone},
    {8, "Precedence: list (of copiers)\n", kCommand, kNone},
    {8, "Precedence: auto_reply\n", kCommand, kNone},
    // 9: mailing lists
    {9, "Listener: x\n", kCommand, kGiven},
    {9, "List-Id: <copiers.example.com>\n", kCommand, kNone},
    {9, "List-Help: x\n", kCommand, kNone},
    {9, "List-Subscribe: x\n", kCommand, kNone},
    {9, "List-Unsubscribe: x\n", kCommand, kNone},
    {9, "List-Post: NO\n", kCommand, kNone},
    {9, "List-Owner: x\n", kCommand, kNone},
    {9, "List-Archive: x\n", kCommand, kNone},
    // 10: X-Auto-Response-Suppress, and what responders set themselves
    {10, "X-Auto-Response-Suppress: DR, RN, NRN\n", kCommand, kGiven},
    {10, "X-Auto-Response-Suppress: All\n", kCommand, kNone},
    {10, "X-Auto-Response-Suppress: DR, OOF\n", kCommand, kNone},
    {10, "X-Auto-Response-Suppress: AutoReply\n", kCommand, kNone},
    {10, "X-Autoreply: yes\n", kCommand, kNone},
    // 11: our own X-Loop, and who wants no acknowledgement
    {11, "X-Loop: other@copier.example\n", kCommand, kGiven},
    {11, "X-Loop: Copier@copier.example\n", kCommand, kNone},
    {11, "X-No-Ack: yes\n", kCommand, kNone},
    {11, "X-Ack: no\n", kCommand, kNone},
    // 13: is not asked, aliases and forwarded mails are welcome (D3 to D5)
    {13, "To: somebody-else@example.com\n", kCommand, kGiven},
    // 14: exactly one From mailbox; Reply-To and Sender are not looked at
    {14, "Reply-To: x@example.org\nSender: MAILER-DAEMON@example.org\n", kCommand, kGiven},
    {14, "From: a@example.com, b@example.com\n", kCommand, kNone},
    {14, "From: a@example.com\nFrom: a@example.com\n", kCommand, kNone},
    {14, "From: everybody:;\n", kCommand, kNone},
    // 16: our own address
    {16, "From: copier2@copier.example\n", kCommand, kGiven},
    {16, "From: The copier <COPIER@copier.example>\n", kCommand, kNone},
};

Verdict judge(const std::string& bytes, bool password = true) {
  AccessRules rules;
  rules.own_address = "copier@copier.example";
  rules.password_matches = [&](std::string_view) { return password; };
  rules.is_ours = [](const std::string&) { return false; };
  return SubjectAuthenticator().judge(parse_mail(RawMail{{}, 0, bytes, true}), bytes.size(), true, rules);
}

std::string mail_of(const Row& row) {
  const std::string header = row.header;
  return (header.find("From: ") == 0 ? "" : "From: ce@example.com\n") + header + "Subject: PassWord\n\n" +
         row.body;
}

}  // namespace

TEST_CASE("loop catalogue: each rule stops the mails it means and lets the others through [R10] [fault 92]") {
  for (const Row& row : kRows) {
    CAPTURE(row.rule);
    INFO(std::string(row.header));
    CHECK(std::holds_alternative<Accepted>(judge(mail_of(row))) == (row.answer == kGiven));
  }
}

TEST_CASE("loop catalogue: every rule that decides about an answer has its rows [R10]") {
  std::set<int> stopping, passing;
  for (const Row& row : kRows) (row.answer == kNone ? stopping : passing).insert(row.rule);
  CHECK(stopping == std::set<int>{2, 3, 4, 5, 8, 9, 10, 11, 14, 16});
  CHECK(passing == std::set<int>{2, 3, 4, 5, 8, 9, 10, 11, 13, 14, 16});
}

TEST_CASE(
    "loop catalogue: without the password nothing is answered, automatic or not [R10] [D12]") {  // rule 1
  for (const Row& row : kRows) CHECK(!std::holds_alternative<Accepted>(judge(mail_of(row), false)));
}

TEST_CASE("loop catalogue: a mail is a loop when it has passed more than 100 servers [R10]") {  // rule 19
  std::string hops;
  for (int i = 0; i < 100; ++i) hops += "Received: from a by b\n";
  const std::string rest = "From: ce@example.com\nSubject: PassWord\n\nGETLOG\n";
  CHECK(std::holds_alternative<Accepted>(judge(hops + rest)));
  CHECK(std::holds_alternative<Unanswerable>(judge("Received: from a by b\n" + hops + rest)));
}
