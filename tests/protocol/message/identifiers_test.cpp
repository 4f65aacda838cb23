#include "protocol/message/identifiers.hpp"

#include <doctest/doctest.h>

using namespace remotemail;

TEST_CASE("identifiers: a Message-ID is dot-atom @ dot-atom or literal, at most 250 octets [R4]") {
  for (const char* good : {"a@b", "a.b+c@d.e", "x@[127.0.0.1]", "!#$%&'*+-/=?^_`{|}~@a", "1@2.3"}) {
    CAPTURE(good);
    CHECK(is_message_id(good));
  }
  CHECK(is_message_id(std::string(248, 'a') + "@b"));
  CHECK_FALSE(is_message_id(std::string(249, 'a') + "@b"));
  for (const char* bad :
       {"", "@", "a@", "@b", "a", "a@b@c", "a..b@c", ".a@b", "a.@b", "a@b.", "a b@c", "<a@b>", "a@[b", "a@[]",
        "a@[b\\]", "a@b\r\nX: y", "\"a\"@b", "a@b>", "\xC3\xA4@b"}) {
    CAPTURE(bad);
    CHECK_FALSE(is_message_id(bad));
  }
}

TEST_CASE("identifiers: a mail address is local@domain without the forbidden characters [B19]") {
  for (const char* good :
       {"a@b", "ce@example.com", "a..b.@docomo.example", "o'neil+x=y@a-b.example", "a@127.0.0.1", "a@b_c"}) {
    CAPTURE(good);
    CHECK(is_mail_address(good));
  }
  for (const char* bad : {"", "a", "@b", "a@", "a@@b", "a@b@c", "a b@c", "a@b c", "a@b.", "a@.b", "a@b..c",
                          "a@[1.2.3.4]", "a@b\n", "\xC3\xA4@b", "a@\xC3\xA4", "a\x01@b", "a\x7F@b"}) {
    CAPTURE(bad);
    CHECK_FALSE(is_mail_address(bad));
  }
  for (const char c : std::string("()<>,;:\\\"[] \t")) {
    CAPTURE(c);
    CHECK_FALSE(is_mail_address(std::string("a") + c + "b@c"));
    CHECK_FALSE(is_mail_address(std::string("a@b") + c + "c"));
  }
  CHECK(is_mail_address(std::string(64, 'a') + "@b"));
  CHECK_FALSE(is_mail_address(std::string(65, 'a') + "@b"));
  CHECK(is_mail_address("a@" + std::string(252, 'b')));
  CHECK_FALSE(is_mail_address("a@" + std::string(253, 'b')));
  CHECK_FALSE(is_mail_address(std::string_view("a\0@b", 4)));
}

TEST_CASE("identifiers: only well-formed ids of a field count, in their order") {
  CHECK(message_ids_of(" <a@b>\n\t<c@d> junk <e> <f@g") == std::vector<std::string>{"a@b", "c@d"});
  CHECK(message_ids_of("<<a@b>>") == std::vector<std::string>{"a@b"});
  CHECK(message_ids_of(std::string(5000, '<')).empty());
}
