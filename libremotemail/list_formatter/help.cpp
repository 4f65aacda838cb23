#include "list_formatter/help.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <string_view>

#include "list_formatter/lines.hpp"
#include "list_formatter/texts.hpp"
#include "remotemail/core/limits.hpp"

namespace remotemail {

using namespace layout;

namespace {

using namespace std::chrono;

constexpr std::size_t kColumns = 76;  // what a terminal of 80 shows of a quoted mail; tables are as narrow
constexpr std::size_t kNameColumn = 20, kShortestColumn = 15, kTitleColumn = 27;

std::string headed(std::string_view title) {
  return fmt::format("{}\n{}\n", title, std::string(title.size(), '-'));
}

std::string paragraph(std::string_view sentence, std::string_view first = {}) {
  std::string out;
  const std::string behind(first.size(), ' ');
  for (const std::string& line : wrap(sentence, kColumns - first.size()))
    out.append(out.empty() ? first : behind).append(line).append("\n");
  return out;
}

std::string point(std::string_view sentence) {
  return paragraph(sentence, "- ");
}

std::string command_line(CommandId id, const texts::CommandHelp& help) {
  const CommandWord& word = kCommandWords[static_cast<std::size_t>(id)];
  return padded(std::string(word.name).append(help.command), kNameColumn) +
         padded(std::string(word.minimum).append(help.shortest), kShortestColumn)
             .append(help.answer)
             .append("\n");
}

std::string commands() {
  return std::string(texts::kCommandsTitle) + command_line(CommandId::getlog, texts::kGetLogAlone) +
         command_line(CommandId::getlog, texts::kGetLogList) +
         command_line(CommandId::getlog, texts::kGetLogAll) +
         command_line(CommandId::chpass, texts::kChPass) + command_line(CommandId::help, texts::kHelpItself);
}

std::string lists(const std::vector<ListId>& offered) {
  std::string out(texts::kListsTitle);
  for (const ListWord& word : kListWords) {
    const bool has = std::find(offered.begin(), offered.end(), word.id) != offered.end();
    out += padded(word.option, kNameColumn) + padded(word.minimum, kShortestColumn) +
           padded(word.title, kTitleColumn);
    out.append(has ? texts::kOffered : texts::kNotOffered).append("\n");
  }
  return out;
}

std::string writing() {
  std::string out = headed(texts::kWritingTitle);
  for (const std::string_view sentence : texts::kWriting) out += point(sentence);
  return out;
}

std::string limits_of(const HelpAsked& help) {
  const std::string size = help.size_limit % 1024 == 0
                               ? fmt::format(texts::kKilobytes, help.size_limit / 1024)
                               : fmt::format(texts::kBytes, help.size_limit);
  return headed(texts::kLimitsTitle) +  //
         point(fmt::format(texts::kCommandsLimit, limits::kCommandsPerMail)) +
         point(fmt::format(texts::kPasswordLimit, limits::kPasswordLength)) +
         point(fmt::format(texts::kSizeLimit, size)) +
         point(fmt::format(texts::kMailsLimit, help.mails_per_poll)) +
         point(fmt::format(texts::kColumnsLimit, limits::kReplyColumns));
}

// "2026-03-01 12:00:05 +0100", or empty for a time no calendar shows.
std::string local_time(WallTime time, minutes offset) {
  const auto local = floor<seconds>(time) + offset;
  const auto day = floor<days>(local);
  if (day < sys_days(year(1970) / 1 / 1) || day >= sys_days(year(10000) / 1 / 1)) return {};
  const year_month_day date(day);
  const hh_mm_ss clock(local - day);
  const auto away = abs(offset).count();
  return fmt::format("{}-{:02}-{:02} {:02}:{:02}:{:02} {}{:02}{:02}", static_cast<int>(date.year()),
                     static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()),
                     clock.hours().count(), clock.minutes().count(), clock.seconds().count(),
                     offset < minutes(0) ? '-' : '+', away / 60, away % 60);
}

std::string polling(const HelpAsked& help, minutes offset) {
  const std::string time = help.last_poll ? local_time(*help.last_poll, offset) : std::string();
  const std::string_view last = time.empty() ? texts::kNotKnown : std::string_view(time);
  return paragraph(help.interval == minutes(1) ? fmt::format(texts::kFetchedEveryMinute, last)
                                               : fmt::format(texts::kFetched, help.interval.count(), last));
}

}  // namespace

std::string format_help(const HelpAsked& help, std::chrono::minutes utc_offset) {
  std::string out;
  if (help.no_command) out.append(texts::kNoCommand).append("\n\n");
  out.append(texts::kHelpTopic).append("\n").append(texts::kHelpTopic.size(), '=').append("\n");
  out += paragraph(texts::kHelp) + "\n";
  out.append(texts::kMailToSend).append("\n");
  out += commands() + "\n" + lists(help.offered) + "\n" + writing() + "\n" + limits_of(help) + "\n" +
         polling(help, utc_offset) + "\n";
  return out.append(texts::kExamples);
}

}  // namespace remotemail
