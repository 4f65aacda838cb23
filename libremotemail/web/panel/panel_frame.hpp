// The drawn panel that stands around every menu: display, keys, switches.
#pragma once

#include <string>
#include <string_view>

#include "remotemail/device_adapter/operation_panel.hpp"
#include "web/html.hpp"
#include "web/request.hpp"

namespace remotemail::web {

struct Visit;

// Where the menus are: the address says which display is shown, so Back and a reload do what they look like.
inline constexpr std::string_view kPanel = "/panel";
inline constexpr std::string_view kPanelKeys = "/panel/key";
inline constexpr std::string_view kPanelMachine = "/panel/machine";
inline constexpr std::string_view kKeyOperator = "/panel/key-operator";
inline constexpr std::string_view kSystemSetting = "/panel/key-operator/system";
inline constexpr std::string_view kIpSetting = "/panel/key-operator/system/ip";
inline constexpr std::string_view kEmailSetting = "/panel/key-operator/system/email";
inline constexpr std::string_view kMode25 = "/panel/25";
inline constexpr std::string_view kMode36 = "/panel/36";

struct Display {
  std::string title;  // the menu's
  Html content;
  std::string_view at{};  // the menu that the key pad belongs to; empty: its keys do nothing here
  std::string copies{};   // typed so far; on the first display alone
  Html below{};           // what came out of the machine
};

// Whether keys do nothing because the display is dark: the reason's text, else empty.
std::string_view dark_reason(const PanelView&);

// `said`: what the latest press did or why it did nothing, shown on the display.
Response panel_page(const Visit&, const PanelView&, const Display&, const Html& said = {}, int status = 200);
// The reason of a refused press, as the display shows it.
Html refusal(const Visit&, const Html& words);
std::string press_words(const Error&);
Html confirmation(const Visit&, std::string_view words);
// What the press that led here did, where the address tells ("?done=jam").
Html latest_press(const Visit&);

// The menus, each with files of its own.
Response ip_page(Visit&);
Response email_page(Visit&);
Response password_mode_page(Visit&);
Response list_mode_page(Visit&);

}  // namespace remotemail::web
