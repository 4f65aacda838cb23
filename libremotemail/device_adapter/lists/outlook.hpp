// When something will be used up, if the office goes on as before: what an engineer plans a visit by.
#pragma once

#include <cstdint>
#include <string>

#include "device_adapter/machine_life.hpp"

namespace remotemail {

struct Use {
  std::uint64_t count = 0, limit = 0;
  // The pace: so much was done since then.
  std::uint64_t done = 0;
  WallTime since{};
};
Use use_of_pm(const MachineLife&);
Use use_of_part(const MachineLife&, std::size_t part);
Use use_of_toner(const MachineLife&);  // of the bottle in use; its pace is that of all bottles

// Whole days until the limit at the pace so far; 0: it is reached; -1: it cannot be said yet, or lies far off.
std::int64_t days_left(const Use&, WallTime now);
// "2027-03-02"; today when it is reached; empty when it cannot be said.
std::string expected_cell(const Use&, WallTime now);
// "due" at the limit, "soon" from 90 % on, else empty; "ordered" when a service call asked for it.
std::string_view part_need(const MachineLife&, std::size_t part);
// To be in the car on the next visit: needed, or expected to be within six weeks, or a part of a PM that is.
bool bring_along(const MachineLife&, std::size_t part);

}  // namespace remotemail
