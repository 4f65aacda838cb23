#include "protocol/pop3/pop3_wire.hpp"

#include <doctest/doctest.h>

using namespace remotemail;
using namespace remotemail::pop3;

TEST_CASE("pop3 wire: status lines with and without response codes [Y6]") {
  struct Case {
    std::string_view line;
    std::optional<StatusLine> status;
  };
  const std::vector<Case> cases{
      {"+OK", StatusLine{true, "", ""}},
      {"+OK ready <1896.697170952@dbc.mtview.ca.us>",
       StatusLine{true, "", "ready <1896.697170952@dbc.mtview.ca.us>"}},
      {"+ok ready", StatusLine{true, "", "ready"}},
      {"-ERR", StatusLine{false, "", ""}},
      {"-ERR [IN-USE] Do you have another POP session running?",
       StatusLine{false, "IN-USE", "Do you have another POP session running?"}},
      {"-ERR [sys/temp] try later", StatusLine{false, "SYS/TEMP", "try later"}},
      {"-ERR\t[AUTH]no", StatusLine{false, "AUTH", "no"}},
      {"-ERR [] empty", StatusLine{false, "", "[] empty"}},
      {"-ERR [never closed", StatusLine{false, "", "[never closed"}},
      {"-ERR [two words] x", StatusLine{false, "", "[two words] x"}},
      {"-ERR [[A]] x", StatusLine{false, "", "[[A]] x"}},
      {"+OKAY", {}},
      {"-ERROR", {}},
      {"+", {}},
      {"", {}},
      {" +OK", {}},
      {"* OK IMAP4rev1 ready", {}},
      {"220 smtp.example.com ESMTP", {}},
      {"HTTP/1.1 400 Bad Request", {}},
      {"SSH-2.0-OpenSSH_9.2", {}},
  };
  for (const auto& [line, status] : cases) {
    CAPTURE(line);
    CHECK((parse_status(line) == status));
  }
  CHECK(parse_status("-ERR [" + std::string(64, 'A') + "] x")->code.size() == 64);
  CHECK(parse_status("-ERR [" + std::string(65, 'A') + "] x")->code.empty());
}

TEST_CASE("pop3 wire: a SASL exchange asks on with a plus and nothing else") {
  CHECK(is_continuation("+"));
  CHECK(is_continuation("+ "));
  CHECK(is_continuation("+ VXNlcm5hbWU6"));
  CHECK_FALSE(is_continuation("+OK"));
  CHECK_FALSE(is_continuation("-ERR"));
  CHECK_FALSE(is_continuation(""));
}

TEST_CASE("pop3 wire: capabilities are words, not substrings [fault 38]") {
  Capabilities found;
  for (const auto* line :
       {"uidl", "TOP", "SASL CRAM-MD5 plain", "RESP-CODES", "", "IMPLEMENTATION USER STLS UIDLX"}) {
    add_capability(found, line);
  }
  CHECK((found == Capabilities{.uidl = true, .top = true, .sasl_plain = true}));
  Capabilities other;
  for (const auto* line : {"STLS", "USER", "SASL", "SASLPLAIN", "SASL PLAIN-CLIENTTOKEN"})
    add_capability(other, line);
  CHECK((other == Capabilities{.stls = true, .user = true}));
}

TEST_CASE("pop3 wire: rows of LIST, hostile ones included [fault 28]") {
  struct Case {
    std::string_view line;
    std::optional<ListRow> row;
  };
  constexpr std::uint64_t kNoSize = UINT64_MAX;
  const std::vector<Case> cases{
      {"1 120", ListRow{1, 120}},
      {"1  120", ListRow{1, 120}},
      {"2 200 more to say", ListRow{2, 200}},
      {"4294967295 0", ListRow{4294967295U, 0}},
      {"1 18446744073709551615", ListRow{1, kNoSize}},
      {"1 18446744073709551616", ListRow{1, kNoSize}},
      {"1 -5", ListRow{1, kNoSize}},
      {"1 abc", ListRow{1, kNoSize}},
      {"1 12abc", ListRow{1, kNoSize}},
      {"1", ListRow{1, kNoSize}},
      {"0 120", {}},
      {"4294967296 1", {}},
      {"-1 120", {}},
      {"+1 120", {}},
      {"abc 120", {}},
      {"1x 120", {}},
      {"", {}},
      {" 1 120", {}},
  };
  for (const auto& [line, row] : cases) {
    CAPTURE(line);
    CHECK((parse_list_row(line) == row));
  }
}

TEST_CASE("pop3 wire: rows of UIDL; what is no uid is none [fault 21, fault 40]") {
  const std::string longest(70, 'u');
  struct Case {
    std::string line;
    std::optional<UidlRow> row;
  };
  const std::vector<Case> cases{
      {"1 whqtswO00WBw418f9t5JxYwZ", UidlRow{1, "whqtswO00WBw418f9t5JxYwZ"}},
      {"2 QhdPYR:00WBw1Ph7x7 ", UidlRow{2, "QhdPYR:00WBw1Ph7x7"}},
      {"1 !~", UidlRow{1, "!~"}},
      {"1 " + longest, UidlRow{1, longest}},
      {"1 " + longest + "u", UidlRow{1, ""}},
      {"1", UidlRow{1, ""}},
      {"1 ", UidlRow{1, ""}},
      {"1 two words", UidlRow{1, ""}},
      {"1 a\x01z", UidlRow{1, ""}},
      {"1 a\x7Fz", UidlRow{1, ""}},
      {"1 a\xC3\xA4z", UidlRow{1, ""}},
      {std::string("1 a\0z", 5), UidlRow{1, ""}},
      {"0 a", {}},
      {"x a", {}},
      {"", {}},
  };
  for (const auto& [line, row] : cases) {
    CAPTURE(line);
    CHECK((parse_uidl_row(line) == row));
  }
}

namespace {

// What is taken for the answer, and what is left behind it.
std::optional<std::pair<std::string, std::string>> unstuff(std::string_view wire) {
  Unstuffer unstuffer;
  std::string body;
  for (std::size_t i = 0; i < wire.size(); ++i) {
    body += unstuffer.feed(wire[i]);
    if (unstuffer.at_end()) return std::pair{body, std::string(wire.substr(i + 1))};
  }
  return std::nullopt;
}

}  // namespace

TEST_CASE("pop3 wire: a dot-stuffed line is unstuffed") {
  using Answer = std::pair<std::string, std::string>;
  CHECK((unstuff(".\r\n") == Answer{"", ""}));
  CHECK((unstuff("a\r\n.\r\n+OK") == Answer{"a\r\n", "+OK"}));
  CHECK((unstuff("..\r\n...\r\n..a\r\n.\r\n") == Answer{".\r\n..\r\n.a\r\n", ""}));
  CHECK((unstuff("a.\r\n.b\r\n.\r\n") == Answer{"a.\r\nb\r\n", ""}));
  CHECK((unstuff(".\r\r\n.\r\n") == Answer{"\r\r\n", ""}));
  CHECK((unstuff("\r\n\r\n.\r\n") == Answer{"\r\n\r\n", ""}));
}

TEST_CASE("pop3 wire: only CRLF dot CRLF ends a mail, so no mail can speak for the server [Y6]") {
  using Answer = std::pair<std::string, std::string>;
  CHECK_FALSE(unstuff("a\r\n.").has_value());
  CHECK_FALSE(unstuff("a\r\n.\r").has_value());
  CHECK_FALSE(unstuff("a\n.\n").has_value());
  CHECK_FALSE(unstuff("a\r\n.\n").has_value());
  CHECK_FALSE(unstuff("a\r.\r").has_value());
  CHECK((unstuff("a\n.\n+OK\r\n.\r\n") == Answer{"a\n.\n+OK\r\n", ""}));
  CHECK((unstuff("a\n.\r\nb\r\n.\r\n") == Answer{"a\n.\r\nb\r\n", ""}));
}

TEST_CASE("pop3 wire: every text over CR, LF, dot and a letter survives stuffing and unstuffing") {
  // An independent server: stuffs a mail whose lines end with CRLF; CR and LF alone are plain octets to it.
  const auto stuffed = [](std::string_view mail) {
    std::string wire;
    bool start = true;
    for (std::size_t i = 0; i < mail.size(); ++i) {
      if (start && mail[i] == '.') wire += '.';
      wire += mail[i];
      start = i > 0 && mail[i] == '\n' && mail[i - 1] == '\r';
    }
    return wire + ".\r\n";
  };
  constexpr std::string_view kLetters = "\r\n.a";
  std::size_t wrong = 0;
  for (std::size_t length = 0; length <= 7; ++length) {
    for (std::size_t code = 0; code < std::size_t{1} << 2 * length; ++code) {
      std::string mail;
      for (std::size_t i = 0; i < length; ++i) mail += kLetters[code >> 2 * i & 3U];
      mail += "\r\n";
      const auto read = unstuff(stuffed(mail) + "+OK\r\n");
      if (!read || read->first != mail || read->second != "+OK\r\n") ++wrong;
    }
  }
  CHECK(wrong == 0);
}

TEST_CASE("pop3 wire: the header ends with its empty line") {
  CHECK(header_end("A: b\r\n\r\nbody") == 8);
  CHECK(header_end("\r\nbody") == 2);
  CHECK(header_end("A: b\r\n") == std::string::npos);
  CHECK(header_end("") == std::string::npos);
}
