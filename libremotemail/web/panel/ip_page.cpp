// Key operator mode, 1 System initial setting, 3 IP address setting (B1–B3).
#include <array>

#include "web/pages/parts.hpp"
#include "web/panel/panel_frame.hpp"
#include "web/site.hpp"

namespace remotemail::web {
namespace {

struct Line {
  std::string_view name, label, help;
  std::string_view named;  // as an error of check_ip_setting() begins
  std::string IpSetting::*value;
};
constexpr std::array<Line, 3> kLines{{
    {"address", "panel.ip.address", "panel.ip.address.help", "IP address: ", &IpSetting::address},
    {"mask", "panel.ip.mask", "panel.ip.mask.help", "subnet mask: ", &IpSetting::subnet_mask},
    {"gateway", "panel.ip.gateway", "panel.ip.gateway.help", "gateway address: ", &IpSetting::gateway},
}};

Html field(const Visit& visit, const Line& line, const std::string& value, std::string_view error) {
  const Texts& texts = visit.texts();
  const std::string id = "f-" + std::string(line.name), help = id + "-help", wrong = id + "-error";
  Html inside = element("label", {{"for", id}}, texts(line.label));
  if (!error.empty()) inside += element("p", {{"class", "error"}, {"id", wrong}}, error);
  inside += element("input", {{"type", "text"},
                              {"id", id},
                              {"name", line.name},
                              {"value", value},
                              {"inputmode", "decimal"},
                              {"autocomplete", "off"},
                              {"spellcheck", "false"},
                              {"aria-describedby", error.empty() ? help : wrong + " " + help},
                              {"aria-invalid", "true", !error.empty()},
                              {"autofocus", !error.empty()}}) +
            element("p", {{"class", "help"}, {"id", help}}, texts(line.help));
  return element("div", {{"class", error.empty() ? "field" : "field wrong"}}, inside);
}

Html shown(const Visit& visit, const IpSetting& ip) {
  Html pairs;
  for (const Line& line : kLines) pairs += fact(visit.texts()(line.label), ip.*line.value);
  return facts(pairs);
}

Response ip_display(const Visit& visit, const PanelView& view, const IpSetting& typed, const Html& said,
                    std::string_view error, int status) {
  const Texts& texts = visit.texts();
  Html content = element("h3", texts("panel.ip.now")) + shown(visit, view.ip);
  if (!(view.ip == view.ip_after_power_cycle))
    content += element("h3", texts("panel.ip.next")) + shown(visit, view.ip_after_power_cycle);
  Html fields;
  for (const Line& line : kLines) {
    const bool mine = error.starts_with(line.named);
    fields +=
        field(visit, line, typed.*line.value, mine ? error.substr(line.named.size()) : std::string_view{});
  }
  content += paragraph(texts("panel.ip.what")) +
             visit.form(kIpSetting,
                        fields + element("p", {{"class", "actions"}},
                                         button(texts("panel.ok"), "main") +
                                             link_to(kSystemSetting, texts("panel.back"))),
                        {{"novalidate", true}});
  Display display;
  display.title = texts("panel.ip");
  display.content = content;
  return panel_page(visit, view, display, said, status);
}

}  // namespace

Response ip_page(Visit& visit) {
  OperationPanel& panel = *visit.site.ports().panel;
  if (!visit.posted()) {
    const PanelView view = panel.view();
    return ip_display(visit, view, view.ip_after_power_cycle, latest_press(visit), {}, 200);
  }
  IpSetting typed;
  for (const Line& line : kLines) typed.*line.value = std::string(visit.request.field(line.name));
  const Status done = panel.set_ip(typed);
  if (done) return see_other(std::string(kIpSetting) + "?done=ip");
  const Error& error = done.error();
  // A bad value stands beside its field; what else can go wrong concerns the machine.
  if (error.cause != Cause::invalid_value)
    return ip_display(visit, panel.view(), typed, refusal(visit, press_words(error)), {}, 409);
  Html words = error.detail;
  for (const Line& line : kLines) {
    if (error.detail.starts_with(line.named)) words = link_to("#f-" + std::string(line.name), error.detail);
  }
  return ip_display(visit, panel.view(), typed, refusal(visit, words), error.detail, 422);
}

}  // namespace remotemail::web
