#include "protocol/imap/imap_wire.hpp"

#include <doctest/doctest.h>

#include "protocol/imap/text_source.hpp"

using namespace remotemail;
using namespace remotemail::imap;
using remotemail::test::TextSource;

namespace {

std::string show(const StatusText& status) {
  constexpr std::string_view kWords[] = {"ok", "no", "bad", "bye", "preauth"};
  std::string text(kWords[static_cast<std::size_t>(status.condition)]);
  if (!status.code.empty()) text += " [" + status.code + "|" + status.argument + "]";
  return text + " " + status.text;
}

struct Show {
  std::string operator()(const Tagged& v) const { return "tagged " + v.tag + " " + show(v.status); }
  std::string operator()(const Untagged& v) const { return "untagged " + show(v.status); }
  std::string operator()(const Continuation& v) const { return "continue " + v.text; }
  std::string operator()(const Capabilities& v) const {
    std::string text = "capabilities";
    for (const auto& name : v.names) text += " " + name;
    return text;
  }
  std::string operator()(const Exists& v) const { return "exists " + std::to_string(v.count); }
  std::string operator()(const Expunged& v) const { return "expunged " + std::to_string(v.number); }
  std::string operator()(const SearchHits& v) const {
    std::string text = "search";
    for (const auto number : v.numbers) text += " " + std::to_string(number);
    return text;
  }
  std::string operator()(const Fetched& v) const {
    std::string text = "fetched " + std::to_string(v.number);
    if (v.uid) text += " uid=" + std::to_string(*v.uid);
    if (v.size) text += " size=" + std::to_string(*v.size);
    for (const auto& part : v.parts) {
      text += " [" + part.section + "]@" + std::to_string(part.origin) + "=" +
              (part.bytes ? "'" + *part.bytes + "'" : "NIL");
    }
    return text;
  }
  std::string operator()(const Other& v) const { return "other " + v.name; }
};

// The first response of the text, or its error; then, behind " | ", how many octets were left unread.
std::string read(std::string_view text, const ResponseLimits& limits = {}) {
  TextSource source(text);
  const auto response = read_response(source, limits);
  if (!response)
    return "error " + std::string(words(response.error().cause)) + ": " + response.error().detail;
  std::string shown = std::visit(Show{}, *response);
  if (source.left() > 0) shown += " | " + std::to_string(source.left()) + " left";
  return shown;
}

}  // namespace

TEST_CASE("imap grammar: every response a server may send becomes its value [A20]") {
  struct Row {
    std::string text;
    std::string value;
  };
  const Row rows[] = {
      // state responses and their codes
      {"* OK IMAP4rev1 ready\r\n", "untagged ok IMAP4rev1 ready"},
      {"* ok lower case\r\n", "untagged ok lower case"},
      {"* OK\r\n", "untagged ok "},
      {"* OK [UIDVALIDITY 3857529045] UIDs valid\r\n", "untagged ok [UIDVALIDITY|3857529045] UIDs valid"},
      {"* OK [uidnext 4392]\r\n", "untagged ok [UIDNEXT|4392] "},
      {"* OK [PERMANENTFLAGS (\\Deleted \\*)] Limited\r\n",
       "untagged ok [PERMANENTFLAGS|(\\Deleted \\*)] Limited"},
      {"* OK [ALERT] Maintenance at 22:00\r\n", "untagged ok [ALERT|] Maintenance at 22:00"},
      {"* OK [no bracket\r\n", "untagged ok [no bracket"},
      {"* OK text {5}\r\n", "untagged ok text {5}"},
      {"* BYE [UNAVAILABLE] Try later\r\n", "untagged bye [UNAVAILABLE|] Try later"},
      {"* PREAUTH hello bob\r\n", "untagged preauth hello bob"},
      {"a1 NO [AUTHENTICATIONFAILED] Authentication failed.\r\n",
       "tagged a1 no [AUTHENTICATIONFAILED|] Authentication failed."},
      {"a1 NO [INUSE] locked\r\n", "tagged a1 no [INUSE|] locked"},
      {"a1 BAD Unknown command\r\n", "tagged a1 bad Unknown command"},
      {"a1 OK\r\n", "tagged a1 ok "},
      {"a1 OK bare line feed\n", "tagged a1 ok bare line feed"},
      // continuation
      {"+ Ready for literal\r\n", "continue Ready for literal"},
      {"+\r\n", "continue "},
      {"+ \r\n", "continue "},
      // data
      {"* CAPABILITY IMAP4rev1 Sasl-IR AUTH=PLAIN \r\n", "capabilities IMAP4REV1 SASL-IR AUTH=PLAIN"},
      {"* 172 EXISTS\r\n", "exists 172"},
      {"* 1 RECENT\r\n", "other RECENT"},
      {"* 4294967295 EXPUNGE\r\n", "expunged 4294967295"},
      {"* FLAGS (\\Answered \\Seen)\r\n", "other FLAGS"},
      {"* SEARCH\r\n", "search"},
      {"* SEARCH \r\n", "search"},
      {"* SEARCH 2 84 882\r\n", "search 2 84 882"},
      {"* LIST () \"/\" {6}\r\nfoo {1\r\n", "other LIST"},
      {"* ID (\"name\" \"Dovecot\")\r\n", "other ID"},
      // FETCH
      {"* 12 FETCH (UID 3 RFC822.SIZE 4423)\r\n", "fetched 12 uid=3 size=4423"},
      {"* 12 FETCH (RFC822.SIZE 4423 UID 4294967295)\r\n", "fetched 12 uid=4294967295 size=4423"},
      {"* 12 FETCH (UID 9223372036854775807)\r\n", "fetched 12 uid=9223372036854775807"},
      {"* 12 fetch (FLAGS (\\Seen $Forwarded) uid 3)\r\n", "fetched 12 uid=3"},
      {"* 1 FETCH ()\r\n", "fetched 1"},
      {"* 1 FETCH (UID 3 BODY[HEADER]<0> {6}\r\nA: b\r\n)\r\n", "fetched 1 uid=3 [HEADER]@0='A: b\r\n'"},
      {"* 1 FETCH (BODY[]<0> {0}\r\n UID 3)\r\n", "fetched 1 uid=3 []@0=''"},
      {"* 1 FETCH (BODY[TEXT] \"a \\\"quoted\\\" \\\\ text\" UID 3)\r\n",
       "fetched 1 uid=3 [TEXT]@0='a \"quoted\" \\ text'"},
      {"* 1 FETCH (UID 3 BODY[] NIL)\r\n", "fetched 1 uid=3 []@0=NIL"},
      {"* 1 FETCH (UID 3 BODY[header]<5> {3}\r\n) ()\r\n", "fetched 1 uid=3 [HEADER]@5=') ('"},
      {"* 1 FETCH (BODY[HEADER] {2}\r\nhi BODY[TEXT] {2}\r\nyo UID 7)\r\n",
       "fetched 1 uid=7 [HEADER]@0='hi' [TEXT]@0='yo'"},
      {"* 1 FETCH (ENVELOPE (\"date\" {2}\r\nhi ((NIL NIL \"a\" \"b\")) NIL) MODSEQ (12) UID 3)\r\n",
       "fetched 1 uid=3"},
      {"* 1 FETCH (X-GM-LABELS (\"\\\\Inbox\" foo[1]<2>) UID 3)\r\n", "fetched 1 uid=3"},
      {"* 1 FETCH (BODY (\"TEXT\" \"PLAIN\" NIL) UID 3)\r\n", "fetched 1 uid=3"},
  };
  for (const Row& row : rows) {
    CAPTURE(row.text);
    CHECK(read(row.text) == row.value);
  }
}

TEST_CASE("imap grammar: what is no response is an error, never a guess [Y6]") {
  const std::string rows[] = {
      "\r\n",
      " \r\n",
      "*\r\n",
      "* \r\n",
      "*OK\r\n",
      "a1\r\n",
      "a1 \r\n",
      "a1 HELLO there\r\n",
      "a1 BYE\r\n",
      "a1 PREAUTH\r\n",
      "* 3\r\n",
      "* 3 \r\n",
      "* -1 EXISTS\r\n",
      "* 99999999999999999999 EXISTS\r\n",
      "* 3 EXISTS 4\r\n",
      "* SEARCH 1 x\r\n",
      "* SEARCH 18446744073709551616\r\n",
      "* 1 FETCH\r\n",
      "* 1 FETCH UID 3\r\n",
      "* 1 FETCH (UID\r\n",
      "* 1 FETCH (UID x)\r\n",
      "* 1 FETCH (UID 3\r\n",
      "* 1 FETCH (UID 3))\r\n",
      "* 1 FETCH (BODY[] \"open)\r\n",
      "* 1 FETCH (BODY[] \"open\\\r\n",
      "* 1 FETCH (BODY[HEADER.FIELDS (FROM)] NIL)\r\n",
      "* 1 FETCH (BODY[]<x> NIL)\r\n",
      "* 1 FETCH (BODY[]<0 NIL)\r\n",
      "* 1 FETCH (BODY[] plain)\r\n",
      "* 1 FETCH (FLAGS )\r\n",
      "* 1 FETCH (FLAGS (a)\r\n",
      // [fault 34]
      "* 1 FETCH (BODY[] {-1}\r\nx)\r\n",
      "* 1 FETCH (BODY[] {}\r\nx)\r\n",
      "* 1 FETCH (BODY[] {1\r\nx)\r\n",
      "* 1 FETCH (BODY[] {1}x\r\n)\r\n",
      "* 1 FETCH (BODY[] {18446744073709551616}\r\n)\r\n",
  };
  for (const std::string& row : rows) {
    CAPTURE(row);
    CHECK(read(row).substr(0, 32) == "error the server broke the proto");
  }
}

TEST_CASE("imap grammar: literals of any size are taken or refused unread [fault 34] [Y6]") {
  const ResponseLimits limits{200, 10};
  CHECK(read("* 1 FETCH (BODY[] {0}\r\n)\r\n", limits) == "fetched 1 []@0=''");
  CHECK(read("* 1 FETCH (BODY[] {10}\r\n0123456789)\r\n", limits) == "fetched 1 []@0='0123456789'");
  CHECK(read("* 1 FETCH (BODY[] {1+}\r\nx)\r\n", limits) == "fetched 1 []@0='x'");
  const std::string too_large = "error the server's answer is larger than allowed: a literal of ";
  CHECK(read("* 1 FETCH (BODY[] {11}\r\n01234567890)\r\n", limits) == too_large + "11 octets");
  CHECK(read("* 1 FETCH (BODY[] {4294967295}\r\n", limits) == too_large + "4294967295 octets");
  CHECK(read("* LIST () NIL {11}\r\n01234567890\r\n", limits) == too_large + "11 octets");
  // Together they keep to the limit too.
  CHECK(read("* 1 FETCH (BODY[] {6}\r\n012345 BODY[TEXT] {5}\r\n01234)\r\n", limits) ==
        too_large + "5 octets");
}

TEST_CASE("imap grammar: endless lists, literals and lines end at the limit of octets [fault 35] [Y6]") {
  const std::string parentheses = "* 1 FETCH (FLAGS " + std::string(200'000, '(') + "\r\n";
  CHECK(read(parentheses) == "error the server's answer is larger than allowed: line");
  std::string deep = "* 1 FETCH (X " + std::string(4000, '(') + std::string(4000, ')') + " UID 3)\r\n";
  CHECK(read(deep) == "fetched 1 uid=3");
  std::string literals = "* 1 FETCH (X (";
  for (int i = 0; i < 200'000; ++i) literals += "{0}\r\n";
  TextSource source(literals);
  const auto response = read_response(source);
  REQUIRE(!response);
  CHECK(response.error().cause == Cause::answer_too_large);
  CHECK(source.left() > literals.size() - 2 * limits::kServerLine);
}

TEST_CASE("imap grammar: a line is measured without its end, whichever it has [Y6]") {
  for (const char* end : {"\r\n", "\n"}) {
    CAPTURE(std::string(end));
    CHECK(read("* OK 345678" + std::string(end), {11, 0}) == "untagged ok 345678");
    CHECK(read("* OK 3456789" + std::string(end), {11, 0}) ==
          "error the server's answer is larger than allowed: line");
  }
}

TEST_CASE("imap grammar: a size that is no size is an estimate all the same [fault 28]") {
  CHECK(read("* 1 FETCH (UID 3 RFC822.SIZE abc)\r\n") == "fetched 1 uid=3 size=18446744073709551615");
  CHECK(read("* 1 FETCH (UID 3 RFC822.SIZE -5)\r\n") == "fetched 1 uid=3 size=18446744073709551615");
  CHECK(read("* 1 FETCH (RFC822.SIZE 18446744073709551616 UID 3)\r\n") ==
        "fetched 1 uid=3 size=18446744073709551615");
}

TEST_CASE("imap grammar: NUL octets do no harm [fault 40]") {
  using namespace std::string_literals;
  CHECK(read("* OK a\0b\r\n"s) == "untagged ok a\0b"s);
  CHECK(read("* 1 FETCH (UID 3 BODY[] {3}\r\na\0b)\r\n"s) == "fetched 1 uid=3 []@0='a\0b'"s);
  CHECK(read("* \0 EXISTS\r\n"s).substr(0, 5) == "error");
}

TEST_CASE("imap grammar: ten thousand capabilities are too many [fault 38]") {
  std::string line = "* CAPABILITY";
  for (int i = 0; i < 300; ++i) line += " X" + std::to_string(i);
  CHECK(read(line + "\r\n") == "error the server's answer is larger than allowed: 300 capabilities");
  for (int i = 0; i < 10'000; ++i) line += " Y";
  CHECK(read(line + "\r\n") == "error the server's answer is larger than allowed: line");
}

TEST_CASE("imap grammar: a response uses up its own octets and no more") {
  CHECK(read("* 1 EXISTS\r\n* 2 EXISTS\r\n") == "exists 1 | 12 left");
  CHECK(read("* 1 FETCH (BODY[] {2}\r\nhi)\r\nnext\r\n") == "fetched 1 []@0='hi' | 6 left");
  CHECK(read("* LIST () NIL {2}\r\nhi\r\nnext\r\n") == "other LIST | 6 left");
}
