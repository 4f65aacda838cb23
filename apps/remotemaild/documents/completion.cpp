#include <fmt/format.h>

#include <functional>

#include "command_line.hpp"
#include "core/text.hpp"
#include "documents/documents.hpp"
#include "documents/synopsis.hpp"
#include "remotemail/core/commands.hpp"
#include "remotemail/settings/setting_spec.hpp"

namespace remotemaild {
namespace {

using remotemail::SettingSpec;

// One line of words in quotes. Nothing in the tables holds a quote; a test says so.
std::string quoted(const std::vector<std::string>& words) {
  std::string text;
  for (const std::string& word : words) text += (text.empty() ? "" : " ") + word;
  return "'" + text + "'";
}

std::vector<std::string> option_words(std::span<const OptionWords> options) {
  std::vector<std::string> words;
  for (const OptionWords& option : options) {
    words.push_back(fmt::format("--{}{}", option.name, option.argument.empty() ? "" : "="));
    if (!option.letter.empty()) words.push_back(fmt::format("-{}", option.letter));
  }
  return words;
}

// `--state DIR`: the option, and what its argument is.
std::vector<std::string> option_arguments(std::span<const OptionWords> options) {
  std::vector<std::string> lines;
  for (const OptionWords& option : options) {
    if (option.argument.empty()) continue;
    lines.push_back(fmt::format("--{}", option.name) +
                    (option.letter.empty() ? "" : fmt::format("|-{}", option.letter)) +
                    fmt::format(") echo {} ;;", option.argument));
  }
  return lines;
}

std::string case_function(std::string_view name, const std::string& lines) {
  return fmt::format("{}() {{\n  case $1 in\n{}  esac\n}}\n", name, lines);
}

std::string alternative_text(const std::vector<SynopsisWord>& words) {
  std::string text;
  for (const SynopsisWord& word : words) {
    if (!text.empty()) text += ' ';
    for (std::size_t i = 0; i < word.choices.size(); ++i)
      text += (i == 0 ? "" : "|") + std::string(word.choices[i]);
    if (word.repeats) text += " ...";
  }
  return text;
}

std::string tables() {
  std::vector<std::string> commands, lists, keys;
  std::string options, arguments, synopses, values;
  for (const std::string& line : option_arguments(global_options()))
    arguments += fmt::format("    *' '{}\n", line);
  for (const CommandWords& command : all_commands()) {
    commands.emplace_back(command.name);
    options += fmt::format("    {}) echo {} ;;\n", command.name, quoted(option_words(command.options)));
    for (const std::string& line : option_arguments(command.options)) {
      const auto bar = line.find('|');
      arguments += bar == std::string::npos
                       ? fmt::format("    '{} '{}\n", command.name, line)
                       : fmt::format("    '{} '{}|'{} '{}\n", command.name, line.substr(0, bar), command.name,
                                     line.substr(bar + 1));
    }
    const auto synopsis = parse_synopsis(command.synopsis);
    if (!synopsis || synopsis->alternatives.empty()) continue;
    synopses += fmt::format("    {}) printf '%s\\n'", command.name);
    for (const auto& alternative : synopsis->alternatives)
      synopses += fmt::format(" '{}'", alternative_text(alternative));
    synopses += " ;;\n";
  }
  for (const remotemail::ListWord& word : remotemail::kListWords) lists.emplace_back(word.option);
  for (const SettingSpec& spec : remotemail::all_settings()) {
    keys.emplace_back(spec.key);
    std::vector<std::string> words;
    for (const std::string_view choice : spec.choices) words.emplace_back(choice);
    if (spec.is_secret()) words = {"-", "@"};
    if (spec.kind == SettingSpec::Kind::file) words = {"FILE"};
    if (!words.empty()) values += fmt::format("    {}) echo {} ;;\n", spec.key, quoted(words));
  }
  return fmt::format(
             "_remotemaild_commands={}\n_remotemaild_options={}\n_remotemaild_lists={}\n_remotemaild_keys={}\n",
             quoted(commands), quoted(option_words(global_options())), quoted(lists), quoted(keys)) +
         "# options of a command\n" + case_function("_remotemaild_options_of", options) +
         "# what the argument of \"COMMAND OPTION\" is\n" +
         case_function("_remotemaild_argument_of", arguments) +
         "# what may stand behind a command, a line each\n" +
         case_function("_remotemaild_synopses_of", synopses) + "# the values of a setting\n" +
         case_function("_remotemaild_values_of", values);
}

}  // namespace

std::string bash_completion(std::string_view script_template) {
  std::string script;
  for (const std::string_view line : remotemail::split(script_template, '\n')) {
    if (line == "@TABLES@")
      script += tables();
    else
      script += std::string(line) + "\n";
  }
  while (script.ends_with("\n\n")) script.pop_back();
  return script;
}

}  // namespace remotemaild
