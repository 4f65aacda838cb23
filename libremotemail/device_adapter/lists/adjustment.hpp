// What is adjusted on the machine and what it measures of itself, item by item (L).
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>

#include "device_adapter/machine_life.hpp"

namespace remotemail {

enum class AdjustmentGroup : std::uint8_t { image, scanner, feeder, process, paper, finisher, measured };

// Values are integers in units of 10^-decimals of `unit`.
struct AdjustmentItem {
  std::string_view code, item, unit;
  AdjustmentGroup group;
  std::uint8_t decimals;
  std::int16_t standard, low, high;
  std::int16_t spread;      // how far from standard machines are set
  std::int16_t worn = 0;    // measured: how much it has moved when `part` has come to its limit
  std::string_view part{};  // measured: the part it wears with
};
inline constexpr std::size_t kAdjustments = 66;
extern const std::array<AdjustmentItem, kAdjustments> kAdjustmentItems;  // in the order of their codes

std::int16_t adjustment_value(const MachineLife&, std::size_t item);

enum class AdjustmentVerdict : std::uint8_t { good, far_from_standard, out_of_range };
// Far: beyond three quarters of the way from the standard to the end of the range.
AdjustmentVerdict judge_adjustment(const AdjustmentItem&, std::int16_t value);

}  // namespace remotemail
