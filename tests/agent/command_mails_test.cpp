// Genuine mails through the whole line: each gets exactly its replies.
#include <doctest/doctest.h>

#include "agent/line_fixture.hpp"
#include "protocol/message/command_mails.hpp"

using namespace remotemail;
using remotemail::testing::command_mails;
using remotemail::testing::CommandMail;
using remotemail::testing::Line;

namespace {

constexpr std::string_view kNotFound[] = {"Command Not Found -> ", "Option Not Found -> "};

bool is_error(std::string_view item) {
  return item.starts_with(kNotFound[0]) || item.starts_with(kNotFound[1]);
}

bool changes_password(const CommandMail& mail) {
  return std::any_of(mail.plan.begin(), mail.plan.end(),
                     [](const std::string& item) { return item.starts_with("CHPASS"); });
}

std::string title_of(std::string_view item) {
  if (is_error(item)) return "Command errors";
  if (item == "phone") return "Counter list (phone)";
  if (item == "help" || item == "no command") return "Help";
  if (item.starts_with("CHPASS")) return "Password change";
  for (const ListWord& word : kListWords) {
    if (word.option == item) return std::string(word.title);
  }
  return "?";
}

// What `mail` must be answered with: Subject and, where it is told by the plan alone, the text below the head.
struct Expected {
  std::string subject;
  std::string text;
};

std::vector<Expected> expected_of(const CommandMail& mail) {
  std::vector<Expected> replies;
  for (const std::string& item : mail.plan) {
    const bool more = is_error(item) && !replies.empty() && !replies.back().text.empty();
    if (!more) replies.push_back({title_of(item) + " [FD0000001]", {}});
    if (is_error(item)) replies.back().text += item + "\n";
  }
  return replies;
}

void check_replies(const Line& line, std::size_t first, const CommandMail& mail) {
  const auto replies = expected_of(mail);
  REQUIRE(line.servers.sent.size() == first + replies.size());
  for (std::size_t i = 0; i < replies.size(); ++i) {
    const Mail reply = Line::parsed(line.servers.sent[first + i]);
    CHECK(line.servers.sent[first + i].recipient == "ce@example.com");
    CHECK(reply.subject == replies[i].subject);
    CHECK(reply.text.find("U-BIX") == (mail.name == "eleven_lines" && i + 1 == replies.size()
                                           ? reply.text.find("CHPASS U-BIX") + 7
                                           : std::string::npos));
    const std::string head = "Serial number: FD0000001\nRequested by: ce@example.com\n\n";
    if (!replies[i].text.empty()) CHECK(reply.text == head + replies[i].text);
  }
}

}  // namespace

TEST_CASE(
    "line: each of the genuine command mails gets exactly its replies [A1, D9, E9, E11, G1, G2] [fault 85]") {
  for (const CommandMail& mail : command_mails()) {
    CAPTURE(mail.name);
    CAPTURE(mail.program);
    Line line;
    line.enable().servers.put(mail.bytes);
    const PollReport report = line.once();
    CHECK(report.state == "done");
    CHECK(report.answered == 1);
    check_replies(line, 0, mail);
    CHECK(line.servers.mails.empty());
  }
}

TEST_CASE(
    "line: all of them in one mailbox, five a poll, are answered in their order, each once [D2, E14, R3]") {
  Line line;
  line.enable().set("limits.replies_per_sender", "0");
  line.set("limits.replies", "0");
  std::vector<const CommandMail*> mails;
  for (const CommandMail& mail : command_mails()) {
    if (changes_password(mail)) continue;
    mails.push_back(&mail);
    line.servers.put(mail.bytes);
  }
  std::vector<std::string> subjects;
  for (const CommandMail* mail : mails) {
    for (const Expected& reply : expected_of(*mail)) subjects.push_back(reply.subject);
  }
  for (std::size_t polls = 0; polls < mails.size() / 5 + 1; ++polls) line.once();
  CHECK(line.servers.mails.empty());
  CHECK(line.subjects() == subjects);
}

TEST_CASE("line: nothing but the password is a password: no Re:, no banner, no letter more [D4, D5, D7]") {
  for (const char* subject :
       {"Re: U-BIX", "RE: U-BIX", "AW: U-BIX", "Fwd: U-BIX", "[EXTERNAL] U-BIX", "***SPAM*** U-BIX", "u-bix",
        "U-BIX.", "U-BI", "\"U-BIX\"", "U-BIX U-BIX", "Re: Counter list [FD0000001]",
        "=?UTF-8?B?776177yt77yi77yp77y4?=", "=?UTF-8?Q?U=C2=ADBIX?=", "=?UTF-8?Q?U-BIX?=x",
        "=?UTF-8?Q?U-BIX=00?=", "=?UTF-8?X?U-BIX?=", ""}) {
    CAPTURE(subject);
    Line line;
    line.enable().mail("GETLOG COUNTER\r\n", subject);
    CHECK(line.once().answered == 0);
    CHECK(line.servers.sent.empty());
    CHECK(line.servers.mails.empty());
  }
}

TEST_CASE(
    "line: a reply to the copier's own reply is no command, whatever stands above the quotation [D5, E11]") {
  Line line;
  line.enable().mail("GETLOG COUNTER\r\n");
  line.once();
  REQUIRE(line.servers.sent.size() == 1);
  const Mail reply = Line::parsed(line.servers.sent[0]);
  std::string text = "GETLOG JOB\r\n\r\nOn Saturday the copier wrote:\r\n";
  for (const std::string_view quoted : split(reply.text, '\n')) text += "> " + std::string(quoted) + "\r\n";
  line.mail(text, "Re: " + reply.subject);
  line.once();
  CHECK(line.servers.sent.size() == 1);
  // With the password as its Subject the same is a command, and the quotation none.
  line.mail(text);
  line.once();
  REQUIRE(line.servers.sent.size() == 3);
  CHECK(line.subjects()[1] == "JOB memory list [FD0000001]");
  CHECK(line.body(2).find("Command Not Found -> On Saturday the copier wrote:\n") != std::string::npos);
}

TEST_CASE("line: HELP says of each list whether this machine has it [F22]") {
  Line line;
  line.device.lacks(ListId::font);
  line.enable().mail("Help\r\n");
  line.once();
  REQUIRE(line.servers.sent.size() == 1);
  const std::string body = line.body(0);
  for (const ListWord& word : kListWords) {
    CAPTURE(word.option);
    const auto at = body.find(std::string(word.title) + " ");
    REQUIRE(at != std::string::npos);
    const std::string row = body.substr(at, body.find('\n', at) - at);
    CHECK(row.ends_with(word.id == ListId::font ? " no" : " yes"));
  }
}
