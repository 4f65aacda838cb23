#include "commands/commands.hpp"
#include "remotemail/core/commands.hpp"

namespace remotemaild {

int run_list(const Invocation& invocation, Session& session, Output& output) {
  remotemail::JobRequest request;
  request.kind = remotemail::JobRequest::Kind::preview;
  request.phone = invocation.has("phone");
  const auto& arguments = invocation.arguments;
  if (!request.phone || !arguments.empty()) {
    if (request.phone || arguments.size() != 1) {
      return wrong_use(output, invocation, "wants one KEYWORD, or --phone");
    }
    const remotemail::ListWord* found = nullptr;
    for (const remotemail::ListWord& word : remotemail::kListWords) {
      if (remotemail::means(arguments[0], word.option, word.minimum)) found = &word;
    }
    if (!found) {
      std::string names;
      for (const remotemail::ListWord& word : remotemail::kListWords) {
        names += (names.empty() ? "" : ", ") + std::string(word.option);
      }
      return wrong_use(output, invocation, "there is no list \"" + arguments[0] + "\"; there are " + names);
    }
    request.list = found->id;
  }
  const remotemail::JobProgress progress = session.do_job(request, {});
  if (progress.error) return complain(output, *progress.error);
  output.out(progress.text);
  return kDone;
}

}  // namespace remotemaild
