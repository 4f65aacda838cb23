// The machine at one moment, and how it goes on from there. Knows neither clock nor memory.
#pragma once

#include "device_adapter/machine_life.hpp"
#include "device_adapter/office_work.hpp"
#include "device_adapter/panel_action.hpp"
#include "remotemail/device_adapter/simulated_copier.hpp"

namespace remotemail {

class Machine {
 public:
  explicit Machine(const SimulatedCopier::Make&);

  const MachineLife& life() const { return life_; }
  bool switched_on(PowerSwitch which) const { return which == PowerSwitch::main ? main_on_ : sub_on_; }
  const IpSetting& ip() const { return ip_; }
  const IpSetting& next_ip() const { return next_ip_; }

  // Up to `now`, or to the end of its life; never back. In one step or in many: the same machine.
  void advance(WallTime now);
  void apply(const PanelAction&);

 private:
  void do_job(const OfficeJob&);
  void press(DeviceState);
  void press(SwitchTurned);
  void press(CopiesMade);
  void press(const IpSetting& ip) { next_ip_ = ip; }
  void show_state();

  MachineLife life_;
  WallTime end_;
  OfficeWork work_;
  std::chrono::sys_days day_{};                 // of the latest job
  std::chrono::year_month month_{};             // likewise
  DeviceState set_state_ = DeviceState::ready;  // as far as the switches let it show
  bool main_on_ = true, sub_on_ = true;
  IpSetting ip_, next_ip_;
};

}  // namespace remotemail
