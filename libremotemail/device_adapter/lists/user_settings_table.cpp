#include "device_adapter/lists/user_settings.hpp"

namespace remotemail {
namespace {

using enum SettingGroup;

// Shut-off stays off everywhere: a machine that is shut off answers no mail.
constexpr UserSetting kSettings[] = {
    {"U-01", "Auto clear", "s", timers, 1, 30, {"30", "60", "90", "120", "off"}},
    {"U-02", "Low power", "min", timers, 1, 40, {"5", "15", "30", "60", "off"}},
    {"U-03", "Shut-off", "min", timers, 0, 0, {"off", "30", "60", "90", "120", "240"}},
    {"U-04", "E.K.C. log-out", "s", timers, 1, 25, {"30", "60", "120", "with auto clear"}},
    {"U-05", "Interrupt ends", "s", timers, 0, 10, {"60", "120", "by hand"}},
    {"U-06", "Weekly timer", "", timers, 0, 0, {"not used", "used"}},

    {"U-21",
     "Language of the panel",
     "",
     panel,
     0,
     60,
     {"English", "Deutsch", "Français", "Español", "Italiano", "Nederlands", "Svenska", "Polski"}},
    {"U-22", "First screen", "", panel, 0, 15, {"copy", "job list", "stored programs"}},
    {"U-23", "Key click", "", panel, 1, 35, {"off", "soft", "loud"}},
    {"U-24", "Buzzer at jams", "", panel, 1, 20, {"off", "once", "until cleared"}},
    {"U-25", "Panel brightness", "", panel, 2, 20, {"1", "2", "3", "4", "5"}},
    {"U-26", "Operator code", "", panel, 0, 55, {"as from the factory", "changed"}},

    {"U-31", "Paper", "", copying, 0, 12, {"automatic", "tray 1"}},
    {"U-32", "Sides", "", copying, 0, 28, {"1-1", "1-2", "2-2"}},
    {"U-33", "Zoom", "", copying, 0, 10, {"100 %", "automatic"}},
    {"U-34", "Density", "", copying, 0, 20, {"automatic", "normal", "+1", "-1"}},
    {"U-35", "Original", "", copying, 0, 22, {"text/photo", "text", "photo"}},
    {"U-36", "Output", "", copying, 0, 18, {"sort", "non-sort", "group", "sort, staple corner"}},
    {"U-37", "Exit of copies", "", copying, 0, 15, {"finisher main tray", "finisher upper tray"}},
    {"U-38",
     "Exit of print jobs",
     "",
     copying,
     0,
     25,
     {"finisher main tray", "finisher upper tray", "machine exit"}},

    {"U-41", "Most sets of a job", "", limits, 3, 22, {"99", "250", "500", "999"}},
    {"U-42", "Jobs waiting", "", limits, 1, 10, {"5", "10"}},
    {"U-43", "Print job kept", "h", limits, 1, 20, {"1", "12", "24", "72"}},
    {"U-44", "E.K.C.", "", limits, 0, 0, {"on", "off"}},
    {"U-45", "E.K.C. warning below", "sides left", limits, 1, 20, {"50", "200", "500", "off"}},
    {"U-46", "Stored programs", "", limits, 0, 25, {"anybody may change", "locked"}},

    {"U-51", "Original size sensed on the glass", "", memory_switches, 1, 8, {"off", "on"}},
    {"U-52", "Another tray when one is empty", "", memory_switches, 1, 15, {"off", "on"}},
    {"U-53", "Rotate the image to fit", "", memory_switches, 1, 10, {"off", "on"}},
    {"U-54", "Zoom chosen by paper", "", memory_switches, 0, 20, {"off", "on"}},
    {"U-55", "Erase outside of the original", "", memory_switches, 0, 22, {"off", "on"}},
    {"U-56", "Keep the job after auto clear", "", memory_switches, 0, 12, {"off", "on"}},
    {"U-57", "Sort chosen when the ADF is used", "", memory_switches, 1, 14, {"off", "on"}},
    {"U-58", "Staple needs no second touch", "", memory_switches, 0, 18, {"off", "on"}},
    {"U-59", "Shift sets on the exit tray", "", memory_switches, 1, 9, {"off", "on"}},
    {"U-60", "Warn of originals left on the glass", "", memory_switches, 1, 30, {"off", "on"}},
    {"U-61", "Show the counter to users", "", memory_switches, 1, 25, {"off", "on"}},
    {"U-62", "Show remaining E.K.C. count", "", memory_switches, 1, 20, {"off", "on"}},
    {"U-63", "Print lists on tray 1 only", "", memory_switches, 1, 15, {"off", "on"}},
    {"U-64", "Date stamp offered", "", memory_switches, 1, 10, {"off", "on"}},
    {"U-65", "Page number offered", "", memory_switches, 1, 10, {"off", "on"}},
    {"U-66", "Watermark offered", "", memory_switches, 0, 25, {"off", "on"}},
    {"U-67", "Bypass asks for the size", "", memory_switches, 1, 18, {"off", "on"}},
    {"U-68", "Print jobs may interrupt copying", "", memory_switches, 0, 16, {"off", "on"}},
    {"U-69", "Copying may interrupt print jobs", "", memory_switches, 1, 16, {"off", "on"}},
    {"U-70", "Wake by the ADF", "", memory_switches, 1, 9, {"off", "on"}},
    {"U-71", "Quiet finisher", "", memory_switches, 0, 11, {"off", "on"}},
    {"U-72", "Message when toner runs low", "", memory_switches, 1, 6, {"off", "on"}},
    {"U-73", "Message when staples run low", "", memory_switches, 1, 6, {"off", "on"}},
    {"U-74", "Service telephone shown at SC", "", memory_switches, 0, 40, {"off", "on"}},
};

}  // namespace

std::span<const UserSetting> user_settings() {
  return kSettings;
}

const std::array<TrayFact, kTrays> kTrayFacts{{
    {"U-11", "Tray 1", "A4", "fixed", "500"},
    {"U-12", "Tray 2", "A4R", "fixed", "500"},
    {"U-13", "Tray 3", "any up to A3", "by the tray", "500"},
    {"U-14", "Tray 4", "any up to A4", "by the tray", "1500"},
    {"U-15", "Bypass tray", "any", "asked", "50"},
}};

const std::array<std::string_view, 6> kMedia{"plain", "recycled", "coloured", "punched", "letterhead", "any"};

}  // namespace remotemail
