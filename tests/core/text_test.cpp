#include <doctest/doctest.h>

#include "core/text.hpp"
#include "remotemail/core/commands.hpp"

using namespace remotemail;

TEST_CASE("text: a word means a command when it is a prefix of at least the minimum [E3]") {
  struct { const char *word, *name, *minimum; bool expected; } const cases[] = {
      {"G", "GETLOG", "G", true},        {"getl", "GETLOG", "G", true}, {"GETLOG", "GETLOG", "G", true},
      {"GETLOGS", "GETLOG", "G", false}, {"", "GETLOG", "G", false},    {"P", "PIXEL", "PI", false},
      {"pi", "PIXEL", "PI", true},       {"PA", "PARAMETER", "P", true}, {"PA", "PIXEL", "PI", false},
  };
  for (const auto& c : cases) {
    CAPTURE(c.word);
    CHECK(means(c.word, c.name, c.minimum) == c.expected);
  }
}

TEST_CASE("text: a cleaned line is printable ASCII and never longer than asked") {
  CHECK(clean_line("a\tb\r\n\x01") == "a b???");
  CHECK(clean_line("\xC3\xA4x") == "?x");
  CHECK(clean_line("abcdefghij", 10) == "abcdefghij");
  CHECK(clean_line("abcdefghijk", 10) == "abcdefg...");
}

TEST_CASE("text: a number is the whole text, or none") {
  CHECK(parse_number("42") == 42U);
  for (const char* bad : {"", "-1", "+1", " 1", "1 ", "1x", "18446744073709551616", "abc"}) CHECK(!parse_number(bad));
}

TEST_CASE("text: base64 comes back as it was, and damaged base64 does not come back") {
  for (const std::string& plain : {std::string(), std::string("a"), std::string("ab"), std::string("abc"), std::string("\0\xFF\x80", 3)}) {
    CHECK(decode_base64(encode_base64(plain)) == plain);
  }
  CHECK(encode_base64("\xFF\xEF") == "/+8=");
  for (const char* bad : {"a", "ab=c", "====", "a===", "YWJj\n", "YW=j"}) CHECK(!decode_base64(bad));
}
