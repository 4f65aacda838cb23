// Whether an adapter keeps the contract of DeviceAdapter: run it in the adapter's own tests, and once at a
// real machine.
#pragma once

#include <chrono>
#include <string>
#include <vector>

#include "remotemail/core/clock.hpp"
#include "remotemail/core/device_list.hpp"
#include "remotemail/device_adapter/device_adapter.hpp"

namespace remotemail::testing {

struct DeviceContractLimits {
  std::chrono::milliseconds one_call{10'000};  // what a call is given
  std::chrono::milliseconds grace{1'000};      // what it may be late
};

// Asks everything a DeviceAdapter can be asked: identity, state, and each list twice, or that it is lacking;
// also with a deadline that has passed and with a stop. Each finding is a sentence that names the place and
// what is wrong there; none: the contract is kept. At most 100. A machine that is off or busy is a finding
// too, for then nothing was checked. Time is taken from the clock.
std::vector<std::string> check_device_contract(DeviceAdapter&, const Clock&,
                                               const DeviceContractLimits& = {});

// The part that looks at one list (L): shape, codes, values, UTF-8, size, and for the counter list the
// billing total, the meanings and the phone rows (G10). No device needed.
std::vector<std::string> check_device_list(const DeviceList&, ListId expected);

}  // namespace remotemail::testing
