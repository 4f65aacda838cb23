#include <fmt/format.h>

#include "device_adapter/lists/list_layout.hpp"
#include "device_adapter/lists/list_table.hpp"
#include "device_adapter/office_work.hpp"

namespace remotemail {
namespace {

constexpr std::uint64_t kFontReleaseStream = 69, kFontRomStream = 70, kFontFaultStream = 71;

struct FontFact {
  std::string_view code, name, used_for;
  std::string_view dpi, size;
  std::string_view count, which;
};
constexpr std::array<FontFact, 9> kFonts{{
    {"F-01", "Mono 10", "lists, print jobs", "600", "12 point", "95", "all"},
    {"F-02", "Mono 12", "lists, print jobs", "600", "10 point", "95", "all"},
    {"F-03", "Mono 16.7", "lists, line printer", "600", "8.5 point", "95", "all"},
    {"F-04", "Sans", "print jobs", "600", "scalable", "95", "all"},
    {"F-05", "Serif", "print jobs", "600", "scalable", "95", "all"},
    {"F-06", "OCR digits", "print jobs", "600", "12 point", "16", "0-9 + - . < > and blank"},
    {"F-07", "Stamp", "date, page number, watermark", "600", "14 point", "46",
     "0-9 A-Z - / : . # ( ) , ' and blank"},
    {"F-08", "Panel small", "operation panel", "85", "8 x 8 dots", "95", "all"},
    {"F-09", "Panel large", "operation panel", "85", "16 x 16 dots", "95", "all"},
}};
constexpr std::array<std::string_view, 3> kReleases{"1.02", "1.10", "1.21"};

std::uint32_t release_of(const MachineLife& life) {
  Draws draws(life.seed, kFontReleaseStream);
  return draws.below(kReleases.size());
}

// What the release's ROM sums up to, on every machine alike.
std::uint32_t rom_checksum(const MachineLife& life, std::size_t font) {
  Draws draws(0, kFontRomStream, release_of(life) * 64 + font);
  return draws.below(0x10000);
}

// What is read: with one machine in a hundred a bit of one font has died.
std::uint32_t read_checksum(const MachineLife& life, std::size_t font) {
  Draws draws(life.seed, kFontFaultStream);
  const bool dead_bit = draws.chance(1, 100) && draws.below(kFonts.size()) == font;
  return rom_checksum(life, font) ^ (dead_bit ? 0x0010U : 0U);
}

template <std::string_view FontFact::*kMember>
std::string font_text(const MachineLife&, std::size_t row) {
  return std::string(kFonts[row].*kMember);
}
std::string version(const MachineLife& life, std::size_t) {
  return std::string(kReleases[release_of(life)]);
}
std::string expected(const MachineLife& life, std::size_t row) {
  return fmt::format("{:04X}", rom_checksum(life, row));
}
std::string read(const MachineLife& life, std::size_t row) {
  return fmt::format("{:04X}", read_checksum(life, row));
}
std::string verdict(const MachineLife& life, std::size_t row) {
  return read_checksum(life, row) == rom_checksum(life, row) ? "good" : "BAD";
}
constexpr ColumnLayout kFontColumns[] = {
    {"Font", Column::Kind::text, {}, font_text<&FontFact::name>},
    {"Used for", Column::Kind::text, {}, font_text<&FontFact::used_for>},
    {"Size", Column::Kind::text, {}, font_text<&FontFact::size>},
    {"Raster", Column::Kind::number, "dpi", font_text<&FontFact::dpi>},
    {"ROM", Column::Kind::text, {}, version},
    {"Expected", Column::Kind::hex, {}, expected},
    {"Read", Column::Kind::hex, {}, read},
    {"Check", Column::Kind::text, {}, verdict},
};
constexpr ColumnLayout kCoverageColumns[] = {
    {"Font", Column::Kind::text, {}, font_text<&FontFact::name>},
    {"Characters", Column::Kind::count, {}, font_text<&FontFact::count>},
    {"Which", Column::Kind::text, {}, font_text<&FontFact::which>},
};

constexpr unsigned kFirstRow = 0x2, kRows = 6;
constexpr std::string_view kDigits = "0123456789ABCDEF";

// The character of a row and column of the grid; a blank cannot be seen, 7F is none.
template <unsigned kColumn>
std::string character(const MachineLife&, std::size_t row) {
  const auto code = static_cast<char>((kFirstRow + row) * 16 + kColumn);
  if (code == ' ') return "SP";
  return code == 0x7F ? std::string() : std::string(1, code);
}
template <unsigned kColumn>
constexpr ColumnLayout character_column() {
  return {kDigits.substr(kColumn, 1), Column::Kind::text, {}, character<kColumn>};
}
template <std::size_t... kColumns>
constexpr auto grid_columns(std::index_sequence<kColumns...>) {
  return std::array{character_column<kColumns>()...};
}
constexpr auto kGridColumns = grid_columns(std::make_index_sequence<16>());

constexpr SectionLayout kSections[] = {
    {"Fonts", kFontColumns, rows_of<kFonts>, code_of<kFonts>,
     "Expected, Read: checksums of the font ROM. BAD: replace the ROM; characters of that font print wrong."},
    {"Characters of each font", kCoverageColumns, rows_of<kFonts>,
     [](const MachineLife&, std::size_t row) { return fmt::format("{}-C", kFonts[row].code); }},
    {"Characters by code", kGridColumns, [](const MachineLife&) { return std::size_t{kRows}; },
     [](const MachineLife&, std::size_t row) { return fmt::format("{}x", kFirstRow + row); },
     "Row: the code's first hexadecimal digit, column: its second. 41 is A. SP: blank."},
};
constexpr ListLayout kFontLayout{ListId::font, kSections};

}  // namespace

DeviceList make_font_pattern_list(const MachineLife& life) {
  return build_list(kFontLayout, life);
}

}  // namespace remotemail
