// The words of the command line: one table for parsing, help, manual page and completion.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "configuration.hpp"
#include "invocation.hpp"
#include "remotemail/core/result.hpp"

namespace remotemaild {

struct OptionWords {
  std::string_view name;      // "max-mails"
  std::string_view letter;    // "n", or empty
  std::string_view argument;  // "N", or empty: none
  std::string_view help;
};

struct CommandWords {
  std::string_view name;
  // Behind the name, in the grammar of documents/synopsis.hpp: `[list | show ID | power main|sub on|off]`. What is in
  // capitals stands for a value; FILE, DIR, KEY, KEY=VALUE, KEYWORD and COMMAND are completed.
  std::string_view synopsis;
  std::string_view summary;  // one line
  // For `help NAME` and the manual page: paragraphs, between empty lines. A line `words  text`, with two blanks or more
  // between, is an entry of a list; lines that begin with a blank continue it.
  std::string_view details;
  std::vector<OptionWords> options;
};

std::span<const CommandWords> all_commands();
const CommandWords* find_command(std::string_view name);
std::span<const OptionWords> global_options();

// What stands on the command line: global options, then the command with its own.
struct CommandLine {
  std::string state;         // --state DIR, default $STATE_DIRECTORY or /var/lib/remotemail
  ConfigurationFile config;  // --config FILE, default configuration_of(state)
  bool help = false, version = false;
  Invocation invocation;  // command empty: none was given
};

// Cause::invalid_value names the word.
remotemail::Result<CommandLine> parse_command_line(int argc, const char* const argv[]);

std::string general_help();
std::string command_help(const CommandWords& command);

}  // namespace remotemaild
