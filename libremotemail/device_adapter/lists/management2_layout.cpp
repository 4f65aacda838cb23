// Machine management list 2 (L): what is worn, when it will be due, what to bring along.
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <optional>

#include "device_adapter/lists/list_layout.hpp"
#include "device_adapter/lists/list_table.hpp"
#include "device_adapter/lists/outlook.hpp"

namespace remotemail {
namespace {

using Kind = Column::Kind;

std::string text(std::string_view view) {
  return std::string(view);
}

// Parts of one kind, as places in kParts.
constexpr std::size_t kFixedParts = 11;
static_assert(kParts[kFixedParts - 1].fixed && !kParts[kFixedParts].fixed);
constexpr std::size_t kSpecialParts = kParts.size() - kFixedParts;

struct UseRow {
  std::string_view code, name;
  Use (*use)(const MachineLife&);
  std::string_view meaning;
};
constexpr std::array kUses{
    UseRow{"U-01", "PM", use_of_pm, "sides since the last preventive maintenance"},
    UseRow{"U-02", "Toner bottle", use_of_toner, "sides of A4 at 6 % that the one in use has given"},
};
constexpr std::array<ColumnLayout, 6> kUseColumns{{
    {"Item", Kind::text, "", [](const MachineLife&, std::size_t i) { return text(kUses[i].name); }},
    {"Count", Kind::count, "",
     [](const MachineLife& life, std::size_t i) { return count_cell(kUses[i].use(life).count); }},
    {"Limit", Kind::count, "",
     [](const MachineLife& life, std::size_t i) { return count_cell(kUses[i].use(life).limit); }},
    {"Used", Kind::percent, "%",
     [](const MachineLife& life, std::size_t i) {
       const Use use = kUses[i].use(life);
       return tenths_cell(use.count * 1'000 / use.limit);
     }},
    {"Expected", Kind::date, "",
     [](const MachineLife& life, std::size_t i) { return expected_cell(kUses[i].use(life), life.at); }},
    {"What it counts", Kind::text, "",
     [](const MachineLife&, std::size_t i) { return text(kUses[i].meaning); }},
}};

// Places in kParts of what should be brought along.
std::size_t brought(const MachineLife& life, std::size_t row) {
  std::size_t part = 0;
  for (; part < kParts.size(); ++part) {
    if (bring_along(life, part) && row-- == 0) break;
  }
  return part;
}
constexpr std::array<ColumnLayout, 4> kBringColumns{{
    {"Part", Kind::text, "",
     [](const MachineLife& life, std::size_t i) { return text(kParts[brought(life, i)].name); }},
    {"Number", Kind::text, "",
     [](const MachineLife& life, std::size_t i) { return text(kParts[brought(life, i)].number); }},
    {"Used", Kind::percent, "%",
     [](const MachineLife& life, std::size_t i) {
       const std::size_t part = brought(life, i);
       return tenths_cell(life.parts[part].used(kParts[part]));
     }},
    {"Why", Kind::text, "",
     [](const MachineLife& life, std::size_t i) {
       const std::size_t part = brought(life, i);
       const std::string_view need = part_need(life, part);
       if (need == "ordered") return text("a service call asks for it");
       if (need == "due") return text("has reached its limit");
       const std::int64_t left = days_left(use_of_part(life, part), life.at);
       if (left >= 0 && left <= 60) return fmt::format("at its limit in {} days", left);
       return text(need == "soon" ? "near its limit" : "PM is due soon");
     }},
}};

template <std::size_t kFirst>
std::string part_code(const MachineLife&, std::size_t row) {
  return text(kParts[kFirst + row].code);
}
template <std::size_t kFirst>
constexpr std::array<ColumnLayout, 10> kPartColumns{{
    {"Part", Kind::text, "", [](const MachineLife&, std::size_t i) { return text(kParts[kFirst + i].name); }},
    {"Number", Kind::text, "",
     [](const MachineLife&, std::size_t i) { return text(kParts[kFirst + i].number); }},
    {"Count", Kind::count, "",
     [](const MachineLife& life, std::size_t i) { return count_cell(life.parts[kFirst + i].count); }},
    {"Limit", Kind::count, "",
     [](const MachineLife&, std::size_t i) { return count_cell(kParts[kFirst + i].limit); }},
    {"Unit", Kind::text, "",
     [](const MachineLife&, std::size_t i) { return text(kWearNames[index_of(kParts[kFirst + i].wear)]); }},
    {"Used", Kind::percent, "%",
     [](const MachineLife& life, std::size_t i) {
       return tenths_cell(life.parts[kFirst + i].used(kParts[kFirst + i]));
     }},
    {"Need", Kind::text, "",
     [](const MachineLife& life, std::size_t i) { return text(part_need(life, kFirst + i)); }},
    {"Expected", Kind::date, "",
     [](const MachineLife& life, std::size_t i) {
       return expected_cell(use_of_part(life, kFirst + i), life.at);
     }},
    {"Fitted", Kind::date, "",
     [](const MachineLife& life, std::size_t i) { return day_cell(life.parts[kFirst + i].fitted); }},
    {"Times replaced", Kind::count, "",
     [](const MachineLife& life, std::size_t i) { return count_cell(life.parts[kFirst + i].replaced); }},
}};

// Where jams come from, and of how much that passed there: each code of kJams belongs to one of these.
struct SpotRow {
  std::string_view code, name;
  std::array<std::optional<Wear>, 3> wears;
  std::array<std::optional<Counter>, 2> passed;  // their sum
  std::string_view unit;
};
constexpr std::array kSpots{
    SpotRow{"Q-01", "Tray 1", {Wear::tray1}, {Counter::tray1}, "sheets"},
    SpotRow{"Q-02", "Tray 2", {Wear::tray2}, {Counter::tray2}, "sheets"},
    SpotRow{"Q-03", "Tray 3", {Wear::tray3}, {Counter::tray3}, "sheets"},
    SpotRow{"Q-04", "Tray 4", {Wear::tray4}, {Counter::tray4}, "sheets"},
    SpotRow{"Q-05", "Bypass tray", {Wear::bypass}, {Counter::bypass}, "sheets"},
    SpotRow{"Q-06", "Registration to fixing", {Wear::sheet, Wear::side}, {Counter::total}, "sides"},
    SpotRow{"Q-07", "Duplex unit", {Wear::duplex}, {Counter::duplex}, "sheets"},
    SpotRow{"Q-08", "Document feeder", {Wear::original}, {Counter::adf_originals}, "originals"},
    SpotRow{"Q-09",
            "Finisher",
            {Wear::delivered, Wear::staple, Wear::punch},
            {Counter::exit_main, Counter::exit_upper},
            "sides"},
    SpotRow{"Q-10", "All places", {}, {Counter::fed}, "sheets"},
};
constexpr std::size_t kAllPlaces = kSpots.size() - 1;

struct JamRate {
  std::uint64_t jams = 0, passed = 0;
};
JamRate jam_rate(const MachineLife& life, std::size_t spot, bool since_pm) {
  JamRate rate;
  const auto& wears = kSpots[spot].wears;
  for (std::size_t i = 0; i < kJams.size(); ++i) {
    const auto here = std::ranges::find(wears, std::optional(kJams[i].wear));
    if (spot == kAllPlaces || here != wears.end())
      rate.jams += life.jams[i] - (since_pm ? life.jams_at_pm[i] : 0);
  }
  for (const std::optional<Counter>& counter : kSpots[spot].passed) {
    if (counter) rate.passed += life.counters[*counter] - (since_pm ? life.counters_at_pm[*counter] : 0);
  }
  return rate;
}
template <bool since_pm>
std::string jams_cell(const MachineLife& life, std::size_t i) {
  return count_cell(jam_rate(life, i, since_pm).jams);
}
template <bool since_pm>
std::string passed_cell(const MachineLife& life, std::size_t i) {
  return count_cell(jam_rate(life, i, since_pm).passed);
}
template <bool since_pm>
std::string rate_cell(const MachineLife& life, std::size_t i) {
  const JamRate rate = jam_rate(life, i, since_pm);
  // Rounded: a rate has no limit to be reached too early.
  return rate.passed == 0 ? std::string()
                          : hundredths_cell((rate.jams * 100'000 + rate.passed / 2) / rate.passed);
}
constexpr std::array<ColumnLayout, 8> kSpotColumns{{
    {"Place", Kind::text, "", [](const MachineLife&, std::size_t i) { return text(kSpots[i].name); }},
    {"Jams", Kind::count, "", jams_cell<false>},
    {"Passed", Kind::count, "", passed_cell<false>},
    {"Per 1000", Kind::number, "", rate_cell<false>},
    {"Since PM: jams", Kind::count, "", jams_cell<true>},
    {"passed", Kind::count, "", passed_cell<true>},
    {"per 1000", Kind::number, "", rate_cell<true>},
    {"Unit", Kind::text, "", [](const MachineLife&, std::size_t i) { return text(kSpots[i].unit); }},
}};

constexpr std::array<ColumnLayout, 5> kPmColumns{{
    {"When (UTC)", Kind::date, "",
     [](const MachineLife& life, std::size_t i) { return minute_cell(life.pm_resets[i].at); }},
    {"Total count", Kind::count, "",
     [](const MachineLife& life, std::size_t i) { return count_cell(life.pm_resets[i].total); }},
    {"PM counter then", Kind::count, "",
     [](const MachineLife& life, std::size_t i) { return count_cell(life.pm_resets[i].pm_count); }},
    {"Parts replaced", Kind::count, "",
     [](const MachineLife& life, std::size_t i) { return count_cell(life.pm_resets[i].parts); }},
    {"By", Kind::text, "", [](const MachineLife& life, std::size_t i) { return text(life.pm_resets[i].by); }},
}};
constexpr std::array<ColumnLayout, 3> kTonerColumns{{
    {"When (UTC)", Kind::date, "",
     [](const MachineLife& life, std::size_t i) { return minute_cell(life.toner.changes[i].at); }},
    {"Total count", Kind::count, "",
     [](const MachineLife& life, std::size_t i) { return count_cell(life.toner.changes[i].total); }},
    {"Sides of the empty one", Kind::count, "",
     [](const MachineLife& life, std::size_t i) { return count_cell(life.toner.changes[i].sides); }},
}};

constexpr std::array kSections{
    SectionLayout{
        "PM and toner", kUseColumns, rows_of<kUses>, code_of<kUses>,
        "Expected: the day the limit is reached at the pace so far; empty: more than three years off, or too early to say."},
    SectionLayout{
        "Parts to bring along on the next visit", kBringColumns,
        [](const MachineLife& life) {
          std::size_t count = 0;
          for (std::size_t part = 0; part < kParts.size(); ++part) count += bring_along(life, part) ? 1U : 0U;
          return count;
        },
        [](const MachineLife& life, std::size_t i) { return "B" + text(kParts[brought(life, i)].code); },
        "Needed now, or within six weeks at the pace so far."},
    SectionLayout{"Fixed parts, replaced at preventive maintenance", kPartColumns<0>,
                  [](const MachineLife&) { return kFixedParts; }, part_code<0>},
    SectionLayout{"Special parts, replaced by their own count", kPartColumns<kFixedParts>,
                  [](const MachineLife&) { return kSpecialParts; }, part_code<kFixedParts>},
    SectionLayout{
        "Jams by place", kSpotColumns, rows_of<kSpots>, code_of<kSpots>,
        "Per 1000 of what passed there, since installation and since PM: a rate that rises names the place to look at."},
    SectionLayout{"PM resets, newest first", kPmColumns,
                  [](const MachineLife& life) { return life.pm_resets.size(); },
                  [](const MachineLife&, std::size_t i) { return numbered_code("PM", i + 1); }},
    SectionLayout{"Toner bottles changed, newest first", kTonerColumns,
                  [](const MachineLife& life) { return life.toner.changes.size(); },
                  [](const MachineLife&, std::size_t i) { return numbered_code("T", i + 1); }},
};

}  // namespace

DeviceList make_management2_list(const MachineLife& life) {
  return build_list({ListId::management2, kSections}, life);
}

}  // namespace remotemail
