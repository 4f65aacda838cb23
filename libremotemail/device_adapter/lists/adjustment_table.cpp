#include "device_adapter/lists/adjustment.hpp"

namespace remotemail {

using enum AdjustmentGroup;

// clang-format off
const std::array<AdjustmentItem, kAdjustments> kAdjustmentItems{{
    // code, item, unit, group, decimals, standard, low, high, spread, worn, part
    {"A-01", "Leading edge, tray 1",              "mm",   image,    1,    0,   -30,    30,   6},
    {"A-02", "Leading edge, tray 2",              "mm",   image,    1,    0,   -30,    30,   6},
    {"A-03", "Leading edge, tray 3",              "mm",   image,    1,    0,   -30,    30,   6},
    {"A-04", "Leading edge, tray 4",              "mm",   image,    1,    0,   -30,    30,   6},
    {"A-05", "Leading edge, bypass tray",         "mm",   image,    1,    0,   -30,    30,   9},
    {"A-06", "Leading edge, second side",         "mm",   image,    1,    0,   -30,    30,   8},
    {"A-07", "Side edge, tray 1",                 "mm",   image,    1,    0,   -30,    30,   6},
    {"A-08", "Side edge, tray 2",                 "mm",   image,    1,    0,   -30,    30,   6},
    {"A-09", "Side edge, tray 3",                 "mm",   image,    1,    0,   -30,    30,   6},
    {"A-10", "Side edge, tray 4",                 "mm",   image,    1,    0,   -30,    30,   6},
    {"A-11", "Side edge, bypass tray",            "mm",   image,    1,    0,   -30,    30,  10},
    {"A-12", "Side edge, second side",            "mm",   image,    1,    0,   -30,    30,   8},
    {"A-13", "Leading edge erase",                "mm",   image,    1,   30,    10,    60,   4},
    {"A-14", "Trailing edge erase",               "mm",   image,    1,   30,    10,    60,   4},
    {"A-15", "Magnification along the drum",      "%",    image,    2, 10000,  9900, 10100, 20},
    {"A-16", "Magnification in feed direction",   "%",    image,    2, 10000,  9900, 10100, 20},

    {"A-21", "Scan start, glass",                 "mm",   scanner,  1,    0,   -40,    40,   8},
    {"A-22", "Scan side, glass",                  "mm",   scanner,  1,    0,   -40,    40,   8},
    {"A-23", "Scan magnification, glass",         "%",    scanner,  2, 10000,  9900, 10100, 15},
    {"A-24", "Shading position",                  "mm",   scanner,  1,    0,   -20,    20,   4},
    {"A-25", "Original size sensor gain",         "step", scanner,  0,  128,    64,   192,  12},
    {"A-26", "CCD gain, odd dots",                "step", scanner,  0,   96,    32,   160,  10},
    {"A-27", "CCD gain, even dots",               "step", scanner,  0,   96,    32,   160,  10},

    {"A-31", "Scan start, ADF front side",        "mm",   feeder,   1,    0,   -40,    40,  10},
    {"A-32", "Scan start, ADF back side",         "mm",   feeder,   1,    0,   -40,    40,  10},
    {"A-33", "Scan side, ADF front side",         "mm",   feeder,   1,    0,   -40,    40,   9},
    {"A-34", "Scan side, ADF back side",          "mm",   feeder,   1,    0,   -40,    40,   9},
    {"A-35", "Scan magnification, ADF",           "%",    feeder,   2, 10000,  9900, 10100, 25},
    {"A-36", "Registration loop, ADF front side", "mm",   feeder,   1,   40,    10,    70,   5},
    {"A-37", "Registration loop, ADF back side",  "mm",   feeder,   1,   40,    10,    70,   5},

    {"A-41", "Density, text",                     "step", process,  0,    0,    -8,     8,   2},
    {"A-42", "Density, photo",                    "step", process,  0,    0,    -8,     8,   2},
    {"A-43", "Developing bias",                   "V",    process,  0,  550,   450,   650,  18},
    {"A-44", "Charging grid",                     "V",    process,  0,  750,   600,   900,  25},
    {"A-45", "Laser power",                       "step", process,  0,  128,    64,   192,  12},
    {"A-46", "Toner density, target",             "%",    process,  2,  600,   500,   700,  12},
    {"A-47", "Transfer current",                  "µA",   process,  0,   60,    40,    80,   4},
    {"A-48", "Separation current",                "µA",   process,  0,  190,   150,   230,   7},
    {"A-49", "Fixing temperature, plain paper",   "°C",   process,  0,  190,   180,   205,   3},
    {"A-50", "Fixing temperature, thick paper",   "°C",   process,  0,  200,   190,   210,   2},
    {"A-51", "Fixing temperature, low power",     "°C",   process,  0,  120,   100,   150,   4},

    {"A-61", "Registration loop, tray 1",         "mm",   paper,    1,   60,    30,    90,   6},
    {"A-62", "Registration loop, tray 2",         "mm",   paper,    1,   60,    30,    90,   6},
    {"A-63", "Registration loop, tray 3",         "mm",   paper,    1,   60,    30,    90,   6},
    {"A-64", "Registration loop, tray 4",         "mm",   paper,    1,   60,    30,    90,   6},
    {"A-65", "Registration loop, bypass tray",    "mm",   paper,    1,   60,    30,    90,   8},
    {"A-66", "Registration loop, second side",    "mm",   paper,    1,   60,    30,    90,   6},
    {"A-67", "Bypass width sensor, A3",           "step", paper,    0,  860,   800,   920,  14},
    {"A-68", "Bypass width sensor, A5R",          "step", paper,    0,  220,   160,   280,  14},

    {"A-71", "Alignment plates",                  "mm",   finisher, 1,    0,   -20,    20,   4},
    {"A-72", "Staple position, corner",           "mm",   finisher, 1,    0,   -30,    30,   6},
    {"A-73", "Staple position, two staples",      "mm",   finisher, 1,    0,   -30,    30,   6},
    {"A-74", "Punch position, side",              "mm",   finisher, 1,    0,   -30,    30,   7},
    {"A-75", "Punch position, feed direction",    "mm",   finisher, 1,    0,   -30,    30,   7},
    {"A-76", "Shift of sets",                     "mm",   finisher, 1,  200,   150,   250,  10},

    {"A-81", "Feed time, tray 1",                 "ms",   measured, 0,  380,   330,   480,  12,   80, "S-01"},
    {"A-82", "Feed time, tray 2",                 "ms",   measured, 0,  410,   360,   510,  12,   80, "S-02"},
    {"A-83", "Feed time, tray 3",                 "ms",   measured, 0,  440,   390,   540,  12,   80, "S-03"},
    {"A-84", "Feed time, tray 4",                 "ms",   measured, 0,  470,   420,   570,  12,   80, "S-04"},
    {"A-85", "Feed time, ADF",                    "ms",   measured, 0,  520,   460,   640,  14,   95, "S-08"},
    {"A-86", "Drum surface voltage",              "V",    measured, 0,  700,   600,   780,   8,  -80, "F-01"},
    {"A-87", "Toner density",                     "%",    measured, 2,  600,   450,   750,  12,  110, "F-02"},
    {"A-88", "Charging current",                  "µA",   measured, 0,  800,   700,   950,  10,  115, "F-04"},
    {"A-89", "Fixing warm-up",                    "s",    measured, 1,  280,   200,   420,   9,   95, "S-11"},
    {"A-90", "Exposure lamp, white level",        "step", measured, 0,  220,   150,   255,   5,  -52, "S-13"},
    {"A-91", "Stapler motor current",             "mA",   measured, 0,  900,   700,  1300,  25,  300, "S-15"},
}};
// clang-format on

}  // namespace remotemail
