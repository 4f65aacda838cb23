#include <doctest/doctest.h>

#include "remotemail/command_parser/command_parser.hpp"
#include "remotemail/core/limits.hpp"

using namespace remotemail;
using Kind = PlannedItem::Kind;

namespace {

Plan parse(std::string_view text) {
  return ManualCommandParser().parse(text);
}

// A plan in one line: what is answered, in order.
std::string shape(std::string_view text) {
  std::string out;
  for (const PlannedItem& item : parse(text).items) {
    if (!out.empty()) out += ' ';
    switch (item.kind) {
      case Kind::list:
        out += word_of(item.list).option;
        break;
      case Kind::phone:
        out += "phone";
        break;
      case Kind::change_password:
        out += "chpass";
        break;
      case Kind::help:
        out += "help";
        break;
      case Kind::no_command:
        out += "nothing";
        break;
      case Kind::not_found:
        out += "not_found:" + std::to_string(item.replies.size());
        break;
    }
  }
  return out;
}

std::string first_reply(std::string_view text) {
  const Plan plan = parse(text);
  REQUIRE(plan.items.front().kind == Kind::not_found);
  return plan.items.front().replies.front();
}

constexpr const char* kAll = "JOB USER FONT MANAGEMENT ADJUSTMENT PARAMETER EKC 2MANAGEMENT COUNTER PIXEL";

}  // namespace

TEST_CASE("command parser: a command is any prefix from its minimum on, in any case [E3] [E5]") {
  struct {
    const char *line, *expected;
  } const cases[] = {
      {"G", "phone"},
      {"g", "phone"},
      {"GE", "phone"},
      {"GET", "phone"},
      {"GETL", "phone"},
      {"GetLo", "phone"},
      {"gETLOG", "phone"},
      {"GETLOGS", "not_found:1"},
      {"GETLOG.", "not_found:1"},
      {"C", "chpass"},
      {"chp a b", "chpass"},
      {"CHPASS a b", "chpass"},
      {"CHPASSWORD a b", "not_found:1"},
      {"H", "help"},
      {"he", "help"},
      {"HELP", "help"},
      {"HELPME", "not_found:1"},
      {"?", "not_found:1"},
      {"Hello", "not_found:1"},
  };
  for (const auto& c : cases) {
    CAPTURE(c.line);
    CHECK(shape(c.line) == c.expected);
  }
}

TEST_CASE("command parser: an option is any prefix from its minimum on, in any case [E4] [E5]") {
  struct {
    const char *option, *expected;
  } const cases[] = {
      {"J", "JOB"},         {"JO", "JOB"},         {"job", "JOB"},       {"JOBS", "not_found:1"},
      {"U", "USER"},        {"F", "FONT"},         {"M", "MANAGEMENT"},  {"Manage", "MANAGEMENT"},
      {"A", "ADJUSTMENT"},  {"AD", "ADJUSTMENT"},  {"AL", "ALL"},        {"P", "PARAMETER"},
      {"PA", "PARAMETER"},  {"PI", "PIXEL"},       {"pix", "PIXEL"},     {"E", "EKC"},
      {"2", "2MANAGEMENT"}, {"2m", "2MANAGEMENT"}, {"C", "COUNTER"},     {"Counter", "COUNTER"},
      {"CO", "COUNTER"},    {"CP", "not_found:1"}, {"1", "not_found:1"}, {"ALLE", "not_found:1"},
      {"L", "not_found:1"}, {"PX", "not_found:1"},
  };
  for (const auto& c : cases) {
    CAPTURE(c.option);
    const std::string expected = c.expected == std::string("ALL") ? kAll : c.expected;
    CHECK(shape(std::string("G ") + c.option) == expected);
  }
}

TEST_CASE("command parser: a line that begins with a blank or TAB, and an empty one, is ignored [E2] [fault 86]") {
  CHECK(shape(" GETLOG\n\tHELP\n\n  \n\t\nGETLOG C\n") == "COUNTER");
  CHECK(shape("\xC2\xA0GETLOG\nHELP") == "help");  // NO-BREAK SPACE counts as a blank
}

TEST_CASE("command parser: words are parted by any run of blanks and TABs [E6]") {
  CHECK(shape("GETLOG \t  COUNTER") == "COUNTER");
  CHECK(shape("GETLOG\tPI\t") == "PIXEL");
  CHECK(shape("GETLOG   ") == "phone");
  CHECK(shape("GETLOGCOUNTER") == "not_found:1");
}

TEST_CASE("command parser: a line end separates commands and nothing else, one command a line [E1] [E7] [fault 86]") {
  CHECK(shape("GETLOG\nCOUNTER") == "phone not_found:1");
  for (const char* text : {"G C\nH", "G C\r\nH\r\n", "G C\rH\r", "G C\n\nH\n"})
    CHECK(shape(text) == "COUNTER help");
}

TEST_CASE("command parser: a line with any other character is not found as a whole [E8] [E9]") {
  struct {
    const char *line, *expected;
  } const cases[] = {
      {"GETLOG C\xC3\xB6unter", "Command Not Found -> GETLOG C?unter"},
      {"GETLOG COUNTER \xE2\x82\xAC", "Command Not Found -> GETLOG COUNTER ?"},
      {"\xEF\xBC\xA7\xEF\xBC\xA5\xEF\xBC\xB4", "Command Not Found -> ???"},  // fullwidth GET [fault 86]
      {"\xF0\x9F\x98\x80", "Command Not Found -> ?"},
      {"HELP\x01", "Command Not Found -> HELP?"},
      {"HELP\x7F", "Command Not Found -> HELP?"},
      {"HELP \x0B", "Command Not Found -> HELP ?"},
      {"CHPASS U-BIX Siti\xC3\xB6s", "Command Not Found -> CHPASS U-BIX Siti?s"},  // [fault 88]
      {"HELP \x80\x80", "Command Not Found -> HELP ??"},
      {"HELP \xC3", "Command Not Found -> HELP ?"},
      {"\xED\xA0\x80", "Command Not Found -> ???"},
      {"Get\tCou\tx\xC2\xAD", "Command Not Found -> Get Cou x?"},
      {"Log", "Command Not Found -> Log"},
  };
  for (const auto& c : cases) {
    CAPTURE(c.line);
    CHECK(first_reply(c.line) == c.expected);
  }
  CHECK(first_reply(std::string("HELP\0X", 6)) == "Command Not Found -> HELP?X");
}

TEST_CASE("command parser: NO-BREAK SPACE is a blank, byte order mark and zero-width characters are nothing [E9]") {
  CHECK(shape("GETLOG\xC2\xA0"
              "COUNTER") == "COUNTER");
  CHECK(shape("\xEF\xBB\xBFGETLOG\xE2\x80\x8B COU\xE2\x80\x8CN\xE2\x80\x8DTER\xE2\x81\xA0") == "COUNTER");
  CHECK(shape("\xEF\xBB\xBF\n\xE2\x80\x8B\nH") == "help");
  CHECK(first_reply("\xEF\xBB\xBFGETLOG\xC2\xA0LOG") == "Option Not Found -> GETLOG LOG");
  CHECK(shape("\xEF\xBB\xBF--\nHELP") == "nothing");
  CHECK(shape("--\xC2\xA0\nHELP") == "nothing");
}

TEST_CASE("command parser: the eleventh command is ignored [E10] [fault 86]") {
  std::string ten;
  for (int i = 0; i < 10; ++i) ten += "CHPASS a b\n";
  CHECK(parse(ten).items.size() == 10);
  CHECK(parse(ten + "HELP\nGETLOG\n").items.size() == 10);
  CHECK(shape("x\nx\nx\nx\nx\nG C\nG C\nG C\nG C\nG J\nG U") == "not_found:5 COUNTER JOB");
  CHECK(shape("G AL\nx\nx\nx\nx\nx\nx\nx\nx\nH\nG") == std::string(kAll) + " not_found:8 help");
}

TEST_CASE("command parser: lines that are ignored are not counted [E10] [E2] [E11]") {
  std::string text;
  for (int i = 0; i < 9; ++i) text += "G C\n \n\n>x\n\t\n";
  CHECK(shape(text + "H\nG") == "COUNTER help");
}

TEST_CASE("command parser: a signature line ends the commands [E11]") {
  CHECK(shape("G C\n--\nH") == "COUNTER");
  CHECK(shape("G C\n-- \nH") == "COUNTER");
  CHECK(shape("G C\n-- x\nH") == "COUNTER not_found:1 help");
  CHECK(shape("G C\n---\nH") == "COUNTER not_found:1 help");
  CHECK(shape("G C\n --\nH") == "COUNTER help");
  CHECK(shape("G C\nJohn Smith") == "COUNTER not_found:1");  // without such a line the manual's warning holds
}

TEST_CASE("command parser: quoted lines are ignored [E11]") {
  CHECK(shape(">HELP\n> HELP\n>> x\nG C") == "COUNTER");
}

TEST_CASE("command parser: words behind the first option of GETLOG, and behind HELP, are ignored [E12]") {
  CHECK(shape("GetLog Counter Management") == "COUNTER");
  CHECK(shape("HELP GETLOG COUNTER") == "help");
  CHECK(first_reply("GetLog Log Counter") == "Option Not Found -> GetLog Log Counter");
}

TEST_CASE("command parser: an unknown option is named with the line as typed [E13]") {
  CHECK(first_reply("GetLog Log") == "Option Not Found -> GetLog Log");
  CHECK(first_reply("g\t\tx ") == "Option Not Found -> g  x ");
}

TEST_CASE("command parser: the same list asked twice is answered once, at its first place [E14] [fault 86]") {
  CHECK(shape("G C\nG J\nGETLOG COUNTER\nG U") == "COUNTER JOB USER");
  CHECK(shape("G\nG\nG C\nG") == "phone COUNTER");
  CHECK(shape("H\nG C\nH") == "help COUNTER");
  CHECK(parse("G C first\nG C second").items.front().line == "G C first");
}

TEST_CASE("command parser: several lines, several lists, in the order of the commands [E15] [G2]") {
  CHECK(shape("GetLog Counter\nGetLog Management") == "COUNTER MANAGEMENT");
  CHECK(shape("G PI\nH\nG J\nC a b\nG\nC b c") == "PIXEL help JOB chpass phone chpass");
}

TEST_CASE("command parser: no command line at all is an item of its own [E16]") {
  for (const char* text : {"", "\n\n", " GETLOG", "> quoted\n", "-- \nHELP", "\r\n\r\n", "\t"}) {
    CAPTURE(text);
    CHECK(shape(text) == "nothing");
  }
  CHECK(shape("x") == "not_found:1");
}

TEST_CASE("command parser: ALL is the ten lists in the manual's order without those already asked [F12] [G2]") {
  CHECK(shape("GETLOG ALL") == kAll);
  CHECK(shape("G C\nG AL") == "COUNTER JOB USER FONT MANAGEMENT ADJUSTMENT PARAMETER EKC 2MANAGEMENT PIXEL");
  CHECK(shape("G AL\nG C\nG AL\nG PI") == kAll);
  CHECK(shape("G\nG AL\nG") == std::string("phone ") + kAll);  // the phone's is not one of the ten [F13]
  CHECK(parse("GetLog All x").items.at(3).line == "GetLog All x");
}

TEST_CASE("command parser: all not-found lines share one item where the first of them stood [G2]") {
  CHECK(shape("G C\nfoo\nG J\nG bar\nbaz") == "COUNTER not_found:3 JOB");
  const Plan plan = parse("G C\nfoo\nG J\nG bar\nbaz");
  CHECK(plan.items.at(1).replies == std::vector<std::string>{"Command Not Found -> foo",
                                                             "Option Not Found -> G bar",
                                                             "Command Not Found -> baz"});
}

TEST_CASE("command parser: CHPASS keeps its words and its line as typed, whatever they are [F14] [F17] [F18] [fault 87]") {
  using Words = std::vector<std::string>;
  struct {
    const char* line;
    Words words;
  } const cases[] = {
      {"ChPass U-BIX Sitios", {"U-BIX", "Sitios"}},
      {"C\tU-BIX\tSitios ", {"U-BIX", "Sitios"}},
      {"ChPass Sitios", {"Sitios"}},
      {"ChPass", {}},
      {"ChPass a b c", {"a", "b", "c"}},
      {"ChPass %s '\\..", {"%s", "'\\.."}},
      {"ChPass 123456789012345678901 x", {"123456789012345678901", "x"}},
  };
  for (const auto& c : cases) {
    CAPTURE(c.line);
    const Plan plan = parse(c.line);
    REQUIRE(plan.items.size() == 1);
    CHECK(plan.items[0].kind == Kind::change_password);
    CHECK(plan.items[0].words == c.words);
  }
  CHECK(parse("ChPass Sitios").items[0].line == "ChPass Sitios");
  CHECK(shape("C a b\nC a b") == "chpass chpass");
}

TEST_CASE("command parser: a long line is cut so that its reply fits [E9] [F17]") {
  const std::string longest(107, 'x');  // with "Command Not Found -> " exactly 128
  CHECK(first_reply(longest) == "Command Not Found -> " + longest);
  const std::string cut = first_reply(longest + "y");
  CHECK(cut.size() == limits::kReplyColumns);
  CHECK(cut.ends_with("xxx..."));
  CHECK(first_reply("G " + std::string(100'000, '?')).size() == limits::kReplyColumns);
  CHECK(parse("C " + std::string(5000, 'x')).items[0].line.size() == limits::kReplyColumns);
  CHECK(parse("C " + std::string(5000, 'x')).items[0].words[0].size() == 5000);
}
