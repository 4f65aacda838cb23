#include <algorithm>
#include <chrono>

#include "device_adapter/lists/adjustment.hpp"
#include "device_adapter/lists/job_memory.hpp"
#include "device_adapter/lists/nonvolatile_memory.hpp"
#include "device_adapter/lists/user_settings.hpp"

namespace remotemail {
namespace {

using enum MemoryForm;
using Bytes = std::span<std::uint8_t>;

constexpr std::uint64_t kLayoutVersion = 1;

// The lowest bytes of `value`, as many as `out` has, highest first.
void put(std::uint64_t value, Bytes out) {
  for (std::size_t i = out.size(); i > 0; --i, value >>= 8U) out[i - 1] = static_cast<std::uint8_t>(value);
}

void put_text(std::string_view text, Bytes out) {
  for (std::size_t i = 0; i < out.size(); ++i)
    out[i] = i < text.size() ? static_cast<std::uint8_t>(text[i]) : ' ';
}

void put_date(WallTime at, Bytes out) {
  if (at == WallTime{}) return put(0, out);
  const std::chrono::year_month_day day{std::chrono::floor<std::chrono::days>(at)};
  const auto year = static_cast<unsigned>(static_cast<int>(day.year()));
  const unsigned parts[] = {year / 100, year % 100, static_cast<unsigned>(day.month()),
                            static_cast<unsigned>(day.day())};
  for (std::size_t i = 0; i < out.size(); ++i)
    out[i] = static_cast<std::uint8_t>(parts[i] / 10 << 4U | parts[i] % 10);
}

// One value after another, each of kSize bytes.
template <std::size_t kSize, typename Value>
void put_each(Bytes out, Value value) {
  for (std::size_t i = 0; i < out.size() / kSize; ++i) put(value(i), out.subspan(i * kSize, kSize));
}

template <Counter kCounter>
void counter(const MachineLife& life, Bytes out) {
  put(life.counters[kCounter], out);
}

template <Mode kMode>
void sides(const MachineLife& life, Bytes out) {
  put_each<4>(out, [&](std::size_t paper) { return life.sides[index_of(kMode)][paper]; });
}

// What stands in the field of an account, whether it is used or not.
template <auto kMember>
void of_accounts(const MachineLife& life, Bytes out) {
  put_each<4>(out, [&](std::size_t i) { return life.accounts[i].*kMember; });
}

void write_programs(const MachineLife& life, Bytes out) {
  for (std::size_t place = 0; place < kStoredPrograms; ++place) {
    if (stored_program(life, place).pattern != nullptr)
      out[place / 8] |= static_cast<std::uint8_t>(1U << place % 8);
  }
}

// clang-format off
constexpr MemoryField kFields[] = {
    // code, address, bytes, values, form, holds, same as, write
    {"P-01", 0x0000, 16, 1, ascii,  "Model", "management M-01",
     [](const MachineLife& life, Bytes out) { put_text(life.identity.model, out); }},
    {"P-02", 0x0010, 16, 1, ascii,  "Serial number", "management M-02",
     [](const MachineLife& life, Bytes out) { put_text(life.identity.serial_number, out); }},
    {"P-03", 0x0020, 2, 1, number, "Version of this map", {},
     [](const MachineLife&, Bytes out) { put(kLayoutVersion, out); }},
    {"P-04", 0x0022, 4, 1, date,   "Installed", "management M-03",
     [](const MachineLife& life, Bytes out) { put_date(life.birth, out); }},
    {"P-05", 0x0026, 4, 1, date,   "Latest PM", "2management PM-01",
     [](const MachineLife& life, Bytes out) {
       put_date(life.pm_resets.empty() ? WallTime{} : life.pm_resets.front().at, out);
     }},
    {"P-06", 0x002A, 4, 1, number, "PM cycle", "counter C-03",
     [](const MachineLife&, Bytes out) { put(kPmCycle, out); }},
    {"P-07", 0x002E, 2, 1, number, "Toner bottles emptied", "counter C-07",
     [](const MachineLife& life, Bytes out) { put(life.toner.bottles, out); }},
    {"P-08", 0x0030, 1, kDipBanks, bits, "DIP switches, a byte a bank", "management D-01 on",
     [](const MachineLife& life, Bytes out) {
       put_each<1>(out, [&](std::size_t bank) { return life.dip_switches[bank]; });
     }},
    {"P-09", 0x0050, 1, kMemorySwitches / 8, bits, "Operator switches", "user U-51 on",
     [](const MachineLife& life, Bytes out) {
       const MemorySwitches switches = memory_switches(life.seed);
       put_each<1>(out, [&](std::size_t i) { return switches[i]; });
     }},
    {"P-10", 0x0054, 4, 1, bits,   "Stored programs, in use", "job J-01 on", write_programs},

    {"P-21", 0x0100, 4, 1, number, "Total", "counter C-01", counter<Counter::total>},
    {"P-22", 0x0104, 4, 1, number, "PM counter", "counter C-02", counter<Counter::pm>},
    {"P-23", 0x0108, 4, 1, number, "PM resets", "counter C-04", counter<Counter::pms_done>},
    {"P-24", 0x010C, 4, 1, number, "Copy", "counter C-11", counter<Counter::copy>},
    {"P-25", 0x0110, 4, 1, number, "Print", "counter C-12", counter<Counter::print>},
    {"P-26", 0x0114, 4, 1, number, "Duplex", "counter C-13", counter<Counter::duplex>},
    {"P-27", 0x0118, 4, 1, number, "Duplex copy", "counter C-14", counter<Counter::duplex_copy>},
    {"P-28", 0x011C, 4, 1, number, "Duplex print", "counter C-15", counter<Counter::duplex_print>},
    {"P-29", 0x0120, 4, 1, number, "ADF originals", "counter C-21", counter<Counter::adf_originals>},
    {"P-30", 0x0124, 4, 1, number, "Platen originals", "counter C-22", counter<Counter::platen_originals>},
    {"P-31", 0x0128, 4, 1, number, "Feed", "counter C-31", counter<Counter::fed>},
    {"P-32", 0x012C, 4, 1, number, "Tray 1", "counter C-32", counter<Counter::tray1>},
    {"P-33", 0x0130, 4, 1, number, "Tray 2", "counter C-33", counter<Counter::tray2>},
    {"P-34", 0x0134, 4, 1, number, "Tray 3", "counter C-34", counter<Counter::tray3>},
    {"P-35", 0x0138, 4, 1, number, "Tray 4", "counter C-35", counter<Counter::tray4>},
    {"P-36", 0x013C, 4, 1, number, "Bypass tray", "counter C-36", counter<Counter::bypass>},
    {"P-37", 0x0140, 4, 1, number, "Finisher main tray", "counter C-41", counter<Counter::exit_main>},
    {"P-38", 0x0144, 4, 1, number, "Finisher upper tray", "counter C-42", counter<Counter::exit_upper>},
    {"P-39", 0x0148, 4, 1, number, "Machine exit", "counter C-43", counter<Counter::exit_machine>},
    {"P-40", 0x014C, 4, 1, number, "A3", "counter C-51", counter<Counter::a3>},
    {"P-41", 0x0150, 4, 1, number, "B4", "counter C-52", counter<Counter::b4>},
    {"P-42", 0x0154, 4, 1, number, "F4", "counter C-53", counter<Counter::f4>},
    {"P-43", 0x0158, 4, 1, number, "A4", "counter C-54", counter<Counter::a4>},
    {"P-44", 0x015C, 4, 1, number, "A4R", "counter C-55", counter<Counter::a4r>},
    {"P-45", 0x0160, 4, 1, number, "B5", "counter C-56", counter<Counter::b5>},
    {"P-46", 0x0164, 4, 1, number, "B5R", "counter C-57", counter<Counter::b5r>},
    {"P-47", 0x0168, 4, 1, number, "A5", "counter C-58", counter<Counter::a5>},
    {"P-48", 0x016C, 4, 1, number, "11x17", "counter C-59", counter<Counter::s11x17>},
    {"P-49", 0x0170, 4, 1, number, "8.5x14", "counter C-60", counter<Counter::s85x14>},
    {"P-50", 0x0174, 4, 1, number, "8.5x11", "counter C-61", counter<Counter::s85x11>},
    {"P-51", 0x0178, 4, 1, number, "5.5x8.5", "counter C-62", counter<Counter::s55x85>},
    {"P-52", 0x017C, 4, 1, number, "Wide", "counter C-63", counter<Counter::wide>},
    {"P-53", 0x0180, 4, 1, number, "Special", "counter C-64", counter<Counter::special>},
    {"P-54", 0x0184, 4, 1, number, "Staple", "counter C-71", counter<Counter::stapled>},
    {"P-55", 0x0188, 4, 1, number, "Staples", "counter C-72", counter<Counter::staples>},
    {"P-56", 0x018C, 4, 1, number, "Punch", "counter C-73", counter<Counter::punched>},
    {"P-57", 0x0190, 4, 1, number, "Key counter", "counter C-81", counter<Counter::key>},
    {"P-58", 0x0194, 4, 1, number, "Jams", "counter C-91", counter<Counter::jams>},
    {"P-59", 0x0198, 4, 1, number, "Feed jams", "counter C-92", counter<Counter::jams_feed>},
    {"P-60", 0x019C, 4, 1, number, "Transport jams", "counter C-93", counter<Counter::jams_transport>},
    {"P-61", 0x01A0, 4, 1, number, "ADF jams", "counter C-94", counter<Counter::jams_adf>},
    {"P-62", 0x01A4, 4, 1, number, "Finisher jams", "counter C-95", counter<Counter::jams_finisher>},
    {"P-63", 0x01A8, 4, 1, number, "SC", "counter C-96", counter<Counter::service_calls>},
    {"P-64", 0x01AC, 4, 1, number, "E.K.C.", "counter C-82", counter<Counter::ekc>},
    {"P-65", 0x01B0, 4, 1, number, "E.K.C. copy", "counter C-83", counter<Counter::ekc_copy>},
    {"P-66", 0x01B4, 4, 1, number, "E.K.C. print", "counter C-84", counter<Counter::ekc_print>},

    {"P-71", 0x0200, 4, kPapers, numbers, "Sides copied simplex, by size", "management P-01 on", sides<Mode::copy_simplex>},
    {"P-72", 0x0238, 4, kPapers, numbers, "Sides copied duplex, by size", "management P-01 on", sides<Mode::copy_duplex>},
    {"P-73", 0x0270, 4, kPapers, numbers, "Sides printed simplex, by size", "management P-01 on", sides<Mode::print_simplex>},
    {"P-74", 0x02A8, 4, kPapers, numbers, "Sides printed duplex, by size", "management P-01 on", sides<Mode::print_duplex>},

    {"P-81", 0x0300, 2, kAdjustments, values, "Adjustment values", "adjustment A-01 on",
     [](const MachineLife& life, Bytes out) {
       put_each<2>(out, [&](std::size_t i) { return static_cast<std::uint64_t>(adjustment_value(life, i)); });
     }},

    {"P-85", 0x0400, 4, kParts.size(), numbers, "Parts, counts", "2management F-01 on",
     [](const MachineLife& life, Bytes out) {
       put_each<4>(out, [&](std::size_t i) { return life.parts[i].count; });
     }},
    {"P-86", 0x0480, 1, kParts.size(), numbers, "Parts, times replaced", "2management F-01 on",
     [](const MachineLife& life, Bytes out) {
       put_each<1>(out, [&](std::size_t i) { return life.parts[i].replaced; });
     }},

    {"P-87", 0x0500, 2, kJams.size(), numbers, "Jams, by code", "management J-11 on",
     [](const MachineLife& life, Bytes out) {
       put_each<2>(out, [&](std::size_t i) { return life.jams[i]; });
     }},
    {"P-88", 0x0540, 2, kServiceCalls.size(), numbers, "SC, by code", "management SC18-1 on",
     [](const MachineLife& life, Bytes out) {
       put_each<2>(out, [&](std::size_t i) { return life.service_calls[i]; });
     }},

    {"P-91", 0x0600, 4, kAccounts, numbers, "E.K.C., copies", "ekc E-01 on", of_accounts<&Account::copies>},
    {"P-92", 0x0630, 4, kAccounts, numbers, "E.K.C., prints", "ekc E-01 on", of_accounts<&Account::prints>},
    {"P-93", 0x0660, 4, kAccounts, numbers, "E.K.C., limits, 0: none", "ekc E-01 on", of_accounts<&Account::limit>},
};
// clang-format on

// In order, within their blocks, apart from each other and from the checksums.
constexpr bool fields_fit() {
  std::size_t free = 0;
  for (const MemoryField& field : kFields) {
    const std::size_t end = std::size_t{field.address} + std::size_t{field.size} * field.count;
    const std::size_t block = field.address / kMemoryBlockBytes;
    if (field.address < free || end > (block + 1) * kMemoryBlockBytes - 2) return false;
    free = end;
  }
  return free <= kMemoryBytes;
}
static_assert(fields_fit());

constexpr bool in_use(std::size_t line) {
  const std::size_t first = line * kMemoryLineBytes, end = first + kMemoryLineBytes;
  if (end % kMemoryBlockBytes == 0) return true;  // the checksum
  return std::ranges::any_of(kFields, [=](const MemoryField& field) {
    return field.address < end && std::size_t{field.address} + std::size_t{field.size} * field.count > first;
  });
}
constexpr std::size_t kAllLines = kMemoryBytes / kMemoryLineBytes;
constexpr std::size_t kUsedLines = [] {
  std::size_t used = 0;
  for (std::size_t line = 0; line < kAllLines; ++line) used += in_use(line) ? 1U : 0U;
  return used;
}();
constexpr auto kLinesInUse = [] {
  std::array<std::uint16_t, kUsedLines> addresses{};
  std::size_t at = 0;
  for (std::size_t line = 0; line < kAllLines; ++line) {
    if (in_use(line)) addresses[at++] = static_cast<std::uint16_t>(line * kMemoryLineBytes);
  }
  return addresses;
}();

}  // namespace

std::span<const MemoryField> memory_fields() {
  return kFields;
}

std::span<const std::uint16_t> memory_lines_in_use() {
  return kLinesInUse;
}

const std::array<std::string_view, kMemoryBlocks> kMemoryBlockNames{
    "machine, switches", "counters", "sides by mode and size", "adjustment values", "parts",
    "jams and SC",       "E.K.C."};

}  // namespace remotemail
