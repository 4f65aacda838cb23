#include <doctest/doctest.h>

#include "list_formatter/help.hpp"
#include "list_formatter/samples.hpp"

using namespace remotemail;

namespace {

std::string help(const HelpAsked& asked, std::chrono::minutes offset = {}) {
  return format_help(asked, offset);
}
bool says(const std::string& text, std::string_view words) {
  return text.find(words) != std::string::npos;
}

}  // namespace

TEST_CASE("help: every command and option stands there with its shortest form and title [F22]") {
  const std::string text = help({});
  for (const CommandWord& word : kCommandWords) {
    CAPTURE(word.name);
    CHECK(says(text, "\n" + std::string(word.name)));
  }
  const auto lines = samples::lines_of(text);
  for (const ListWord& word : kListWords) {
    CAPTURE(word.option);
    CHECK(std::any_of(lines.begin(), lines.end(), [&](std::string_view line) {
      const auto words = split_words(line);
      return words.size() > 2 && words[0] == word.option && words[1] == word.minimum &&
             says(std::string(line), word.title);
    }));
  }
  CHECK(says(text, "G AL"));
}

TEST_CASE("help: the lists this machine offers are marked [F22]") {
  HelpAsked asked;
  asked.offered = {ListId::counter, ListId::font};
  const std::string text = help(asked);
  for (const std::string_view line : samples::lines_of(text)) {
    if (line.starts_with("COUNTER") || line.starts_with("FONT")) CHECK(line.ends_with(" yes"));
    if (line.starts_with("PIXEL") || line.starts_with("JOB")) CHECK(line.ends_with(" no"));
  }
}

TEST_CASE("help: the limits are those in force [F22] [E10] [D2] [D6] [F15]") {
  HelpAsked asked;
  CHECK(says(help(asked), "At most 10 commands a mail"));
  CHECK(says(help(asked), "A mail of 10 KB or more"));
  CHECK(says(help(asked), "At most 5 mails"));
  CHECK(says(help(asked), "1 to 20 printable ASCII characters and no space"));
  asked.size_limit = 100'000;
  asked.mails_per_poll = 50;
  CHECK(says(help(asked), "A mail of 100000 bytes or more gets no answer"));
  CHECK(says(help(asked), "At most 50 mails"));
}

TEST_CASE("help: interval and time of the last poll, in the copier's local time [F22] [B12]") {
  using namespace std::chrono;
  HelpAsked asked;
  CHECK(says(help(asked), "Mail is fetched every 10 minutes. Last time: not known."));
  asked.interval = minutes(1);
  asked.last_poll = sys_days(year(2026) / 2 / 28) + hours(23) + minutes(59) + seconds(7) + milliseconds(999);
  CHECK(says(help(asked), "Mail is fetched every minute. Last time: 2026-02-28 23:59:07 +0000."));
  CHECK(says(help(asked, minutes(345)), "2026-03-01 05:44:07 +0545"));
  CHECK(says(help(asked, minutes(-570)), "2026-02-28 14:29:07 -0930"));
  asked.last_poll = WallTime::max();
  CHECK(says(help(asked), "Last time: not known."));
  asked.last_poll = WallTime::min();
  CHECK(says(help(asked, hours(-12)), "Last time: not known."));
}

TEST_CASE("help: without a command in the mail its first line says so [E16]") {
  HelpAsked asked;
  CHECK(help(asked).starts_with("Help\n"));
  asked.no_command = true;
  CHECK(help(asked).starts_with("No command was found in your mail.\n\nHelp\n"));
}

TEST_CASE(
    "help: it tells how a command is written: column, blanks, quoting, signature, repeats [F22] [E1] [E6] [E11] [E12] [E14]") {
  std::string text = help({});
  std::replace(text.begin(), text.end(), '\n', ' ');
  for (const char* sentence :
       {"one a line, from the first column", "Between words stand one or more blanks or TABs.",
        "A line that begins with a blank, a TAB or \">\" is ignored.", "A line \"--\" ends the commands",
        "After the name of a list   the rest of the line is ignored.",
        "asked for twice, by ALL or by name, comes once", "plain ASCII characters",
        "Capital and small letters mean the same", "Here   capital and small letters differ",
        "A new one counts from the next mail on", "nor does one with a wrong   password"}) {
    CAPTURE(sentence);
    CHECK(says(text, sentence));
  }
}

TEST_CASE("help: it is short lines of ASCII [G9]") {
  HelpAsked asked;
  asked.size_limit = UINT64_MAX;
  asked.mails_per_poll = UINT64_MAX;
  asked.interval = std::chrono::minutes::max();
  asked.last_poll = std::chrono::sys_days(std::chrono::year(9999) / 12 / 31);
  for (const HelpAsked& any : {HelpAsked{}, asked}) CHECK(samples::fault_of(help(any), 80, 80) == "");
}
