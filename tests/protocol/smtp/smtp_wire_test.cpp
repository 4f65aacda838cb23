#include "protocol/smtp/smtp_wire.hpp"

#include <doctest/doctest.h>

#include "remotemail/core/limits.hpp"

using namespace remotemail;
using namespace remotemail::smtp;

TEST_CASE("smtp wire: reply lines [Y6]") {
  struct Case {
    std::string_view line;
    std::optional<ReplyLine> reply;
  };
  const std::vector<Case> cases{
      {"250 OK", ReplyLine{250, true, "OK"}},
      {"250-SIZE 1000", ReplyLine{250, false, "SIZE 1000"}},
      {"250", ReplyLine{250, true, ""}},
      {"250 ", ReplyLine{250, true, ""}},
      {"250-", ReplyLine{250, false, ""}},
      {"599 x", ReplyLine{599, true, "x"}},
      {"334 VXNlcm5hbWU6", ReplyLine{334, true, "VXNlcm5hbWU6"}},
      {"25", {}},
      {"2500", {}},
      {"250x", {}},
      {"250\tx", {}},
      {"150 x", {}},
      {"600 x", {}},
      {"2x0 x", {}},
      {" 250 x", {}},
      {"-250 x", {}},
      {"", {}},
      {"+OK", {}},
      {"HTTP/1.1 400", {}},
  };
  for (const auto& [line, reply] : cases) {
    CAPTURE(line);
    CHECK((parse_reply_line(line) == reply));
  }
}

namespace {

// The reply that these lines are, when the last of them ends it and no other.
std::optional<Reply> reply_of(const std::vector<std::string>& lines) {
  ReplyReader reader;
  for (std::size_t i = 0; i < lines.size(); ++i) {
    const auto whole = reader.add(lines[i]);
    if (!whole || *whole != (i + 1 == lines.size())) return std::nullopt;
  }
  return reader.reply();
}

}  // namespace

TEST_CASE("smtp wire: replies of several lines have one code [fault 48]") {
  const auto reply = reply_of({"550-5.1.1 no such", "550-user", "550 5.1.1 here"});
  REQUIRE(reply);
  CHECK(reply->code == 550);
  CHECK(reply->enhanced == "5.1.1");
  CHECK(reply->text() == "550 5.1.1 no such user 5.1.1 here");
  CHECK(reply->permanent());
  CHECK_FALSE(reply->transient());
  ReplyReader reader;
  REQUIRE(reader.add("250-a").ok());
  const auto other = reader.add("550 b");
  REQUIRE_FALSE(other.ok());
  CHECK(other.error().cause == Cause::protocol_violation);
  CHECK(other.error().server_line.empty());  // the session's business, which hides secrets
}

TEST_CASE("smtp wire: a reply has a bound [Y6, fault 48]") {
  ReplyReader reader;
  for (std::size_t i = 0; i < limits::kServerReplyLines; ++i) REQUIRE(reader.add("250-x").ok());
  CHECK(reader.add("250 x").error().cause == Cause::answer_too_large);
  ReplyReader wide;
  REQUIRE(wide.add("250 " + std::string(limits::kServerLine, 'x')).ok());
  CHECK(wide.reply().lines.at(0).size() == 1024);
  CHECK(wide.reply().text().size() == 4 + 1024);
}

TEST_CASE("smtp wire: enhanced status codes (RFC 2034)") {
  const std::vector<std::pair<std::string, std::string>> cases{
      {"550 5.1.1 x", "5.1.1"},
      {"450 4.7.999", "4.7.999"},
      {"250 2.0.0 Ok", "2.0.0"},
      {"550 4.1.1 other class", ""},
      {"550 5.1 x", ""},
      {"550 5.1.1000 x", ""},
      {"550 5..1 x", ""},
      {"550 5.1.1.1 x", ""},
      {"550 5.1.1: x", ""},
      {"550 mail.5.1.1", ""},
      {"550 ", ""},
      {"550 5.1.x", ""},
  };
  for (const auto& [line, status] : cases) {
    CAPTURE(line);
    CHECK(reply_of({line})->enhanced == status);
  }
}

TEST_CASE("smtp wire: what EHLO offers, word by word [fault 54]") {
  const auto offered = [](std::vector<std::string> lines) {
    Reply reply;
    reply.lines = std::move(lines);
    return parse_capabilities(reply);
  };
  CHECK((offered({}) == Capabilities{}));
  CHECK((offered({"STARTTLS AUTH PLAIN"}) == Capabilities{}));  // the first line greets
  CHECK((offered({"hi", "starttls", "8BitMime", "PIPELINING", "ENHANCEDSTATUSCODES", "CHUNKING", ""}) ==
         Capabilities{
             .starttls = true, .eight_bit_mime = true, .pipelining = true, .enhanced_status_codes = true}));
  CHECK((offered({"hi", "AUTH CRAM-MD5 login"}) == Capabilities{.auth_login = true}));
  CHECK((offered({"hi", "AUTH=LOGIN PLAIN"}) == Capabilities{.auth_plain = true, .auth_login = true}));
  CHECK((offered({"hi", "AUTH=PLAIN"}) == Capabilities{.auth_plain = true}));
  CHECK((offered({"hi", "AUTH XPLAIN PLAIN-CLIENTTOKEN", "X-AUTH PLAIN", "STARTTLSX"}) == Capabilities{}));
  CHECK((offered({"hi", "SIZE"}) == Capabilities{.size = true}));
  CHECK((offered({"hi", "SIZE 0"}) == Capabilities{.size = true}));
  CHECK((offered({"hi", "SIZE 35882577"}) == Capabilities{.size = true, .size_limit = 35882577}));
  CHECK((offered({"hi", "SIZE 18446744073709551616"}) == Capabilities{.size = true}));
  CHECK((offered({"hi", "SIZE -1"}) == Capabilities{.size = true}));
}

namespace {

// An independent server: the message that stands on the wire and what is left behind its end, read as RFC
// 5321 4.5.2 and as the most lenient server would, for which LF alone ends a line and CR alone too.
struct Received {
  std::string message;
  std::string rest;
};
std::optional<Received> receive(std::string_view wire, bool lenient) {
  Received got;
  for (std::size_t at = 0; at < wire.size();) {
    std::size_t end = 0;
    std::size_t size = 2;
    if (lenient) {
      end = wire.find_first_of("\r\n", at);
      size = end != std::string_view::npos && wire.substr(end, 2) == "\r\n" ? 2 : 1;
    } else {
      end = wire.find("\r\n", at);
    }
    if (end == std::string_view::npos) return std::nullopt;
    std::string_view line = wire.substr(at, end - at);
    at = end + size;
    if (line == ".") {
      got.rest = wire.substr(at);
      return got;
    }
    if (line.starts_with('.')) line.remove_prefix(1);
    got.message.append(line).append("\r\n");
  }
  return std::nullopt;
}

}  // namespace

TEST_CASE("smtp wire: every text over CR, LF, dot and a letter arrives as it is or is refused [Y7, R1]") {
  constexpr std::string_view kLetters = "\r\n.a";
  std::size_t wrong = 0;
  std::size_t sent = 0;
  for (std::size_t length = 0; length <= 8; ++length) {
    for (std::size_t code = 0; code < std::size_t{1} << 2 * length; ++code) {
      std::string message;
      for (std::size_t i = 0; i < length; ++i) message += kLetters[code >> 2 * i & 3U];
      bool clean = true;
      for (std::size_t i = 0; i < length; ++i) {
        if (message[i] == '\r') clean = clean && i + 1 < length && message[i + 1] == '\n';
        if (message[i] == '\n') clean = clean && i > 0 && message[i - 1] == '\r';
      }
      const auto stuffed = stuff(message);
      if (stuffed.ok() != clean) ++wrong;
      if (!stuffed) {
        if (stuffed.error().cause != Cause::unsafe_text) ++wrong;
        continue;
      }
      ++sent;
      const std::string expected = message.ends_with("\r\n") ? message : message + "\r\n";
      for (const bool lenient : {false, true}) {
        const auto got = receive(*stuffed + std::string(kFinalDot) + "QUIT\r\n", lenient);
        if (!got || got->message != expected || got->rest != "QUIT\r\n") ++wrong;
      }
    }
  }
  CHECK(wrong == 0);
  CHECK(sent > 1000);
}

TEST_CASE("smtp wire: NUL and lines over 998 octets do not leave [Y7]") {
  CHECK_FALSE(stuff(std::string("a\0b", 3)).ok());
  CHECK(stuff(std::string(998, 'x') + "\r\n" + std::string(998, '.')).ok());
  CHECK_FALSE(stuff("a\r\n" + std::string(999, 'x') + "\r\n").ok());
}

TEST_CASE("smtp wire: addresses that may stand in an envelope [B19, Y7]") {
  for (const std::string good : {"a@b", "copier+x@example.com", "a@[192.0.2.1]", "a!b%c@d"}) {
    CAPTURE(good);
    CHECK(is_path(good));
  }
  const std::vector<std::string> bad{"",
                                     "a",
                                     "@b",
                                     "a@",
                                     "a b@c",
                                     "a@b>",
                                     "<a@b",
                                     "a@b\r\nRCPT TO:<c@d>",
                                     "a\t@b",
                                     "\xC3\xA4@b",
                                     std::string("a\0@b", 4),
                                     std::string(250, 'a') + "@b.de"};
  for (const std::string& address : bad) {
    CAPTURE(address);
    CHECK_FALSE(is_path(address));
  }
}
