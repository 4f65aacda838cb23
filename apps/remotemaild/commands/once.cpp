#include <Poco/JSON/Object.h>
#include <fmt/format.h>

#include <sstream>

#include "commands/commands.hpp"
#include "core/text.hpp"

namespace remotemaild {
namespace {

using remotemail::JobProgress;
using remotemail::JobRequest;
using remotemail::PollReport;

std::string as_json(const PollReport& report) {
  Poco::JSON::Object object(Poco::JSON_PRESERVE_KEY_ORDER);
  object.set("state", report.state);
  object.set("fetched", report.fetched);
  object.set("answered", report.answered);
  object.set("illegal", report.illegal);
  object.set("unanswerable", report.unanswerable);
  object.set("left", report.left);
  object.set("sent", report.sent);
  object.set("waiting", report.waiting);
  object.set("failed", report.failed);
  if (report.error) object.set("error", describe(*report.error));
  std::ostringstream text;
  object.stringify(text);
  return text.str() + "\n";
}

std::string in_words(const PollReport& report) {
  if (report.state == "disabled")
    return "E-mail notification is disabled; enable it with `settings set reception.enabled=yes`\n";
  if (report.state == "off") return "the machine is off: nothing was fetched, nothing was sent\n";
  return fmt::format(
      "fetched {}, answered {}, illegal {}, not to be answered {}, left {}; sent {}, waiting {}, failed {}\n",
      report.fetched, report.answered, report.illegal, report.unanswerable, report.left, report.sent,
      report.waiting, report.failed);
}

int report_poll(const Invocation& invocation, Session& session, Output& output, std::size_t max_mails) {
  JobRequest request;
  request.kind = JobRequest::Kind::poll;
  request.max_mails = max_mails;
  const JobProgress progress = session.do_job(request, {});
  if (progress.error) return complain(output, *progress.error);
  const PollReport& report = progress.report;
  output.out(invocation.has("json") ? as_json(report) : in_words(report));
  if (report.error) {
    if (!invocation.has("json")) return complain(output, *report.error);
    return kFailed;
  }
  if (report.state == "disabled" || report.state == "off") return kDisabledOrOff;
  return report.state == "failed" || report.failed > 0 ? kFailed : kDone;
}

}  // namespace

int run_once(const Invocation& invocation, Session& session, Output& output) {
  if (!invocation.arguments.empty()) return wrong_use(output, invocation, "takes no arguments");
  std::size_t max_mails = JobRequest{}.max_mails;
  if (invocation.has("max-mails")) {
    const auto number = remotemail::parse_number<std::size_t>(invocation.options.at("max-mails"));
    if (!number || *number == 0 || *number > 10'000)
      return wrong_use(output, invocation, "--max-mails wants 1 to 10000");
    max_mails = *number;
  }
  return report_poll(invocation, session, output, max_mails);
}

int run_poll(const Invocation& invocation, Session& session, Output& output) {
  if (!invocation.arguments.empty()) return wrong_use(output, invocation, "takes no arguments");
  if (!session.in_service) {
    output.err("remotemaild: no service is running on this state; use `once`, or start it with `run`\n");
    return kFailed;
  }
  return report_poll(invocation, session, output, JobRequest{}.max_mails);
}

}  // namespace remotemaild
