#include "command_line.hpp"
#include "commands/commands.hpp"

namespace remotemaild {

int run_help(const Invocation& invocation, Output& output) {
  if (invocation.arguments.empty()) {
    output.out(general_help());
    return kDone;
  }
  const CommandWords* command = find_command(invocation.arguments[0]);
  if (!command) return wrong_use(output, invocation, "there is no such command");
  output.out(command_help(*command));
  return kDone;
}

}  // namespace remotemaild
