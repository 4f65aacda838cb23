// The port to the machine. Whoever has another copier implements this class; README.md in
// libremotemail/device_adapter tells how.
#pragma once

#include "remotemail/core/clock.hpp"
#include "remotemail/core/device_list.hpp"
#include "remotemail/core/result.hpp"

namespace remotemail {

// Called from the agent's worker thread only, never twice at once, except state(), which any thread may call.
// A failure never stops the service: the mail is answered in words.
class DeviceAdapter {
 public:
  virtual ~DeviceAdapter() = default;

  // Model and serial number, as they stand in the head of every reply. Asked once a poll.
  virtual Result<DeviceIdentity> identity(const Deadline&) = 0;

  // Cheap, and never wakes the machine (A8–A13): asked before every step that touches the network. An adapter
  // whose machine does not answer says `unreachable`, which counts as off when a poll begins.
  virtual DeviceState state() = 0;

  // Whether the machine has such a list at all; like state() it answers from what the adapter knows, without waiting. A list it lacks is a normal answer, no error.
  virtual bool supports(ListId) const { return true; }

  // The list as it is now. Cause::device_busy: asked again until 30 s of the mail are used up;
  // device_unsupported (what supports() denies), device_unreachable, device_broken: answered in words;
  // device_off: state() says so too. The result owns its text (UTF-8). remotemail/testing/device_contract.hpp
  // checks the shape that a list must have.
  virtual Result<DeviceList> read_list(ListId, const Deadline&) = 0;
};

}  // namespace remotemail
