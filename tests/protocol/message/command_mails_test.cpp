// From the octets of a genuine mail to what it asks for.
#include <doctest/doctest.h>

#include <filesystem>
#include <set>

#include "core/text.hpp"
#include "protocol/message/command_mails.hpp"
#include "remotemail/authenticator/authenticator.hpp"
#include "remotemail/command_parser/command_parser.hpp"
#include "remotemail/protocol/message.hpp"

using namespace remotemail;
using remotemail::testing::command_mails;
using remotemail::testing::describe;
using remotemail::testing::with_line_ends;

namespace {

Mail parse(std::string bytes) {
  return parse_mail(RawMail{{}, 0, std::move(bytes), true});
}

// The Verdict of a copier whose password is U-BIX: "accepted" or its reason.
std::string judged(const Mail& mail, std::size_t size) {
  AccessRules rules;
  rules.own_address = "copier@example.com";
  rules.password_matches = [](std::string_view word) { return word == "U-BIX"; };
  const Verdict verdict = SubjectAuthenticator().judge(mail, size, true, rules);
  if (const auto* accepted = std::get_if<Accepted>(&verdict))
    return accepted->reply_to == "ce@example.com" ? "accepted" : "accepted, of " + accepted->reply_to;
  if (const auto* illegal = std::get_if<Illegal>(&verdict)) return std::string(words(illegal->reason));
  if (const auto* unanswerable = std::get_if<Unanswerable>(&verdict)) return unanswerable->reason;
  return "another verdict";
}

std::string joined(const std::vector<std::string>& lines) {
  std::string out;
  for (const std::string& line : lines) out += line + '\n';
  return out;
}

void check(const testing::CommandMail& sample, const std::string& bytes) {
  const Mail mail = parse(bytes);
  CHECK(mail.defects.empty());
  CHECK(mail.subject == "U-BIX");
  CHECK(judged(mail, bytes.size()) == "accepted");
  CHECK(joined(describe(ManualCommandParser().parse(mail.text))) == joined(sample.plan));
}

}  // namespace

TEST_CASE(
    "command mails: what the mail programs of thirty years send is understood, password and commands [D3, D4, D9, D10, E11] [fault 85]") {
  CHECK(command_mails().size() >= 60);
  for (const auto& sample : command_mails()) {
    CAPTURE(sample.name);
    CAPTURE(sample.program);
    check(sample, sample.bytes);
  }
}

TEST_CASE("command mails: the same with the line ends of any system [D9] [fault 85]") {
  for (const auto& sample : command_mails()) {
    for (const char* end : {"\n", "\r\n", "\r"}) {
      CAPTURE(sample.name);
      CAPTURE(std::string(end));
      check(sample, with_line_ends(sample.bytes, end));
    }
  }
}

TEST_CASE("command mails: each file of the folder is in the table, each once [D9]") {
  std::set<std::string> files, names;
  for (const auto& entry :
       std::filesystem::directory_iterator(REMOTEMAIL_SOURCE_DIR "/tests/protocol/message/mails"))
    files.insert(entry.path().stem().string());
  for (const auto& sample : command_mails()) CHECK(names.insert(sample.name).second);
  CHECK(files == names);
}

TEST_CASE(
    "command mails: a footer that a gateway appends as a part changes nothing where there is a text [D9]") {
  std::size_t wrapped = 0;
  for (const auto& sample : command_mails()) {
    const auto bytes = testing::with_footer_part(sample);
    if (!bytes) continue;
    CAPTURE(sample.name);
    check(sample, *bytes);
    ++wrapped;
  }
  CHECK(wrapped > 80);
}
