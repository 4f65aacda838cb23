#include "device_adapter/panel_action.hpp"

#include <algorithm>
#include <array>
#include <initializer_list>

#include "core/text.hpp"

namespace remotemail {
namespace {

constexpr std::string_view kVersion = "1";
// The year 2400: what lies behind was never a copier's clock.
constexpr std::int64_t kLatest = 13'569'465'600'000;

struct StateWord {
  DeviceState state;
  std::string_view word;
};
constexpr std::array<StateWord, 5> kStates{{{DeviceState::ready, "ready"},
                                            {DeviceState::jam, "jam"},
                                            {DeviceState::service_call, "service-call"},
                                            {DeviceState::low_power, "low-power"},
                                            {DeviceState::shut_off, "shut-off"}}};

std::string join(std::initializer_list<std::string_view> words) {
  std::string line;
  for (const std::string_view word : words) {
    if (!line.empty()) line += ' ';
    line += word;
  }
  return line;
}

struct Formatter {
  std::string operator()(DeviceState state) const {
    for (const StateWord& known : kStates) {
      if (known.state == state) return join({"state", known.word});
    }
    return "state ready";
  }
  std::string operator()(SwitchTurned turned) const {
    return join({"power", turned.which == PowerSwitch::main ? "main" : "sub", turned.on ? "on" : "off"});
  }
  std::string operator()(CopiesMade made) const { return join({"copies", std::to_string(made.count)}); }
  std::string operator()(const IpSetting& ip) const {
    return join({"ip", ip.address, ip.subnet_mask, ip.gateway});
  }
};

}  // namespace

bool can_be_set(DeviceState state) noexcept {
  for (const StateWord& known : kStates) {
    if (known.state == state) return true;
  }
  return false;
}

std::string format_panel_action(const PanelAction& action) {
  return join(
      {kVersion, std::to_string(action.at.time_since_epoch().count()), std::visit(Formatter{}, action.what)});
}

std::optional<PanelAction> parse_panel_action(std::string_view record) {
  // A record is one line; check_ip_setting() would cut a line end off (B18).
  if (!std::all_of(record.begin(), record.end(), is_printable)) return std::nullopt;
  const auto words = split(record, ' ');
  if (words.size() < 4 || words[0] != kVersion) return std::nullopt;
  const auto ms = parse_number<std::int64_t>(words[1]);
  if (!ms || *ms > kLatest) return std::nullopt;
  PanelAction action{WallTime{std::chrono::milliseconds{*ms}}, {}};

  const std::string_view kind = words[2], value = words[3];
  if (kind == "state" && words.size() == 4) {
    for (const StateWord& known : kStates) {
      if (known.word != value) continue;
      action.what = known.state;
      return action;
    }
  } else if (kind == "copies" && words.size() == 4) {
    const auto count = parse_number<unsigned>(value);
    if (!count || *count == 0 || *count > kMostCopiesAtOnce) return std::nullopt;
    action.what = CopiesMade{*count};
    return action;
  } else if (kind == "power" && words.size() == 5) {
    if ((value != "main" && value != "sub") || (words[4] != "on" && words[4] != "off")) return std::nullopt;
    action.what = SwitchTurned{value == "main" ? PowerSwitch::main : PowerSwitch::sub, words[4] == "on"};
    return action;
  } else if (kind == "ip" && words.size() == 6) {
    IpSetting ip{std::string(words[3]), std::string(words[4]), std::string(words[5])};
    if (!check_ip_setting(ip)) return std::nullopt;
    action.what = std::move(ip);
    return action;
  }
  return std::nullopt;
}

}  // namespace remotemail
