#include <Poco/JSON/Object.h>
#include <fmt/format.h>

#include <map>
#include <sstream>

#include "commands/commands.hpp"
#include "core/text.hpp"
#include "remotemail/core/commands.hpp"
#include "remotemail/list_formatter/list_formatter.hpp"

namespace remotemaild {
namespace {

using remotemail::DeviceState;
using remotemail::PanelView;
using remotemail::Status;

int show(const Invocation& invocation, Session& session, Output& output) {
  const PanelView view = session.panel.view();
  const std::string state(remotemail::words(view.state));
  if (invocation.has("json")) {
    Poco::JSON::Object object(Poco::JSON_PRESERVE_KEY_ORDER);
    object.set("model", view.identity.model);
    object.set("serial_number", view.identity.serial_number);
    object.set("state", state);
    object.set("condition", view.condition);
    object.set("main_power", view.main_power);
    object.set("sub_power", view.sub_power);
    object.set("total", view.total_count);
    object.set("ip_address", view.ip.address);
    object.set("subnet_mask", view.ip.subnet_mask);
    object.set("gateway", view.ip.gateway);
    std::ostringstream text;
    object.stringify(text);
    output.out(text.str() + "\n");
    return kDone;
  }
  std::string text = fmt::format(
      "{} {}\nstate          {}\npower          main {}, sub {}\ntotal          {}\n", view.identity.model,
      view.identity.serial_number, view.condition.empty() ? state : view.condition,
      view.main_power ? "on" : "off", view.sub_power ? "on" : "off", view.total_count);
  text += fmt::format("IP address     {} mask {} gateway {}\n", view.ip.address, view.ip.subnet_mask,
                      view.ip.gateway);
  if (!(view.ip == view.ip_after_power_cycle)) {
    const auto& next = view.ip_after_power_cycle;
    text +=
        fmt::format("after OFF/ON   {} mask {} gateway {}\n", next.address, next.subnet_mask, next.gateway);
  }
  output.out(text);
  return kDone;
}

// As List Output Mode puts it on paper: what a mail would say, under a head that names the panel.
int print(const Invocation& invocation, Session& session, Output& output) {
  const bool phone = remotemail::equal_ignoring_case(invocation.arguments[1], "PHONE");
  const remotemail::ListWord* found = phone ? &remotemail::word_of(remotemail::ListId::counter) : nullptr;
  for (const remotemail::ListWord& word : remotemail::kListWords) {
    if (remotemail::means(invocation.arguments[1], word.option, word.minimum)) found = &word;
  }
  if (!found)
    return wrong_use(output, invocation,
                     "print wants one of GETLOG's lists, such as COUNTER or MANAGEMENT, or PHONE");
  auto list = session.panel.print_list(found->id);
  if (!list) return complain(output, list.error());
  remotemail::ReplyHead head;
  head.device = session.panel.view().identity;
  head.requested_by = "operation panel";
  output.out(remotemail::PlainTextFormatter()
                 .format(head, {{}, remotemail::ListRead{std::move(*list), phone}})
                 .body);
  return kDone;
}

}  // namespace

int run_panel(const Invocation& invocation, Session& session, Output& output) {
  const auto& words = invocation.arguments;
  if (words.empty()) return show(invocation, session, output);
  if (words[0] == "print" && words.size() == 2) return print(invocation, session, output);
  Status done;
  if (words[0] == "state" && words.size() == 2) {
    const std::map<std::string, DeviceState> states{{"ready", DeviceState::ready},
                                                    {"jam", DeviceState::jam},
                                                    {"sc", DeviceState::service_call},
                                                    {"low-power", DeviceState::low_power},
                                                    {"shut-off", DeviceState::shut_off}};
    const auto state = states.find(words[1]);
    if (state == states.end())
      return wrong_use(output, invocation, "state wants ready, jam, sc, low-power or shut-off");
    done = session.panel.set_state(state->second);
  } else if (words[0] == "power" && words.size() == 3 && (words[1] == "main" || words[1] == "sub") &&
             (words[2] == "on" || words[2] == "off")) {
    done = session.panel.set_power(
        words[1] == "main" ? remotemail::PowerSwitch::main : remotemail::PowerSwitch::sub, words[2] == "on");
  } else if (words[0] == "copy" && words.size() == 2) {
    const auto count = remotemail::parse_number<unsigned>(words[1]);
    if (!count || *count == 0 || *count > 9999) return wrong_use(output, invocation, "copy wants 1 to 9999");
    done = session.panel.make_copies(*count);
  } else if (words[0] == "ip" && words.size() == 4) {
    done = session.panel.set_ip({words[1], words[2], words[3]});
  } else {
    return wrong_use(output, invocation,
                     "wants state S, power main|sub on|off, copy N, print LIST or ip ADDRESS MASK GATEWAY");
  }
  if (!done) return complain(output, done.error());
  return show(invocation, session, output);
}

}  // namespace remotemaild
