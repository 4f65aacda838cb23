// Lists shaped like a real machine's (L), small: one for each thing a layout has to cope with.
#pragma once

#include "list_formatter/samples.hpp"

namespace remotemail::samples {

using Kind = Column::Kind;

// Names, codes, and totals in a section of their own.
inline DeviceList accounts() {
  DeviceList list{ListId::ekc, {}};
  Section accounts{"Accounts",
                   {{"Name", Kind::person},
                    {"Code", Kind::secret},
                    {"Copies", Kind::count},
                    {"Limit", Kind::count},
                    {"Remaining", Kind::count},
                    {"Used", Kind::percent}},
                   {row("E-001", {"Sales", "48213377", "18211", "20000", "1789", "91.1"}),
                    row("E-002", {"M\xC3\xBCller, Jo", "0007", "402", "", "", ""}),
                    row("E-003", {"Sales", "", "0", "500", "500", "0"})},
                   "No limit: the account may copy without end."};
  Section sizes{"Copies by size",
                {{"Name", Kind::person}},
                {row("S-001", {"Sales"}), row("S-002", {"M\xC3\xBCller, Jo"})},
                {}};
  for (const char* size :
       {"A3", "B4", "F4", "A4", "A4R", "B5", "B5R", "A5", "11x17", "8.5x14", "8.5x11", "5.5x8.5"}) {
    sizes.columns.push_back({size, Kind::count});
    sizes.rows[0].cells.push_back(std::to_string(sizes.columns.size() * 1517));
    sizes.rows[1].cells.push_back(std::to_string(sizes.columns.size() % 5));
  }
  Section total{
      "All accounts", {{"", Kind::text}, {"Copies", Kind::count}}, {row("T-1", {"Total", "18613"})}, {}};
  list.sections = {accounts, sizes, total};
  return list;
}

// Two sections with the same columns, which stand below each other; dates; long names.
inline DeviceList parts() {
  const std::vector<Column> columns{{"Part", Kind::text},
                                    {"Part number", Kind::text},
                                    {"Count", Kind::count, "sides"},
                                    {"Limit", Kind::count, "sides"},
                                    {"Worn", Kind::percent, "%"},
                                    {"Replaced", Kind::date}};
  return {
      ListId::management2,
      {{"Fixed parts",
        columns,
        {row("F-01", {"Drum", "26NA-2010", "98765", "250000", "39.5", "2025-11-03"}),
         row("F-02", {"Cleaning blade of the transfer belt", "26NA-5371", "260001", "250000", "104", ""})},
        {}},
       {"Special parts",
        columns,
        {row("S-01", {"Staple cartridge", "SK-602", "7", "5000", "0.1", "2026-01-02"})},
        {}},
       {"PM resets", {{"Date", Kind::date}, {"Total", Kind::count}}, {}, {}}}};
}

inline DeviceList adjustments() {
  return {ListId::adjustment,
          {{"Registration",
            {{"Item", Kind::text},
             {"Value", Kind::number, "mm"},
             {"Standard", Kind::number, "mm"},
             {"Range", Kind::text, "mm"}},
            {row("A-01", {"Leading edge", "-0.25", "0", "-3.0 to +3.0"}),
             row("A-02", {"Side, tray 1", "12", "10.5", "0 to 20"}),
             row("A-03", {"Fixing temperature, in \xC2\xB0"
                          "C",
                          "185", "185", "150 to 210"})},
            "Values beyond their range are refused at the machine."}}};
}

// Blanks inside of cells, dumps that are not broken.
inline DeviceList memory() {
  return {
      ListId::parameter,
      {{"Non-volatile memory",
        {{"Address", Kind::hex}, {"Contents", Kind::hex}, {"ASCII", Kind::text}, {"Sum", Kind::hex}},
        {row({}, {"0000", "00 01 02 03 04 05 06 07 08 09 0A 0B 0C 0D 0E 0F", "................", "0078"}),
         row({}, {"0010", "32 34 57 45 35 31 32 30 38 20 20 20 20 20 20 20", "24WE51208       ", "02D1"})},
        {}}}};
}

// More columns than 128 characters hold, and sentences longer than a line.
inline DeviceList widest() {
  Section jams{"Jams by place and size",
               {{"Place", Kind::text}},
               {row("J-10", {"Tray 1"}), row("J-31", {"Fixing"})},
               {}};
  for (int i = 0; i < 45; ++i) {
    jams.columns.push_back({"Size " + std::to_string(i), Kind::count});
    for (Row& place : jams.rows) place.cells.push_back(std::to_string(i * 7));
  }
  std::string sentence;
  for (int i = 0; i < 12; ++i) sentence += "The code of a jam names the sensor that waited. ";
  Section notes{
      "What the codes mean",
      {{"Code", Kind::text}, {"Meaning", Kind::text}, {"Count", Kind::count}},
      {row({}, {"J-10", sentence, "123456"}), row({}, {"J-31", "Paper stays in the fixing unit", "7"})},
      sentence};
  return {ListId::management1,
          {jams, notes, {"Newest SCs", {{"SC", Kind::hex}}, {}, {}}, {"Remark", {}, {}, "None."}}};
}

}  // namespace remotemail::samples
