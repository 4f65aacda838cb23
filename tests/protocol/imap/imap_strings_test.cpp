#include "protocol/imap/imap_strings.hpp"

#include <doctest/doctest.h>

using namespace remotemail::imap;

TEST_CASE("imap strings: sent as atom, quoted or literal, whichever carries them [A20]") {
  struct Row {
    std::string text;
    std::vector<std::string> lines;
  };
  const Row rows[] = {
      {"bob", {"LOGIN bob"}},
      {"bob@example.com", {"LOGIN bob@example.com"}},
      {"", {"LOGIN \"\""}},
      {"nil", {"LOGIN \"nil\""}},
      {"two words", {"LOGIN \"two words\""}},
      {"a\"b\\c", {"LOGIN \"a\\\"b\\\\c\""}},
      {"(%*{]", {"LOGIN \"(%*{]\""}},
      {"m\xC3\xBCller", {"LOGIN {7}", "m\xC3\xBCller"}},
      {"\x7F", {"LOGIN {1}", "\x7F"}},
  };
  for (const Row& row : rows) {
    CAPTURE(row.text);
    CHECK(Command("LOGIN").string(row.text).lines() == row.lines);
  }
  CHECK(Command("LOGIN").string("\xC3\xBC").string("\xC3\xA4 x").lines() ==
        std::vector<std::string>{"LOGIN {2}", "\xC3\xBC {4}", "\xC3\xA4 x"});
  CHECK(Command("LOGIN").string("\xC3\xBC").string("x").lines() ==
        std::vector<std::string>{"LOGIN {2}", "\xC3\xBC x"});
}

TEST_CASE("imap strings: mailbox names go out in modified UTF-7 [A20]") {
  struct Row {
    std::string name;
    std::string encoded;
  };
  const Row rows[] = {
      {"INBOX", "INBOX"},
      {"inBox", "INBOX"},
      {"", ""},
      {"Archive/2026", "Archive/2026"},
      {"R&D", "R&-D"},
      {"Entw\xC3\xBCrfe", "Entw&APw-rfe"},
      {"~peter/mail/\xE5\x8F\xB0\xE5\x8C\x97/\xE6\x97\xA5\xE6\x9C\xAC\xE8\xAA\x9E",
       "~peter/mail/&U,BTFw-/&ZeVnLIqe-"},
      {"\xF0\x9F\x98\x80", "&2D3eAA-"},
      {"\xC3\xBC&", "&APw-&-"},
  };
  for (const Row& row : rows) {
    CAPTURE(row.name);
    CHECK(encode_mailbox_name(row.name) == row.encoded);
  }
  for (const std::string bad :
       {"\xFF", "\xC3", "\xC3(", "\xC0\x80", "\xE0\x80\x80", "\xED\xA0\x80", "\xF4\x90\x80\x80", "a\x80"}) {
    CAPTURE(bad);
    CHECK_FALSE(encode_mailbox_name(bad));
  }
}

TEST_CASE("imap strings: a set names the UIDs given and no other [fault 32]") {
  using Uids = std::vector<std::uint64_t>;
  using Sets = std::vector<std::string>;
  CHECK(format_uid_sets(Uids{}) == Sets{});
  CHECK(format_uid_sets(Uids{7}) == Sets{"7"});
  CHECK(format_uid_sets(Uids{1, 2, 3, 5, 7, 8}) == Sets{"1:3,5,7:8"});
  CHECK(format_uid_sets(Uids{4294967294, 4294967295}) == Sets{"4294967294:4294967295"});
  CHECK(format_uid_sets(Uids{10, 20, 30, 40, 50}, 5) == Sets{"10,20", "30,40", "50"});
}
