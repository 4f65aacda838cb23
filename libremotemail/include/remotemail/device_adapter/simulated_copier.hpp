// A monochrome office copier that does not exist: for demo, tests and whoever tries the product without a machine.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "remotemail/core/clock.hpp"
#include "remotemail/device_adapter/device_adapter.hpp"
#include "remotemail/device_adapter/operation_panel.hpp"

namespace remotemail {

// What was done at the panel, in order: all that has to be kept of the copier. One text a record; opaque to the store.
class PanelMemory {
 public:
  virtual ~PanelMemory() = default;
  virtual Result<std::vector<std::string>> load() = 0;
  virtual Status append(const std::string& record) = 0;  // durable when it returns
};

// A function of (seed, birth, panel actions, now): the same four give the same lists, byte for byte, at any time and
// on any machine; passing time writes nothing. All calls any thread.
class SimulatedCopier : public DeviceAdapter, public OperationPanel {
 public:
  struct Make {
    std::uint64_t seed = 7145;
    WallTime birth{};  // the day it was installed
  };
  // Both references must outlive it. Fails when the memory cannot be read; an unreadable record is skipped.
  static Result<std::unique_ptr<SimulatedCopier>> open(const Make&, PanelMemory&, const Clock&);
};

}  // namespace remotemail
