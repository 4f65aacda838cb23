// The examples of the manual's pages 11 to 14: a mail's text in, the replies out. The expected bodies are the
// files in golden/, one a reply.
#include <doctest/doctest.h>

#include "list_formatter/samples.hpp"
#include "remotemail/command_parser/command_parser.hpp"
#include "remotemail/list_formatter/list_formatter.hpp"
#include "support/golden.hpp"

using namespace remotemail;

namespace {

// What a machine and an agent would make of an item: the password is U-BIX until it is changed.
class Executor {
 public:
  std::string password = "U-BIX";

  OutcomeValue operator()(const PlannedItem& item) {
    switch (item.kind) {
      case PlannedItem::Kind::list:
        return read(item.list);
      case PlannedItem::Kind::phone:
        return ListRead{samples::counters(), true};
      case PlannedItem::Kind::change_password:
        return change(item.words);
      case PlannedItem::Kind::help:
        return help(false);
      case PlannedItem::Kind::no_command:
        return help(true);
      case PlannedItem::Kind::not_found:
        return NotFound{};
    }
    return NotFound{};
  }

 private:
  static OutcomeValue read(ListId id) {
    if (id == ListId::counter) return ListRead{samples::counters(), false};
    if (id == ListId::management1) return ListRead{samples::machine_management(), false};
    return ListMissing{id, false, make_error(Cause::device_unsupported, Step::device)};
  }

  OutcomeValue change(const std::vector<std::string>& words) {
    if (words.size() != 2) return PasswordRefused{PasswordRefused::Why::form};
    if (words[0] != password) return PasswordRefused{PasswordRefused::Why::old_wrong};
    return PasswordChanged{password = words[1]};
  }

  static OutcomeValue help(bool no_command) {
    HelpAsked help;
    help.no_command = no_command;
    help.offered = {ListId::counter, ListId::management1};
    help.last_poll = std::chrono::sys_days(std::chrono::year(2026) / 3 / 1) + std::chrono::hours(23) +
                     std::chrono::minutes(5);
    return help;
  }
};

std::vector<ReplyText> replies_to(std::string_view text) {
  Executor execute;
  std::vector<ReplyText> replies;
  for (const PlannedItem& item : ManualCommandParser().parse(text).items) {
    replies.push_back(PlainTextFormatter().format(samples::head(), Outcome{item, execute(item)}));
  }
  return replies;
}

// Each reply as "topic" and the golden file of its body.
void check(std::string_view text, const std::vector<std::pair<std::string, std::string>>& expected) {
  const auto replies = replies_to(text);
  REQUIRE(replies.size() == expected.size());
  for (std::size_t i = 0; i < replies.size(); ++i) {
    CHECK(replies[i].topic == expected[i].first);
    CHECK(test::golden_fault("list_formatter/golden/" + expected[i].second + ".txt", replies[i].body) == "");
    CHECK(samples::fault_of(replies[i].body) == "");
  }
}

}  // namespace

TEST_CASE("manual, page 11: a mail that asks for the counter list [F9] [G4] [G5] [G6]") {
  check("GetLog Counter\n", {{"Counter list", "counter"}});
}

TEST_CASE("manual, page 13: without an option the counter list comes laid out for a phone [F13] [G10]") {
  check("GetLog\n", {{"Counter list (phone)", "phone"}});
}

TEST_CASE("manual, page 13: two lists are two mails [G2] [E15]") {
  check("GetLog Counter\nGetLog Management\n",
        {{"Counter list", "counter"}, {"Machine management list 1", "management"}});
}

TEST_CASE("manual, page 13: a list requested twice is returned once [E14]") {
  check("GetLog Counter\nGetLog Counter\n", {{"Counter list", "counter"}});
}

TEST_CASE("manual, page 13: in one line the later list is ignored [E12]") {
  check("GetLog Counter Management\n", {{"Counter list", "counter_in_one_line"}});
}

TEST_CASE("manual, page 13: an unrecognizable option [E13]") {
  check("GetLog Log\n", {{"Command errors", "option_not_found"}});
}

TEST_CASE("manual, page 11: a line in other characters than ASCII [E9]") {
  check("\xEF\xBC\xA7\xEF\xBC\xA5\xEF\xBC\xB4\nGetLog Log\n", {{"Command errors", "command_not_found"}});
}

TEST_CASE("manual, page 14: a correct password change [F16]") {
  check("ChPass U-BIX Sitios\n", {{"Password change", "password_changed"}});
}

TEST_CASE("manual, page 14: the old password is wrong [F17]") {
  check("ChPass Sitios U-BIX\n", {{"Password change", "old_password_wrong"}});
}

TEST_CASE("manual, page 14: the new password is blank [F18]") {
  check("ChPass Sitios\n", {{"Password change", "new_password_missing"}});
}

TEST_CASE("manual, page 15: help [F22]") {
  check("Help\n", {{"Help", "help"}});
}

TEST_CASE("manual, beyond it: a mail without a command is answered by the help mail [E16]") {
  check("\n", {{"Help", "no_command"}});
}

TEST_CASE("manual, page 10: ALL, on a machine that has two of the lists [F12] [G2]") {
  const auto replies = replies_to("GetLog All\n");
  REQUIRE(replies.size() == kListCount);
  for (std::size_t i = 0; i < kListCount; ++i) CHECK(replies[i].topic == kListWords[i].title);
  CHECK(replies[2].body.ends_with("\n> GetLog All\n\nThis machine has no font pattern list.\n"));
}
