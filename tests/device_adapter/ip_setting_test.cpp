#include <doctest/doctest.h>

#include "remotemail/device_adapter/operation_panel.hpp"

using namespace remotemail;

TEST_CASE("panel: an IP address setting is taken when copier and gateway have their place in the subnet [B2]") {
  const IpSetting good[] = {
      {"192.168.1.20", "255.255.255.0", "192.168.1.1"}, {"10.0.0.7", "255.0.0.0", "10.200.3.1"},
      {"172.16.5.255", "255.255.0.0", "172.16.0.1"},    {"192.0.2.5", "255.255.255.252", "192.0.2.6"},
      {"100.64.0.1", "128.0.0.0", "100.64.0.2"},        {" 192.168.1.20", "255.255.255.0 ", "\t192.168.1.1"},
  };
  for (const IpSetting& setting : good) {
    CAPTURE(setting.address);
    CHECK(check_ip_setting(setting).ok());
  }
}

TEST_CASE("panel: a wrong IP address setting is refused, and its field is named [B2] [B20]") {
  struct Case {
    IpSetting setting;
    std::string_view field;
  };
  const Case cases[] = {
      {{"", "255.255.255.0", "192.168.1.1"}, "IP address: "},
      {{"192.168.1", "255.255.255.0", "192.168.1.1"}, "IP address: "},
      {{"192.168.1.20.1", "255.255.255.0", "192.168.1.1"}, "IP address: "},
      {{"192.168.1.256", "255.255.255.0", "192.168.1.1"}, "IP address: "},
      {{"192.168.1.020", "255.255.255.0", "192.168.1.1"}, "IP address: "},
      {{"192.168.1.-2", "255.255.255.0", "192.168.1.1"}, "IP address: "},
      {{"192.168.1. 2", "255.255.255.0", "192.168.1.1"}, "IP address: "},
      {{"fe80::1", "255.255.255.0", "192.168.1.1"}, "IP address: "},
      {{"0.0.0.1", "255.255.255.0", "0.0.0.2"}, "IP address: "},
      {{"127.0.0.1", "255.0.0.0", "127.0.0.2"}, "IP address: "},
      {{"224.0.0.5", "255.255.255.0", "224.0.0.1"}, "IP address: "},
      {{"192.168.1.0", "255.255.255.0", "192.168.1.1"}, "IP address: "},
      {{"192.168.1.255", "255.255.255.0", "192.168.1.1"}, "IP address: "},
      {{"192.168.1.20", "", "192.168.1.1"}, "subnet mask: "},
      {{"192.168.1.20", "255.255.0.255", "192.168.1.1"}, "subnet mask: "},
      {{"192.168.1.20", "255.255.255.1", "192.168.1.1"}, "subnet mask: "},
      {{"192.168.1.20", "0.255.255.0", "192.168.1.1"}, "subnet mask: "},
      {{"192.168.1.20", "0.0.0.0", "192.168.1.1"}, "subnet mask: "},
      {{"192.168.1.20", "255.255.255.254", "192.168.1.21"}, "subnet mask: "},
      {{"192.168.1.20", "255.255.255.255", "192.168.1.20"}, "subnet mask: "},
      {{"192.168.1.20", "255.255.255.0", "gateway"}, "gateway address: "},
      {{"192.168.1.20", "255.255.255.0", "192.168.2.1"}, "gateway address: "},
      {{"192.168.1.20", "255.255.255.0", "192.168.1.0"}, "gateway address: "},
      {{"192.168.1.20", "255.255.255.0", "192.168.1.255"}, "gateway address: "},
      {{"192.168.1.20", "255.255.255.0", "192.168.1.20"}, "gateway address: "},
  };
  for (const Case& c : cases) {
    CAPTURE(c.setting.address);
    CAPTURE(c.setting.subnet_mask);
    CAPTURE(c.setting.gateway);
    const Status checked = check_ip_setting(c.setting);
    REQUIRE_FALSE(checked.ok());
    CHECK(checked.error().cause == Cause::invalid_value);
    CHECK(checked.error().detail.starts_with(c.field));
    CHECK(checked.error().detail.size() > c.field.size());
  }
}
