#include <fmt/format.h>

#include <functional>
#include <map>
#include <vector>

#include "command_line.hpp"
#include "configuration.hpp"
#include "core/text.hpp"
#include "documents/documents.hpp"
#include "documents/synopsis.hpp"
#include "exit_status.hpp"
#include "remotemail/core/commands.hpp"
#include "remotemail/settings/setting_spec.hpp"

namespace remotemaild {
namespace {

using remotemail::SettingSpec;

constexpr std::size_t kWidth = 78;  // of an input line
constexpr std::string_view kListBegins = ".Bl -tag -width Ds\n", kListEnds = ".El\n";

// A word as roff prints it, character by character.
std::string escaped(std::string_view word) {
  std::string text;
  for (std::size_t i = 0; i < word.size(); ++i) {
    switch (word[i]) {
      case '\\':
        text += "\\e";
        break;
      case '`':
        text += "\\(ga";
        break;
      case '^':
        text += "\\(ha";
        break;
      case '~':
        text += "\\(ti";
        break;
      case '"':
        text += "\\(dq";
        break;
      case '-':
        text += i == 0 ? "\\-" : i == 1 && word[0] == '-' ? "\\-" : "-";
        break;
      default:
        text += word[i];
    }
  }
  if (!text.empty() && (text.front() == '.' || text.front() == '\'')) text.insert(0, "\\&");
  return text;
}

bool ends_sentence(std::string_view word) {
  while (!word.empty() && (word.back() == ')' || word.back() == '"')) word.remove_suffix(1);
  return word.size() > 1 && (word.back() == '.' || word.back() == '!' || word.back() == '?') &&
         !word.ends_with("...");
}

// Running text: a new line for each sentence, none longer than it should be.
std::string prose(std::string_view text) {
  std::string lines, line;
  const auto end_line = [&] {
    if (!line.empty()) lines += line + "\n";
    line.clear();
  };
  for (const std::string_view word : remotemail::split_words(text)) {
    const std::string next = escaped(word);
    if (!line.empty() && line.size() + 1 + next.size() > kWidth) end_line();
    line += (line.empty() ? "" : " ") + next;
    if (ends_sentence(word)) end_line();
  }
  end_line();
  return lines;
}

std::string sentence(std::string_view text) {
  std::string whole(text);
  if (whole.front() >= 'a' && whole.front() <= 'z')
    whole.front() = static_cast<char>(whole.front() - 'a' + 'A');
  return whole + (whole.ends_with('.') ? "" : ".");
}

// roff may break a long word here and there.
std::string breakable(std::string_view word) {
  constexpr std::size_t kPiece = 16;
  if (word.size() <= 3 * kPiece) return escaped(word);
  std::string text;
  for (; word.size() > kPiece; word.remove_prefix(kPiece)) text += escaped(word.substr(0, kPiece)) + "\\:";
  return text + escaped(word);
}

// "words  text": an entry of a list.
std::size_t gap_in(std::string_view line) {
  return line.empty() || line.front() == ' ' ? std::string_view::npos : line.find("  ");
}

// The details of a command: paragraphs and lists (command_line.hpp has their form).
std::string details(std::string_view text) {
  std::string page, paragraph, entry;
  bool in_list = false;
  const auto flush = [&] {
    page += prose(paragraph) + prose(entry);
    paragraph.clear();
    entry.clear();
  };
  for (const std::string_view line : remotemail::split(text, '\n')) {
    const std::size_t gap = gap_in(line);
    if (gap != std::string_view::npos) {
      flush();
      if (!in_list) page += kListBegins;
      in_list = true;
      page += ".It Li \"" + escaped(line.substr(0, gap)) + "\"\n";
      entry = line.substr(gap);
    } else if (in_list && line.starts_with(' ')) {
      entry += " " + std::string(line);
    } else {
      if (in_list) {
        flush();
        page += kListEnds;
        in_list = false;
      }
      if (remotemail::trim(line).empty()) {
        flush();
        continue;
      }
      if (paragraph.empty() && !page.empty()) page += ".Pp\n";
      paragraph += " " + std::string(line);
    }
  }
  flush();
  if (in_list) page += kListEnds;
  return page;
}

std::string option_list(std::span<const OptionWords> options) {
  if (options.empty()) return {};
  std::string page(kListBegins);
  for (const OptionWords& option : options) {
    page += ".It ";
    const std::string argument =
        option.argument.empty() ? "" : fmt::format(" Ns = Ns Ar {}", option.argument);
    if (!option.letter.empty())
      page += fmt::format("Fl {}{} , ", option.letter,
                          argument.empty() ? "" : fmt::format(" Ar {}", option.argument));
    page += fmt::format("Fl \\-{}{}\n", option.name, argument) + prose(sentence(option.help));
  }
  return page + std::string(kListEnds);
}

std::string synopsis_macros(std::string_view text) {
  const auto synopsis = parse_synopsis(text);
  if (!synopsis || synopsis->alternatives.empty()) return {};
  std::string line;
  for (const auto& words : synopsis->alternatives) {
    if (!line.empty()) line += " |";
    for (const SynopsisWord& word : words) {
      std::string choices;
      for (const std::string_view choice : word.choices)
        choices +=
            (choices.empty() ? "" : " Ns | Ns ") + fmt::format("{} {}", word.is_value ? "Ar" : "Cm", choice);
      line += " " + choices + (word.repeats ? " ..." : "");
    }
  }
  return synopsis->optional ? " Oo" + line + " Oc" : line;
}

std::string commands() {
  std::string page(kListBegins);
  for (const CommandWords& command : all_commands()) {
    page += fmt::format(".It Ic {}{}\n", command.name, synopsis_macros(command.synopsis));
    page += prose(sentence(command.summary));
    if (const std::string more = details(command.details); !more.empty())
      page += (more.starts_with(".Bl") || more.starts_with(".Pp") ? "" : ".Pp\n") + more;
    page += option_list(command.options);
  }
  return page + std::string(kListEnds);
}

// What a value may be.
std::string kind_words(const SettingSpec& spec) {
  const std::string longest = spec.maximum > 0 ? fmt::format(", at most {} characters", spec.maximum) : "";
  switch (spec.kind) {
    case SettingSpec::Kind::text:
      return "text" + longest;
    case SettingSpec::Kind::address:
      return "an e-mail address" + longest;
    case SettingSpec::Kind::host:
      return "a host name, IPv4 or IPv6 address" + longest;
    case SettingSpec::Kind::ip_address:
      return "an IPv4 or IPv6 address";
    case SettingSpec::Kind::number:
      return fmt::format("a whole number from {} to {}", spec.minimum, spec.maximum);
    case SettingSpec::Kind::nickname:
      return "printable ASCII characters" + longest;
    case SettingSpec::Kind::time_difference:
      return "a sign and HHMM, from -1200 to +1200";
    case SettingSpec::Kind::time_zone:
      return "an IANA time zone name" + longest;
    case SettingSpec::Kind::sealed_secret:
      return "a secret, kept sealed" + longest;
    case SettingSpec::Kind::hashed_secret:
      return "a secret, kept as a hash" + longest;
    case SettingSpec::Kind::pin:
      return "64 hexadecimal digits";
    case SettingSpec::Kind::file:
      return "the absolute name of a file" + longest;
    case SettingSpec::Kind::boolean:
    case SettingSpec::Kind::choice:
      break;
  }
  std::string words;
  for (std::size_t i = 0; i < spec.choices.size(); ++i) {
    if (i > 0) words += i + 1 == spec.choices.size() ? " or " : ", ";
    words += spec.choices[i];
  }
  return words;
}

std::string settings() {
  std::string page;
  std::string_view shown_page;
  for (const SettingSpec& spec : remotemail::all_settings()) {
    if (spec.page != shown_page) {
      if (!page.empty()) page += kListEnds;
      std::string title(spec.page);
      title.front() = static_cast<char>(title.front() - 'a' + 'A');
      page += ".Ss " + title + "\n" + std::string(kListBegins);
    }
    shown_page = spec.page;
    page += fmt::format(".It Cm {}\n", spec.key);
    const auto example = spec.help.find("Example: ");
    page += fmt::format(".Em {} .\n", spec.label) + prose(spec.help.substr(0, example));
    page += ".br\n" + prose(fmt::format("Value: {}.", kind_words(spec)));
    page += spec.default_text.empty() ? "Not set by default.\n"
                                      : prose(fmt::format("Default: {}.", spec.default_text));
    if (example != std::string_view::npos) {
      // Behind "for" stands what the example is an example of.
      const std::string_view value = spec.help.substr(example + 9);
      page += "Example:\n.Ql " +
              fmt::format("{}={}", spec.key, breakable(value.substr(0, value.find(" for ")))) + "\n";
    }
  }
  return page + std::string(kListEnds);
}

std::string configuration() {
  std::string page, section;
  for (const ConfigurationKey& key : configuration_keys()) {
    if (page.empty()) page += kListBegins;
    page += fmt::format(".It Bq {} Cm {}\n", key.section, key.name);
    page += prose(fmt::format("{}: {}.", key.help, key.right));
    if (!key.default_text.empty()) page += prose(fmt::format("Default: {}.", key.default_text));
  }
  return page + std::string(kListEnds);
}

std::string lists() {
  std::string text;
  for (const remotemail::ListWord& word : remotemail::kListWords)
    text += (text.empty() ? "" : ", ") + std::string(word.option);
  return prose(text + ",");
}

std::string exit_statuses() {
  std::string page(".Bl -tag -width 75 -compact\n");
  for (const ExitMeaning& exit : kExitMeanings)
    page += fmt::format(".It {}\n", static_cast<int>(exit.status)) + prose(sentence(exit.meaning));
  return page + std::string(kListEnds);
}

}  // namespace

std::string manual_page(std::string_view page_template) {
  const std::map<std::string_view, std::function<std::string()>> parts{
      {"@COMMANDS@", commands}, {"@OPTIONS@", [] { return option_list(global_options()); }},
      {"@SETTINGS@", settings}, {"@CONFIGURATION@", configuration},
      {"@LISTS@", lists},       {"@EXIT_STATUS@", exit_statuses}};
  std::string page;
  for (const std::string_view line : remotemail::split(page_template, '\n')) {
    if (!line.starts_with('@')) {
      page += std::string(line) + "\n";
      continue;
    }
    const auto part = parts.find(line);
    if (part == parts.end()) return {};
    page += part->second();
  }
  while (page.ends_with("\n\n")) page.pop_back();
  return page;
}

}  // namespace remotemaild
