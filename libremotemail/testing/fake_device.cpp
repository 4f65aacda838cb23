#include "remotemail/testing/fake_device.hpp"

#include <algorithm>
#include <string>
#include <thread>

namespace remotemail::testing {

DeviceList sample_list(ListId id) {
  using Kind = Column::Kind;
  if (id != ListId::counter) {
    const ListWord& word = word_of(id);
    const std::string code(word.option.substr(0, 1));
    return {id,
            {{std::string(word.title),
              {{"Item", Kind::text}, {"Value", Kind::number, "mm"}},
              {{code + "-01", {"First", "1.5"}}, {code + "-02", {"Second", "-2"}}},
              ""}}};
  }
  const auto row = [](std::string code, std::string label, std::string value, std::string meaning,
                      unsigned rank) {
    return Row{std::move(code), {label, value, std::move(meaning)}, rank == 1, rank, label, value};
  };
  return {id,
          {{"Counters",
            {{"Counter", Kind::text}, {"Count", Kind::count}, {"What it counts", Kind::text}},
            {row("C-01", "Total", "1234", "every printed side", 1),
             row("C-02", "Copy", "1000", "copied sides", 2),
             row("C-03", "Print", "234", "sides of print jobs", 3),
             row("C-04", "PM", "34", "sides since the last PM", 4)},
            ""}}};
}

FakeDevice::FakeDevice(const Clock& clock, PassTime pass_time)
    : clock_(clock), pass_time_(std::move(pass_time)) {
  for (const ListWord& word : kListWords) lists_[word.id] = sample_list(word.id);
}

void FakeDevice::set_identity(DeviceIdentity identity) {
  const std::lock_guard lock(mutex_);
  identity_ = std::move(identity);
}

void FakeDevice::fail_identity(std::optional<Cause> cause) {
  const std::lock_guard lock(mutex_);
  identity_failure_ = cause;
}

void FakeDevice::set_state(DeviceState state) {
  script_states({state});
}

void FakeDevice::script_states(std::vector<DeviceState> states) {
  if (states.empty()) return;
  const std::lock_guard lock(mutex_);
  states_.assign(states.begin(), states.end());
}

void FakeDevice::set_list(DeviceList list) {
  const std::lock_guard lock(mutex_);
  lacking_.erase(list.id);
  lists_[list.id] = std::move(list);
}

void FakeDevice::lacks(ListId id) {
  const std::lock_guard lock(mutex_);
  lacking_.insert(id);
}

void FakeDevice::busy(unsigned times) {
  fail_reads(times, Cause::device_busy);
}

void FakeDevice::fail_reads(unsigned times, Cause cause) {
  const std::lock_guard lock(mutex_);
  failures_.insert(failures_.end(), times, cause);
}

void FakeDevice::breaks(ListId id, std::optional<Cause> cause) {
  const std::lock_guard lock(mutex_);
  broken_.erase(id);
  if (cause) broken_.emplace(id, *cause);
}

void FakeDevice::slow(std::chrono::milliseconds a_reading) {
  const std::lock_guard lock(mutex_);
  slowness_ = a_reading;
}

std::vector<ListId> FakeDevice::readings() const {
  const std::lock_guard lock(mutex_);
  return readings_;
}

std::size_t FakeDevice::state_questions() const {
  const std::lock_guard lock(mutex_);
  return state_questions_;
}

std::size_t FakeDevice::identity_questions() const {
  const std::lock_guard lock(mutex_);
  return identity_questions_;
}

Result<DeviceIdentity> FakeDevice::identity(const Deadline& deadline) {
  {
    const std::lock_guard lock(mutex_);
    ++identity_questions_;
  }
  if (Status waited = wait({}, deadline); !waited) return waited.error();
  const std::lock_guard lock(mutex_);
  if (identity_failure_) return make_error(*identity_failure_, Step::device);
  return identity_;
}

DeviceState FakeDevice::state() {
  const std::lock_guard lock(mutex_);
  ++state_questions_;
  const DeviceState state = states_.front();
  if (states_.size() > 1) states_.pop_front();
  return state;
}

bool FakeDevice::supports(ListId id) const {
  const std::lock_guard lock(mutex_);
  return !lacking_.contains(id);
}

Result<DeviceList> FakeDevice::read_list(ListId id, const Deadline& deadline) {
  std::chrono::milliseconds slowness{0};
  {
    const std::lock_guard lock(mutex_);
    readings_.push_back(id);
    if (lacking_.contains(id)) return make_error(Cause::device_unsupported, Step::device, {}, Retry::never);
    slowness = slowness_;
  }
  if (Status waited = wait(slowness, deadline); !waited) return waited.error();
  const std::lock_guard lock(mutex_);
  if (!failures_.empty()) {
    const Cause cause = failures_.front();
    failures_.pop_front();
    return make_error(cause, Step::device);
  }
  if (const auto broken = broken_.find(id); broken != broken_.end())
    return make_error(broken->second, Step::device);
  return lists_.at(id);
}

Status FakeDevice::wait(std::chrono::milliseconds time, const Deadline& deadline) {
  constexpr std::chrono::milliseconds kSlice{20};  // a stop has to be seen within 100 ms
  for (;;) {
    if (deadline.stopping()) return make_error(Cause::stopped, Step::device);
    if (deadline.passed(clock_.steady_now())) return make_error(Cause::timed_out, Step::device);
    if (time.count() <= 0) return {};
    const auto slice = std::min(time, kSlice);
    if (pass_time_) {
      pass_time_(slice);
    } else {
      std::this_thread::sleep_for(slice);
    }
    time -= slice;
  }
}

}  // namespace remotemail::testing
