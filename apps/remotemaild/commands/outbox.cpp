// `outbox`: what waits to be sent, and what an administrator can do about it.
#include <Poco/JSON/Array.h>
#include <Poco/JSON/Object.h>
#include <fmt/format.h>

#include <sstream>

#include "commands/commands.hpp"
#include "core/text.hpp"

namespace remotemaild {
namespace {

using remotemail::JobRequest;
using remotemail::OutboxEntry;
using remotemail::OutboxMail;
using remotemail::Result;

// Ids are "rm.<26 letters>@domain"; their first letters tell them apart.
constexpr std::string_view kPrefix = "rm.";
constexpr std::size_t kShownLetters = 8;

std::string short_id(const std::string& id) {
  return id.starts_with(kPrefix) ? id.substr(kPrefix.size(), kShownLetters) : id;
}

std::string_view words(OutboxMail::Kind kind) {
  switch (kind) {
    case OutboxMail::Kind::reply:
      return "reply";
    case OutboxMail::Kind::copy:
      return "copy";
    case OutboxMail::Kind::notice:
      return "notice";
    case OutboxMail::Kind::test:
      return "test";
  }
  return "";
}

// The one whose id, or whose id behind "rm.", begins so.
Result<OutboxEntry> find(const std::vector<OutboxEntry>& waiting, const std::string& beginning) {
  const OutboxEntry* found = nullptr;
  for (const OutboxEntry& entry : waiting) {
    const std::string& id = entry.mail.id;
    const bool fits = id.starts_with(beginning) ||
                      (id.starts_with(kPrefix) && id.substr(kPrefix.size()).starts_with(beginning));
    if (!fits) continue;
    if (found != nullptr) {
      return make_error(
          remotemail::Cause::invalid_value, remotemail::Step::none,
          "several waiting mails have an id that begins with \"" + remotemail::clean_line(beginning) + "\"",
          remotemail::Retry::never);
    }
    found = &entry;
  }
  if (found != nullptr && !beginning.empty()) return *found;
  return make_error(remotemail::Cause::not_found, remotemail::Step::none,
                    "a waiting mail with the id \"" + remotemail::clean_line(beginning) + "\"",
                    remotemail::Retry::never);
}

int list(const Invocation& invocation, Session& session, const std::vector<OutboxEntry>& waiting,
         Output& output) {
  const auto settings = session.agent.settings();
  const auto time = [&](remotemail::WallTime at) { return local_time(at, settings->utc_offset(at)); };
  if (invocation.has("json")) {
    Poco::JSON::Array array;
    for (const OutboxEntry& entry : waiting) {
      Poco::JSON::Object object(Poco::JSON_PRESERVE_KEY_ORDER);
      object.set("id", entry.mail.id);
      object.set("kind", std::string(words(entry.mail.kind)));
      object.set("recipient", entry.mail.recipient);
      object.set("what", entry.mail.what);
      object.set("created", time(entry.created));
      object.set("next_attempt", time(entry.next_attempt));
      object.set("attempts", entry.attempts);
      object.set("in_doubt", entry.in_doubt);
      object.set("last_trouble", entry.last_trouble);
      array.add(object);
    }
    std::ostringstream text;
    array.stringify(text, 2);
    output.out(text.str() + "\n");
    return kDone;
  }
  std::string text;
  for (const OutboxEntry& entry : waiting) {
    text += fmt::format("{:<8}  {:<6}  {:<30}  {}\n", short_id(entry.mail.id), words(entry.mail.kind),
                        entry.mail.recipient, entry.mail.what);
    text += fmt::format("          since {}, {} {}, next {}{}\n", time(entry.created), entry.attempts,
                        entry.attempts == 1 ? "attempt" : "attempts", time(entry.next_attempt),
                        entry.in_doubt ? ", in doubt: the server may have it" : "");
    if (!entry.last_trouble.empty()) text += "          " + entry.last_trouble + "\n";
  }
  output.out(text.empty() ? "nothing waits to be sent\n" : text);
  return kDone;
}

int show(Session& session, const OutboxEntry& entry, Output& output) {
  if (entry.mail.shows_secret) {
    output.err("remotemaild: this reply shows a password; it goes to its recipient only\n");
    return kFailed;
  }
  const auto whole = session.agent.waiting_mail(entry.mail.id);
  if (!whole) return complain(output, whole.error());
  if (whole->mail.message.empty()) {
    return complain(output,
                    make_error(remotemail::Cause::key_missing, remotemail::Step::store, entry.mail.id));
  }
  std::string text;
  for (const char c : whole->mail.message) {
    if (c != '\r') text += c;
  }
  output.out(text);
  return kDone;
}

int retry(Session& session, const OutboxEntry& entry, Output& output) {
  JobRequest request;
  request.kind = JobRequest::Kind::send;
  request.id = entry.mail.id;
  const auto progress = session.do_job(request, {});
  if (progress.error) return complain(output, *progress.error);
  const remotemail::PollReport& report = progress.report;
  if (report.state == "off") {
    return complain(output, make_error(remotemail::Cause::device_off, remotemail::Step::device));
  }
  if (report.error) return complain(output, *report.error);
  if (report.sent > 0) {
    output.out("sent\n");
    return kDone;
  }
  // What the server says of this one mail is no trouble of the round.
  const auto now = session.agent.waiting_mail(entry.mail.id);
  output.err(now ? "remotemaild: it waits on: " + now->last_trouble + "\n"
                 : "remotemaild: it failed for good; `remotemaild log` says why\n");
  return kFailed;
}

int drop(Session& session, const OutboxEntry& entry, Output& output) {
  JobRequest request;
  request.kind = JobRequest::Kind::drop;
  request.id = entry.mail.id;
  const auto progress = session.do_job(request, {});
  if (progress.error) return complain(output, *progress.error);
  output.out(fmt::format("dropped: {} to {}\n", entry.mail.what, entry.mail.recipient));
  return kDone;
}

}  // namespace

int run_outbox(const Invocation& invocation, Session& session, Output& output) {
  const auto& arguments = invocation.arguments;
  const std::string verb = arguments.empty() ? "list" : arguments[0];
  const bool listing = verb == "list" && arguments.size() <= 1;
  const bool one = (verb == "show" || verb == "retry" || verb == "drop") && arguments.size() == 2;
  if (!listing && !one) return wrong_use(output, invocation, "wants list, show ID, retry ID or drop ID");
  const auto waiting = session.agent.outbox();
  if (!waiting) return complain(output, waiting.error());
  if (listing) return list(invocation, session, *waiting, output);
  const auto entry = find(*waiting, arguments[1]);
  if (!entry) return complain(output, entry.error());
  if (verb == "show") return show(session, *entry, output);
  return verb == "retry" ? retry(session, *entry, output) : drop(session, *entry, output);
}

}  // namespace remotemaild
