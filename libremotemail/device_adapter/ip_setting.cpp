// The checks of the panel's IP address setting (B1–B3).
#include <bit>
#include <cstdint>
#include <optional>

#include "core/text.hpp"
#include "remotemail/device_adapter/operation_panel.hpp"

namespace remotemail {
namespace {

// Strict dotted decimal. No leading zeros: some programs read them as octal, so "010" would mean two
// addresses.
std::optional<std::uint32_t> parse_ipv4(std::string_view text) {
  const auto parts = split(text, '.');
  if (parts.size() != 4) return std::nullopt;
  std::uint32_t value = 0;
  for (const std::string_view part : parts) {
    if (part.size() > 1 && part.front() == '0') return std::nullopt;
    const auto octet = parse_number<std::uint8_t>(part);
    if (!octet) return std::nullopt;
    value = value << 8U | *octet;
  }
  return value;
}

Error bad(std::string field, std::string_view rule) {
  return make_error(Cause::invalid_value, Step::none, std::move(field.append(": ").append(rule)),
                    Retry::never);
}

constexpr std::string_view kForm = "four numbers from 0 to 255 with points between, such as 192.168.1.20";

}  // namespace

Status check_ip_setting(const IpSetting& setting) {
  const auto address = parse_ipv4(trim(setting.address));
  if (!address) return bad("IP address", kForm);
  const auto mask = parse_ipv4(trim(setting.subnet_mask));
  if (!mask) return bad("subnet mask", kForm);
  const auto gateway = parse_ipv4(trim(setting.gateway));
  if (!gateway) return bad("gateway address", kForm);

  const std::uint32_t first = *address >> 24U;
  if (first == 0 || first == 127 || first >= 224) {
    return bad("IP address", "one that a single machine can have; not 0.x.x.x, 127.x.x.x, or 224 and above");
  }
  const int ones = std::countl_one(*mask);
  if (ones + std::countr_zero(*mask) != 32) {
    return bad("subnet mask", "ones, then zeros: such as 255.255.255.0; no gaps");
  }
  // Copier and gateway need one address each beside those of the network and of the broadcast.
  if (ones < 1 || ones > 30) return bad("subnet mask", "from 128.0.0.0 to 255.255.255.252");
  const std::uint32_t network = *address & *mask, broadcast = network | ~*mask;
  if (*address == network) return bad("IP address", "not the address of the subnet itself");
  if (*address == broadcast) return bad("IP address", "not the broadcast address of the subnet");
  if ((*gateway & *mask) != network) return bad("gateway address", "one in the subnet of the IP address");
  if (*gateway == network) return bad("gateway address", "not the address of the subnet itself");
  if (*gateway == broadcast) return bad("gateway address", "not the broadcast address of the subnet");
  if (*gateway == *address) return bad("gateway address", "another one than the copier's own");
  return {};
}

}  // namespace remotemail
