// The commands: each is a call into the library and a way to print what comes of it.
#pragma once

#include <functional>
#include <string>

#include "exit_status.hpp"
#include "invocation.hpp"
#include "machine.hpp"
#include "output.hpp"

namespace remotemaild {

// What a command works with, in the service as beside it.
struct Session {
  remotemail::Agent& agent;
  remotemail::OperationPanel& panel;
  DoJob do_job;
  bool in_service = false;
  std::string state;  // the directory
  std::function<remotemail::Status(const std::string& path, bool with_key)> back_up;
};

int run_once(const Invocation&, Session&, Output&);
int run_poll(const Invocation&, Session&, Output&);
int run_status(const Invocation&, Session&, Output&);
int run_settings(const Invocation&, Session&, Output&);
int run_log(const Invocation&, Session&, Output&);
int run_list(const Invocation&, Session&, Output&);
int run_panel(const Invocation&, Session&, Output&);
int run_test(const Invocation&, Session&, Output&);
int run_check(const Invocation&, Session&, Output&);
int run_outbox(const Invocation&, Session&, Output&);
int run_backup(const Invocation&, Session&, Output&);

// `check` of a state that could not be opened: why, and what can be seen of its folder.
int report_closed_state(const Invocation&, const std::string& directory, const remotemail::Error&, Output&);

// `help` needs no session.
int run_help(const Invocation&, Output&);

// The one that the invocation names. Not `run` and `help`, which main() does.
int run_command(const Invocation&, Session&, Output&);

// --- for the commands ---
// "remotemaild: settings: …" to the error output; the exit status that goes with it.
int complain(Output&, const remotemail::Error&);
int wrong_use(Output&, const Invocation&, std::string_view what);
std::string local_time(remotemail::WallTime, std::chrono::minutes offset);  // "2026-11-22 18:10:09"

}  // namespace remotemaild
