#include <Poco/JSON/Object.h>
#include <fmt/format.h>

#include <sstream>

#include "commands/commands.hpp"

namespace remotemaild {
namespace {

const char* words(remotemail::AgentStatus::Work work) {
  switch (work) {
    case remotemail::AgentStatus::Work::idle:
      return "idle";
    case remotemail::AgentStatus::Work::polling:
      return "polling";
    case remotemail::AgentStatus::Work::sending:
      return "sending";
    case remotemail::AgentStatus::Work::testing:
      return "testing";
  }
  return "";
}

}  // namespace

int run_status(const Invocation& invocation, Session& session, Output& output) {
  if (!invocation.arguments.empty()) return wrong_use(output, invocation, "takes no arguments");
  const remotemail::AgentStatus status = session.agent.status();
  const auto settings = session.agent.settings();
  const auto time = [&](const std::optional<remotemail::WallTime>& at) {
    return at ? local_time(*at, settings->utc_offset(*at)) : std::string();
  };
  const struct {
    const char* name;
    const std::optional<remotemail::Error>& error;
  } troubles[] = {{"receiving_mail_server", status.mailbox_trouble},
                  {"smtp_server", status.smtp_trouble},
                  {"state", status.store_trouble}};
  if (invocation.has("json")) {
    Poco::JSON::Object object(Poco::JSON_PRESERVE_KEY_ORDER);
    object.set("service", session.in_service);
    object.set("enabled", status.enabled);
    object.set("machine", std::string(remotemail::words(status.device)));
    object.set("work", words(status.work));
    if (status.last_poll) object.set("last_poll", time(status.last_poll));
    if (session.in_service && status.next_poll) object.set("next_poll", time(status.next_poll));
    object.set("waiting", status.waiting);
    object.set("set_aside", status.set_aside);
    object.set("waiting_for_limits", status.limited);
    object.set("unjudged", status.unjudged);
    object.set("unlisted", status.unlisted);
    object.set("wrong_passwords", status.wrong_passwords);
    if (status.unknown_judged_from) object.set("unknown_judged_from", time(status.unknown_judged_from));
    for (const auto& trouble : troubles) {
      if (trouble.error) object.set(std::string("trouble_") + trouble.name, describe(*trouble.error));
    }
    std::ostringstream text;
    object.stringify(text);
    output.out(text.str() + "\n");
    return kDone;
  }
  std::string text;
  text += fmt::format("service        {}\n", session.in_service ? words(status.work) : "not running");
  text += fmt::format("notification   {}\n", status.enabled ? "enabled" : "disabled");
  text += fmt::format("machine        {}\n", remotemail::words(status.device));
  if (status.last_poll) text += fmt::format("last poll      {}\n", time(status.last_poll));
  if (session.in_service && status.next_poll)
    text += fmt::format("next poll      {}\n", time(status.next_poll));
  text += fmt::format("waiting        {} {}\n", status.waiting,
                      status.waiting == 1 ? "mail to be sent" : "mails to be sent");
  if (status.set_aside > 0)
    text += fmt::format("set aside      {} {} that brought the program down\n", status.set_aside,
                        status.set_aside == 1 ? "mail" : "mails");
  for (const std::string& remark :
       remarks(status, settings->utc_offset(status.unknown_judged_from.value_or(remotemail::WallTime{}))))
    text += fmt::format("note           {}\n", remark);
  for (const auto& trouble : troubles) {
    if (trouble.error) text += fmt::format("trouble        {}\n", describe(*trouble.error));
  }
  output.out(text);
  return kDone;
}

}  // namespace remotemaild
