// A machine that does what the script says: for tests of whoever calls a DeviceAdapter.
#pragma once

#include <chrono>
#include <cstddef>
#include <deque>
#include <functional>
#include <map>
#include <mutex>
#include <optional>
#include <set>
#include <vector>

#include "remotemail/core/clock.hpp"
#include "remotemail/device_adapter/device_adapter.hpp"

namespace remotemail::testing {

// A small list of the right shape, one for each of the ten; the counter list has a billing total and phone
// rows.
DeviceList sample_list(ListId);

// Starts as a healthy machine: ready, all ten lists, answers at once. Every call any thread. Where several
// parts of the script fit a reading, the order is: lacks(), slow(), fail_reads(), breaks(), the list.
class FakeDevice : public DeviceAdapter {
 public:
  // How a slow machine lets time pass; without it the calling thread sleeps. A test with a clock of its own
  // moves that.
  using PassTime = std::function<void(std::chrono::milliseconds)>;
  explicit FakeDevice(const Clock&, PassTime = {});

  // The script.
  void set_identity(DeviceIdentity);
  void fail_identity(std::optional<Cause>);        // until told otherwise; nothing: healthy again
  void set_state(DeviceState);                     // from now on
  void script_states(std::vector<DeviceState>);    // one a question, then the last of them stays
  void set_list(DeviceList);                       // its id says which
  void lacks(ListId);                              // supports() is false
  void busy(unsigned times);                       // the next readings answer device_busy
  void fail_reads(unsigned times, Cause);          // queued behind those already told
  void breaks(ListId, std::optional<Cause>);       // this list always; nothing: healthy again
  void slow(std::chrono::milliseconds a_reading);  // timed_out at the deadline, if that is earlier

  // What was asked.
  std::vector<ListId> readings() const;  // read_list() calls, in order, whatever came of them
  std::size_t state_questions() const;
  std::size_t identity_questions() const;

  Result<DeviceIdentity> identity(const Deadline&) override;
  DeviceState state() override;
  bool supports(ListId) const override;
  Result<DeviceList> read_list(ListId, const Deadline&) override;

 private:
  Status wait(std::chrono::milliseconds, const Deadline&);

  const Clock& clock_;
  const PassTime pass_time_;
  mutable std::mutex mutex_;  // guards the rest; not held while time passes
  DeviceIdentity identity_{"FD-1", "FD0000001"};
  std::optional<Cause> identity_failure_;
  std::deque<DeviceState> states_{DeviceState::ready};
  std::map<ListId, DeviceList> lists_;
  std::set<ListId> lacking_;
  std::deque<Cause> failures_;
  std::map<ListId, Cause> broken_;
  std::chrono::milliseconds slowness_{0};
  std::vector<ListId> readings_;
  std::size_t state_questions_ = 0, identity_questions_ = 0;
};

}  // namespace remotemail::testing
