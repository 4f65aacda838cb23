// The sections of DIP switches: all of them bit by bit, and in words those that were changed.
#pragma once

#include <array>

#include "device_adapter/lists/list_layout.hpp"

namespace remotemail {

std::string dip_bank_cell(const MachineLife&, std::size_t bank);
template <unsigned kBit>
std::string dip_bit_cell(const MachineLife& life, std::size_t bank) {
  return (std::uint32_t{life.dip_switches[bank]} >> kBit & 1U) != 0 ? "1" : "0";
}
std::string dip_hex_cell(const MachineLife&, std::size_t bank);
inline constexpr std::array<ColumnLayout, 10> kDipBankColumns{{
    {"DIPSW", Column::Kind::count, "", dip_bank_cell},
    {"-1", Column::Kind::count, "", dip_bit_cell<0>},
    {"-2", Column::Kind::count, "", dip_bit_cell<1>},
    {"-3", Column::Kind::count, "", dip_bit_cell<2>},
    {"-4", Column::Kind::count, "", dip_bit_cell<3>},
    {"-5", Column::Kind::count, "", dip_bit_cell<4>},
    {"-6", Column::Kind::count, "", dip_bit_cell<5>},
    {"-7", Column::Kind::count, "", dip_bit_cell<6>},
    {"-8", Column::Kind::count, "", dip_bit_cell<7>},
    {"Hex", Column::Kind::hex, "", dip_hex_cell},
}};
std::size_t dip_banks(const MachineLife&);
std::string dip_bank_code(const MachineLife&, std::size_t bank);  // "D-03"
inline constexpr SectionLayout kDipBankSection{"DIP switches", kDipBankColumns, dip_banks, dip_bank_code,
                                               "1: on, 0: off. DIPSW 3-7 stands in line 3, column -7."};

std::string changed_switch_cell(const MachineLife&, std::size_t row);
std::string changed_meaning_cell(const MachineLife&, std::size_t row);
std::string changed_setting_cell(const MachineLife&, std::size_t row);
std::string changed_factory_cell(const MachineLife&, std::size_t row);
inline constexpr std::array<ColumnLayout, 4> kChangedSwitchColumns{{
    {"DIPSW", Column::Kind::text, "", changed_switch_cell},
    {"What it decides", Column::Kind::text, "", changed_meaning_cell},
    {"Set to", Column::Kind::text, "", changed_setting_cell},
    {"Factory", Column::Kind::text, "", changed_factory_cell},
}};
std::size_t changed_switches(const MachineLife&);
std::string changed_switch_code(const MachineLife&, std::size_t row);  // "D-03-7"
inline constexpr SectionLayout kChangedSwitchSection{"DIP switches that were changed", kChangedSwitchColumns,
                                                     changed_switches, changed_switch_code,
                                                     "All others are as they left the factory."};

}  // namespace remotemail
