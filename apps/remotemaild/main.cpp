// remotemaild: options, then either the service or one command; on the state ourselves, or through whoever
// owns it.
#include <sys/resource.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <exception>
#include <filesystem>
#include <string>
#include <string_view>

#include "backup_file.hpp"
#include "command_line.hpp"
#include "commands/commands.hpp"
#include "configuration.hpp"
#include "control_client.hpp"
#include "journal_logger.hpp"
#include "restore.hpp"
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
  Session session{
      agent,
      (*machine)->panel(),
      [&agent](const remotemail::JobRequest& request, const OnProgress& on_progress) {
        return agent.perform(request, {}, on_progress);
      },
      false,
      line.state,
      [&](const std::string& path, bool with_key) { return (*machine)->back_up(path, with_key); }};
  return run_command(line.invocation, session, output);
}

// Who only looks at a state, or wants its service, has mistyped the name of one that is not there: none is made for that.
bool is_missing(const CommandLine& line) {
  constexpr std::array<std::string_view, 5> kLookers{"status", "log", "outbox", "poll", "backup"};
  std::error_code unknown;
  return std::ranges::find(kLookers, line.invocation.command) != kLookers.end() &&
         !std::filesystem::exists(line.state, unknown) && !unknown;
}

// On the state ourselves when it is free, through its owner when not.
int run_on_state(const CommandLine& line, Output& output) {
  const bool service = line.invocation.command == "run";
  if (service && !line.invocation.arguments.empty())
    return wrong_use(output, line.invocation, "takes no arguments");
  if (is_missing(line)) {
    output.err("remotemaild: " + line.state +
               ": there is no such state; --state names another, `settings set` or `run` makes it\n");
    return kFailed;
  }
  if (service) block_signals();
  if (remotemail::Status owner = become_owner_of(line.state); !owner) return complain(output, owner.error());
  auto lock = StateLock::try_take(line.state);
  if (!lock) return complain(output, lock.error());
  if (*lock) return service ? run_service(line.state, line.config, output) : run_alone(line, output);
  if (service) {
    output.err("remotemaild: another instance is running on " + line.state + "; stop it first\n");
    return kAlreadyRunning;
  }
  return ask_service(line.state, line.invocation, output);
}

int run_backup_into_file(const CommandLine& line) {
  BackupFile file;
  if (line.invocation.arguments.size() != 1)
    return wrong_use(file, line.invocation, "wants FILE, or - for standard output");
  if (remotemail::Status opened = file.open(line.invocation.arguments[0]); !opened)
    return complain(file, opened.error());
  const int status = run_on_state(line, file);
  if (status != kDone) return status;
  const remotemail::Status finished = file.finish();
  return finished ? kDone : complain(file, finished.error());
}

int run_restore_of_file(const CommandLine& line, Output& output) {
  if (line.invocation.arguments.size() != 1) return wrong_use(output, line.invocation, "wants FILE");
  auto backup = open_backup(line.invocation.arguments[0]);
  if (!backup) return complain(output, backup.error());
  if (remotemail::Status owner = become_owner_of(line.state); !owner) return complain(output, owner.error());
  auto lock = StateLock::try_take(line.state);
  if (!lock) return complain(output, lock.error());
  if (!*lock) {
    output.err("remotemaild: a service is running on " + line.state + "; stop it first\n");
    return kAlreadyRunning;
  }
  const int status = run_restore(line.invocation, line.state, *backup, output);
  ::close(*backup);
  return status;
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

  if (invocation.command == "backup") return run_backup_into_file(line);
  if (invocation.command == "restore") return run_restore_of_file(line, output);
  return run_on_state(line, output);
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
