// The machine's DIP switches, kept in its non-volatile memory: one place for all lists that show them.
#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <string_view>

namespace remotemail {

inline constexpr std::size_t kDipBanks = 16;

// A byte a bank; switch 1 is its lowest bit, switch 8 its highest.
using DipSwitches = std::array<std::uint8_t, kDipBanks>;

// What a switch means. Switches without a meaning are reserved and stay off.
struct DipSwitch {
  std::uint8_t bank, number;  // from 1; "3-7" is bank 3, switch 7
  bool factory;
  std::uint8_t changed_percent;  // of all machines, how many have been set otherwise
  std::string_view meaning, off, on;
};
std::span<const DipSwitch> dip_switch_meanings();

// As an engineer left them on this machine.
DipSwitches dip_switches(std::uint64_t seed);
bool is_on(const DipSwitches&, const DipSwitch&);

}  // namespace remotemail
