#include "commands/commands.hpp"
#include "commands/findings.hpp"

namespace remotemaild {

using remotemail::JobRequest;

int run_test(const Invocation& invocation, Session& session, Output& output) {
  JobRequest request;
  if (invocation.arguments.size() == 1 && invocation.arguments[0] == "send") {
    request.kind = JobRequest::Kind::sending_test;
  } else if (invocation.arguments.size() == 1 && invocation.arguments[0] == "round-trip") {
    request.kind = JobRequest::Kind::round_trip_test;
  } else {
    return wrong_use(output, invocation, "wants send or round-trip");
  }
  const bool json = invocation.has("json");
  FindingsShown shown(output);
  const auto progress = session.do_job(request, json ? OnProgress() : OnProgress(std::ref(shown)));
  if (progress.error) return complain(output, *progress.error);
  if (json) output.out(as_json(progress.findings));
  return exit_status_of(progress.findings);
}

}  // namespace remotemaild
