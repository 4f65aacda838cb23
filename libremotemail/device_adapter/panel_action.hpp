// What was pressed at the simulated panel, as a value and as the line that is kept of it.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <variant>

#include "remotemail/core/clock.hpp"
#include "remotemail/device_adapter/operation_panel.hpp"

namespace remotemail {

inline constexpr unsigned kMostCopiesAtOnce = 9999;  // four digits, as on the key pad

struct SwitchTurned {
  PowerSwitch which = PowerSwitch::main;
  bool on = true;
  bool operator==(const SwitchTurned&) const = default;
};
struct CopiesMade {
  unsigned count = 0;
  bool operator==(const CopiesMade&) const = default;
};

struct PanelAction {
  WallTime at{};
  std::variant<DeviceState, SwitchTurned, CopiesMade, IpSetting> what;
  bool operator==(const PanelAction&) const = default;
};

// The states that can be chosen at the panel; the others follow from switches, or do not occur.
bool can_be_set(DeviceState) noexcept;

// "1 1767225600000 state jam": version, milliseconds since 1970 (UTC), what, with what. One line, ASCII.
std::string format_panel_action(const PanelAction&);
// Nothing for a line of another version or form: a later version's record must not be half understood.
std::optional<PanelAction> parse_panel_action(std::string_view record);

}  // namespace remotemail
