// The lists that this machine has: one line each in list_table.cpp, one file each beside it.
#pragma once

#include "device_adapter/machine_life.hpp"

namespace remotemail {

DeviceList make_job_memory_list(const MachineLife&);
DeviceList make_user_management_list(const MachineLife&);
DeviceList make_font_pattern_list(const MachineLife&);
DeviceList make_management1_list(const MachineLife&);
DeviceList make_adjustment_data_list(const MachineLife&);
DeviceList make_parameter_list(const MachineLife&);
DeviceList make_ekc_management_list(const MachineLife&);
DeviceList make_management2_list(const MachineLife&);
DeviceList make_counter_list(const MachineLife&);
DeviceList make_pixel_list(const MachineLife&);

using MakeList = DeviceList (*)(const MachineLife&);
// Null: the machine has no such list.
MakeList maker_of(ListId) noexcept;

}  // namespace remotemail
