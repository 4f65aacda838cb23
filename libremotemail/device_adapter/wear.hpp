// What a job does to the machine: it counts, wears, uses toner, jams, calls for service; and what the engineer
// does about it.
#pragma once

#include "device_adapter/machine_life.hpp"
#include "device_adapter/office_work.hpp"

namespace remotemail {

// The machine as it was delivered.
MachineLife new_machine(std::uint64_t seed, WallTime birth, DeviceIdentity);

// All at life.at.
void count_job(MachineLife&, const OfficeJob&);
// What goes wrong while the job is done, if anything. It is set right at once: a jam by whoever stands there, a
// service call by switching OFF/ON, until the engineer comes with the part.
void suffer_troubles(MachineLife&, const OfficeJob&);
void note_jam(MachineLife&, std::size_t jam, Paper);
void note_service_call(MachineLife&, std::size_t service_call);
// PM when its cycle is full, parts when they are worn out or ordered, and those that would be soon. Most days
// there is nothing to do.
void visit(MachineLife&);

}  // namespace remotemail
