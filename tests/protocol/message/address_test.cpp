#include "protocol/message/address.hpp"

#include <doctest/doctest.h>

using namespace remotemail;

TEST_CASE("address: the forms mail programs write give one mailbox [D]") {
  struct {
    const char *raw, *address, *name;
  } const cases[] = {
      {"ce@example.com", "ce@example.com", ""},
      {" <ce@example.com>", "ce@example.com", ""},
      {"Joe <ce@example.com>", "ce@example.com", "Joe"},
      {"Joe Q. Public\n <ce@example.com>", "ce@example.com", "Joe Q. Public"},
      {"\"Doe, John\" <ce@example.com>", "ce@example.com", "Doe, John"},
      {"Doe, John <ce@example.com>", "ce@example.com", "Doe, John"},
      {"\"a \\\"b\\\" \\\\\" <ce@example.com>", "ce@example.com", "a \"b\" \\"},
      {"ce@example.com (John (the CE))", "ce@example.com", "John (the CE)"},
      {"ce@example.com <ce@example.com>", "ce@example.com", "ce@example.com"},
      {"=?UTF-8?Q?J=C3=B6rg?= <ce@example.com>", "ce@example.com", "J\xC3\xB6rg"},
      {"=?UTF-8?B?SsO2?=\n =?UTF-8?B?cmc=?= <ce@example.com>", "ce@example.com", "J\xC3\xB6rg"},
      {"\"=?UTF-8?Q?J=C3=B6rg?=\" <ce@example.com>", "ce@example.com", "J\xC3\xB6rg"},
      {"=?UTF-8?Q?x=0D=0ABcc:_y?= <ce@example.com>", "ce@example.com", "x  Bcc: y"},
      {"=?UTF-8?Q?<admin@corp.example>?= <ce@example.com>", "ce@example.com", "<admin@corp.example>"},
      {"=?UTF-8?Q?Miller,_Ann?= <ce@example.com>", "ce@example.com", "Miller, Ann"},
      {"=?UTF-8?Q?=3Cadmin=40corp.example=3E?= <ce@example.com>", "ce@example.com", "<admin@corp.example>"},
      {"<@relay.example,@b.example:ce@example.com>", "ce@example.com", ""},
      {"ce @ example . com", "ce@example.com", ""},
      {"Joe <ce@example.com.>", "ce@example.com", "Joe"},
      {"Joe <ce@example.com..>", nullptr, nullptr},
      {"\"a..b.\"@docomo.example", "a..b.@docomo.example", ""},
      {"a..b.@docomo.example", "a..b.@docomo.example", ""},
      {"Joe :) <ce@example.com>", nullptr, nullptr},
      {"Joe (open <ce@example.com>", "ce@example.com", "Joe (open"},
      {"J\xC3\xB6rg <ce@example.com>", "ce@example.com", "J\xC3\xB6rg"},
      {"J\xF6rg <ce@example.com>", "ce@example.com", "J\xEF\xBF\xBDrg"},
      {"ce@example.com,", "ce@example.com", ""},
  };
  for (const auto& c : cases) {
    INFO(std::string(c.raw));
    const AddressList list = parse_addresses(c.raw);
    if (c.address == nullptr) {
      CHECK(list.malformed);
      continue;
    }
    CHECK_FALSE(list.malformed);
    CHECK(list.entries == 1);
    REQUIRE(list.mailboxes.size() == 1);
    CHECK(list.mailboxes[0] == MailAddress{c.address, c.name});
  }
}

TEST_CASE("address: groups, encoded addresses and damage are malformed [D] [fault 83]") {
  for (const char* bad : {"undisclosed-recipients:;",
                          "group: ce@example.com;",
                          "=?UTF-8?Q?ce=40example.com?=",
                          "\"=?\"x?=@example.com",
                          "=?UTF-8?Q?ce@example.com?=",
                          "=?UTF-8?Q?ce?=@example.com",
                          "<=?UTF-8?Q?ce?=@example.com>",
                          "=?UTF-8?B?Y2VAZXhhbXBsZS5jb20=?=",
                          "\"c e\"@example.com",
                          "\"c\\\x01\"@example.com",
                          "\"a@b\"@c",
                          "Joe",
                          "<>",
                          "Joe <>",
                          "Joe <ce@example.com",
                          "<a@b> <c@d>",
                          "<a@b> c",
                          "a@b>",
                          "a@[1.2.3.4]",
                          "a b@c",
                          "a@b c",
                          "MAILER-DAEMON",
                          "a@b\xC3\xA4"}) {
    CAPTURE(bad);
    CHECK(parse_addresses(bad).malformed);
  }
}

TEST_CASE("address: several mailboxes are counted, good or bad [D]") {
  CHECK(parse_addresses("a@b, c@d").entries == 2);
  CHECK(parse_addresses("a@b, <c d@e>").entries == 2);
  CHECK(parse_addresses("A <a@b>, \"C, D\" <c@d>, e@f").mailboxes.size() == 3);
  std::string fifty;
  for (int i = 0; i < 50; ++i) fifty += "a@b,";
  CHECK(parse_addresses(fifty).entries == 50);
}

TEST_CASE("address: a local part that is no dot-atom is quoted in a header") {
  CHECK(header_form("ce@example.com") == "ce@example.com");
  CHECK(header_form("a..b.@docomo.example") == "\"a..b.\"@docomo.example");
}
