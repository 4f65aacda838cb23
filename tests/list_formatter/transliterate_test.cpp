#include <doctest/doctest.h>

#include "core/text.hpp"
#include "core/utf8.hpp"
#include "remotemail/list_formatter/list_formatter.hpp"

using namespace remotemail;

TEST_CASE("transliterate: letters, typographic signs and fullwidth forms have ASCII equivalents [G10]") {
  struct {
    const char *text, *expected;
  } const cases[] = {
      {"", ""},
      {"plain ~ text", "plain ~ text"},
      {"Gr\xC3\xB6\xC3\x9F"
       "e, \xC3\x84rger, \xC3\x9C"
       "bung",
       "Groesse, Aerger, Uebung"},
      {"caf\xC3\xA9 na\xC3\xAFve gar\xC3\xA7on \xC3\x86sop c\xC5\x93ur", "cafe naive garcon AEsop coeur"},
      {"\xC5\x81\xC3\xB3"
       "d\xC5\xBA, \xC4\x8C"
       "esko, \xC5\x9Etefan, \xC8\x98tefan, \xC4\xB0zmir",
       "Lodz, Cesko, Stefan, Stefan, Izmir"},
      {"\xC3\x98rsted \xC3\xBE \xC3\x90", "Orsted th D"},
      {"Vi\xE1\xBB\x87t", "Viet"},
      {"\xE2\x80\x9CSE\xE2\x80\x99s\xE2\x80\x9D \xE2\x80\x93 \xE2\x80\xA6", "\"SE's\" - ..."},
      {"\xC2\xA5"
       "100 \xEF\xBF\xA5 \xE2\x82\xAC",
       "Y100 Y EUR"},
      {"25\xC2\xB0"
       "C, 5 \xC2\xB5m, 10 \xCE\xA9, \xC2\xB1"
       "2",
       "25degC, 5 um, 10 Ohm, +/-2"},
      {"\xEF\xBC\xA1"
       "1\xEF\xBC\x8D\xEF\xBD\x9E\xE3\x80\x80x",
       "A1-~ x"},
      {"e\xCC\x81", "e"},
      {"a\xC2\xA0"
       "b\xE2\x80\x8B"
       "c\xEF\xBB\xBF",
       "a bc"},
      {"a\tb\nc\rd", "a b c d"},
      {"\x01\x7F\x1B", "???"},
      {"\xE6\x97\xA5\xE6\x9C\xAC", "??"},
      {"\xF0\x9F\x98\x80!", "?!"},
      {"\xC3", "?"},
      {"\xC3(", "?("},
      {"\x80\xFF", "??"},
      {"\xC0\xAF", "??"},
      {"\xED\xA0\x80", "???"},
      {"\xF5\x80\x80\x80", "????"},
  };
  for (const auto& c : cases) {
    CAPTURE(c.expected);
    CHECK(transliterate(c.text) == c.expected);
  }
}

TEST_CASE("transliterate: every letter of the Latin blocks is a letter afterwards [G10]") {
  const auto encode = [](unsigned c) {
    return c < 0x800 ? std::string{static_cast<char>(0xC0 | c >> 6), static_cast<char>(0x80 | (c & 63))}
                     : std::string{static_cast<char>(0xE0 | c >> 12), static_cast<char>(0x80 | (c >> 6 & 63)),
                                   static_cast<char>(0x80 | (c & 63))};
  };
  const auto check = [&](unsigned first, unsigned last) {
    for (unsigned c = first; c <= last; ++c) {
      if (c == 0xD7 || c == 0xF7) continue;
      CAPTURE(c);
      const std::string text = transliterate(encode(c));
      CHECK(!text.empty());
      for (const char letter : text) CHECK(is_alpha(letter));
    }
  };
  check(0xC0, 0x17F);
  check(0x218, 0x21B);
  check(0x1E9E, 0x1E9E);
  check(0x1EA0, 0x1EF9);
}

TEST_CASE("transliterate: any octets become printable ASCII, never more than four for one [G9]") {
  std::uint32_t state = 1;
  for (int round = 0; round < 300; ++round) {
    std::string text;
    for (int i = 0; i < 200; ++i) {
      state = state * 1664525U + 1013904223U;
      text += static_cast<char>(state >> 24U);
    }
    const std::string out = transliterate(text);
    CHECK(out.size() <= 4 * text.size());
    CHECK(std::all_of(out.begin(), out.end(), is_printable));
  }
}

TEST_CASE("utf8: characters are read one by one, what is malformed octet by octet") {
  struct {
    const char* text;
    std::u32string expected;
  } const cases[] = {
      {"a\xC3\xA4\xE2\x82\xAC\xF0\x9F\x98\x80", U"a\u00E4\u20AC\U0001F600"},
      {"\xF4\x8F\xBF\xBF", U"\U0010FFFF"},
      {"\xF4\x90\x80\x80", U"\uFFFD\uFFFD\uFFFD\uFFFD"},
      {"\xE0\x80\x80", U"\uFFFD\uFFFD\uFFFD"},
      {"\xE2\x82", U"\uFFFD\uFFFD"},
      {"\xF0\x9F\x98", U"\uFFFD\uFFFD\uFFFD"},
  };
  for (const auto& c : cases) {
    std::u32string read;
    const std::string_view text = c.text;
    for (std::size_t at = 0; at < text.size();) read += next_character(text, at);
    CHECK((read == c.expected));
  }
}
