#include <fmt/format.h>
#include <sys/stat.h>
#include <sys/statvfs.h>

#include <cerrno>
#include <cstring>
#include <functional>
#include <vector>

#include "commands/commands.hpp"
#include "commands/findings.hpp"

namespace remotemaild {
namespace {

using remotemail::Finding;

constexpr std::uint64_t kLittleRoom = 16 * 1024 * 1024;  // the state of a copier is smaller than this

}  // namespace

std::vector<Finding> look_at_state_directory(const std::string& directory) {
  std::vector<Finding> findings;
  const auto found = [&findings](const char* what, Finding::Kind kind, std::string words) {
    findings.push_back({kind, "state directory", what, std::move(words)});
  };
  struct stat about {};
  if (::stat(directory.c_str(), &about) != 0) {
    found("folder", Finding::Kind::failed, directory + ": " + std::strerror(errno));
    return findings;
  }
  const unsigned mode = about.st_mode & 0777U;
  if ((mode & 077U) != 0) {
    found("folder", Finding::Kind::note,
          fmt::format("{} has mode {:04o}: others may look into it; chmod 700", directory, mode));
  } else {
    found("folder", Finding::Kind::passed,
          fmt::format("{}, mode {:04o}, owner {}", directory, mode, about.st_uid));
  }
  struct statvfs disk {};
  if (::statvfs(directory.c_str(), &disk) == 0) {
    const std::uint64_t room = std::uint64_t{disk.f_bavail} * disk.f_frsize;
    const bool read_only = (disk.f_flag & ST_RDONLY) != 0;
    if (read_only) {
      found("disk", Finding::Kind::failed,
            "is mounted read-only: nothing is fetched or removed until that ends");
    } else if (room < kLittleRoom) {
      found("disk", Finding::Kind::note,
            fmt::format("{} KiB free: make room before it is full", room / 1024));
    } else {
      found("disk", Finding::Kind::passed, fmt::format("{} MiB free", room / (1024 * 1024)));
    }
  }
  return findings;
}

int report_findings(const Invocation& invocation, const std::vector<Finding>& findings, Output& output) {
  if (invocation.has("json")) {
    output.out(as_json(findings));
  } else {
    for (const Finding& finding : findings) output.out(line_of(finding));
  }
  return exit_status_of(findings);
}

int run_check(const Invocation& invocation, Session& session, Output& output) {
  if (!invocation.arguments.empty()) return wrong_use(output, invocation, "takes no arguments");
  std::vector<Finding> findings = look_at_state_directory(session.state);
  const bool json = invocation.has("json");
  if (!json) report_findings(invocation, findings, output);

  remotemail::JobRequest request;
  request.kind = remotemail::JobRequest::Kind::check;
  FindingsShown shown(output);
  // Each finding as it comes: a name server that does not answer takes its time.
  const auto progress = session.do_job(
      request, json ? OnProgress() : [&shown](const remotemail::JobProgress& news) {
        remotemail::JobProgress without_steps;
        without_steps.findings = news.findings;
        shown(without_steps);
      });
  if (progress.error) return complain(output, *progress.error);
  findings.insert(findings.end(), progress.findings.begin(), progress.findings.end());
  if (json) output.out(as_json(findings));
  return exit_status_of(findings);
}

int report_closed_state(const Invocation& invocation, const std::string& directory,
                        const remotemail::Error& error, Output& output) {
  std::vector<Finding> findings = look_at_state_directory(directory);
  findings.push_back({Finding::Kind::failed, "state", "database", describe(error)});
  return report_findings(invocation, findings, output);
}

}  // namespace remotemaild
