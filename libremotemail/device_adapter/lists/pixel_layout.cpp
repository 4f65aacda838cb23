// Pixel ratio list (L): how much of the paper is black, hence how long toner lasts and what it costs.
#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "device_adapter/lists/list_layout.hpp"
#include "device_adapter/lists/list_table.hpp"

namespace remotemail {
namespace {

using Kind = Column::Kind;

std::string text(std::string_view view) {
  return std::string(view);
}

enum class Which { copy, print, both };
enum class Since { ever, toner, pm };

const CoverageTable& table_of(const MachineLife& life, Since since) {
  return since == Since::ever    ? life.coverage.ever
         : since == Since::toner ? life.coverage.since_toner
                                 : life.coverage.since_pm;
}

// Of one size, or of all behind the last.
Covered covered(const MachineLife& life, Since since, Which which, std::size_t paper) {
  Covered sum;
  const CoverageTable& table = table_of(life, since);
  for (std::size_t function = 0; function < kFunctions; ++function) {
    if (which != Which::both && index_of(which) != function) continue;
    for (std::size_t one = 0; one < kPapers; ++one) {
      if (paper != one && paper < kPapers) continue;
      sum.sides += table[function][one].sides;
      sum.hundredths += table[function][one].hundredths;
    }
  }
  return sum;
}

template <Since since, Which which>
std::string sides_of_size(const MachineLife& life, std::size_t paper) {
  return count_cell(covered(life, since, which, paper).sides);
}
template <Since since, Which which>
std::string ratio_of_size(const MachineLife& life, std::size_t paper) {
  const Covered sum = covered(life, since, which, paper);
  return sum.sides == 0 ? std::string() : hundredths_cell(sum.hundredths / sum.sides);
}
constexpr std::array<ColumnLayout, 11> kSizeColumns{{
    {"Size", Kind::text, "",
     [](const MachineLife&, std::size_t i) { return text(i < kPapers ? kPaperNames[i] : "All sizes"); }},
    {"Copies", Kind::count, "", sides_of_size<Since::ever, Which::copy>},
    {"Copy", Kind::percent, "%", ratio_of_size<Since::ever, Which::copy>},
    {"Prints", Kind::count, "", sides_of_size<Since::ever, Which::print>},
    {"Print", Kind::percent, "%", ratio_of_size<Since::ever, Which::print>},
    {"All sides", Kind::count, "", sides_of_size<Since::ever, Which::both>},
    {"All", Kind::percent, "%", ratio_of_size<Since::ever, Which::both>},
    {"Toner sides", Kind::count, "", sides_of_size<Since::toner, Which::both>},
    {"Toner", Kind::percent, "%", ratio_of_size<Since::toner, Which::both>},
    {"PM sides", Kind::count, "", sides_of_size<Since::pm, Which::both>},
    {"PM", Kind::percent, "%", ratio_of_size<Since::pm, Which::both>},
}};

struct PeriodRow {
  std::string_view code, name;
  Since since;
  WallTime (*from)(const MachineLife&);
};
constexpr std::array kPeriods{
    PeriodRow{"X-01", "Since installation", Since::ever, [](const MachineLife& life) { return life.birth; }},
    PeriodRow{"X-02", "Since toner was changed", Since::toner,
              [](const MachineLife& life) { return life.toner.since; }},
    PeriodRow{"X-03", "Since PM", Since::pm,
              [](const MachineLife& life) {
                return life.pm_resets.empty() ? life.birth : life.pm_resets.front().at;
              }},
};
template <Which which>
std::string sides_of_period(const MachineLife& life, std::size_t row) {
  return count_cell(covered(life, kPeriods[row].since, which, kPapers).sides);
}
template <Which which>
std::string ratio_of_period(const MachineLife& life, std::size_t row) {
  const Covered sum = covered(life, kPeriods[row].since, which, kPapers);
  return sum.sides == 0 ? std::string() : hundredths_cell(sum.hundredths / sum.sides);
}
constexpr std::array<ColumnLayout, 8> kPeriodColumns{{
    {"Period", Kind::text, "", [](const MachineLife&, std::size_t i) { return text(kPeriods[i].name); }},
    {"From", Kind::date, "",
     [](const MachineLife& life, std::size_t i) { return day_cell(kPeriods[i].from(life)); }},
    {"Copies", Kind::count, "", sides_of_period<Which::copy>},
    {"Copy", Kind::percent, "%", ratio_of_period<Which::copy>},
    {"Prints", Kind::count, "", sides_of_period<Which::print>},
    {"Print", Kind::percent, "%", ratio_of_period<Which::print>},
    {"All sides", Kind::count, "", sides_of_period<Which::both>},
    {"All", Kind::percent, "%", ratio_of_period<Which::both>},
}};

struct BinRow {
  std::string_view code, name;
  std::uint16_t below;  // in hundredths of a percent; from where the one before ends
};
constexpr std::array kBins{
    BinRow{"H-01", "below 1 %", 100},    BinRow{"H-02", "1 to 2 %", 200},
    BinRow{"H-03", "2 to 3 %", 300},     BinRow{"H-04", "3 to 4 %", 400},
    BinRow{"H-05", "4 to 5 %", 500},     BinRow{"H-06", "5 to 6 %", 600},
    BinRow{"H-07", "6 to 8 %", 800},     BinRow{"H-08", "8 to 10 %", 1'000},
    BinRow{"H-09", "10 to 15 %", 1'500}, BinRow{"H-10", "15 to 20 %", 2'000},
    BinRow{"H-11", "20 to 30 %", 3'000}, BinRow{"H-12", "30 % and more", 10'001},
};
std::uint64_t in_bin(const MachineLife& life, std::size_t bin) {
  const std::uint16_t from = bin == 0 ? 0 : kBins[bin - 1].below, below = kBins[bin].below;
  const auto& recent = life.coverage.recent;
  return static_cast<std::uint64_t>(
      std::count_if(recent.begin(), recent.begin() + static_cast<std::ptrdiff_t>(life.coverage.recent_count),
                    [&](std::uint16_t one) { return one >= from && one < below; }));
}
constexpr std::size_t kSidesOfAMark = 10;
constexpr std::array<ColumnLayout, 3> kBinColumns{{
    {"Coverage", Kind::text, "", [](const MachineLife&, std::size_t i) { return text(kBins[i].name); }},
    {"Sides", Kind::count, "",
     [](const MachineLife& life, std::size_t i) { return count_cell(in_bin(life, i)); }},
    {"Histogram", Kind::text, "",
     [](const MachineLife& life, std::size_t i) {
       const std::size_t sides = in_bin(life, i);
       return std::string((sides + kSidesOfAMark - 1) / kSidesOfAMark, '#');
     }},
}};

constexpr std::array kSections{
    SectionLayout{"Coverage by period", kPeriodColumns, rows_of<kPeriods>, code_of<kPeriods>,
                  "A toner bottle is reckoned for 33000 sides of A4 at 6 %."},
    SectionLayout{
        "Coverage by size", kSizeColumns, [](const MachineLife&) { return kPapers + 1; },
        [](const MachineLife&, std::size_t i) { return numbered_code("Y", i + 1); },
        "Copies, prints and all: since installation; toner: since it was changed; PM: since maintenance."},
    SectionLayout{"The latest 1000 sides", kBinColumns, rows_of<kBins>, code_of<kBins>,
                  "One # for ten sides or the rest of ten."},
};

}  // namespace

DeviceList make_pixel_list(const MachineLife& life) {
  return build_list({ListId::pixel, kSections}, life);
}

}  // namespace remotemail
