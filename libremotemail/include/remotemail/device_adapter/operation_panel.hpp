// The copier's own operation panel: what it shows of the machine and what can be pressed (B1–B3, A8–A13).
// Settings of the mail function that the panel offers too go through the agent's apply(), not through here.
#pragma once

#include <cstdint>
#include <string>

#include "remotemail/core/device_list.hpp"
#include "remotemail/core/result.hpp"

namespace remotemail {

struct IpSetting {  // B1–B3, dotted IPv4 each
  std::string address, subnet_mask, gateway;
  bool operator==(const IpSetting&) const = default;
};

struct PanelView {
  DeviceIdentity identity;
  DeviceState state = DeviceState::ready;
  bool main_power = true, sub_power = true;
  std::string condition;  // "Paper jam at J-12", "SC 34-1", or empty
  IpSetting ip, ip_after_power_cycle;
  std::uint64_t total_count = 0;
};

enum class PowerSwitch { main, sub };

// Every call: any thread. What a press changes is durable when the call returns.
class OperationPanel {
 public:
  virtual ~OperationPanel() = default;
  virtual PanelView view() = 0;
  virtual Status set_state(
      DeviceState) = 0;  // ready, jam, service_call, low_power, shut_off; needs both switches on
  virtual Status set_power(PowerSwitch, bool on) = 0;
  virtual Status make_copies(unsigned count) = 0;  // 1 to 9999; refused while off, jammed or in SC
  // Checked: three IPv4 addresses, a contiguous mask, the gateway in the subnet; effective after power
  // OFF/ON. Refused while off.
  virtual Status set_ip(const IpSetting&) = 0;
  // List Output Mode (A1, G12): the list as it is printed now. The one that is mailed at the same moment is
  // equal, for the sheets of a list are counted nowhere. Works in jam and SC as the mail does; wakes the
  // machine from low power, as copies do. Fails as DeviceAdapter::read_list() does: device_off,
  // device_unsupported.
  virtual Result<DeviceList> print_list(ListId) = 0;
};

// The checks of set_ip(), for pages and command line too. Blanks at both ends are cut (B18). The error's
// detail names the field as the panel does, and what is right: "subnet mask: ones, then zeros: such as
// 255.255.255.0; no gaps".
Status check_ip_setting(const IpSetting&);

}  // namespace remotemail
