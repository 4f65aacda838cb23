#include "protocol/message/header_fields.hpp"

#include <doctest/doctest.h>

#include "remotemail/core/limits.hpp"

using namespace remotemail;

TEST_CASE("header fields: CRLF, LF and CR end a line, and CRs before an LF belong to it [D9]") {
  struct {
    std::string bytes, text;
    std::size_t header;
  } const cases[] = {
      {"", "", 0},
      {"a: b\r\n\r\nx", "a: b\n\nx", 8},
      {"a: b\n\nx", "a: b\n\nx", 6},
      {"a: b\r\rx", "a: b\n\nx", 6},
      {"a: b\r\r\n\r\r\nx", "a: b\n\nx", 10},
      {"\r\nx", "\nx", 2},
      {"\r\r\rx\n", "\n\n\nx\n", 1},
      {"a: b\r\nc", "a: b\nc", 7},
      {"a: b\r", "a: b\n", 5},
      {"a: b\n\r\n\r\n", "a: b\n\n\n", 7},
  };
  for (const auto& c : cases) {
    CAPTURE(c.bytes);
    const LineText got = normalise_line_ends(c.bytes);
    CHECK(got.text == c.text);
    CHECK(got.header_octets == c.header);
  }
}

TEST_CASE("header fields: folded, obsolete and broken lines are read leniently [D]") {
  const std::string text =
      "From someone Sun Nov 22 17:52:00 2026\n"
      "Subject : one\n two\n\tthree\n"
      "no field at all\n and what hangs on it\n"
      ": nameless\n"
      "B\xC3\xA4r: not ASCII\n"
      "X-Empty:\n"
      "X-Blank: a\n \n b\n"
      "\n"
      "Body: no field\n";
  const HeaderBlock block = split_header(text);
  REQUIRE(block.fields.size() == 3);
  CHECK(block.fields[0].name == "Subject");
  CHECK(unfold(block.fields[0].value) == " one two\tthree");
  CHECK(block.fields[1].name == "X-Empty");
  CHECK(block.fields[1].value.empty());
  CHECK(unfold(block.value_of("x-blank")) == " a  b");
  CHECK(block.find("Body") == nullptr);
  CHECK(text.substr(block.size) == "Body: no field\n");
}

TEST_CASE("header fields: parameters whose blank was lost in front still belong to their field [D9]") {
  const HeaderBlock block = split_header(
      "Content-Type: multipart/mixed;\nboundary=\"b\";\ntype*0=x\nSubject: x;\ny=z\nContent-Id: a\nb=c\n\n");
  CHECK(unfold(block.value_of("Content-Type")) == " multipart/mixed;boundary=\"b\";type*0=x");
  CHECK(block.value_of("Subject") == " x;");
  CHECK(block.value_of("Content-Id") == " a");
}

TEST_CASE(
    "header fields: the header of a part ends where its text begins, with or without an empty line [D9]") {
  struct {
    const char *text, *body;
    std::size_t fields;
  } const cases[] = {
      {"A: b\n\nGETLOG\n", "GETLOG\n", 1}, {"A: b\nGETLOG\n\nHELP\n", "GETLOG\n\nHELP\n", 1},
      {"GETLOG\n", "GETLOG\n", 0},         {"  GETLOG\nA: b\n", "  GETLOG\nA: b\n", 0},
      {"\nA: b\n", "A: b\n", 0},           {"A: b\n c\nI said: x\n", "I said: x\n", 1},
  };
  for (const auto& c : cases) {
    const std::string_view text = c.text;
    CAPTURE(text);
    const HeaderBlock block = split_part_header(text);
    CHECK(text.substr(block.size) == c.body);
    CHECK(block.fields.size() == c.fields);
  }
}

TEST_CASE("header fields: a header without body, a body without header, nothing at all") {
  CHECK(split_header("").fields.empty());
  CHECK(split_header("\nA: b\n").fields.empty());
  CHECK(split_header("\nA: b\n").size == 1);
  CHECK(split_header("A: b").value_of("A") == " b");
  CHECK(split_header("A: b\n c").value_of("A") == " b\n c");
}

TEST_CASE("header fields: 256 fields are read, the next one is a defect [D]") {
  std::string text;
  for (std::size_t i = 0; i < limits::kHeaderFields; ++i) text += "X: y\n";
  CHECK_FALSE(split_header(text + "\n").too_many_fields);
  const HeaderBlock block = split_header(text + "X: one more\n\n");
  CHECK(block.too_many_fields);
  CHECK(block.fields.size() == limits::kHeaderFields);
}

TEST_CASE("header fields: a field of 16 KiB is read, a longer one is cut and a defect [D]") {
  const std::string exact = "X: " + std::string(limits::kHeaderField - 3, 'y');
  CHECK_FALSE(split_header(exact + "\nA: b\n\n").field_too_long);
  const std::string longer = exact + "\n y\nA: b\n\n";
  const HeaderBlock block = split_header(longer);
  CHECK(block.field_too_long);
  CHECK(block.value_of("X").size() <= limits::kHeaderField);
  CHECK(block.value_of("A") == " b");
}

TEST_CASE("header fields: comments go, nested too; quoted strings and open parentheses stay") {
  struct {
    const char *raw, *expected;
  } const cases[] = {
      {"no (maybe (not)) x", "no   x"},
      {"\"a (b)\" c", "\"a (b)\" c"},
      {"a \\( b", "a \\( b"},
      {"a (b", "a (b"},
      {"a (b \\) c) d", "a   d"},
      {"\"open (x) y", "\"open   y"},
      {"(", "("},
      {"()", " "},
  };
  for (const auto& c : cases) {
    CAPTURE(c.raw);
    CHECK(without_comments(c.raw) == c.expected);
  }
}
