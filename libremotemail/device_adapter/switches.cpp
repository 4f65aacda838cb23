#include "device_adapter/switches.hpp"

#include "device_adapter/office_work.hpp"

namespace remotemail {
namespace {

constexpr std::uint64_t kDipStream = 64;

// Never vary (0 %): switches by which this machine's counters and lists would read otherwise.
constexpr DipSwitch kMeanings[] = {
    {1, 1, false, 0, "Large sizes in the total counter", "A3 and 11x17 count once", "count twice"},
    {1, 2, false, 0, "Duplex in the total counter", "each side counts", "each sheet counts"},
    {1, 3, true, 0, "PM message", "not shown", "shown when PM is due"},
    {1, 4, false, 0, "Copying when PM is due", "goes on", "stops"},
    {1, 5, true, 10, "Waste toner full", "copying goes on", "copying stops"},
    {1, 8, false, 4, "Copying without toner", "stops after 10 pages", "goes on"},
    {2, 1, false, 15, "Destination, paper sizes", "metric", "metric and inch"},
    {2, 2, true, 0, "Date form on lists", "month first", "year first"},
    {2, 5, false, 12, "F4 size", "8 x 13", "8.25 x 13"},
    {3, 1, true, 0, "Key counter", "not fitted", "fitted"},
    {3, 2, false, 0, "Copying without the key counter", "allowed", "locked"},
    {3, 3, true, 0, "E.K.C.", "off", "on"},
    {3, 4, true, 0, "E.K.C. at print jobs", "not asked", "asked"},
    {3, 7, false, 0, "Job that would pass its E.K.C. limit", "not begun", "begun"},
    {4, 1, true, 8, "Jam recovery", "manual", "automatic"},
    {4, 2, false, 10, "Jam code on the panel", "hidden", "shown"},
    {4, 3, true, 5, "SC release", "engineer only", "by switching off and on"},
    {4, 6, false, 18, "ADF mixed originals", "same width only", "mixed widths"},
    {5, 1, true, 12, "Fixing temperature in low power", "off", "held at 120 °C"},
    {5, 2, false, 14, "Fixing temperature, thick paper", "standard", "+10 °C"},
    {5, 3, false, 9, "Fixing warm-up", "standard", "long (cold rooms)"},
    {5, 6, false, 7, "Fixing web feed", "standard", "1.5 times"},
    {6, 1, true, 6, "Toner density control", "fixed", "automatic"},
    {6, 2, false, 11, "Drum potential correction", "at power on", "each 500 pages too"},
    {6, 3, true, 5, "Drum refresh at night", "off", "on"},
    {6, 5, false, 6, "Toner save", "off", "on"},
    {7, 1, false, 16, "Platen auto detection, small sizes", "A5", "5.5x8.5"},
    {7, 4, true, 8, "ADF dust detection", "off", "on"},
    {8, 1, true, 0, "Finisher", "not fitted", "fitted"},
    {8, 2, true, 0, "Punch unit", "not fitted", "fitted"},
    {8, 3, false, 10, "Punch", "4 holes", "2 holes"},
    {8, 4, false, 13, "Staple limit", "50 sheets", "30 sheets"},
    {8, 6, false, 17, "Exit tray full", "job waits", "next tray"},
    {11, 1, true, 0, "Network controller", "not fitted", "fitted"},
    {11, 3, false, 9, "Print job while copying", "waits", "between sets"},
    {11, 5, true, 0, "Mail remote notification", "not offered", "offered"},
    {12, 2, false, 21, "Buzzer at job end", "off", "on"},
    {12, 4, true, 10, "Panel contrast key", "locked", "free"},
    {15, 1, true, 9, "Weekly timer", "not offered", "offered"},
    {15, 2, false, 6, "Shut-off", "allowed", "never"},
};

}  // namespace

std::span<const DipSwitch> dip_switch_meanings() {
  return kMeanings;
}

bool is_on(const DipSwitches& switches, const DipSwitch& which) {
  return (std::uint32_t{switches[which.bank - 1U]} >> (which.number - 1U) & 1U) != 0;
}

DipSwitches dip_switches(std::uint64_t seed) {
  DipSwitches switches{};
  for (const DipSwitch& entry : kMeanings) {
    Draws draws(seed, kDipStream, entry.bank * 8U + entry.number);
    const bool on = entry.factory != draws.chance(entry.changed_percent, 100);
    if (on) switches[entry.bank - 1U] |= static_cast<std::uint8_t>(1U << (entry.number - 1U));
  }
  return switches;
}

}  // namespace remotemail
