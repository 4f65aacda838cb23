// A monochrome office copier that does not exist: for demo, tests and whoever tries the product without a
// machine.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "remotemail/core/clock.hpp"
#include "remotemail/device_adapter/device_adapter.hpp"
#include "remotemail/device_adapter/operation_panel.hpp"

namespace remotemail {

// What was done at the panel, in order: all that has to be kept of the copier. One text a record; opaque to
// the store. Calls come one at a time.
class PanelMemory {
 public:
  virtual ~PanelMemory() = default;
  virtual Result<std::vector<std::string>> load() = 0;
  virtual Status append(const std::string& record) = 0;  // durable when it returns
};

// RM-7145: about 45 pages a minute, four trays and a bypass, document feeder, finisher with stapler and
// punch.
//
// A function of (seed, birth, panel actions, now): the same four give the same lists, byte for byte, at any
// time and on any machine; passing time writes nothing. All calls any thread; only presses wait for one
// another's append().
//
// Its own life comes from the seed: jobs on weekdays in office hours (UTC), while it is ready; parts that wear by
// them, toner, accounts; jams and service calls, likelier the more a part is worn; an engineer who comes before
// a day's first job when PM is due, a part has reached its limit, or a service call asked for one. In two years
// that is some 400,000 sides, one or two PMs, a dozen bottles, a jam in 2,700 sheets, ten service calls. None
// of it while it is off, jammed, in SC or in low power, for a job would wake it; what was not done then is not
// made up for.
//
// What goes wrong by itself is set right at once: the user clears the jam, switching OFF/ON clears the service
// call. So its state changes by the panel alone, and demo and tests have it in their hands.
//
// Machine time never goes back. While the clock is behind the latest moment that a call of this process has
// counted to, or behind the latest panel action, the machine stands still: counters stay, and what is pressed
// is recorded at that moment. A new process knows only the panel actions: if the clock was set back
// meanwhile, counters may be lower than those shown before. Machine time ends 100 years after birth.
//
// Power: the switches are independent of the condition; a jam or SC is still there after OFF/ON, low power
// and shut-off are not. Copies made at the panel wake it from low power. A jam or SC that is set counts as
// one. Setting it ready clears either; the part that a service call asked for still comes with the engineer.
class SimulatedCopier : public DeviceAdapter, public OperationPanel {
 public:
  struct Make {
    std::uint64_t seed = 7145;
    WallTime birth{};  // the day it was installed; counters are 0 then. Years 1970 to 2200
  };
  // Both references must outlive it. Fails when the memory cannot be read; an unreadable record is skipped.
  static Result<std::unique_ptr<SimulatedCopier>> open(const Make&, PanelMemory&, const Clock&);

  // How many records of the memory were skipped when it was opened.
  virtual std::size_t skipped_records() const = 0;
};

}  // namespace remotemail
