#include "command_line.hpp"

#include <Poco/Exception.h>
#include <Poco/Util/Option.h>
#include <Poco/Util/OptionException.h>
#include <Poco/Util/OptionProcessor.h>
#include <Poco/Util/OptionSet.h>
#include <fmt/format.h>

#include <cstdlib>

#include "core/text.hpp"
#include "exit_status.hpp"

namespace remotemaild {
namespace {

using remotemail::Cause;
using remotemail::make_error;
using remotemail::Result;
using remotemail::Retry;

constexpr const char* kDefaultState = "/var/lib/remotemail";

Poco::Util::OptionSet option_set(std::span<const OptionWords> words) {
  Poco::Util::OptionSet set;
  for (const OptionWords& option : words) {
    Poco::Util::Option made(std::string(option.name), std::string(option.letter));
    made.required(false).repeatable(false);
    if (!option.argument.empty()) made.argument(std::string(option.argument), true);
    set.addOption(made);
  }
  return set;
}

remotemail::Error wrong_use(std::string what) {
  return make_error(Cause::invalid_value, remotemail::Step::none, std::move(what), Retry::never);
}

std::string option_lines(std::span<const OptionWords> options) {
  std::string text;
  for (const OptionWords& option : options) {
    std::string name = option.letter.empty() ? "    " : fmt::format("-{}, ", option.letter);
    name += fmt::format("--{}{}{}", option.name, option.argument.empty() ? "" : "=", option.argument);
    text += fmt::format("  {:<24} {}\n", name, option.help);
  }
  return text;
}

}  // namespace

Result<CommandLine> parse_command_line(int argc, const char* const argv[]) {
  CommandLine line;
  bool config_given = false;
  const char* from_systemd = std::getenv("STATE_DIRECTORY");
  line.state = from_systemd != nullptr && *from_systemd != '\0' ? from_systemd : kDefaultState;

  // Two passes with one processor's rules: global options up to the command's word, then the command's own.
  std::vector<OptionWords> known(global_options().begin(), global_options().end());
  Poco::Util::OptionSet set = option_set(known);
  auto processor = std::make_unique<Poco::Util::OptionProcessor>(set);
  Invocation& invocation = line.invocation;
  std::string name, value;
  bool only_arguments = false;
  try {
    for (int i = 1; i < argc; ++i) {
      const std::string word = argv[i];
      if (!only_arguments && word == "--") {
        only_arguments = true;
        continue;
      }
      // "-" is a file name (standard input), no option.
      name.clear();
      value.clear();
      if (only_arguments || word == "-" || !processor->process(word, name, value)) {
        if (!invocation.command.empty()) {
          invocation.arguments.push_back(word);
          continue;
        }
        const CommandWords* command = find_command(word);
        if (!command)
          return wrong_use(fmt::format("there is no command \"{}\"", remotemail::clean_line(word, 40)));
        invocation.command = word;
        known.insert(known.end(), command->options.begin(), command->options.end());
        set = option_set(known);
        processor = std::make_unique<Poco::Util::OptionProcessor>(set);
        continue;
      }
      if (name.empty()) continue;  // its argument is the next word
      if (name == "state")
        line.state = value;
      else if (name == "config")
        line.config = {value, false}, config_given = true;
      else if (name == "help")
        line.help = true;
      else if (name == "version")
        line.version = true;
      else
        invocation.options[name] = value;
    }
    processor->checkRequired();
  } catch (const Poco::Util::OptionException& exception) {
    return wrong_use(remotemail::clean_line(exception.displayText(), 100));
  }
  if (!config_given) line.config = configuration_of(line.state);
  return line;
}

std::string general_help() {
  std::string text =
      "remotemaild - a copier that answers mail\n\n"
      "Usage: remotemaild [--state DIR] [--config FILE] COMMAND [ARGUMENTS]\n\nCommands:\n";
  for (const CommandWords& command : all_commands())
    text += fmt::format("  {:<10} {}\n", command.name, command.summary);
  text += "\nOptions:\n" + option_lines(global_options());
  text += "\nExit status:\n";
  for (const ExitMeaning& exit : kExitMeanings)
    text += fmt::format("  {:<10} {}\n", static_cast<int>(exit.status), exit.meaning);
  text +=
      "\nTo begin: set what mail needs, look, run; or let the system run it (systemctl start remotemaild).\n"
      "  remotemaild settings list\n"
      "  remotemaild settings set reception.server=mail.example.com reception.password=- ...\n"
      "  remotemaild settings set reception.enabled=yes\n"
      "  remotemaild run\n"
      "\n`remotemaild help COMMAND` says more; remotemaild(8) says all.\n";
  return text;
}

std::string command_help(const CommandWords& command) {
  std::string text = fmt::format("Usage: remotemaild {}{}{}\n\n{}.\n", command.name,
                                 command.synopsis.empty() ? "" : " ", command.synopsis, command.summary);
  if (!command.details.empty()) text += fmt::format("\n{}\n", command.details);
  if (!command.options.empty()) text += "\nOptions:\n" + option_lines(command.options);
  return text;
}

}  // namespace remotemaild
