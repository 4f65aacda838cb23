// The words of the command line: one table for parsing, help and, later, manual page and completion.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

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
  std::string_view synopsis;  // behind the name
  std::string_view summary;   // one line
  std::string_view details;   // paragraphs for `help NAME`
  std::vector<OptionWords> options;
};

std::span<const CommandWords> all_commands();
const CommandWords* find_command(std::string_view name);
std::span<const OptionWords> global_options();

// What stands on the command line: global options, then the command with its own.
struct CommandLine {
  std::string state;   // --state DIR, default $STATE_DIRECTORY or /var/lib/remotemail
  std::string config;  // --config FILE
  bool help = false, version = false;
  Invocation invocation;  // command empty: none was given
};

// Cause::invalid_value names the word and, where it can, what was meant.
remotemail::Result<CommandLine> parse_command_line(int argc, const char* const argv[]);

std::string general_help();
std::string command_help(const CommandWords& command);

}  // namespace remotemaild
