// What an RM-7145 consists of, whatever its life was: sizes, trays, exits, jam and service call codes, parts.
// Tables only; the order of an enum is the order of its table, and what was once written down stays as it is.
#pragma once

#include <array>
#include <cstdint>
#include <string_view>

namespace remotemail {

enum class Paper : std::uint8_t {
  a3,
  b4,
  f4,
  a4,
  a4r,
  b5,
  b5r,
  a5,
  s11x17,
  s85x14,
  s85x11,
  s55x85,
  wide,
  special
};
enum class Tray : std::uint8_t { tray1, tray2, tray3, tray4, bypass };
enum class Exit : std::uint8_t { main_tray, upper_tray, machine };
enum class Function : std::uint8_t { copy, print };
// Sides by function and by whether the sheet's other side was printed too; an odd last side is simplex.
enum class Mode : std::uint8_t { copy_simplex, copy_duplex, print_simplex, print_duplex };
enum class JamPlace : std::uint8_t { feed, transport, adf, finisher };

inline constexpr std::size_t kPapers = 14, kTrays = 5, kExits = 3, kFunctions = 2, kModes = 4, kJamPlaces = 4;

template <typename T>
using PerPaper = std::array<T, kPapers>;

template <typename Enum>
constexpr std::size_t index_of(Enum value) {
  return static_cast<std::size_t>(value);
}

inline constexpr PerPaper<std::string_view> kPaperNames{"A3",     "B4",      "F4",   "A4",     "A4R",
                                                        "B5",     "B5R",     "A5",   "11x17",  "8.5x14",
                                                        "8.5x11", "5.5x8.5", "Wide", "Special"};
// Area in eighths of A4: what a side of it takes of the toner.
inline constexpr PerPaper<std::uint8_t> kPaperAreas{16, 12, 9, 8, 8, 6, 6, 4, 15, 10, 8, 4, 17, 8};
// Sizes that many contracts bill as large: longer than A4 or 8.5x11, fed short edge first.
inline constexpr PerPaper<bool> kIsLarge{true,  true, true, false, false, false, false,
                                         false, true, true, false, false, true,  false};
inline constexpr std::array<std::string_view, kJamPlaces> kJamPlaceNames{"Feed", "Transport", "ADF",
                                                                         "Finisher"};

// What happens to the machine while it works: a part wears by one kind of these, and jams come of them.
enum class Wear : std::uint8_t {
  side,   // a printed side
  tray1,  // a sheet fed from it
  tray2,
  tray3,
  tray4,
  bypass,     // in the order of Tray
  sheet,      // a sheet fed from anywhere
  duplex,     // a sheet turned for its second side
  scan,       // a side of an original read, through the feeder or from the glass
  original,   // a side of an original read through the document feeder
  delivered,  // a sheet delivered by the finisher
  staple,     // a stroke of the stapler
  punch,      // a sheet punched
};
inline constexpr std::size_t kWears = 13;
// In words, for a part's counter.
inline constexpr std::array<std::string_view, kWears> kWearNames{
    "sides", "sheets",    "sheets",    "sheets", "sheets",  "sheets", "sheets",
    "turns", "originals", "originals", "sheets", "strokes", "sheets"};

struct PartFact {
  std::string_view code;    // row code in the lists
  std::string_view number;  // what is ordered
  std::string_view name;
  bool fixed;  // replaced at every PM; else by its own count, a special part
  Wear wear;
  std::uint32_t limit;
};

// clang-format off
inline constexpr std::array<PartFact, 27> kParts{{
    {"F-01", "7145-2001", "Drum",                         true,  Wear::side,      250'000},
    {"F-02", "7145-2002", "Developer",                    true,  Wear::side,      250'000},
    {"F-03", "7145-2103", "Drum cleaning blade",          true,  Wear::side,      250'000},
    {"F-04", "7145-2104", "Charging wire and grid",       true,  Wear::side,      250'000},
    {"F-05", "7145-2105", "Separation claws",             true,  Wear::side,      250'000},
    {"F-06", "7145-2206", "Transfer wire",                true,  Wear::side,      250'000},
    {"F-07", "7145-5301", "Fixing roller, upper",         true,  Wear::side,      250'000},
    {"F-08", "7145-5302", "Fixing roller, lower",         true,  Wear::side,      250'000},
    {"F-09", "7145-5303", "Fixing cleaning web",          true,  Wear::side,      250'000},
    {"F-10", "7145-1510", "Ozone filter",                 true,  Wear::side,      250'000},
    {"F-11", "7145-1511", "Developer dust filter",        true,  Wear::side,      250'000},
    {"S-01", "7145-4011", "Feed rollers tray 1",          false, Wear::tray1,     150'000},
    {"S-02", "7145-4012", "Feed rollers tray 2",          false, Wear::tray2,     150'000},
    {"S-03", "7145-4013", "Feed rollers tray 3",          false, Wear::tray3,     150'000},
    {"S-04", "7145-4014", "Feed rollers tray 4",          false, Wear::tray4,     150'000},
    {"S-05", "7145-4015", "Feed rollers bypass tray",     false, Wear::bypass,     80'000},
    {"S-06", "7145-4020", "Registration roller clutch",   false, Wear::sheet,     500'000},
    {"S-07", "7145-4030", "Duplex reverse rollers",       false, Wear::duplex,    200'000},
    {"S-08", "ADF7-1001", "ADF feed rollers",             false, Wear::original,   60'000},
    {"S-09", "ADF7-1002", "ADF separation pad",           false, Wear::original,   30'000},
    {"S-10", "7145-5310", "Fixing thermistor",            false, Wear::side,      500'000},
    {"S-11", "7145-5311", "Fixing heater lamp",           false, Wear::side,      500'000},
    {"S-12", "7145-2610", "Waste toner box",              false, Wear::side,      120'000},
    {"S-13", "7145-1301", "Exposure lamp",                false, Wear::scan,      300'000},
    {"S-14", "FIN7-3001", "Finisher exit rollers",        false, Wear::delivered, 400'000},
    {"S-15", "FIN7-3002", "Stapler unit",                 false, Wear::staple,    100'000},
    {"S-16", "FIN7-3003", "Punch unit",                   false, Wear::punch,     250'000},
}};

// `part`: the code of the one whose wear makes it likelier, and which to look at first. `chance`: how many come
// of a thousand million times of `wear` while that part is new.
struct JamFact {
  std::string_view code;
  JamPlace place;
  Wear wear;
  std::uint32_t chance;
  std::string_view part;
  std::string_view where;
};
inline constexpr std::array<JamFact, 23> kJams{{
    {"J-11", JamPlace::feed,      Wear::tray1,      90'000, "S-01", "tray 1: no sheet fed"},
    {"J-12", JamPlace::feed,      Wear::tray2,     110'000, "S-02", "tray 2: no sheet fed"},
    {"J-13", JamPlace::feed,      Wear::tray3,     130'000, "S-03", "tray 3: no sheet fed"},
    {"J-14", JamPlace::feed,      Wear::tray4,     110'000, "S-04", "tray 4: no sheet fed"},
    {"J-17", JamPlace::feed,      Wear::bypass,    500'000, "S-05", "bypass tray: no sheet fed"},
    {"J-18", JamPlace::feed,      Wear::tray2,      60'000, "S-02", "tray 2: sheet late on its way up"},
    {"J-19", JamPlace::feed,      Wear::tray4,      60'000, "S-04", "tray 4: sheet late on its way up"},
    {"J-31", JamPlace::transport, Wear::sheet,      15'000, "S-06", "registration: sheet did not leave"},
    {"J-32", JamPlace::transport, Wear::side,        8'000, "F-05", "drum: sheet not separated"},
    {"J-33", JamPlace::transport, Wear::side,        6'000, "F-06", "transfer: sheet late at fixing"},
    {"J-51", JamPlace::transport, Wear::side,        5'000, "F-08", "fixing: sheet wound round roller"},
    {"J-52", JamPlace::transport, Wear::side,        9'000, "F-07", "fixing: sheet did not leave"},
    {"J-92", JamPlace::transport, Wear::duplex,     70'000, "S-07", "duplex: sheet did not turn"},
    {"J-93", JamPlace::transport, Wear::duplex,     50'000, "S-07", "duplex: sheet late at registration"},
    {"J-61", JamPlace::adf,       Wear::original,  150'000, "S-08", "ADF: no original fed"},
    {"J-62", JamPlace::adf,       Wear::original,  120'000, "S-09", "ADF: two originals at once"},
    {"J-63", JamPlace::adf,       Wear::original,   60'000, "S-08", "ADF: original did not leave glass"},
    {"J-65", JamPlace::adf,       Wear::original,   40'000, "S-08", "ADF: original did not turn"},
    {"J-71", JamPlace::finisher,  Wear::delivered,  12'000, "S-14", "finisher: sheet late at entrance"},
    {"J-72", JamPlace::finisher,  Wear::delivered,  18'000, "S-14", "finisher: sheet did not leave"},
    {"J-73", JamPlace::finisher,  Wear::staple,    150'000, "S-15", "stapler: set not aligned"},
    {"J-74", JamPlace::finisher,  Wear::staple,    200'000, "S-15", "stapler: staple stuck"},
    {"J-75", JamPlace::finisher,  Wear::punch,     120'000, "S-16", "punch: sheet stuck"},
}};

// `part`: what the engineer replaces when he comes; empty: switching OFF/ON is the cure. `chance`: as above.
struct ServiceCallFact {
  std::string_view code;
  Wear wear;
  std::uint32_t chance;
  std::string_view part;
  std::string_view meaning;
};
inline constexpr std::array<ServiceCallFact, 14> kServiceCalls{{
    {"18-1", Wear::tray1,           2'250, "",     "tray 1 does not lift"},
    {"18-3", Wear::tray3,           4'500, "",     "tray 3 does not lift"},
    {"21-1", Wear::side,                900, "F-03", "drum motor slow, cleaning blade drags"},
    {"22-2", Wear::side,              1'350, "F-02", "toner density out of range"},
    {"23-1", Wear::side,                900, "F-04", "charging, high voltage leaks"},
    {"28-1", Wear::side,              1'050, "S-12", "waste toner does not leave the drum"},
    {"34-1", Wear::side,              1'050, "S-10", "fixing, thermistor open"},
    {"34-2", Wear::side,              1'050, "S-11", "fixing, does not warm up in time"},
    {"35-1", Wear::side,              1'350, "",     "fixing, fan does not turn"},
    {"41-1", Wear::scan,           9'000, "",     "scanner does not find home position"},
    {"46-1", Wear::side,            1'800, "",     "image memory does not answer"},
    {"49-1", Wear::scan,            4'500, "S-13", "exposure lamp too dark"},
    {"70-3", Wear::delivered,       3'000, "",     "finisher does not answer"},
    {"77-2", Wear::staple,       22'500, "S-15", "stapler does not return"},
}};
// clang-format on

// Place of a part in kParts; kParts.size() when there is no such code.
constexpr std::size_t part_index(std::string_view code) {
  std::size_t i = 0;
  while (i < kParts.size() && kParts[i].code != code) ++i;
  return i;
}

}  // namespace remotemail
