// What the main page shows of the machine: who it is, a few counters, how far parts and toner are used.
#pragma once

#include "remotemail/agent/agent_status.hpp"
#include "remotemail/device_adapter/device_adapter.hpp"

namespace remotemail {

// Worker only. What cannot be read now stands as it did in `before`, and `error` says why.
MachineGlance look_at_machine(DeviceAdapter&, const Clock&, const MachineGlance& before, const Deadline&);

}  // namespace remotemail
