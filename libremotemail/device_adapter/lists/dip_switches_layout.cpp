#include "device_adapter/lists/dip_switches_layout.hpp"

#include <fmt/format.h>

namespace remotemail {
namespace {

bool changed(const MachineLife& life, const DipSwitch& which) {
  return is_on(life.dip_switches, which) != which.factory;
}
const DipSwitch& changed_switch(const MachineLife& life, std::size_t row) {
  for (const DipSwitch& which : dip_switch_meanings()) {
    if (changed(life, which) && row-- == 0) return which;
  }
  return dip_switch_meanings().front();
}
std::string words(const DipSwitch& which, bool on) {
  return fmt::format("{}: {}", on ? "on" : "off", on ? which.on : which.off);
}

}  // namespace

std::string dip_bank_cell(const MachineLife&, std::size_t bank) {
  return count_cell(bank + 1);
}
std::string dip_hex_cell(const MachineLife& life, std::size_t bank) {
  return fmt::format("{:02X}", life.dip_switches[bank]);
}
std::size_t dip_banks(const MachineLife& life) {
  return life.dip_switches.size();
}
std::string dip_bank_code(const MachineLife&, std::size_t bank) {
  return numbered_code("D", bank + 1);
}

std::string changed_switch_cell(const MachineLife& life, std::size_t row) {
  const DipSwitch& which = changed_switch(life, row);
  return fmt::format("{}-{}", which.bank, which.number);
}
std::string changed_meaning_cell(const MachineLife& life, std::size_t row) {
  return std::string(changed_switch(life, row).meaning);
}
std::string changed_setting_cell(const MachineLife& life, std::size_t row) {
  const DipSwitch& which = changed_switch(life, row);
  return words(which, !which.factory);
}
std::string changed_factory_cell(const MachineLife& life, std::size_t row) {
  const DipSwitch& which = changed_switch(life, row);
  return words(which, which.factory);
}
std::size_t changed_switches(const MachineLife& life) {
  std::size_t count = 0;
  for (const DipSwitch& which : dip_switch_meanings()) count += changed(life, which) ? 1U : 0U;
  return count;
}
std::string changed_switch_code(const MachineLife& life, std::size_t row) {
  const DipSwitch& which = changed_switch(life, row);
  return fmt::format("D-{:02}-{}", which.bank, which.number);
}

}  // namespace remotemail
