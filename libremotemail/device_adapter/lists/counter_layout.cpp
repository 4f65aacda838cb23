// The counter list (L): a counter is one line of a table.
#include <algorithm>
#include <array>
#include <chrono>

#include "device_adapter/lists/list_layout.hpp"
#include "device_adapter/lists/list_table.hpp"

namespace remotemail {
namespace {

using Value = std::uint64_t (*)(const MachineLife&);

struct CounterRow {
  std::string_view code;  // never changes its meaning, never reused
  Value value;
  std::string_view label;
  std::string_view meaning;  // L: in one line what it counts
  unsigned phone_rank = 0;   // G10
  std::string_view phone_label{};
};

template <Counter counter>
std::uint64_t of(const MachineLife& life) {
  return life.counters[counter];
}
std::uint64_t pm_cycle(const MachineLife&) {
  return kPmCycle;
}
std::uint64_t pm_left(const MachineLife& life) {
  return kPmCycle - std::min(kPmCycle, life.counters[Counter::pm]);
}
std::uint64_t a_month(const MachineLife& life) {
  const auto hours = std::chrono::floor<std::chrono::hours>(life.at - life.birth).count();
  // A rate over less than a month says nothing.
  return hours < 30 * 24 ? life.counters[Counter::total]
                         : life.counters[Counter::total] * 30 * 24 / static_cast<std::uint64_t>(hours);
}
std::uint64_t large_sides(const MachineLife& life) {
  std::uint64_t sum = 0;
  for (const auto& mode : life.sides) {
    for (std::size_t paper = 0; paper < kPapers; ++paper) sum += kIsLarge[paper] ? mode[paper] : 0;
  }
  return sum;
}
std::uint64_t small_sides(const MachineLife& life) {
  return life.counters[Counter::total] - large_sides(life);
}
std::uint64_t free_sides(const MachineLife& life) {
  return life.counters[Counter::total] - life.counters[Counter::key] - life.counters[Counter::ekc];
}

constexpr std::array kTotals{
    CounterRow{"C-01", of<Counter::total>, "Total", "every printed side, whatever its function and size", 1,
               "Total"},
    CounterRow{"C-02", of<Counter::pm>, "PM counter", "printed sides since the last preventive maintenance",
               4, "PM"},
    CounterRow{"C-03", pm_cycle, "PM cycle", "printed sides after which preventive maintenance is due", 5,
               "PM cycle"},
    CounterRow{"C-04", of<Counter::pms_done>, "PM resets",
               "times the PM counter was set back after maintenance"},
    CounterRow{"C-05", pm_left, "PM remaining", "printed sides left until preventive maintenance is due"},
    CounterRow{"C-06", a_month, "Average month",
               "printed sides in 30 days, over all the time since installation"},
    CounterRow{"C-07", of<Counter::toner_bottles>, "Toner bottles",
               "toner bottles emptied; the one in use is not among them"},
};
constexpr std::array kFunctionRows{
    CounterRow{"C-11", of<Counter::copy>, "Copy", "printed sides of copies", 2, "Copy"},
    CounterRow{"C-12", of<Counter::print>, "Print", "printed sides of print jobs from computers", 3, "Print"},
    CounterRow{"C-13", of<Counter::duplex>, "Duplex", "sheets printed on both sides", 6, "Duplex"},
    CounterRow{"C-14", of<Counter::duplex_copy>, "Duplex copy", "sheets copied on both sides"},
    CounterRow{"C-15", of<Counter::duplex_print>, "Duplex print",
               "sheets of print jobs printed on both sides"},
};
constexpr std::array kOriginalRows{
    CounterRow{"C-21", of<Counter::adf_originals>, "ADF originals",
               "sides of originals read through the document feeder", 9, "ADF"},
    CounterRow{"C-22", of<Counter::platen_originals>, "Platen originals",
               "sides of originals read from the glass"},
};
constexpr std::array kFeed{
    CounterRow{"C-31", of<Counter::fed>, "Feed", "sheets fed from all trays"},
    CounterRow{"C-32", of<Counter::tray1>, "Tray 1", "sheets fed from tray 1"},
    CounterRow{"C-33", of<Counter::tray2>, "Tray 2", "sheets fed from tray 2"},
    CounterRow{"C-34", of<Counter::tray3>, "Tray 3", "sheets fed from tray 3"},
    CounterRow{"C-35", of<Counter::tray4>, "Tray 4", "sheets fed from tray 4"},
    CounterRow{"C-36", of<Counter::bypass>, "Bypass tray", "sheets fed from the bypass tray"},
};
constexpr std::array kExitRows{
    CounterRow{"C-41", of<Counter::exit_main>, "Finisher main tray",
               "printed sides delivered to the finisher's main tray"},
    CounterRow{"C-42", of<Counter::exit_upper>, "Finisher upper tray",
               "printed sides delivered to the finisher's upper tray"},
    CounterRow{"C-43", of<Counter::exit_machine>, "Machine exit",
               "printed sides delivered to the machine's own exit"},
};
constexpr std::array kSizes{
    CounterRow{"C-51", of<Counter::a3>, "A3", "printed sides of A3"},
    CounterRow{"C-52", of<Counter::b4>, "B4", "printed sides of B4"},
    CounterRow{"C-53", of<Counter::f4>, "F4", "printed sides of F4"},
    CounterRow{"C-54", of<Counter::a4>, "A4", "printed sides of A4 fed long edge first"},
    CounterRow{"C-55", of<Counter::a4r>, "A4R", "printed sides of A4 fed short edge first"},
    CounterRow{"C-56", of<Counter::b5>, "B5", "printed sides of B5 fed long edge first"},
    CounterRow{"C-57", of<Counter::b5r>, "B5R", "printed sides of B5 fed short edge first"},
    CounterRow{"C-58", of<Counter::a5>, "A5", "printed sides of A5"},
    CounterRow{"C-59", of<Counter::s11x17>, "11x17", "printed sides of 11 x 17 inches"},
    CounterRow{"C-60", of<Counter::s85x14>, "8.5x14", "printed sides of 8.5 x 14 inches"},
    CounterRow{"C-61", of<Counter::s85x11>, "8.5x11", "printed sides of 8.5 x 11 inches"},
    CounterRow{"C-62", of<Counter::s55x85>, "5.5x8.5", "printed sides of 5.5 x 8.5 inches"},
    CounterRow{"C-63", of<Counter::wide>, "Wide",
               "printed sides of wide paper, larger than its nominal size"},
    CounterRow{"C-64", of<Counter::special>, "Special", "printed sides of any other size"},
    CounterRow{"C-65", large_sides, "Large", "printed sides of A3, B4, F4, 11x17, 8.5x14 and wide"},
    CounterRow{"C-66", small_sides, "Small", "printed sides of all sizes but the large ones"},
};
constexpr std::array kFinishing{
    CounterRow{"C-71", of<Counter::stapled>, "Staple", "sets stapled"},
    CounterRow{"C-72", of<Counter::staples>, "Staples", "staples used"},
    CounterRow{"C-73", of<Counter::punched>, "Punch", "sheets punched"},
};
constexpr std::array kKeyCounter{
    CounterRow{"C-81", of<Counter::key>, "Key counter",
               "printed sides of copies made with the key counter inserted"},
    CounterRow{"C-82", of<Counter::ekc>, "E.K.C.", "printed sides of copies and prints on an account"},
    CounterRow{"C-83", of<Counter::ekc_copy>, "E.K.C. copy", "printed sides of copies on an account"},
    CounterRow{"C-84", of<Counter::ekc_print>, "E.K.C. print", "printed sides of print jobs on an account"},
    CounterRow{"C-85", free_sides, "Not accounted", "printed sides with neither key counter nor account"},
};
constexpr std::array kTroubles{
    CounterRow{"C-91", of<Counter::jams>, "Jams", "paper jams, all places", 7, "Jams"},
    CounterRow{"C-92", of<Counter::jams_feed>, "Feed jams", "jams at trays and bypass"},
    CounterRow{"C-93", of<Counter::jams_transport>, "Transport jams",
               "jams from registration to the fixing unit"},
    CounterRow{"C-94", of<Counter::jams_adf>, "ADF jams", "jams of originals in the document feeder"},
    CounterRow{"C-95", of<Counter::jams_finisher>, "Finisher jams", "jams in the finisher"},
    CounterRow{"C-96", of<Counter::service_calls>, "SC", "service calls, all codes", 8, "SC"},
};

template <const auto& kRows>
constexpr std::array<ColumnLayout, 3> kColumns{{
    {"Counter", Column::Kind::text, "",
     [](const MachineLife&, std::size_t i) { return std::string(kRows[i].label); }},
    {"Count", Column::Kind::count, "",
     [](const MachineLife& life, std::size_t i) { return count_cell(kRows[i].value(life)); }},
    {"What it counts", Column::Kind::text, "",
     [](const MachineLife&, std::size_t i) { return std::string(kRows[i].meaning); }},
}};

template <const auto& kRows>
void mark(Row& row, std::size_t i) {
  row.billing_total = kRows[i].code == "C-01";
  row.phone_rank = kRows[i].phone_rank;
  if (row.phone_rank == 0) return;
  row.phone_label = kRows[i].phone_label;
  row.phone_value = row.cells[1];
}

template <const auto& kRows>
constexpr SectionLayout section(std::string_view title, std::string_view note = {}) {
  return {title, kColumns<kRows>, rows_of<kRows>, code_of<kRows>, note, mark<kRows>};
}

constexpr std::array kSections{
    section<kTotals>("Total and preventive maintenance"),
    section<kFunctionRows>("Function", "Copy + print = total."),
    section<kOriginalRows>("Originals"),
    section<kFeed>("Feed", "A sheet printed on both sides is fed once: feed = total - duplex."),
    section<kExitRows>("Exit", "The three together are the total."),
    section<kSizes>("Paper size", "All sizes together are the total; so are large + small."),
    section<kFinishing>("Finishing"),
    section<kKeyCounter>("Key counter and accounts", "Key counter + E.K.C. + not accounted = total."),
    section<kTroubles>("Jams and service calls"),
};

}  // namespace

DeviceList make_counter_list(const MachineLife& life) {
  return build_list({ListId::counter, kSections}, life);
}

}  // namespace remotemail
