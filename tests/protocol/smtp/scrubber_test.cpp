#include "core/text.hpp"
#include "protocol/dialogue.hpp"
#include "protocol/smtp/smtp_support.hpp"

using namespace remotemail;

namespace {

Scrubber scrubber(std::string password) {
  ServerAccount account;
  account.user = "bob";
  account.password = Secret(std::move(password));
  return Scrubber(account);
}

}  // namespace

TEST_CASE("scrubber: a password is hidden in every form that it is sent in, and nothing else [Y4]") {
  using namespace std::string_literals;
  const struct {
    std::string password, line, shown;
  } rows[] = {
      {"hunter2pw", "-ERR bad command: PASS hunter2pw", "-ERR bad command: PASS ***"},
      {"hunter2pw", "hunter2pwhunter2pw, hunter2pw!", "***, ***!"},
      {"hunter2pw", "Hunter2pw hunter2p", "Hunter2pw hunter2p"},
      {"hunter2pw", "AUTH PLAIN " + encode_base64("\0bob\0hunter2pw"s) + " what", "AUTH PLAIN *** what"},
      {"hunter2pw", "334 " + encode_base64("hunter2pw"), "334 ***"},
      {"hunter2", "334 " + encode_base64("hunter2") + "?", "334 ***?"},
      {"hunter2", "334 aHVudGVyMg", "334 ***"},  // a server that drops the padding
      {R"(a"b\cdef)", R"(BAD LOGIN bob "a\"b\\cdef")", R"(BAD LOGIN bob "***")"},
      {R"(a"b\cdef)", R"(BAD LOGIN bob a"b\cdef)", "BAD LOGIN bob ***"},
      {"abab", "ababab", "***"},  // overlapping
      {"p\xC3\xA4sswort", "no p\xC3\xA4sswort", "no ***"},
      {"tab\tbed", "no tab\tbed", "no ***"},
      {"abcd", "no abcd", "no ***"},
      {"abc", "a line with abc in it", "(the server repeated the password)"},
      {"abc", "a line with YWJj in it", "(the server repeated the password)"},
      {"abc", "a line without", "a line without"},
      {"", "a line", "a line"},
  };
  for (const auto& [password, line, shown] : rows) {
    CAPTURE(line);
    CHECK(scrubber(password).shown(line) == shown);
  }
}

TEST_CASE("scrubber: a line is cut after the password is out of it, not through it [Y4, Y6]") {
  const std::string shown =
      scrubber("hunter2pw").shown(std::string(190, 'x') + " hunter2pw" + std::string(50, 'y'));
  CHECK(shown.find("hunt") == std::string::npos);
  CHECK(shown.size() <= 200);
  CHECK(scrubber("hunter2pw").shown("\x1b[31m hunter2pw\x80") == "?[31m ***");
}
