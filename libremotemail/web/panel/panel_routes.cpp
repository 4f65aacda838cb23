// The first display, the menus that only lead on, and what the keys do (B1–B3, A8–A13).
#include <fmt/format.h>

#include <array>
#include <optional>

#include "core/text.hpp"
#include "web/pages/parts.hpp"
#include "web/panel/panel_frame.hpp"
#include "web/site.hpp"

namespace remotemail::web {
namespace {

constexpr unsigned kMostCopies = 9999;
constexpr std::size_t kMostDigits = 4;

OperationPanel& panel_of(const Visit& visit) {
  return *visit.site.ports().panel;
}

std::string typed_copies(std::string_view text) {
  const auto number = parse_number<unsigned>(text);
  return number && *number > 0 && *number <= kMostCopies ? std::to_string(*number) : std::string();
}

std::string_view state_words(DeviceState state) {
  switch (state) {
    case DeviceState::jam:
      return "panel.jam";
    case DeviceState::service_call:
      return "panel.service_call";
    case DeviceState::low_power:
      return "panel.low_power";
    default:
      return "panel.ready";
  }
}

Response first_display(const Visit& visit, const std::string& copies, const Html& said, int status = 200) {
  const Texts& texts = visit.texts();
  const PanelView view = panel_of(visit).view();
  const bool enabled = visit.agent().settings()->reception.enabled;
  Display display;
  display.title = view.condition.empty() ? view.identity.model : view.condition;
  display.content =
      element("p", {{"class", "state"}}, texts(state_words(view.state))) +
      facts(fact(texts("panel.copies"), element("strong", copies.empty() ? std::string("1") : copies)) +
            fact(texts("panel.total"), std::to_string(view.total_count)) +
            fact(texts("panel.serial"), view.identity.serial_number) +
            fact(texts("panel.address"), view.ip.address) +
            fact(texts("panel.mail"), texts(enabled ? "panel.mail.on" : "panel.mail.off")));
  display.copies = copies;
  display.at = kPanel;
  return panel_page(visit, view, display, said, status);
}

Response first_page(Visit& visit) {
  const auto copies = visit.request.query.find("copies");
  return first_display(visit,
                       copies == visit.request.query.end() ? std::string() : typed_copies(copies->second),
                       latest_press(visit));
}

struct MenuLine {
  std::string_view at, digit, path, text;
};
// The numbers are the manual's; what this machine has no use for is not on the menus.
constexpr std::array<MenuLine, 3> kMenu{{
    {kKeyOperator, "1", kSystemSetting, "panel.system"},
    {kSystemSetting, "3", kIpSetting, "panel.ip"},
    {kSystemSetting, "4", kEmailSetting, "panel.email"},
}};

Response menu(const Visit& visit, std::string_view at, std::string_view title) {
  const Texts& texts = visit.texts();
  Html lines;
  for (const MenuLine& line : kMenu) {
    if (line.at != at) continue;
    lines += element(
        "li", element("a", {{"href", line.path}}, fmt::format("{}. {}", line.digit, texts(line.text))));
  }
  Display display;
  display.title = texts(title);
  display.content = paragraph(texts("panel.select")) + element("ul", {{"class", "lines"}}, lines);
  display.at = at;
  return panel_page(visit, panel_of(visit).view(), display);
}

Response key_operator(Visit& visit) {
  return menu(visit, kKeyOperator, "panel.key_operator");
}
Response system_setting(Visit& visit) {
  return menu(visit, kSystemSetting, "panel.system");
}

Response made_copies(Visit& visit, const std::string& copies) {
  const unsigned count = parse_number<unsigned>(copies).value_or(1);
  if (Status done = panel_of(visit).make_copies(count); !done)
    return first_display(visit, copies, refusal(visit, press_words(done.error())), 409);
  return see_other("/panel?done=copies");
}

// A key of the key pad: in a menu a digit selects, on the first display it is typed.
Response pad_key(Visit& visit) {
  const std::string_view key = visit.request.field("key"), at = visit.request.field("at");
  const bool digit = key.size() == 1 && is_digit(key.front());
  if (at == kKeyOperator || at == kSystemSetting) {
    for (const MenuLine& line : kMenu) {
      if (digit && line.at == at && line.digit == key) return see_other(std::string(line.path));
    }
    return see_other(std::string(at));
  }
  const std::string copies = typed_copies(visit.request.field("copies"));
  if (key == "start") return made_copies(visit, copies);
  if (!digit) return see_other(std::string(kPanel));
  const std::string longer = copies + std::string(key);
  if (longer.size() > kMostDigits)
    return first_display(visit, copies, refusal(visit, visit.texts()("panel.copies.most")), 409);
  const std::string typed = typed_copies(longer);
  return see_other(typed.empty() ? std::string(kPanel) : "/panel?copies=" + typed);
}

std::optional<Status> turned(OperationPanel& panel, std::string_view what) {
  if (what == "main-on") return panel.set_power(PowerSwitch::main, true);
  if (what == "main-off") return panel.set_power(PowerSwitch::main, false);
  if (what == "sub-on") return panel.set_power(PowerSwitch::sub, true);
  if (what == "sub-off") return panel.set_power(PowerSwitch::sub, false);
  if (what == "jam") return panel.set_state(DeviceState::jam);
  if (what == "sc") return panel.set_state(DeviceState::service_call);
  if (what == "low-power") return panel.set_state(DeviceState::low_power);
  if (what == "shut-off") return panel.set_state(DeviceState::shut_off);
  if (what == "clear") return panel.set_state(DeviceState::ready);
  return std::nullopt;
}

Response machine_key(Visit& visit) {
  const std::string_view what = visit.request.field("do");
  if (what == "ten-copies") return made_copies(visit, "10");
  const std::optional<Status> done = turned(panel_of(visit), what);
  if (!done) return see_other(std::string(kPanel));
  if (!*done) return first_display(visit, {}, refusal(visit, press_words(done->error())), 409);
  return see_other("/panel?done=" + std::string(what));
}

// A key is pressed, not visited: whoever comes to its address by a reload sees the panel.
Response keys(Visit& visit) {
  return visit.posted() ? pad_key(visit) : see_other(std::string(kPanel));
}
Response machine(Visit& visit) {
  return visit.posted() ? machine_key(visit) : see_other(std::string(kPanel));
}

// The e-mail settings are the Environment setup's, and so is the password before them (B4, B6).
constexpr std::array<Route, 9> kRoutes{{
    {kPanel, Access::at_machine, false, first_page},
    {kPanelKeys, Access::at_machine, true, keys},
    {kPanelMachine, Access::at_machine, true, machine},
    {kKeyOperator, Access::at_machine, false, key_operator},
    {kSystemSetting, Access::at_machine, false, system_setting},
    {kIpSetting, Access::at_machine, true, ip_page},
    {kEmailSetting, Access::operator_, true, email_page},
    {kMode25, Access::at_machine, true, password_mode_page},
    {kMode36, Access::at_machine, true, list_mode_page},
}};

}  // namespace

std::span<const Route> panel_routes() {
  return kRoutes;
}

}  // namespace remotemail::web
