#include <fmt/format.h>

#include <algorithm>
#include <cstdlib>

#include "device_adapter/lists/adjustment.hpp"
#include "device_adapter/lists/list_layout.hpp"
#include "device_adapter/lists/list_table.hpp"
#include "device_adapter/office_work.hpp"

namespace remotemail {
namespace {

constexpr std::uint64_t kAdjustmentStream = 72;

// Of all settings of all machines: how many have been set far from standard, and how many beyond what is allowed.
constexpr std::uint32_t kFarPerMille = 25, kBeyondPerMille = 4;

std::string value_text(const AdjustmentItem& item, std::int32_t value) {
  if (item.decimals == 0) return std::to_string(value);
  const std::int32_t unit = item.decimals == 1 ? 10 : 100;
  const std::int32_t size = std::abs(value);
  return fmt::format("{}{}.{:0{}}", value < 0 ? "-" : "", size / unit, size % unit, item.decimals);
}

std::string_view words(AdjustmentVerdict verdict) {
  switch (verdict) {
    case AdjustmentVerdict::good:
      break;
    case AdjustmentVerdict::far_from_standard:
      return "check";
    case AdjustmentVerdict::out_of_range:
      return "OUT OF RANGE";
  }
  return {};
}

// An item's value as an engineer left it.
std::int32_t set_value(const AdjustmentItem& item, Draws& draws) {
  const std::uint32_t spread = static_cast<std::uint32_t>(item.spread);
  const auto usual =
      static_cast<std::int32_t>(draws.below(spread + 1)) - static_cast<std::int32_t>(draws.below(spread + 1));
  const bool upwards = draws.chance(1, 2);
  const std::int32_t room = upwards ? item.high - item.standard : item.low - item.standard;
  const std::uint32_t luck = draws.below(1000);
  const auto percent = static_cast<std::int32_t>(draws.below(20));
  if (luck < kBeyondPerMille) return item.standard + room * (106 + percent) / 100 + (upwards ? 1 : -1);
  if (luck < kBeyondPerMille + kFarPerMille) return item.standard + room * (79 + percent) / 100;
  return item.standard + usual;
}

// What the machine measures moves with the wear of a part, faster on some machines than on others.
std::int32_t measured_value(const MachineLife& life, const AdjustmentItem& item, Draws& draws) {
  const std::uint32_t spread = static_cast<std::uint32_t>(item.spread);
  const auto usual =
      static_cast<std::int32_t>(draws.below(spread + 1)) - static_cast<std::int32_t>(draws.below(spread + 1));
  const std::int64_t haste = 70 + draws.below(51);  // %
  const std::size_t part = part_index(item.part);
  const std::uint64_t worn = life.parts[part].count * 1000 / kParts[part].limit;
  const auto per_mille = static_cast<std::int64_t>(std::min<std::uint64_t>(worn, 1500));
  return item.standard + usual + static_cast<std::int32_t>(item.worn * per_mille * haste / 100'000);
}

template <AdjustmentGroup kGroup>
std::size_t items_of(const MachineLife&) {
  return static_cast<std::size_t>(std::ranges::count(kAdjustmentItems, kGroup, &AdjustmentItem::group));
}
template <AdjustmentGroup kGroup>
std::size_t index_in(std::size_t row) {
  const auto first = std::ranges::find(kAdjustmentItems, kGroup, &AdjustmentItem::group);
  return static_cast<std::size_t>(first - kAdjustmentItems.begin()) + row;
}

template <AdjustmentGroup kGroup>
std::string item_code(const MachineLife&, std::size_t row) {
  return std::string(kAdjustmentItems[index_in<kGroup>(row)].code);
}
template <AdjustmentGroup kGroup, std::string_view AdjustmentItem::*kMember>
std::string item_text(const MachineLife&, std::size_t row) {
  return std::string(kAdjustmentItems[index_in<kGroup>(row)].*kMember);
}
template <AdjustmentGroup kGroup, std::int16_t AdjustmentItem::*kMember>
std::string item_number(const MachineLife&, std::size_t row) {
  const AdjustmentItem& item = kAdjustmentItems[index_in<kGroup>(row)];
  return value_text(item, item.*kMember);
}
template <AdjustmentGroup kGroup>
std::string value_now(const MachineLife& life, std::size_t row) {
  const std::size_t index = index_in<kGroup>(row);
  return value_text(kAdjustmentItems[index], adjustment_value(life, index));
}
template <AdjustmentGroup kGroup>
std::string verdict_on(const MachineLife& life, std::size_t row) {
  const std::size_t index = index_in<kGroup>(row);
  return std::string(words(judge_adjustment(kAdjustmentItems[index], adjustment_value(life, index))));
}
std::string part_worn(const MachineLife& life, std::size_t row) {
  const std::size_t part = part_index(kAdjustmentItems[index_in<AdjustmentGroup::measured>(row)].part);
  return fmt::format("{} {}, {} %", kParts[part].code, kParts[part].name,
                     life.parts[part].count * 100 / kParts[part].limit);
}

template <AdjustmentGroup kGroup>
constexpr std::array<ColumnLayout, 7> kItemColumns{{
    {"Item", Column::Kind::text, {}, item_text<kGroup, &AdjustmentItem::item>},
    {"Value", Column::Kind::number, {}, value_now<kGroup>},
    {"Standard", Column::Kind::number, {}, item_number<kGroup, &AdjustmentItem::standard>},
    {"From", Column::Kind::number, {}, item_number<kGroup, &AdjustmentItem::low>},
    {"To", Column::Kind::number, {}, item_number<kGroup, &AdjustmentItem::high>},
    {"Unit", Column::Kind::text, {}, item_text<kGroup, &AdjustmentItem::unit>},
    {"Check", Column::Kind::text, {}, verdict_on<kGroup>},
}};
constexpr auto kMeasuredColumns = [] {
  std::array<ColumnLayout, 8> columns{};
  std::ranges::copy(kItemColumns<AdjustmentGroup::measured>, columns.begin());
  columns.back() = {"Moves with part, used", Column::Kind::text, {}, part_worn};
  return columns;
}();

// The rows that the engineer looks at first, counted and named.
struct Finding {
  std::string_view code, words;
  AdjustmentVerdict verdict;
};
constexpr std::array<Finding, 2> kFindings{{
    {"AS-1", "OUT OF RANGE", AdjustmentVerdict::out_of_range},
    {"AS-2", "check: far from standard", AdjustmentVerdict::far_from_standard},
}};
std::vector<std::string_view> found(const MachineLife& life, std::size_t row) {
  std::vector<std::string_view> codes;
  for (std::size_t i = 0; i < kAdjustmentItems.size(); ++i) {
    if (judge_adjustment(kAdjustmentItems[i], adjustment_value(life, i)) == kFindings[row].verdict)
      codes.push_back(kAdjustmentItems[i].code);
  }
  return codes;
}
constexpr ColumnLayout kFindingColumns[] = {
    {"To be looked at",
     Column::Kind::text,
     {},
     [](const MachineLife&, std::size_t row) { return std::string(kFindings[row].words); }},
    {"Items",
     Column::Kind::count,
     {},
     [](const MachineLife& life, std::size_t row) { return count_cell(found(life, row).size()); }},
    {"Which",
     Column::Kind::text,
     {},
     [](const MachineLife& life, std::size_t row) {
       return fmt::format("{}", fmt::join(found(life, row), " "));
     }},
};

template <AdjustmentGroup kGroup>
constexpr SectionLayout section_of(std::string_view title) {
  return {title, kItemColumns<kGroup>, items_of<kGroup>, item_code<kGroup>};
}
constexpr SectionLayout kSections[] = {
    {"Summary", kFindingColumns, rows_of<kFindings>, code_of<kFindings>,
     "check: beyond three quarters of the way from the standard to the end of the range."},
    section_of<AdjustmentGroup::image>("Image position and magnification"),
    section_of<AdjustmentGroup::scanner>("Scanner"),
    section_of<AdjustmentGroup::feeder>("ADF"),
    section_of<AdjustmentGroup::process>("Density, process and fixing"),
    section_of<AdjustmentGroup::paper>("Paper path"),
    section_of<AdjustmentGroup::finisher>("Finisher"),
    {"Measured by the machine", kMeasuredColumns, items_of<AdjustmentGroup::measured>,
     item_code<AdjustmentGroup::measured>,
     "These are not set: they move as the part wears, and are back at their standard with a new one."},
};
constexpr ListLayout kAdjustmentLayout{ListId::adjustment, kSections};

}  // namespace

std::int16_t adjustment_value(const MachineLife& life, std::size_t index) {
  const AdjustmentItem& item = kAdjustmentItems[index];
  Draws draws(life.seed, kAdjustmentStream, index);
  return static_cast<std::int16_t>(item.group == AdjustmentGroup::measured ? measured_value(life, item, draws)
                                                                           : set_value(item, draws));
}

AdjustmentVerdict judge_adjustment(const AdjustmentItem& item, std::int16_t value) {
  if (value < item.low || value > item.high) return AdjustmentVerdict::out_of_range;
  const std::int32_t way = value - item.standard;
  const std::int32_t room = way < 0 ? item.low - item.standard : item.high - item.standard;
  return std::abs(way) * 4 > std::abs(room) * 3 ? AdjustmentVerdict::far_from_standard
                                                : AdjustmentVerdict::good;
}

DeviceList make_adjustment_data_list(const MachineLife& life) {
  return build_list(kAdjustmentLayout, life);
}

}  // namespace remotemail
