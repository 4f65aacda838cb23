// What the key operator set, and what each machine in the field was left at (L).
#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <string_view>

#include "device_adapter/machine_facts.hpp"

namespace remotemail {

enum class SettingGroup : std::uint8_t { timers, panel, copying, limits, memory_switches };

// A setting and what it can be set to; the choice at `factory` is as it leaves the factory.
struct UserSetting {
  std::string_view code, item, unit;
  SettingGroup group;
  std::uint8_t factory;
  std::uint8_t changed_percent;  // of all machines, how many have been set otherwise
  std::array<std::string_view, 8> choices;
};
std::span<const UserSetting> user_settings();  // user_settings_table.cpp; memory switches last

// Which of its choices setting number `index` has on this machine.
std::uint8_t user_choice(std::uint64_t seed, std::size_t index);

// What the setting with this code is set to; empty when there is none.
std::string_view set_to(std::uint64_t seed, std::string_view code);

// Memory switches are numbered from 1; switch 1 is the lowest bit of the first byte.
inline constexpr std::size_t kMemorySwitches = 24;
using MemorySwitches = std::array<std::uint8_t, kMemorySwitches / 8>;
MemorySwitches memory_switches(std::uint64_t seed);

struct TrayFact {
  std::string_view code, name, size, sensed, sheets;
};
extern const std::array<TrayFact, kTrays> kTrayFacts;
extern const std::array<std::string_view, 6> kMedia;

struct TraySetting {
  std::uint8_t medium;  // place in kMedia
  bool switches_over;   // goes on from another tray when this one is empty
};
TraySetting tray_setting(std::uint64_t seed, Tray);

}  // namespace remotemail
