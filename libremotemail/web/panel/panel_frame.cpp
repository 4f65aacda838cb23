#include "web/panel/panel_frame.hpp"

#include <fmt/format.h>

#include <array>

#include "web/assets/stylesheet_part.hpp"
#include "web/pages/parts.hpp"
#include "web/site.hpp"

namespace remotemail::web {
namespace {

Html key(std::string_view name, std::string_view value, std::string_view words, std::string_view look,
         bool works) {
  return element("button",
                 {{"type", "submit"},
                  {"name", name},
                  {"value", value},
                  {"class", look, !look.empty()},
                  {"disabled", !works}},
                 words);
}

Html key_pad(const Visit& visit, const Display& display, bool dark) {
  static constexpr std::array<std::string_view, 10> kDigits{"1", "2", "3", "4", "5", "6", "7", "8", "9", "0"};
  const Texts& texts = visit.texts();
  const bool works = !display.at.empty() && !dark, first = display.at == kPanel;
  Html keys;
  for (const std::string_view digit : kDigits) keys += key("key", digit, digit, "digit", works);
  keys += key("key", "clear", texts("panel.key.clear"), "stop", works && first);
  keys += key("key", "start", texts("panel.key.start"), "start", works && first);
  return visit.form(
      kPanelKeys,
      hidden("at", display.at) + hidden("copies", display.copies) +
          element("div", {{"class", "key-pad"}, {"role", "group"}, {"aria-label", texts("panel.key_pad")}},
                  keys));
}

Html mode_keys(const Visit& visit) {
  const Texts& texts = visit.texts();
  const auto mode = [&](std::string_view path, std::string_view words) {
    const bool here = visit.request.path == path || visit.request.path.starts_with(std::string(path) + "/");
    return element("li",
                   element("a", {{"href", path}, {"aria-current", "true", here && path != kPanel}}, words));
  };
  return element(
      "nav", {{"class", "modes"}, {"aria-label", texts("panel.modes")}},
      element("ul", mode(kKeyOperator, texts("panel.key_operator")) + mode(kMode25, texts("panel.25")) +
                        mode(kMode36, texts("panel.36")) + mode(kPanel, texts("panel.key.reset"))));
}

// A copier, seen from the front; its lamp shows by its colour what the display says in words.
Html drawing(const PanelView& view) {
  const auto box = [](std::string_view x, std::string_view y, std::string_view width, std::string_view height,
                      std::string_view look) {
    return element("rect",
                   {{"x", x}, {"y", y}, {"width", width}, {"height", height}, {"rx", "3"}, {"class", look}});
  };
  std::string_view lamp = "lamp on";
  if (is_off(view.state))
    lamp = "lamp";
  else if (view.state == DeviceState::jam || view.state == DeviceState::service_call)
    lamp = "lamp trouble";
  else if (view.state == DeviceState::low_power)
    lamp = "lamp low";
  return element("svg",
                 {{"class", "machine"},
                  {"width", "120"},
                  {"height", "120"},
                  {"aria-hidden", "true"},
                  {"focusable", "false"}},
                 box("14", "6", "80", "12", "part") + box("8", "20", "92", "22", "body") +
                     box("98", "34", "20", "5", "part") + box("8", "44", "92", "68", "body") +
                     box("16", "52", "76", "14", "part") + box("16", "70", "76", "14", "part") +
                     box("16", "88", "76", "14", "part") +
                     element("circle", {{"cx", "90"}, {"cy", "31"}, {"r", "4"}, {"class", lamp}}));
}

Html switch_row(const Visit& visit, std::string_view name, bool on, std::string_view turn,
                std::string_view words) {
  const Texts& texts = visit.texts();
  return element("div", {{"class", "switch"}},
                 element("span", Html(name) + ": " +
                                     element("strong", texts(on ? "panel.power.on" : "panel.power.off"))) +
                     key("do", turn, words, on ? "on" : "", true));
}

Html machine_keys(const Visit& visit, const PanelView& view) {
  const Texts& texts = visit.texts();
  const bool powered = view.main_power && view.sub_power;
  const bool jam = view.state == DeviceState::jam, service = view.state == DeviceState::service_call;
  const bool sleeps = view.state == DeviceState::low_power || view.state == DeviceState::shut_off;
  const auto act = [&](std::string_view what, std::string_view text, bool works) {
    return key("do", what, texts(text), "", works);
  };
  const Html switches =
      switch_row(visit, texts("panel.power.main"), view.main_power, view.main_power ? "main-off" : "main-on",
                 texts(view.main_power ? "panel.turn.main_off" : "panel.turn.main_on")) +
      switch_row(visit, texts("panel.power.sub"), view.sub_power, view.sub_power ? "sub-off" : "sub-on",
                 texts(view.sub_power ? "panel.turn.sub_off" : "panel.turn.sub_on"));
  const Html events =
      (jam ? act("clear", "panel.do.clear_jam", powered) : act("jam", "panel.do.jam", powered)) +
      (service ? act("clear", "panel.do.clear_sc", powered) : act("sc", "panel.do.sc", powered)) +
      (sleeps ? act("clear", "panel.do.wake", powered)
              : act("low-power", "panel.do.low_power", powered) +
                    act("shut-off", "panel.do.shut_off", powered)) +
      act("ten-copies", "panel.key.ten", powered);
  return element("div", {{"class", "cards"}},
                 element("section", {{"class", "card"}},
                         element("h2", texts("panel.power")) + paragraph(texts("panel.power.what")) +
                             visit.form(kPanelMachine, switches)) +
                     element("section", {{"class", "card"}},
                             element("h2", texts("panel.happens")) + paragraph(texts("panel.happens.what")) +
                                 visit.form(kPanelMachine, element("div", {{"class", "actions"}}, events))));
}

}  // namespace

std::string_view dark_reason(const PanelView& view) {
  if (!view.main_power) return "panel.dark.main";
  if (!view.sub_power) return "panel.dark.sub";
  if (view.state == DeviceState::shut_off) return "panel.dark.shut_off";
  return {};
}

Html refusal(const Visit& visit, const Html& words) {
  return element("div", {{"class", "said refused"}, {"role", "alert"}},
                 element("strong", visit.texts()("panel.refused")) + " " + element("span", words));
}

// It goes without saying at a panel that the machine was asked.
std::string press_words(const Error& error) {
  Error plain = error;
  plain.step = Step::none;
  return plain.cause == Cause::refused && !plain.detail.empty() ? plain.detail : describe(plain);
}

Html confirmation(const Visit&, std::string_view words) {
  return element("div", {{"class", "said"}, {"role", "status"}}, words);
}

Html latest_press(const Visit& visit) {
  const auto done = visit.request.query.find("done");
  if (done == visit.request.query.end()) return {};
  const std::string_view words = visit.texts().or_else("panel.done." + done->second, "");
  return words.empty() ? Html() : confirmation(visit, words);
}

Response panel_page(const Visit& visit, const PanelView& view, const Display& display, const Html& said,
                    int status) {
  const Texts& texts = visit.texts();
  const std::string_view dark = dark_reason(view);
  const Html shown = dark.empty() ? element("h2", display.title) + said + display.content
                                  : said + element("p", {{"class", "dark"}}, texts(dark));
  const Html lit = element(
      "section",
      {{"class", dark.empty() ? "display" : "display off"}, {"aria-label", texts("panel.display")}}, shown);
  const Html keys =
      element("div", {{"class", "keys"}, {"role", "group"}, {"aria-label", texts("panel.keys")}},
              drawing(view) + key_pad(visit, display, !dark.empty()));
  Html main = stylesheet_part("/panel.css") +
              element("div", {{"class", "panel"}}, lit + keys + mode_keys(visit)) + display.below +
              machine_keys(visit, view);
  return visit.page(texts("panel.title"), main, status);
}

}  // namespace remotemail::web
