#include "remotemail/device_adapter/simulated_copier.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <mutex>

#include "core/text.hpp"
#include "device_adapter/lists/list_table.hpp"
#include "device_adapter/machine.hpp"
#include "device_adapter/panel_action.hpp"

namespace remotemail {
namespace {

constexpr WallTime kEarliestBirth{std::chrono::sys_days{std::chrono::year{1970} / 1 / 1}};
constexpr WallTime kLatestBirth{std::chrono::sys_days{std::chrono::year{2200} / 1 / 1}};

class Copier final : public SimulatedCopier {
 public:
  Copier(const Make& make, PanelMemory& memory, const Clock& clock, const std::vector<std::string>& records)
      : memory_(memory), clock_(clock), machine_(make), identity_(machine_.life().identity) {
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
    return machine_.life().state;
  }

  bool supports(ListId id) const override { return maker_of(id) != nullptr; }

  Result<DeviceList> read_list(ListId id, const Deadline& deadline) override {
    if (!supports(id)) return make_error(Cause::device_unsupported, Step::device, {}, Retry::never);
    if (Status early = check(deadline); !early) return early.error();
    return list_now(id);
  }

  Result<DeviceList> print_list(ListId id) override {
    if (!supports(id)) return make_error(Cause::device_unsupported, Step::device, {}, Retry::never);
    if (state() == DeviceState::low_power) {
      if (Status woken = set_state(DeviceState::ready); !woken) return woken.error();
    }
    return list_now(id);
  }

  PanelView view() override {
    const std::lock_guard lock(machine_mutex_);
    go_on();
    PanelView view;
    view.identity = identity_;
    view.state = machine_.life().state;
    view.main_power = machine_.switched_on(PowerSwitch::main);
    view.sub_power = machine_.switched_on(PowerSwitch::sub);
    view.condition = machine_.life().condition;
    view.ip = machine_.ip();
    view.ip_after_power_cycle = machine_.next_ip();
    view.total_count = machine_.life().counters[Counter::total];
    return view;
  }

  Status set_state(DeviceState state) override {
    if (!can_be_set(state)) {
      return make_error(Cause::invalid_value, Step::settings, std::string(words(state)), Retry::never);
    }
    return press(state, [&](const Machine& machine) -> Status {
      const DeviceState present = machine.life().state;
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
      const DeviceState present = machine.life().state;
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
      if (is_off(machine.life().state)) return refused(Cause::device_off, machine);
      return {};
    });
  }

 private:
  static Error refused(Cause cause, const Machine& machine) {
    const std::string& condition = machine.life().condition;
    return make_error(
        cause, Step::device,
        cause == Cause::refused && !condition.empty() ? condition : std::string(words(machine.life().state)));
  }

  // One source for what is mailed and what is printed (G12).
  Result<DeviceList> list_now(ListId id) {
    const std::lock_guard lock(machine_mutex_);
    if (is_off(machine_.life().state))
      return make_error(Cause::device_off, Step::device, std::string(words(machine_.life().state)));
    go_on();
    return maker_of(id)(machine_.life());
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
      action.at = machine_.life().at;
      pressing_ = true;
    }
    Status kept = memory_.append(format_panel_action(action));
    const std::lock_guard lock(machine_mutex_);
    pressing_ = false;
    if (kept) machine_.apply(action);
    return kept;
  }

  bool changes(DeviceState state) const { return state != machine_.life().state; }
  bool changes(SwitchTurned turned) const { return machine_.switched_on(turned.which) != turned.on; }
  bool changes(CopiesMade) const { return true; }
  bool changes(const IpSetting& ip) const { return ip != machine_.next_ip(); }

  PanelMemory& memory_;
  const Clock& clock_;
  std::size_t skipped_ = 0;

  std::mutex press_mutex_;    // held over append(); taken first
  std::mutex machine_mutex_;  // never held over append(): state() must stay cheap
  Machine machine_;
  bool pressing_ = false;
  const DeviceIdentity identity_;
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
