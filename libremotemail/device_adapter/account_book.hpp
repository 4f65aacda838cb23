// Who copies and prints on account (E.K.C.), as the seed has it, and how the manager lends them their limits.
#pragma once

#include "device_adapter/machine_life.hpp"
#include "device_adapter/office_work.hpp"

namespace remotemail {

void open_accounts(MachineLife&);
// At the first job of a month: whoever has a limit is granted what is usual for a month.
void raise_limits(MachineLife&);
// False, and noted: the job would pass its account's limit and is not begun.
bool may_begin(MachineLife&, const OfficeJob&);
void charge(MachineLife&, const OfficeJob&);

}  // namespace remotemail
