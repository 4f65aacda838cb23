#include "device_adapter/counters.hpp"

#include <array>
#include <span>
#include <string>

namespace remotemail {
namespace {

struct CounterRow {
  std::string_view code;  // never changes its meaning, never reused
  Counter counter;
  std::string_view label;
  std::string_view meaning;  // L: in one line what it counts
  unsigned phone_rank = 0;   // G10
  std::string_view phone_label{};
};

constexpr std::string_view kPmCycleCode = "C-03";

constexpr std::array kTotals{
    CounterRow{"C-01", Counter::total, "Total", "every printed side, whatever its function and size", 1,
               "Total"},
    CounterRow{"C-02", Counter::pm, "PM counter", "printed sides since the last preventive maintenance", 4,
               "PM"},
    CounterRow{kPmCycleCode, Counter::pm, "PM cycle",
               "printed sides after which preventive maintenance is due", 5, "PM cycle"},
    CounterRow{"C-04", Counter::pms_done, "PM resets", "times the PM counter was set back after maintenance"},
};
constexpr std::array kFunctionRows{
    CounterRow{"C-11", Counter::copy, "Copy", "printed sides of copies", 2, "Copy"},
    CounterRow{"C-12", Counter::print, "Print", "printed sides of print jobs from computers", 3, "Print"},
    CounterRow{"C-13", Counter::duplex, "Duplex", "sheets printed on both sides", 6, "Duplex"},
    CounterRow{"C-14", Counter::duplex_copy, "Duplex copy", "sheets copied on both sides"},
    CounterRow{"C-15", Counter::duplex_print, "Duplex print", "sheets of print jobs printed on both sides"},
};
constexpr std::array kOriginalRows{
    CounterRow{"C-21", Counter::adf_originals, "ADF originals",
               "sides of originals read through the document feeder", 9, "ADF"},
    CounterRow{"C-22", Counter::platen_originals, "Platen originals",
               "sides of originals read from the glass"},
};
constexpr std::array kFeed{
    CounterRow{"C-31", Counter::fed, "Feed", "sheets fed from all trays"},
    CounterRow{"C-32", Counter::tray1, "Tray 1", "sheets fed from tray 1"},
    CounterRow{"C-33", Counter::tray2, "Tray 2", "sheets fed from tray 2"},
    CounterRow{"C-34", Counter::tray3, "Tray 3", "sheets fed from tray 3"},
    CounterRow{"C-35", Counter::tray4, "Tray 4", "sheets fed from tray 4"},
    CounterRow{"C-36", Counter::bypass, "Bypass tray", "sheets fed from the bypass tray"},
};
constexpr std::array kExitRows{
    CounterRow{"C-41", Counter::exit_main, "Finisher main tray",
               "printed sides delivered to the finisher's main tray"},
    CounterRow{"C-42", Counter::exit_upper, "Finisher upper tray",
               "printed sides delivered to the finisher's upper tray"},
    CounterRow{"C-43", Counter::exit_machine, "Machine exit",
               "printed sides delivered to the machine's own exit"},
};
constexpr std::array kSizes{
    CounterRow{"C-51", Counter::a3, "A3", "printed sides of A3"},
    CounterRow{"C-52", Counter::b4, "B4", "printed sides of B4"},
    CounterRow{"C-53", Counter::f4, "F4", "printed sides of F4"},
    CounterRow{"C-54", Counter::a4, "A4", "printed sides of A4 fed long edge first"},
    CounterRow{"C-55", Counter::a4r, "A4R", "printed sides of A4 fed short edge first"},
    CounterRow{"C-56", Counter::b5, "B5", "printed sides of B5 fed long edge first"},
    CounterRow{"C-57", Counter::b5r, "B5R", "printed sides of B5 fed short edge first"},
    CounterRow{"C-58", Counter::a5, "A5", "printed sides of A5"},
    CounterRow{"C-59", Counter::s11x17, "11x17", "printed sides of 11 x 17 inches"},
    CounterRow{"C-60", Counter::s85x14, "8.5x14", "printed sides of 8.5 x 14 inches"},
    CounterRow{"C-61", Counter::s85x11, "8.5x11", "printed sides of 8.5 x 11 inches"},
    CounterRow{"C-62", Counter::s55x85, "5.5x8.5", "printed sides of 5.5 x 8.5 inches"},
    CounterRow{"C-63", Counter::wide, "Wide", "printed sides of wide paper, larger than its nominal size"},
    CounterRow{"C-64", Counter::special, "Special", "printed sides of any other size"},
};
constexpr std::array kFinishing{
    CounterRow{"C-71", Counter::stapled, "Staple", "sets stapled"},
    CounterRow{"C-72", Counter::staples, "Staples", "staples used"},
    CounterRow{"C-73", Counter::punched, "Punch", "sheets punched"},
};
constexpr std::array kKeyCounter{
    CounterRow{"C-81", Counter::key, "Key counter",
               "printed sides of copies made with the key counter inserted"},
};
constexpr std::array kTroubles{
    CounterRow{"C-91", Counter::jams, "Jams", "paper jams, all places", 7, "Jams"},
    CounterRow{"C-92", Counter::jams_feed, "Feed jams", "jams at trays and bypass"},
    CounterRow{"C-93", Counter::jams_transport, "Transport jams",
               "jams from registration to the fixing unit"},
    CounterRow{"C-94", Counter::jams_adf, "ADF jams", "jams of originals in the document feeder"},
    CounterRow{"C-95", Counter::jams_finisher, "Finisher jams", "jams in the finisher"},
    CounterRow{"C-96", Counter::service_calls, "SC", "service calls, all codes", 8, "SC"},
};

struct CounterSection {
  std::string_view title;
  std::span<const CounterRow> rows;
  std::string_view note{};
};
constexpr std::array kSections{
    CounterSection{"Total and preventive maintenance", kTotals},
    CounterSection{"Function", kFunctionRows},
    CounterSection{"Originals", kOriginalRows},
    CounterSection{"Feed", kFeed, "A sheet printed on both sides is fed once: feed = total - duplex."},
    CounterSection{"Exit", kExitRows},
    CounterSection{"Paper size", kSizes},
    CounterSection{"Finishing", kFinishing},
    CounterSection{"Key counter", kKeyCounter},
    CounterSection{"Jams and service calls", kTroubles},
};

}  // namespace

void Counters::count(const OfficeJob& job) {
  const std::uint64_t sides = std::uint64_t{job.originals} * job.sets;
  const std::uint64_t both =
      job.duplex ? std::uint64_t{job.originals / 2} * job.sets : 0;  // the odd last sheet has one
  const std::uint64_t sheets = sides - both;
  at(Counter::total) += sides;
  at(Counter::pm) += sides;
  at(job.print ? Counter::print : Counter::copy) += sides;
  at(Counter::duplex) += both;
  at(job.print ? Counter::duplex_print : Counter::duplex_copy) += both;
  if (!job.print) at(job.from_adf ? Counter::adf_originals : Counter::platen_originals) += job.originals;
  at(Counter::fed) += sheets;
  at(Counter::tray1, job.tray) += sheets;
  at(Counter::exit_main, job.exit) += sides;
  at(Counter::a3, job.paper) += sides;
  if (job.staples_per_set > 0) at(Counter::stapled) += job.sets;
  at(Counter::staples) += std::uint64_t{job.staples_per_set} * job.sets;
  if (job.punched) at(Counter::punched) += sheets;
  if (job.with_key_counter) at(Counter::key) += sides;
  if (job.jam) count_jam(*job.jam);
  if (job.service_call) count_service_call();
}

void Counters::count_jam(JamPlace place) {
  ++at(Counter::jams);
  ++at(Counter::jams_feed, place);
}

void Counters::do_pm() {
  at(Counter::pm) = 0;
  ++at(Counter::pms_done);
}

DeviceList make_counter_list(const Counters& counters) {
  DeviceList list{ListId::counter, {}};
  for (const CounterSection& from : kSections) {
    Section section;
    section.title = from.title;
    section.columns = {{"Counter", Column::Kind::text, ""},
                       {"Count", Column::Kind::count, ""},
                       {"What it counts", Column::Kind::text, ""}};
    section.note = from.note;
    for (const CounterRow& entry : from.rows) {
      const std::string value =
          std::to_string(entry.code == kPmCycleCode ? kPmCycle : counters[entry.counter]);
      Row row;
      row.code = entry.code;
      row.cells = {std::string(entry.label), value, std::string(entry.meaning)};
      row.billing_total = entry.counter == Counter::total;
      row.phone_rank = entry.phone_rank;
      if (entry.phone_rank > 0) {
        row.phone_label = entry.phone_label;
        row.phone_value = value;
      }
      section.rows.push_back(std::move(row));
    }
    list.sections.push_back(std::move(section));
  }
  return list;
}

}  // namespace remotemail
