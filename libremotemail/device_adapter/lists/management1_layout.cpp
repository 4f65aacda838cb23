// Machine management list 1 (L): what the machine is, what it did by size and mode, what went wrong.
#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "device_adapter/lists/dip_switches_layout.hpp"
#include "device_adapter/lists/list_layout.hpp"
#include "device_adapter/lists/list_table.hpp"

namespace remotemail {
namespace {

using Kind = Column::Kind;

std::string text(std::string_view view) {
  return std::string(view);
}

struct ItemRow {
  std::string_view code, label;
  std::string (*value)(const MachineLife&);
};
constexpr std::array kMachine{
    ItemRow{"M-01", "Model", [](const MachineLife& life) { return life.identity.model; }},
    ItemRow{"M-02", "Serial number", [](const MachineLife& life) { return life.identity.serial_number; }},
    ItemRow{"M-03", "Installed", [](const MachineLife& life) { return day_cell(life.birth); }},
    ItemRow{"M-04", "Time of this list (UTC)", [](const MachineLife& life) { return minute_cell(life.at); }},
    ItemRow{"M-05", "State", [](const MachineLife& life) { return text(words(life.state)); }},
    ItemRow{"M-06", "Condition",
            [](const MachineLife& life) {
              return life.jam ? fmt::format("{} ({})", life.condition, kJams[*life.jam].where)
                     : life.service_call
                         ? fmt::format("{} ({})", life.condition, kServiceCalls[*life.service_call].meaning)
                         : text("no trouble");
            }},
    ItemRow{"M-07", "Total count",
            [](const MachineLife& life) { return count_cell(life.counters[Counter::total]); }},
};

struct OptionRow {
  std::string_view code, name, number, state;
};
constexpr std::array kOptions{
    OptionRow{"O-01", "Document feeder", "ADF-714", "fitted"},
    OptionRow{"O-02", "Duplex unit", "DU-714", "fitted"},
    OptionRow{"O-03", "Two-tray cabinet", "PF-714", "fitted"},
    OptionRow{"O-04", "Finisher with stapler", "FIN-714", "fitted"},
    OptionRow{"O-05", "Punch unit", "PU-714", "fitted"},
    OptionRow{"O-06", "Printer controller", "PC-714", "fitted"},
    OptionRow{"O-07", "Key counter", "KC-1", "fitted"},
    OptionRow{"O-08", "Large capacity tray", "LT-714", "none"},
    OptionRow{"O-09", "Fax board", "FX-714", "none"},
};

struct RomRow {
  std::string_view code, name, version, date;
};
constexpr std::array kRoms{
    RomRow{"R-01", "Image control (I1)", "42-00", "2024-06-03"},
    RomRow{"R-02", "Printer control (C)", "40-02", "2024-04-15"},
    RomRow{"R-03", "Operation panel (O)", "41-00", "2024-05-20"},
    RomRow{"R-04", "Document feeder (F1)", "11-01", "2023-11-06"},
    RomRow{"R-05", "Finisher (F2)", "12-03", "2024-02-26"},
    RomRow{"R-06", "Printer controller (P)", "3.21", "2024-07-08"},
    RomRow{"R-07", "Mail remote notification (N)", "1.10", "2024-08-19"},
};

constexpr std::array<ColumnLayout, 2> kMachineColumns{{
    {"Item", Kind::text, "", [](const MachineLife&, std::size_t i) { return text(kMachine[i].label); }},
    {"Value", Kind::text, "", [](const MachineLife& life, std::size_t i) { return kMachine[i].value(life); }},
}};
constexpr std::array<ColumnLayout, 3> kOptionColumns{{
    {"Option", Kind::text, "", [](const MachineLife&, std::size_t i) { return text(kOptions[i].name); }},
    {"Type", Kind::text, "", [](const MachineLife&, std::size_t i) { return text(kOptions[i].number); }},
    {"State", Kind::text, "", [](const MachineLife&, std::size_t i) { return text(kOptions[i].state); }},
}};
constexpr std::array<ColumnLayout, 3> kRomColumns{{
    {"ROM", Kind::text, "", [](const MachineLife&, std::size_t i) { return text(kRoms[i].name); }},
    {"Version", Kind::text, "", [](const MachineLife&, std::size_t i) { return text(kRoms[i].version); }},
    {"Date", Kind::date, "", [](const MachineLife&, std::size_t i) { return text(kRoms[i].date); }},
}};

// The sizes, and below them their sum.
template <Mode mode>
std::uint64_t sides_of(const MachineLife& life, std::size_t row) {
  const PerPaper<std::uint64_t>& sides = life.sides[index_of(mode)];
  if (row < kPapers) return sides[row];
  std::uint64_t sum = 0;
  for (const std::uint64_t one : sides) sum += one;
  return sum;
}
template <Mode mode>
std::string sides_cell(const MachineLife& life, std::size_t row) {
  return count_cell(sides_of<mode>(life, row));
}
constexpr std::array<ColumnLayout, 6> kSizeColumns{{
    {"Size", Kind::text, "",
     [](const MachineLife&, std::size_t i) { return text(i < kPapers ? kPaperNames[i] : "All sizes"); }},
    {"Copy simplex", Kind::count, "", sides_cell<Mode::copy_simplex>},
    {"Copy duplex", Kind::count, "", sides_cell<Mode::copy_duplex>},
    {"Print simplex", Kind::count, "", sides_cell<Mode::print_simplex>},
    {"Print duplex", Kind::count, "", sides_cell<Mode::print_duplex>},
    {"Total", Kind::count, "",
     [](const MachineLife& life, std::size_t i) {
       return count_cell(sides_of<Mode::copy_simplex>(life, i) + sides_of<Mode::copy_duplex>(life, i) +
                         sides_of<Mode::print_simplex>(life, i) + sides_of<Mode::print_duplex>(life, i));
     }},
}};

std::string part_words(std::string_view code) {
  const std::size_t part = part_index(code);
  return part < kParts.size() ? fmt::format("{} {}", code, kParts[part].name) : std::string();
}

constexpr std::array<ColumnLayout, 5> kJamColumns{{
    {"Count", Kind::count, "",
     [](const MachineLife& life, std::size_t i) { return count_cell(life.jams[i]); }},
    {"Since PM", Kind::count, "",
     [](const MachineLife& life, std::size_t i) { return count_cell(life.jams[i] - life.jams_at_pm[i]); }},
    {"Place", Kind::text, "",
     [](const MachineLife&, std::size_t i) { return text(kJamPlaceNames[index_of(kJams[i].place)]); }},
    {"What happened", Kind::text, "", [](const MachineLife&, std::size_t i) { return text(kJams[i].where); }},
    {"Look first at", Kind::text, "",
     [](const MachineLife&, std::size_t i) { return part_words(kJams[i].part); }},
}};
constexpr std::array<ColumnLayout, 5> kNewestJamColumns{{
    {"When (UTC)", Kind::date, "",
     [](const MachineLife& life, std::size_t i) { return minute_cell(life.newest_jams[i].at); }},
    {"Total count", Kind::count, "",
     [](const MachineLife& life, std::size_t i) { return count_cell(life.newest_jams[i].total); }},
    {"Jam", Kind::text, "",
     [](const MachineLife& life, std::size_t i) { return text(kJams[life.newest_jams[i].jam].code); }},
    {"Size", Kind::text, "",
     [](const MachineLife& life, std::size_t i) {
       return text(kPaperNames[index_of(life.newest_jams[i].paper)]);
     }},
    {"What happened", Kind::text, "",
     [](const MachineLife& life, std::size_t i) { return text(kJams[life.newest_jams[i].jam].where); }},
}};
constexpr std::array<ColumnLayout, 3> kServiceCallColumns{{
    {"Count", Kind::count, "",
     [](const MachineLife& life, std::size_t i) { return count_cell(life.service_calls[i]); }},
    {"What happened", Kind::text, "",
     [](const MachineLife&, std::size_t i) { return text(kServiceCalls[i].meaning); }},
    {"Cure", Kind::text, "",
     [](const MachineLife&, std::size_t i) {
       const std::string part = part_words(kServiceCalls[i].part);
       return part.empty() ? text("OFF/ON") : "replace " + part;
     }},
}};
constexpr std::array<ColumnLayout, 4> kNewestServiceCallColumns{{
    {"When (UTC)", Kind::date, "",
     [](const MachineLife& life, std::size_t i) { return minute_cell(life.newest_service_calls[i].at); }},
    {"Total count", Kind::count, "",
     [](const MachineLife& life, std::size_t i) { return count_cell(life.newest_service_calls[i].total); }},
    {"SC", Kind::text, "",
     [](const MachineLife& life, std::size_t i) {
       return text(kServiceCalls[life.newest_service_calls[i].service_call].code);
     }},
    {"What happened", Kind::text, "",
     [](const MachineLife& life, std::size_t i) {
       return text(kServiceCalls[life.newest_service_calls[i].service_call].meaning);
     }},
}};

constexpr std::array kSections{
    SectionLayout{"Machine", kMachineColumns, rows_of<kMachine>, code_of<kMachine>},
    SectionLayout{"Options", kOptionColumns, rows_of<kOptions>, code_of<kOptions>},
    SectionLayout{"ROM versions", kRomColumns, rows_of<kRoms>, code_of<kRoms>},
    kDipBankSection,
    kChangedSwitchSection,
    SectionLayout{
        "Printed sides by size and mode", kSizeColumns, [](const MachineLife&) { return kPapers + 1; },
        [](const MachineLife&, std::size_t i) { return numbered_code("P", i + 1); },
        "Duplex: sides on sheets printed on both sides. The bottom line's total is the total count."},
    SectionLayout{"Jams by code", kJamColumns, rows_of<kJams>, code_of<kJams>},
    SectionLayout{"Newest jams", kNewestJamColumns,
                  [](const MachineLife& life) { return life.newest_jams.size(); },
                  [](const MachineLife&, std::size_t i) { return numbered_code("JN", i + 1); }},
    SectionLayout{"Service calls by code", kServiceCallColumns, rows_of<kServiceCalls>,
                  [](const MachineLife&, std::size_t i) { return "SC" + text(kServiceCalls[i].code); }},
    SectionLayout{"Newest service calls", kNewestServiceCallColumns,
                  [](const MachineLife& life) { return life.newest_service_calls.size(); },
                  [](const MachineLife&, std::size_t i) { return numbered_code("SN", i + 1); }},
};

}  // namespace

DeviceList make_management1_list(const MachineLife& life) {
  return build_list({ListId::management1, kSections}, life);
}

}  // namespace remotemail
