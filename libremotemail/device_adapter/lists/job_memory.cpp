#include "device_adapter/lists/job_memory.hpp"

#include <fmt/format.h>

#include <utility>

#include "device_adapter/lists/list_layout.hpp"
#include "device_adapter/lists/list_table.hpp"
#include "device_adapter/office_work.hpp"

namespace remotemail {
namespace {

constexpr std::uint64_t kProgramStream = 65, kProgramPlaceStream = 66;

constexpr std::uint32_t kFilledPercent = 75;        // of the places, those that are ever used
constexpr std::uint32_t kSettlingSides = 60'000;    // by then the office has stored what it needs
constexpr std::uint32_t kSidesBetweenUses = 3'000;  // of the whole machine, for one set

// Which pattern stands at a place: an order of this machine's own, so that each is stored once at most.
const ProgramPattern& pattern_at(std::uint64_t seed, std::size_t place) {
  std::array<std::uint8_t, kProgramPatterns.size()> order{};
  for (std::size_t i = 0; i < order.size(); ++i) order[i] = static_cast<std::uint8_t>(i);
  Draws draws(seed, kProgramStream);
  for (std::size_t left = order.size(); left > 1; --left)
    std::swap(order[left - 1], order[draws.below(static_cast<std::uint32_t>(left))]);
  return kProgramPatterns[order[place]];
}

// The text of a cell that only a stored program has.
template <typename Text>
std::string of_program(const MachineLife& life, std::size_t place, Text text) {
  const StoredProgram program = stored_program(life, place);
  return program.pattern == nullptr ? std::string() : std::string(text(program));
}
template <std::string_view ProgramPattern::*kMember>
std::string text_cell(const MachineLife& life, std::size_t place) {
  return of_program(life, place, [](const StoredProgram& p) { return p.pattern->*kMember; });
}
template <std::uint16_t ProgramPattern::*kMember>
std::string number_cell(const MachineLife& life, std::size_t place) {
  return of_program(life, place, [](const StoredProgram& p) { return count_cell(p.pattern->*kMember); });
}
template <std::uint64_t StoredProgram::*kMember>
std::string counted_cell(const MachineLife& life, std::size_t place) {
  return of_program(life, place, [](const StoredProgram& p) { return count_cell(p.*kMember); });
}
std::string name_cell(const MachineLife& life, std::size_t place) {
  const StoredProgram program = stored_program(life, place);
  return std::string(program.pattern == nullptr ? "(empty)" : program.pattern->name);
}

constexpr ColumnLayout kColumns[] = {
    {"Name", Column::Kind::text, {}, name_cell},
    {"Tray", Column::Kind::text, {}, text_cell<&ProgramPattern::tray>},
    {"Paper", Column::Kind::text, {}, text_cell<&ProgramPattern::paper>},
    {"Sides", Column::Kind::text, {}, text_cell<&ProgramPattern::sides>},
    {"Zoom", Column::Kind::percent, "%", number_cell<&ProgramPattern::zoom>},
    {"Density", Column::Kind::text, {}, text_cell<&ProgramPattern::density>},
    {"Original", Column::Kind::text, {}, text_cell<&ProgramPattern::original>},
    {"Finishing", Column::Kind::text, {}, text_cell<&ProgramPattern::finishing>},
    {"Sets", Column::Kind::count, {}, number_cell<&ProgramPattern::sets>},
    {"Used", Column::Kind::count, {}, counted_cell<&StoredProgram::used>},
    {"Stored at", Column::Kind::count, {}, counted_cell<&StoredProgram::at_total>},
};

// How many places are taken and how many are free.
std::size_t places(const MachineLife& life, bool taken) {
  std::size_t count = 0;
  for (std::size_t place = 0; place < kStoredPrograms; ++place) {
    if ((stored_program(life, place).pattern != nullptr) == taken) ++count;
  }
  return count;
}
constexpr ColumnLayout kSummaryColumns[] = {
    {"Programs",
     Column::Kind::text,
     {},
     [](const MachineLife&, std::size_t row) { return std::string(row == 0 ? "stored" : "free"); }},
    {"Count",
     Column::Kind::count,
     {},
     [](const MachineLife& life, std::size_t row) { return count_cell(places(life, row == 0)); }},
};

constexpr SectionLayout kSections[] = {
    {"Summary", kSummaryColumns, [](const MachineLife&) { return std::size_t{2}; },
     [](const MachineLife&, std::size_t row) { return fmt::format("JS-{}", row + 1); }},
    {"Stored programs", kColumns, [](const MachineLife&) { return kStoredPrograms; },
     [](const MachineLife&, std::size_t place) { return numbered_code("J", place + 1); },
     "Sides: those of the original, then those of the copy. Used: times recalled. Stored at: the total count "
     "then."},
};
constexpr ListLayout kJobMemoryLayout{ListId::job, kSections};

}  // namespace

StoredProgram stored_program(const MachineLife& life, std::size_t place) {
  Draws draws(life.seed, kProgramPlaceStream, place);
  if (!draws.chance(kFilledPercent, 100)) return {};
  const std::uint64_t at_total = 1 + draws.below(kSettlingSides);
  const std::uint32_t set_sides = 200 + draws.below(kSidesBetweenUses);
  const std::uint64_t total = life.counters[Counter::total];
  if (at_total > total) return {};
  const ProgramPattern& pattern = pattern_at(life.seed, place);
  return {&pattern, at_total, (total - at_total) / (std::uint64_t{set_sides} * (1 + pattern.sets))};
}

DeviceList make_job_memory_list(const MachineLife& life) {
  return build_list(kJobMemoryLayout, life);
}

}  // namespace remotemail
