#include <algorithm>

#include "device_adapter/lists/list_layout.hpp"
#include "device_adapter/lists/list_table.hpp"
#include "device_adapter/lists/user_settings.hpp"
#include "device_adapter/office_work.hpp"

namespace remotemail {
namespace {

constexpr std::uint64_t kSettingStream = 67, kTrayStream = 68;

template <SettingGroup kGroup>
std::size_t first_of() {
  const auto all = user_settings();
  const auto first = std::ranges::find(all, kGroup, &UserSetting::group);
  return static_cast<std::size_t>(first - all.begin());
}
template <SettingGroup kGroup>
std::size_t settings_of(const MachineLife&) {
  return static_cast<std::size_t>(std::ranges::count(user_settings(), kGroup, &UserSetting::group));
}
template <SettingGroup kGroup>
std::string setting_code(const MachineLife&, std::size_t row) {
  return std::string(user_settings()[first_of<kGroup>() + row].code);
}
template <SettingGroup kGroup, std::string_view UserSetting::*kMember>
std::string setting_text(const MachineLife&, std::size_t row) {
  return std::string(user_settings()[first_of<kGroup>() + row].*kMember);
}
template <SettingGroup kGroup>
std::string choice_cell(const MachineLife& life, std::size_t row) {
  const std::size_t index = first_of<kGroup>() + row;
  return std::string(user_settings()[index].choices[user_choice(life.seed, index)]);
}
template <SettingGroup kGroup>
std::string factory_if_changed(const MachineLife& life, std::size_t row) {
  const std::size_t index = first_of<kGroup>() + row;
  const UserSetting& setting = user_settings()[index];
  return user_choice(life.seed, index) == setting.factory ? std::string()
                                                          : std::string(setting.choices[setting.factory]);
}
std::string switch_number(const MachineLife&, std::size_t row) {
  return count_cell(row + 1);
}

template <SettingGroup kGroup>
constexpr ColumnLayout kSettingColumns[] = {
    {"Setting", Column::Kind::text, {}, setting_text<kGroup, &UserSetting::item>},
    {"Set to", Column::Kind::text, {}, choice_cell<kGroup>},
    {"Unit", Column::Kind::text, {}, setting_text<kGroup, &UserSetting::unit>},
    {"Factory, if changed", Column::Kind::text, {}, factory_if_changed<kGroup>},
};
constexpr ColumnLayout kSwitchColumns[] = {
    {"No.", Column::Kind::count, {}, switch_number},
    {"Memory switch",
     Column::Kind::text,
     {},
     setting_text<SettingGroup::memory_switches, &UserSetting::item>},
    {"Set to", Column::Kind::text, {}, choice_cell<SettingGroup::memory_switches>},
    {"Factory, if changed", Column::Kind::text, {}, factory_if_changed<SettingGroup::memory_switches>},
};

template <std::string_view TrayFact::*kMember>
std::string tray_text(const MachineLife&, std::size_t row) {
  return std::string(kTrayFacts[row].*kMember);
}
std::string medium(const MachineLife& life, std::size_t row) {
  return std::string(kMedia[tray_setting(life.seed, static_cast<Tray>(row)).medium]);
}
std::string switches_over(const MachineLife& life, std::size_t row) {
  return tray_setting(life.seed, static_cast<Tray>(row)).switches_over ? "yes" : "no";
}
constexpr ColumnLayout kTrayColumns[] = {
    {"Tray", Column::Kind::text, {}, tray_text<&TrayFact::name>},
    {"Size", Column::Kind::text, {}, tray_text<&TrayFact::size>},
    {"Size set", Column::Kind::text, {}, tray_text<&TrayFact::sensed>},
    {"Medium", Column::Kind::text, {}, medium},
    {"Holds", Column::Kind::count, "sheets", tray_text<&TrayFact::sheets>},
    {"Another tray when empty", Column::Kind::text, {}, switches_over},
};

template <SettingGroup kGroup>
constexpr SectionLayout section_of(std::string_view title) {
  return {title, kSettingColumns<kGroup>, settings_of<kGroup>, setting_code<kGroup>};
}
constexpr SectionLayout kSections[] = {
    section_of<SettingGroup::timers>("Timers"),
    {"Trays", kTrayColumns, rows_of<kTrayFacts>, code_of<kTrayFacts>},
    section_of<SettingGroup::panel>("Panel"),
    section_of<SettingGroup::copying>("How a job begins"),
    section_of<SettingGroup::limits>("Limits"),
    {"Memory switches", kSwitchColumns, settings_of<SettingGroup::memory_switches>,
     setting_code<SettingGroup::memory_switches>,
     "The parameter list shows them as operator switches, in the order of their numbers."},
};
constexpr ListLayout kUserLayout{ListId::user, kSections};

}  // namespace

std::uint8_t user_choice(std::uint64_t seed, std::size_t index) {
  const UserSetting& setting = user_settings()[index];
  Draws draws(seed, kSettingStream, index);
  if (!draws.chance(setting.changed_percent, 100)) return setting.factory;
  const auto choices = static_cast<std::uint32_t>(std::ranges::find(setting.choices, std::string_view{}) -
                                                  setting.choices.begin());
  // Any but the factory's.
  return static_cast<std::uint8_t>((setting.factory + 1 + draws.below(choices - 1)) % choices);
}

std::string_view set_to(std::uint64_t seed, std::string_view code) {
  const auto all = user_settings();
  const auto found = std::ranges::find(all, code, &UserSetting::code);
  if (found == all.end()) return {};
  return found->choices[user_choice(seed, static_cast<std::size_t>(found - all.begin()))];
}

MemorySwitches memory_switches(std::uint64_t seed) {
  MemorySwitches switches{};
  const std::size_t first = first_of<SettingGroup::memory_switches>();
  for (std::size_t i = 0; i < kMemorySwitches; ++i) {
    if (user_choice(seed, first + i) != 0) switches[i / 8] |= static_cast<std::uint8_t>(1U << i % 8);
  }
  return switches;
}

TraySetting tray_setting(std::uint64_t seed, Tray tray) {
  if (tray == Tray::bypass) return {static_cast<std::uint8_t>(kMedia.size() - 1), false};
  Draws draws(seed, kTrayStream, index_of(tray));
  const auto special = static_cast<std::uint8_t>(1 + draws.below(kMedia.size() - 2));
  const bool plain = tray == Tray::tray1 || draws.chance(65, 100);
  return {plain ? std::uint8_t{0} : special, plain && draws.chance(85, 100)};
}

DeviceList make_user_management_list(const MachineLife& life) {
  return build_list(kUserLayout, life);
}

}  // namespace remotemail
