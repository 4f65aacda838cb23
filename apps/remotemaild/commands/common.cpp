// What all commands share: finding the one that is meant, complaining, showing times.
#include <fmt/chrono.h>
#include <fmt/format.h>

#include <chrono>

#include "commands/commands.hpp"

namespace remotemaild {

int run_command(const Invocation& invocation, Session& session, Output& output) {
  const std::string& name = invocation.command;
  if (name == "once") return run_once(invocation, session, output);
  if (name == "poll") return run_poll(invocation, session, output);
  if (name == "status") return run_status(invocation, session, output);
  if (name == "settings") return run_settings(invocation, session, output);
  if (name == "log") return run_log(invocation, session, output);
  if (name == "list") return run_list(invocation, session, output);
  if (name == "panel") return run_panel(invocation, session, output);
  if (name == "test") return run_test(invocation, session, output);
  if (name == "check") return run_check(invocation, session, output);
  if (name == "outbox") return run_outbox(invocation, session, output);
  if (name == "backup") return run_backup(invocation, session, output);
  return wrong_use(output, invocation, "there is no such command");
}

int complain(Output& output, const remotemail::Error& error) {
  output.err("remotemaild: " + describe(error) + "\n");
  switch (error.cause) {
    case remotemail::Cause::already_running:
      return kAlreadyRunning;
    case remotemail::Cause::disabled:
    case remotemail::Cause::device_off:
      return kDisabledOrOff;
    case remotemail::Cause::invalid_value:
    case remotemail::Cause::missing_value:
    case remotemail::Cause::confirmation_needed:
      return kWrongUse;
    default:
      return kFailed;
  }
}

int wrong_use(Output& output, const Invocation& invocation, std::string_view what) {
  output.err(fmt::format("remotemaild: {}{}{}; see `remotemaild help {}`\n", invocation.command,
                         invocation.command.empty() ? "" : ": ", what, invocation.command));
  return kWrongUse;
}

std::string local_time(remotemail::WallTime time, std::chrono::minutes offset) {
  const auto local = std::chrono::floor<std::chrono::seconds>(time + offset);
  return fmt::format("{:%Y-%m-%d %H:%M:%S}", fmt::gmtime(std::chrono::system_clock::to_time_t(local)));
}

}  // namespace remotemaild
