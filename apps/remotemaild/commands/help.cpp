#include "command_line.hpp"
#include "commands/commands.hpp"
#include "core/text.hpp"

namespace remotemaild {

int run_help(const Invocation& invocation, Output& output) {
  if (invocation.arguments.empty()) {
    output.out(general_help());
    return kDone;
  }
  const CommandWords* command = find_command(invocation.arguments[0]);
  if (!command) {
    output.err("remotemaild: there is no command \"" + remotemail::clean_line(invocation.arguments[0], 40) +
               "\"; see `remotemaild --help`\n");
    return kWrongUse;
  }
  output.out(command_help(*command));
  return kDone;
}

}  // namespace remotemaild
