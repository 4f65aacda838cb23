// remotemaild: options, then either the service or one command; on the state ourselves, or through whoever
// owns it.
#include <sys/resource.h>

#include <algorithm>
#include <exception>
#include <string>

#include "command_line.hpp"
#include "commands/commands.hpp"
#include "configuration.hpp"
#include "control_client.hpp"
#include "journal_logger.hpp"
#include "service.hpp"
#include "state_lock.hpp"

namespace remotemaild {
namespace {

int run_alone(const CommandLine& line, Output& output) {
  const auto configuration = read_configuration(line.config);
  if (!configuration) return complain(output, configuration.error());
  // A command reports by its own output; the log is for what no command can tell.
  JournalLogger logger(remotemail::LogLevel::error);
  auto machine = Machine::open(line.state, *configuration, logger);
  if (!machine) {
    return line.invocation.command == "check"
               ? report_closed_state(line.invocation, line.state, machine.error(), output)
               : complain(output, machine.error());
  }
  remotemail::Agent& agent = (*machine)->agent();
  Session session{agent, (*machine)->panel(),
                  [&agent](const remotemail::JobRequest& request, const OnProgress& on_progress) {
                    return agent.perform(request, {}, on_progress);
                  },
                  false, line.state};
  return run_command(line.invocation, session, output);
}

int run(int argc, const char* const argv[]) {
  TerminalOutput output;
  auto parsed = parse_command_line(argc, argv);
  if (!parsed) {
    output.err("remotemaild: " + parsed.error().detail + "; see `remotemaild --help`\n");
    return kWrongUse;
  }
  CommandLine& line = *parsed;
  Invocation& invocation = line.invocation;
  if (line.version) {
    output.out("remotemaild " REMOTEMAIL_VERSION "\n");
    return kDone;
  }
  if (line.help && !invocation.command.empty() && invocation.command != "help") {
    invocation.arguments = {invocation.command};
    invocation.command = "help";
  }
  if (line.help || invocation.command == "help") return run_help(invocation, output);
  if (invocation.command.empty()) {
    output.err(general_help());
    return kWrongUse;
  }
  if (remotemail::Status read = read_named_inputs(invocation); !read) return complain(output, read.error());

  const bool service = invocation.command == "run";
  if (service && !invocation.arguments.empty()) return wrong_use(output, invocation, "takes no arguments");
  if (service) block_signals();
  if (remotemail::Status owner = become_owner_of(line.state); !owner) return complain(output, owner.error());
  auto lock = StateLock::try_take(line.state);
  if (!lock) return complain(output, lock.error());
  if (*lock) return service ? run_service(line.state, line.config, output) : run_alone(line, output);
  if (service) {
    output.err("remotemaild: another instance is running on " + line.state + "; stop it first\n");
    return kAlreadyRunning;
  }
  return ask_service(line.state, invocation, output);
}

}  // namespace
}  // namespace remotemaild

int main(int argc, char* argv[]) {
  // No core file: it would hold the mailbox's password (Y4).
  constexpr rlimit kNoCore{0, 0};
  ::setrlimit(RLIMIT_CORE, &kNoCore);
  try {
    return remotemaild::run(argc, argv);
  } catch (const std::exception& exception) {
    remotemaild::TerminalOutput().err(std::string("remotemaild: internal error: ") + exception.what() + "\n");
    return remotemaild::kFailed;
  }
}
