#include "protocol/message/charset.hpp"

#include <doctest/doctest.h>

using namespace remotemail;

namespace {
const std::string kUnknown(kUnknownCharacter);
}

TEST_CASE("charset: what mails use becomes UTF-8 [D9]") {
  struct {
    const char *bytes, *charset, *utf8;
  } const cases[] = {
      {"GETLOG", "us-ascii", "GETLOG"},
      {"\xE4", "ISO-8859-1", "\xC3\xA4"},
      {"\x80", "iso-8859-1", "\xE2\x82\xAC"},
      {"\xA4", "iso-8859-15", "\xE2\x82\xAC"},
      {"\x93x\x94", "Windows-1252", "\xE2\x80\x9Cx\xE2\x80\x9D"},
      {"\x1B$B%3%T!<\x1B(B GETLOG", "iso-2022-jp", "\xE3\x82\xB3\xE3\x83\x94\xE3\x83\xBC GETLOG"},
      {"\x83R\x83s\x81[", "Shift_JIS", "\xE3\x82\xB3\xE3\x83\x94\xE3\x83\xBC"},
      {"\xA5\xB3", "euc-jp", "\xE3\x82\xB3"},
      {"\xD0\xD5", "koi8-r", "\xD0\xBF\xD1\x83"},
      {"\xD0\xD5", "koi8_r", "\xD0\xBF\xD1\x83"},
      {"\xC3\xA4", "utf_8", "\xC3\xA4"},
      {"\xE4", "ISO8859_1", "\xC3\xA4"},
      {"\xC4\xE3", "gb2312", "\xE4\xBD\xA0"},
      {"\xA7\x41", "big5", "\xE4\xBD\xA0"},
      {"\xB0\xA1", "ks_c_5601-1987", "\xEA\xB0\x80"},
      {"a+AOQ-b", "utf-7",
       "a\xC3\xA4"
       "b"},
      {"\xC3\xA4", "utf-8", "\xC3\xA4"},
      {"\xC3\xA4", "UTF8", "\xC3\xA4"},
      {"\xC3\xA4", "", "\xC3\xA4"},
      {"\xC2\xA0", "us-ascii", "\xC2\xA0"},
  };
  for (const auto& c : cases) {
    CAPTURE(c.charset);
    CHECK(to_utf8(c.bytes, c.charset) == c.utf8);
  }
  CHECK(to_utf8(std::string_view("\0G\0E", 4), "utf-16be") == "GE");
  CHECK(to_utf8(std::string_view("\xFF\xFEG\0E\0", 6), "utf-16") == "GE");
}

TEST_CASE("charset: an unknown charset is read as ASCII, other bytes as unknown characters [D9]") {
  for (const char* name :
       {"x-unknown", "uft-8", "UTF-8//TRANSLIT", "../../x", "IBM1364", "iso-2022-jp-3", "%s"}) {
    CAPTURE(name);
    CHECK(to_utf8("GETLOG \xE4\xF6", name) == "GETLOG " + kUnknown + kUnknown);
  }
  CHECK(to_utf8("a\xE4z", "us-ascii") == "a" + kUnknown + "z");
}

TEST_CASE("charset: damage costs the damaged bytes only, whatever the charset [D9]") {
  CHECK(to_utf8("a\xC3", "utf-8") == "a" + kUnknown);
  CHECK(to_utf8("\xC0\xAF\xED\xA0\x80\xF4\x90\x80\x80z", "utf-8") ==
        kUnknown + kUnknown + kUnknown + kUnknown + kUnknown + kUnknown + kUnknown + kUnknown + kUnknown +
            "z");
  CHECK(to_utf8("a\x81", "shift_jis") == "a" + kUnknown);
  CHECK(to_utf8("\xFF\xFFz", "euc-jp").ends_with("z"));
  CHECK(to_utf8("\x81z", "windows-1252") == kUnknown + "z");
}

TEST_CASE("charset: no input grows beyond four octets for one, none gives ill-formed UTF-8") {
  std::string every;
  for (int i = 0; i < 256; ++i) every += static_cast<char>(i);
  for (int i = 0; i < 3; ++i) every += every;
  for (const char* name :
       {"utf-8", "utf-7", "utf-16", "iso-2022-jp", "iso-2022-kr", "shift_jis", "euc-jp", "euc-tw", "big5",
        "gb18030", "koi8-r", "windows-1258", "tis-620", "macintosh", "x"}) {
    CAPTURE(name);
    const std::string utf8 = to_utf8(every, name);
    CHECK(is_utf8(utf8));
    CHECK(utf8.size() <= every.size() * 4 + 16);
  }
}
