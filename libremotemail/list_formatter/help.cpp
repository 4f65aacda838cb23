#include "list_formatter/help.hpp"

#include <algorithm>
#include <array>
#include <string_view>

#include "list_formatter/lines.hpp"
#include "remotemail/core/limits.hpp"

namespace remotemail {

using namespace layout;

namespace {

using namespace std::chrono;

constexpr std::string_view kTitle =
    "Help\n"
    "====\n"
    "This copier answers mail: every command is answered by a mail that holds what the\n"
    "machine would print in List Output Mode.\n"
    "\n"
    "The mail to send\n"
    "----------------\n"
    "To       the mail address of this copier\n"
    "Subject  the password, and nothing else\n"
    "Text     the commands: one a line, from the first column; a line that begins with a\n"
    "         blank or TAB is ignored. Between words stand one or more blanks or TABs.\n"
    "         Capital and small letters mean the same, and the first letters of a word\n"
    "         are enough, as far as the column \"Shortest\" says. Use ASCII characters only.\n"
    "The answers go to the mail's From address, one list a mail.\n"
    "\n";

constexpr std::string_view kCommandsTitle =
    "Command             Shortest        Answer\n"
    "------------------  --------------  -----------------------------------------------------\n";
constexpr std::string_view kListsTitle =
    "Option of GETLOG    Shortest        List                        On this machine\n"
    "------------------  --------------  --------------------------  ---------------\n";

struct CommandHelp {
  CommandId id;
  std::string_view words;     // behind the command
  std::string_view shortest;  // of those words
  std::string_view answer;
};

constexpr std::array<CommandHelp, 5> kCommands{{
    {CommandId::getlog, "", "", "the counter list, laid out for a phone"},
    {CommandId::getlog, " <option>", " <option>", "the list that the option names (see below)"},
    {CommandId::getlog, " ALL", " AL", "all the lists below that were not asked for otherwise"},
    {CommandId::chpass, " <old> <new>", " <old> <new>", "the password is changed from <old> to <new>"},
    {CommandId::help, "", "", "this mail"},
}};

constexpr std::string_view kExamples =
    "Examples\n"
    "--------\n"
    "GETLOG                  the counter list for a phone\n"
    "GetLog Counter          the counter list\n"
    "g pi                    the pixel ratio list\n"
    "GetLog All              all lists, a mail each\n"
    "ChPass OldWord NewWord  from the next mail on the password is NewWord\n";

const CommandWord& command_word(CommandId id) {
  return kCommandWords[static_cast<std::size_t>(id)];
}

std::string commands() {
  std::string out(kCommandsTitle);
  for (const CommandHelp& help : kCommands) {
    const CommandWord& word = command_word(help.id);
    out += padded(std::string(word.name).append(help.words), 20);
    out += padded(std::string(word.minimum).append(help.shortest), 16);
    out.append(help.answer).append("\n");
  }
  return out + "\n";
}

std::string lists(const std::vector<ListId>& offered) {
  std::string out(kListsTitle);
  for (const ListWord& word : kListWords) {
    const bool has = std::find(offered.begin(), offered.end(), word.id) != offered.end();
    out += padded(word.option, 20) + padded(word.minimum, 16) + padded(word.title, 28);
    out += has ? "yes\n" : "no\n";
  }
  return out + "\n";
}

std::string size_words(std::uint64_t octets) {
  return octets % 1024 == 0 ? std::to_string(octets / 1024) + " KB" : std::to_string(octets) + " bytes";
}

std::string limits_of(const HelpAsked& help) {
  const auto at_most = [](std::uint64_t number) { return "- At most " + std::to_string(number); };
  return "Limits\n------\n" +  //
         at_most(limits::kCommandsPerMail) + " commands a mail; those behind them are ignored.\n" +
         "- A mail of " + size_words(help.size_limit) +
         " or more (its header not counted) is removed without an answer, and so is\n"
         "  one with a wrong password. Send plain text without attachments.\n" +
         at_most(help.mails_per_poll) +
         " mails are answered each time mail is fetched; the others wait for the next time.\n"
         "- A password has 1 to " +
         std::to_string(limits::kPasswordLength) +
         " printable ASCII characters and no space.\n"
         "- A list asked for twice in a mail is answered once. Words behind the option are ignored.\n"
         "- A line \"--\" ends the commands (a signature may follow); lines with \">\" in front are "
         "ignored.\n"
         "- Lines of the answers are up to " +
         std::to_string(limits::kReplyColumns) + " characters long.\n\n";
}

// "2026-03-01 12:00:05 +0100", or empty for a time no calendar shows.
std::string local_time(WallTime time, minutes offset) {
  const auto local = floor<seconds>(time) + offset;
  const auto day = floor<days>(local);
  if (day < sys_days(year(1970) / 1 / 1) || day >= sys_days(year(10000) / 1 / 1)) return {};
  const year_month_day date(day);
  const hh_mm_ss clock(local - day);
  const auto two = [](auto number) { return digits(static_cast<std::uint64_t>(number), 2); };
  const auto away = abs(offset).count();
  return digits(static_cast<std::uint64_t>(static_cast<int>(date.year())), 4) + "-" +
         two(static_cast<unsigned>(date.month())) + "-" + two(static_cast<unsigned>(date.day())) + " " +
         two(clock.hours().count()) + ":" + two(clock.minutes().count()) + ":" +
         two(clock.seconds().count()) + (offset < minutes(0) ? " -" : " +") + two(away / 60) + two(away % 60);
}

std::string polling(const HelpAsked& help, minutes offset) {
  const auto every = help.interval.count();
  const std::string interval = every == 1 ? "minute" : std::to_string(every) + " minutes";
  const std::string last = help.last_poll ? local_time(*help.last_poll, offset) : std::string();
  return "Mail is fetched every " + interval + ". Last time: " + (last.empty() ? "not known" : last) +
         ".\n\n";
}

}  // namespace

std::string format_help(const HelpAsked& help, std::chrono::minutes utc_offset) {
  std::string out = help.no_command ? "No command was found in your mail.\n\n" : "";
  out.append(kTitle).append(commands()).append(lists(help.offered));
  out.append(limits_of(help)).append(polling(help, utc_offset)).append(kExamples);
  return out;
}

}  // namespace remotemail
