#include <algorithm>
#include <array>
#include <string>
#include <string_view>

#include "core/utf8.hpp"
#include "remotemail/list_formatter/list_formatter.hpp"

namespace remotemail {
namespace {

// Neighbouring characters, each of which becomes one letter.
struct Run {
  char32_t first;
  std::string_view letters;
};

struct Single {
  char32_t character;
  std::string_view text;
};

constexpr std::array<Run, 4> kRuns{{
    // Latin-1 letters
    {0xC0, "AAAAAAACEEEEIIIIDNOOOOOxOUUUUYTsaaaaaaaceeeeiiiidnooooo/ouuuuyty"},
    // Latin Extended-A
    {0x100,
     "AaAaAaCcCcCcCcDdDdEeEeEeEeEeGgGgGgGgHhHhIiIiIiIiIiIiJjKkkLlLlLlLlLlNnNnNnnNnOoOoOoOoRrRrRrSsSsSsSsTtTtT"
     "tUuUuUuUuUuUu"
     "WwYyYZzZzZzs"},
    {0x218, "SsTt"},
    // Latin Extended Additional, the letters of Vietnamese
    {0x1EA0, "AaAaAaAaAaAaAaAaAaAaAaAaEeEeEeEeEeEeEeEeIiIiOoOoOoOoOoOoOoOoOoOoOoOoUuUuUuUuUuUuUuYyYyYyYy"},
}};

// Sorted; asked before the runs.
constexpr std::array kSingles = std::to_array<Single>({
    {0x00A0, " "},    {0x00A1, "!"},   {0x00A2, "c"},    {0x00A3, "GBP"}, {0x00A5, "Y"},   {0x00A6, "|"},
    {0x00A7, "S"},    {0x00A8, "\""},  {0x00A9, "(C)"},  {0x00AA, "a"},   {0x00AB, "<<"},  {0x00AD, ""},
    {0x00AE, "(R)"},  {0x00AF, "-"},   {0x00B0, "deg"},  {0x00B1, "+/-"}, {0x00B2, "2"},   {0x00B3, "3"},
    {0x00B4, "'"},    {0x00B5, "u"},   {0x00B7, "."},    {0x00B8, ","},   {0x00B9, "1"},   {0x00BA, "o"},
    {0x00BB, ">>"},   {0x00BC, "1/4"}, {0x00BD, "1/2"},  {0x00BE, "3/4"}, {0x00C4, "Ae"},  {0x00C6, "AE"},
    {0x00D6, "Oe"},   {0x00DC, "Ue"},  {0x00DE, "Th"},   {0x00DF, "ss"},  {0x00E4, "ae"},  {0x00E6, "ae"},
    {0x00F6, "oe"},   {0x00FC, "ue"},  {0x00FE, "th"},   {0x0132, "IJ"},  {0x0133, "ij"},  {0x0152, "OE"},
    {0x0153, "oe"},   {0x0192, "f"},   {0x02BC, "'"},    {0x02C6, "^"},   {0x02DC, "~"},   {0x03A9, "Ohm"},
    {0x03BC, "u"},    {0x1E9E, "SS"},  {0x2010, "-"},    {0x2011, "-"},   {0x2012, "-"},   {0x2013, "-"},
    {0x2014, "-"},    {0x2015, "-"},   {0x2018, "'"},    {0x2019, "'"},   {0x201A, "'"},   {0x201B, "'"},
    {0x201C, "\""},   {0x201D, "\""},  {0x201E, "\""},   {0x201F, "\""},  {0x2020, "+"},   {0x2022, "*"},
    {0x2024, "."},    {0x2025, ".."},  {0x2026, "..."},  {0x202F, " "},   {0x2032, "'"},   {0x2033, "\""},
    {0x2039, "<"},    {0x203A, ">"},   {0x2044, "/"},    {0x205F, " "},   {0x20AC, "EUR"}, {0x2103, "degC"},
    {0x2109, "degF"}, {0x2116, "No."}, {0x2122, "(TM)"}, {0x2126, "Ohm"}, {0x2190, "<-"},  {0x2191, "^"},
    {0x2192, "->"},   {0x2193, "v"},   {0x2212, "-"},    {0x2215, "/"},   {0x2248, "~"},   {0x2260, "!="},
    {0x2264, "<="},   {0x2265, ">="},  {0x3000, " "},    {0x3001, ","},   {0x3002, "."},   {0x300C, "\""},
    {0x300D, "\""},   {0xFB00, "ff"},  {0xFB01, "fi"},   {0xFB02, "fl"},  {0xFB03, "ffi"}, {0xFB04, "ffl"},
    {0xFFE0, "c"},    {0xFFE1, "GBP"}, {0xFFE5, "Y"},
});

static_assert(std::is_sorted(kSingles.begin(), kSingles.end(),
                             [](const Single& a, const Single& b) { return a.character < b.character; }));
static_assert(kRuns[0].letters.size() == 0x40 && kRuns[1].letters.size() == 0x80 &&
              kRuns[3].letters.size() == 0x5A);

// Characters that only change how others look or run.
constexpr bool is_invisible(char32_t c) {
  return is_zero_width(c) || (c >= 0x300 && c <= 0x36F) || (c >= 0x202A && c <= 0x202E) ||
         (c >= 0x2066 && c <= 0x2069) || (c >= 0xFE00 && c <= 0xFE0F);
}

constexpr bool is_space(char32_t c) {
  return c == '\t' || c == '\n' || c == '\r' || (c >= 0x2000 && c <= 0x200A);
}

void append(std::string& out, char32_t c) {
  if (c >= 0x20 && c <= 0x7E) {
    out += static_cast<char>(c);
    return;
  }
  if (is_invisible(c)) return;
  if (is_space(c)) {
    out += ' ';
    return;
  }
  if (c >= 0xFF01 && c <= 0xFF5E) {  // fullwidth forms of ASCII
    out += static_cast<char>(c - 0xFEE0);
    return;
  }
  const auto* single =
      std::lower_bound(kSingles.begin(), kSingles.end(), c,
                       [](const Single& entry, char32_t value) { return entry.character < value; });
  if (single != kSingles.end() && single->character == c) {
    out += single->text;
    return;
  }
  for (const Run& run : kRuns) {
    if (c >= run.first && c < run.first + run.letters.size()) {
      out += run.letters[c - run.first];
      return;
    }
  }
  out += '?';
}

}  // namespace

std::string transliterate(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  for (std::size_t at = 0; at < text.size();) append(out, next_character(text, at));
  return out;
}

}  // namespace remotemail
