#include "remotemail/device_adapter/simulated_copier.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <mutex>

#include "core/text.hpp"
#include "device_adapter/counters.hpp"
#include "device_adapter/office_work.hpp"
#include "device_adapter/panel_action.hpp"

namespace remotemail {
namespace {

using std::chrono::days;
using std::chrono::floor;
using std::chrono::sys_days;

constexpr std::uint64_t kIdentityStream = 16, kJamStream = 17, kServiceCallStream = 18;

// Bounds the work of reading a list whatever the clock says.
constexpr days kLifetime{36'525};
constexpr WallTime kEarliestBirth{sys_days{std::chrono::year{1970} / 1 / 1}};
constexpr WallTime kLatestBirth{sys_days{std::chrono::year{2200} / 1 / 1}};

const IpSetting kFactoryIp{"192.168.1.20", "255.255.255.0", "192.168.1.1"};

DeviceIdentity make_identity(const SimulatedCopier::Make& make) {
  const std::chrono::year_month_day born{floor<days>(make.birth)};
  Draws draws(make.seed, kIdentityStream);
  return {"RM-7145", fmt::format("{:02}WE{:05}", static_cast<int>(born.year()) % 100, draws.below(100'000))};
}

// The machine at one moment, and how it goes on from there. Knows neither clock nor memory.
class Machine {
 public:
  explicit Machine(const SimulatedCopier::Make& make)
      : seed_(make.seed), at_(make.birth), end_(make.birth + kLifetime), work_(make.seed) {}

  WallTime at() const { return at_; }
  const Counters& counters() const { return counters_; }
  const std::string& condition() const { return condition_; }
  bool switched_on(PowerSwitch which) const { return which == PowerSwitch::main ? main_on_ : sub_on_; }
  const IpSetting& ip() const { return ip_; }
  const IpSetting& next_ip() const { return next_ip_; }

  DeviceState state() const {
    if (!main_on_) return DeviceState::main_power_off;
    if (!sub_on_) return DeviceState::sub_power_off;
    return set_state_;
  }

  // The moment that something done now is recorded at.
  WallTime moment(WallTime now) const { return std::clamp(now, at_, end_); }

  void advance(WallTime now) {
    const WallTime to = moment(now);
    // Nothing but a panel action changes the state, and those stand between two calls.
    if (state() == DeviceState::ready) {
      for (sys_days day = floor<days>(at_); to > at_ && day <= to; day += days{1}) {
        for (const OfficeJob& job : work_.jobs_of(day)) {
          if (job.at > at_ && job.at <= to) do_job(job);
        }
      }
    }
    at_ = to;
  }

  void apply(const PanelAction& action) {
    advance(action.at);
    std::visit([this](const auto& what) { press(what); }, action.what);
  }

 private:
  void do_job(const OfficeJob& job) {
    // The engineer comes before the office opens.
    if (job.first_of_day && counters_.pm_is_due()) counters_.do_pm();
    counters_.count(job);
  }

  void press(DeviceState state) {
    if (state == set_state_) return;
    set_state_ = state;
    condition_.clear();
    if (state == DeviceState::jam) {
      Draws draws(seed_, kJamStream, counters_[Counter::jams]);
      const JamCode jam = draw_jam(draws);
      counters_.count_jam(jam.place);
      condition_ = fmt::format("Paper jam at {}", jam.code);
    } else if (state == DeviceState::service_call) {
      Draws draws(seed_, kServiceCallStream, counters_[Counter::service_calls]);
      counters_.count_service_call();
      const unsigned group = 1 + draws.below(9), number = 1 + draws.below(9);
      condition_ = fmt::format("SC {}-{}", group, number);
    }
  }

  void press(SwitchTurned turned) {
    const bool was_on = main_on_ && sub_on_;
    (turned.which == PowerSwitch::main ? main_on_ : sub_on_) = turned.on;
    if (was_on || !main_on_ || !sub_on_) return;
    ip_ = next_ip_;
    if (set_state_ == DeviceState::low_power || set_state_ == DeviceState::shut_off)
      set_state_ = DeviceState::ready;
  }

  void press(CopiesMade made) {
    OfficeJob job;
    job.sets = made.count;
    counters_.count(job);
    if (set_state_ == DeviceState::low_power) set_state_ = DeviceState::ready;
  }

  void press(const IpSetting& ip) { next_ip_ = ip; }

  std::uint64_t seed_;
  WallTime at_, end_;
  OfficeWork work_;
  Counters counters_;
  DeviceState set_state_ = DeviceState::ready;
  std::string condition_;
  bool main_on_ = true, sub_on_ = true;
  IpSetting ip_ = kFactoryIp, next_ip_ = kFactoryIp;
};

class Copier final : public SimulatedCopier {
 public:
  Copier(const Make& make, PanelMemory& memory, const Clock& clock, const std::vector<std::string>& records)
      : identity_(make_identity(make)), memory_(memory), clock_(clock), machine_(make) {
    for (const std::string& record : records) {
      if (const auto action = parse_panel_action(record)) {
        machine_.apply(*action);
      } else {
        ++skipped_;
      }
    }
  }

  std::size_t skipped_records() const override { return skipped_; }

  Result<DeviceIdentity> identity(const Deadline& deadline) override {
    if (Status early = check(deadline); !early) return early.error();
    return identity_;
  }

  DeviceState state() override {
    const std::lock_guard lock(machine_mutex_);
    return machine_.state();
  }

  bool supports(ListId id) const override { return id == ListId::counter; }

  Result<DeviceList> read_list(ListId id, const Deadline& deadline) override {
    if (!supports(id)) return make_error(Cause::device_unsupported, Step::device, {}, Retry::never);
    if (Status early = check(deadline); !early) return early.error();
    const std::lock_guard lock(machine_mutex_);
    if (is_off(machine_.state()))
      return make_error(Cause::device_off, Step::device, std::string(words(machine_.state())));
    go_on();
    return make_counter_list(machine_.counters());
  }

  PanelView view() override {
    const std::lock_guard lock(machine_mutex_);
    go_on();
    PanelView view;
    view.identity = identity_;
    view.state = machine_.state();
    view.main_power = machine_.switched_on(PowerSwitch::main);
    view.sub_power = machine_.switched_on(PowerSwitch::sub);
    view.condition = machine_.condition();
    view.ip = machine_.ip();
    view.ip_after_power_cycle = machine_.next_ip();
    view.total_count = machine_.counters()[Counter::total];
    return view;
  }

  Status set_state(DeviceState state) override {
    if (!can_be_set(state)) {
      return make_error(Cause::invalid_value, Step::settings, std::string(words(state)), Retry::never);
    }
    return press(state, [&](const Machine& machine) -> Status {
      const DeviceState present = machine.state();
      if (present != DeviceState::shut_off && is_off(present)) return refused(Cause::device_off, machine);
      return {};
    });
  }

  Status set_power(PowerSwitch which, bool on) override {
    return press(SwitchTurned{which, on}, [](const Machine&) -> Status { return {}; });
  }

  Status make_copies(unsigned count) override {
    if (count == 0 || count > kMostCopiesAtOnce) {
      return make_error(Cause::invalid_value, Step::settings,
                        fmt::format("copies: from 1 to {}", kMostCopiesAtOnce), Retry::never);
    }
    return press(CopiesMade{count}, [](const Machine& machine) -> Status {
      const DeviceState present = machine.state();
      if (is_off(present)) return refused(Cause::device_off, machine);
      if (present == DeviceState::jam || present == DeviceState::service_call)
        return refused(Cause::refused, machine);
      return {};
    });
  }

  Status set_ip(const IpSetting& given) override {
    if (Status bad = check_ip_setting(given); !bad) return bad;
    const IpSetting ip{std::string(trim(given.address)), std::string(trim(given.subnet_mask)),
                       std::string(trim(given.gateway))};
    return press(ip, [](const Machine& machine) -> Status {
      if (is_off(machine.state())) return refused(Cause::device_off, machine);
      return {};
    });
  }

 private:
  static Error refused(Cause cause, const Machine& machine) {
    const std::string& condition = machine.condition();
    return make_error(
        cause, Step::device,
        cause == Cause::refused && !condition.empty() ? condition : std::string(words(machine.state())));
  }

  Status check(const Deadline& deadline) const {
    if (deadline.stopping()) return make_error(Cause::stopped, Step::device);
    if (deadline.passed(clock_.steady_now())) return make_error(Cause::timed_out, Step::device);
    return {};
  }

  // While a press is being written down, time stands still at its moment: replayed, the work of that while
  // must not stand before the press.
  void go_on() {
    if (!pressing_) machine_.advance(clock_.now());
  }

  // One press: allowed now? written down? done; in that order, so that what was not kept has not happened.
  template <typename What, typename Allowed>
  Status press(const What& what, Allowed allowed) {
    const std::lock_guard one_at_a_time(press_mutex_);
    PanelAction action{{}, what};
    {
      const std::lock_guard lock(machine_mutex_);
      go_on();
      if (Status may = allowed(machine_); !may) return may;
      if (!changes(what)) return {};
      action.at = machine_.at();
      pressing_ = true;
    }
    Status kept = memory_.append(format_panel_action(action));
    const std::lock_guard lock(machine_mutex_);
    pressing_ = false;
    if (kept) machine_.apply(action);
    return kept;
  }

  bool changes(DeviceState state) const { return state != machine_.state(); }
  bool changes(SwitchTurned turned) const { return machine_.switched_on(turned.which) != turned.on; }
  bool changes(CopiesMade) const { return true; }
  bool changes(const IpSetting& ip) const { return ip != machine_.next_ip(); }

  const DeviceIdentity identity_;
  PanelMemory& memory_;
  const Clock& clock_;
  std::size_t skipped_ = 0;

  std::mutex press_mutex_;    // held over append(); taken first
  std::mutex machine_mutex_;  // never held over append(): state() must stay cheap
  Machine machine_;
  bool pressing_ = false;
};

}  // namespace

Result<std::unique_ptr<SimulatedCopier>> SimulatedCopier::open(const Make& make, PanelMemory& memory,
                                                               const Clock& clock) {
  auto records = memory.load();
  if (!records) return std::move(records).error();
  const Make made{make.seed, std::clamp(make.birth, kEarliestBirth, kLatestBirth)};
  return std::unique_ptr<SimulatedCopier>(std::make_unique<Copier>(made, memory, clock, *records));
}

}  // namespace remotemail
