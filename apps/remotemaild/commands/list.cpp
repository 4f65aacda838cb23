#include <fmt/format.h>

#include "commands/commands.hpp"
#include "remotemail/core/commands.hpp"

namespace remotemaild {
namespace {

using remotemail::JobProgress;
using remotemail::JobRequest;
using remotemail::kListWords;
using remotemail::ListId;
using remotemail::ListWord;

constexpr std::string_view kCure =
    "remotemaild list KEYWORD prints one, --all each of them, --phone the counter list for a phone.\n";

JobRequest asking(JobRequest::Kind kind) {
  JobRequest request;
  request.kind = kind;
  return request;
}

const ListWord* find_list(const std::string& word) {
  for (const ListWord& list : kListWords) {
    if (remotemail::means(word, list.option, list.minimum)) return &list;
  }
  return nullptr;
}

// What there is, as a table.
std::string overview(const std::vector<ListId>& offered) {
  std::string text = fmt::format("{:<11}  {:<8}  {}\n", "KEYWORD", "SHORTEST", "LIST");
  for (const ListId id : offered) {
    const ListWord& word = word_of(id);
    text += fmt::format("{:<11}  {:<8}  {}\n", word.option, word.minimum, word.title);
  }
  if (offered.empty()) text = "This machine has no lists.\n";
  return text.append("\n").append(kCure);
}

int print_one(const JobRequest& request, Session& session, Output& output) {
  const JobProgress progress = session.do_job(request, {});
  if (progress.error) return complain(output, *progress.error);
  output.out(progress.text);
  return kDone;
}

int print_all(const std::vector<ListId>& offered, Session& session, Output& output) {
  for (const ListId id : offered) {
    if (id != offered.front()) output.out("\n\n");
    JobRequest request = asking(JobRequest::Kind::preview);
    request.list = id;
    if (const int status = print_one(request, session, output); status != kDone) return status;
  }
  return kDone;
}

}  // namespace

int run_list(const Invocation& invocation, Session& session, Output& output) {
  const auto& words = invocation.arguments;
  const bool phone = invocation.has("phone");
  const bool all =
      invocation.has("all") ||
      (words.size() == 1 && remotemail::means(words[0], remotemail::kAllOption, remotemail::kAllMinimum));
  if (words.size() > 1) return wrong_use(output, invocation, "wants one KEYWORD, or --all");
  if (phone && (all || !words.empty()))
    return wrong_use(output, invocation, "--phone stands alone: it is always the counter list");
  if (invocation.has("all") && !words.empty())
    return wrong_use(output, invocation, "--all stands alone: it is every list of the machine");

  JobRequest request = asking(JobRequest::Kind::preview);
  request.phone = phone;
  if (phone) return print_one(request, session, output);
  if (words.empty() || all) {
    const JobProgress progress = session.do_job(asking(JobRequest::Kind::offered_lists), {});
    if (progress.error) return complain(output, *progress.error);
    if (all && !progress.lists.empty()) return print_all(progress.lists, session, output);
    output.out(overview(progress.lists));
    return kDone;
  }
  const ListWord* found = find_list(words[0]);
  if (!found) {
    return wrong_use(
        output, invocation,
        fmt::format("there is no list \"{}\"; `remotemaild list` shows which there are, such as {}", words[0],
                    word_of(ListId::counter).option));
  }
  request.list = found->id;
  return print_one(request, session, output);
}

}  // namespace remotemaild
