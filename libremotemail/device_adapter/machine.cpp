#include "device_adapter/machine.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "device_adapter/account_book.hpp"
#include "device_adapter/wear.hpp"

namespace remotemail {
namespace {

using std::chrono::days;
using std::chrono::floor;
using std::chrono::sys_days;

// Streams of numbers; office_work, wear and account_book have theirs.
constexpr std::uint64_t kIdentityStream = 16, kJamStream = 17, kServiceCallStream = 18;

// Keys of jobs that come from the panel; those of the office are numbers of days times 64.
constexpr std::uint64_t kPanelKeys = std::uint64_t{1} << 63U;

// Bounds the work of reading a list whatever the clock says.
constexpr days kLifetime{36'525};

DeviceIdentity make_identity(const SimulatedCopier::Make& make) {
  const std::chrono::year_month_day born{floor<days>(make.birth)};
  Draws draws(make.seed, kIdentityStream);
  return {"RM-7145", fmt::format("{:02}WE{:05}", static_cast<int>(born.year()) % 100, draws.below(100'000))};
}

}  // namespace

Machine::Machine(const SimulatedCopier::Make& make)
    : life_(new_machine(make.seed, make.birth, make_identity(make))),
      end_(make.birth + kLifetime),
      work_(make.seed),
      ip_{"192.168.1.20", "255.255.255.0", "192.168.1.1"},
      next_ip_(ip_) {}

void Machine::advance(WallTime now) {
  const WallTime from = life_.at, to = std::clamp(now, from, end_);
  // Nothing but a panel action changes the state, and those stand between two calls.
  if (life_.state == DeviceState::ready) {
    for (sys_days day = floor<days>(from); to > from && day <= to; day += days{1}) {
      for (const OfficeJob& job : work_.jobs_of(day)) {
        if (job.at > from && job.at <= to) do_job(job);
      }
    }
  }
  life_.at = to;
}

void Machine::apply(const PanelAction& action) {
  advance(action.at);
  std::visit([this](const auto& what) { press(what); }, action.what);
  show_state();
}

void Machine::do_job(const OfficeJob& job) {
  life_.at = job.at;
  if (const sys_days day = floor<days>(job.at); day != day_) {
    // The engineer comes before the day's first job, the manager looks at the accounts before the month's.
    visit(life_);
    const std::chrono::year_month_day date{day};
    if (const std::chrono::year_month month = date.year() / date.month(); month != month_) {
      raise_limits(life_);
      month_ = month;
    }
    day_ = day;
  }
  if (!may_begin(life_, job)) return;
  count_job(life_, job);
  suffer_troubles(life_, job);
}

void Machine::press(DeviceState state) {
  if (state == set_state_) return;
  set_state_ = state;
  life_.jam.reset();
  life_.service_call.reset();
  if (state == DeviceState::jam) {
    Draws draws(life_.seed, kJamStream, life_.counters[Counter::jams]);
    life_.jam = draws.below(kJams.size());
    note_jam(life_, *life_.jam, Paper::a4);
  } else if (state == DeviceState::service_call) {
    Draws draws(life_.seed, kServiceCallStream, life_.counters[Counter::service_calls]);
    life_.service_call = draws.below(kServiceCalls.size());
    note_service_call(life_, *life_.service_call);
  }
}

void Machine::press(SwitchTurned turned) {
  const bool was_on = main_on_ && sub_on_;
  (turned.which == PowerSwitch::main ? main_on_ : sub_on_) = turned.on;
  if (was_on || !main_on_ || !sub_on_) return;
  ip_ = next_ip_;
  if (set_state_ == DeviceState::low_power || set_state_ == DeviceState::shut_off)
    set_state_ = DeviceState::ready;
}

void Machine::press(CopiesMade made) {
  OfficeJob job;
  job.at = life_.at;
  job.sets = made.count;
  job.key = kPanelKeys + life_.counters[Counter::total];
  count_job(life_, job);
  if (set_state_ == DeviceState::low_power) set_state_ = DeviceState::ready;
}

void Machine::show_state() {
  life_.state = !main_on_ ? DeviceState::main_power_off : !sub_on_ ? DeviceState::sub_power_off : set_state_;
  life_.condition = life_.jam            ? fmt::format("Paper jam at {}", kJams[*life_.jam].code)
                    : life_.service_call ? fmt::format("SC {}", kServiceCalls[*life_.service_call].code)
                                         : std::string();
}

}  // namespace remotemail
