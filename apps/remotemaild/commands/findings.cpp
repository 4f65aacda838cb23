#include "commands/findings.hpp"

#include <Poco/JSON/Array.h>
#include <Poco/JSON/Object.h>
#include <fmt/format.h>

#include <algorithm>
#include <sstream>

#include "exit_status.hpp"

namespace remotemaild {

using remotemail::Finding;

std::string line_of(const Finding& finding) {
  std::string name = finding.part;
  if (!finding.what.empty()) name += ": " + finding.what;
  return fmt::format("{:<8} {:<42} {}\n", words(finding.kind), name, finding.words);
}

void FindingsShown::operator()(const remotemail::JobProgress& progress) {
  for (; steps_ < progress.steps.size(); ++steps_) {
    output_.err(fmt::format("... {}\n", words(progress.steps[steps_])));
  }
  for (; findings_ < progress.findings.size(); ++findings_)
    output_.out(line_of(progress.findings[findings_]));
}

std::string as_json(std::span<const Finding> findings) {
  Poco::JSON::Array array;
  for (const Finding& finding : findings) {
    Poco::JSON::Object object(Poco::JSON_PRESERVE_KEY_ORDER);
    object.set("part", finding.part);
    if (!finding.what.empty()) object.set("what", finding.what);
    object.set("result", std::string(words(finding.kind)));
    object.set("words", finding.words);
    array.add(object);
  }
  Poco::JSON::Object whole(Poco::JSON_PRESERVE_KEY_ORDER);
  whole.set("ok", exit_status_of(findings) == kDone);
  whole.set("findings", array);
  std::ostringstream text;
  whole.stringify(text);
  return text.str() + "\n";
}

int exit_status_of(std::span<const Finding> findings) {
  const auto failed = [](const Finding& finding) { return finding.kind == Finding::Kind::failed; };
  return std::ranges::any_of(findings, failed) ? kFailed : kDone;
}

}  // namespace remotemaild
