// The whole of the grammar's words, and the texts that people and programs put around commands.
#include <doctest/doctest.h>

#include "core/text.hpp"
#include "protocol/message/command_mails.hpp"
#include "remotemail/command_parser/command_parser.hpp"
#include "remotemail/core/limits.hpp"

using namespace remotemail;

namespace {

// What is answered, in order, parted by " / ".
std::string answers(std::string_view text) {
  std::string out;
  for (const std::string& item : testing::describe(ManualCommandParser().parse(text)))
    out += (out.empty() ? "" : " / ") + item;
  return out;
}

std::string not_found(std::string_view line) {
  return "Command Not Found -> " + std::string(line);
}

std::string repeated(std::string_view line, int times) {
  std::string out;
  for (int i = 0; i < times; ++i) out += line;
  return out;
}

std::string mixed_case(std::string_view text) {
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) out += i % 2 == 0 ? to_lower(text[i]) : text[i];
  return out;
}

struct Row {
  const char *text, *expected;
};

template <std::size_t n>
void check(const Row (&rows)[n]) {
  for (const Row& row : rows) {
    CAPTURE(row.text);
    CHECK(answers(row.text) == row.expected);
  }
}

}  // namespace

TEST_CASE(
    "command rules: every list has its keyword, as the manual spells it [F1, F2, F3, F4, F5, F6, F7, F8, F9, F10, F11, F12, F13]") {
  check({{"GetLog Job", "JOB"},
         {"GetLog User", "USER"},
         {"GetLog Font", "FONT"},
         {"GetLog Management", "MANAGEMENT"},
         {"GetLog Adjustment", "ADJUSTMENT"},
         {"GetLog Parameter", "PARAMETER"},
         {"GetLog Ekc", "EKC"},
         {"GetLog 2Management", "2MANAGEMENT"},
         {"GetLog Counter", "COUNTER"},
         {"GetLog Pixel", "PIXEL"},
         {"GetLog All",
          "JOB / USER / FONT / MANAGEMENT / ADJUSTMENT / PARAMETER / EKC / 2MANAGEMENT / COUNTER / PIXEL"},
         {"GetLog", "phone"}});
}

TEST_CASE(
    "command rules: every prefix from the minimum on means its list, in any case; one letter less or more does not [E3, E4, E5]") {
  for (const ListWord& word : kListWords) {
    for (std::size_t length = word.minimum.size(); length <= word.option.size(); ++length) {
      const std::string option(word.option.substr(0, length));
      CAPTURE(option);
      for (const std::string& typed : {option, lower(option), mixed_case(option)})
        CHECK(answers("G " + typed) == word.option);
    }
    const std::string more = "G " + std::string(word.option) + "x";
    CHECK(answers(more) == "Option Not Found -> " + more);
  }
  for (const char* word : {"GETLOG", "CHPASS", "HELP"}) {
    const std::string command(word);
    for (std::size_t length = 1; length <= command.size(); ++length) {
      CAPTURE(command.substr(0, length));
      CHECK(answers(command.substr(0, length)) == answers(command));
      CHECK(answers(mixed_case(command.substr(0, length))) == answers(command));
    }
    CHECK(answers(command + "x") == not_found(command + "x"));
  }
  CHECK(answers("G PI") == "PIXEL");
  CHECK(answers("G PA") == "PARAMETER");
  CHECK(answers("G A") == "ADJUSTMENT");
}

TEST_CASE(
    "command rules: letters of other alphabets that look alike are not found, as a whole line [E9] [fault 86]") {
  check({
      {"\xEF\xBC\xA7\xEF\xBC\xA5\xEF\xBC\xB4\xEF\xBC\xAC\xEF\xBC\xAF\xEF\xBC\xA7",
       "Command Not Found -> ??????"},
      {"GETLOG \xEF\xBC\xA3", "Command Not Found -> GETLOG ?"},
      {"GETLOG\xE3\x80\x80"
       "COUNTER",
       "Command Not Found -> GETLOG?COUNTER"},                           // ideographic space
      {"\xE3\x80\x80GETLOG", "Command Not Found -> ?GETLOG"},            // ... at the beginning
      {"GETLOG \xEF\xBC\x92", "Command Not Found -> GETLOG ?"},          // fullwidth 2
      {"\xD0\x9D\xD0\x95LP", "Command Not Found -> ??LP"},               // Cyrillic
      {"GETLOG \xD0\xA1OUNTER", "Command Not Found -> GETLOG ?OUNTER"},  // Cyrillic
      {"\xCE\x97"
       "ELP",
       "Command Not Found -> ?ELP"},  // Greek
      {"GETLOG\xE2\x80\x83"
       "COUNTER",
       "Command Not Found -> GETLOG?COUNTER"},                             // em space
      {"HELP\xE2\x80\xA6", "Command Not Found -> HELP?"},                  // an ellipsis that a phone made
      {"HELP me, M\xC3\xBCller", "Command Not Found -> HELP me, M?ller"},  // [E12] does not save it
  });
}

TEST_CASE(
    "command rules: marks of direction and other characters without width are nothing, wherever they stand [E9] [fault 86]") {
  for (const char* mark : {"\xE2\x80\x8E", "\xE2\x80\x8F", "\xD8\x9C", "\xE2\x80\xAA", "\xE2\x80\xAB",
                           "\xE2\x80\xAC", "\xE2\x80\xAD", "\xE2\x80\xAE", "\xE2\x81\xA6", "\xE2\x81\xA7",
                           "\xE2\x81\xA8", "\xE2\x81\xA9", "\xE2\x80\x8B", "\xE2\x81\xA0", "\xEF\xBB\xBF"}) {
    const std::string m(mark);
    CAPTURE(m);
    CHECK(answers(m + "GETLOG" + m + " " + m + "COUN" + m + "TER" + m) == "COUNTER");
    CHECK(answers(m + "\n" + m + "--" + m + "\nHELP") == "no command");
    CHECK(answers(m + "> HELP\n" + m + " HELP") == "no command");
  }
}

TEST_CASE("command rules: CRLF, LF and CR end a line, nothing else does [E7] [fault 86]") {
  check({{"HELP\rGETLOG\r", "help / phone"},
         {"HELP\r\rGETLOG", "help / phone"},
         {"HELP\n\rGETLOG", "help / phone"},
         {"HELP\r\n\r\nGETLOG\r\n", "help / phone"},
         {"HELP\vGETLOG", "Command Not Found -> HELP?GETLOG"},
         {"HELP\fGETLOG", "Command Not Found -> HELP?GETLOG"},
         {"HELP\xC2\x85GETLOG", "Command Not Found -> HELP?GETLOG"},
         {"HELP\xE2\x80\xA8GETLOG", "Command Not Found -> HELP?GETLOG"},
         {"HELP \x7F", "Command Not Found -> HELP ?"},
         {"HELP \x1B(B", "Command Not Found -> HELP ?(B"},
         {"HELP;GETLOG", "Command Not Found -> HELP;GETLOG"},
         {"HELP, GETLOG", "Command Not Found -> HELP, GETLOG"}});
}

TEST_CASE(
    "command rules: ten equal lines are one list and ten commands: what follows is ignored [E10, E14] [fault 86]") {
  CHECK(answers(repeated("GETLOG COUNTER\n", 10)) == "COUNTER");
  CHECK(answers(repeated("GETLOG COUNTER\n", 10) + "GETLOG JOB\n") == "COUNTER");
  CHECK(answers(repeated("GETLOG COUNTER\n", 9) + "GETLOG JOB\nHELP") == "COUNTER / JOB");
  CHECK(answers(repeated("HELP\n", 10) + "GETLOG") == "help");
  CHECK(answers(repeated("GETLOG\n", 10) + "HELP") == "phone");
  CHECK(answers(repeated("GETLOG ALL\n", 10)).starts_with("JOB / USER / "));
  CHECK(answers(repeated("?\n", 10) + "HELP") == answers(repeated("?\n", 10)));
  CHECK(answers(repeated("CHPASS a b\n", 11)) == answers(repeated("CHPASS a b\n", 10)));
  CHECK(answers(repeated("\n", 100'000) + "HELP") == "help");
  for (const char* unknown : {"x\n", "\xC3\xA4\n", "G x\n", "C\n"}) {
    CAPTURE(unknown);
    CHECK(answers(repeated(unknown, 10) + "HELP") == answers(repeated(unknown, 10)));
    CHECK(answers(repeated(unknown, 9) + "HELP").ends_with(" / help"));
  }
}

TEST_CASE("command rules: what a mail program quotes is no command, what it indents neither [E2, E11]") {
  check({{"GETLOG JOB\n\nOn Monday the copier wrote:\n> Serial number: FD0000001\n> GETLOG COUNTER\n>> HELP",
          "JOB / Command Not Found -> On Monday the copier wrote:"},
         {">GETLOG COUNTER\n>\n>\tHELP\n> -- \nGETLOG JOB", "JOB"},
         {" > HELP\n\t> HELP\n    GETLOG COUNTER", "no command"},
         {"| HELP", "Command Not Found -> | HELP"},
         {"-----Original Message-----\nFrom: Copier\nSubject: Counter list\n\n> GETLOG",
          "Command Not Found -> -----Original Message----- / Command Not Found -> From: Copier / "
          "Command Not Found -> Subject: Counter list"},
         {"---------- Forwarded message ----------\nGetLog Counter",
          "Command Not Found -> ---------- Forwarded message ---------- / COUNTER"}});
}

TEST_CASE(
    "command rules: words that happen to begin a line are taken as commands, as the manual warns [E3, E11, E13]") {
  check({{"Get Outlook for iOS", "Option Not Found -> Get Outlook for iOS"},
         {"He is out today", "help"},
         {"C u later", "CHPASS u later"},
         {"Sent from my iPhone", "Command Not Found -> Sent from my iPhone"},
         {"Hello", "Command Not Found -> Hello"},
         {"GETLOG COUNTER\n\xE2\x80\x94\nHELP",
          "COUNTER / Command Not Found -> ? / help"}});  // a dash is no "--"
}

TEST_CASE("command rules: a signature line is exactly two hyphens, with a blank or without [E11]") {
  for (const char* line : {"--", "-- ", "--\xC2\xA0", "\xEF\xBB\xBF-- "}) {
    CAPTURE(line);
    CHECK(answers("GETLOG JOB\n" + std::string(line) + "\nHELP\nGETLOG") == "JOB");
    CHECK(answers("GETLOG JOB\r" + std::string(line) + "\rHELP") == "JOB");
  }
  for (const char* line : {"-", "---", "--  ", "--\t", "- -", "__", "--x"}) {
    CAPTURE(line);
    CHECK(answers(std::string(line) + "\nHELP").ends_with(" / help"));
  }
}
