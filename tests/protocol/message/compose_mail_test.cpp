#include <doctest/doctest.h>

#include <random>

#include "core/text.hpp"
#include "protocol/message/charset.hpp"
#include "remotemail/protocol/message.hpp"

using namespace remotemail;
using namespace std::chrono;

namespace {

MailDraft draft_of() {
  MailDraft draft;
  draft.message_id = "rm.abc@copier.example";
  draft.date = sys_days(year(2026) / 11 / 22) + 17h + 52min;
  draft.utc_offset = 60min;
  draft.from = {"copier@example.com", "3rd floor"};
  draft.to = "ce@example.com";
  draft.subject = "Counter list [3rd floor]";
  draft.body = "Serial number: 1\n\nTotal 5\n";
  return draft;
}

Mail parse(std::string bytes) {
  return parse_mail(RawMail{{}, 0, std::move(bytes), true});
}

// A value for some field from a seed: blanks, specials, other scripts, encoded-word look-alikes.
std::string odd_text(std::mt19937& random) {
  static const std::vector<std::string> kPieces = {"a",
                                                   "Z",
                                                   "0",
                                                   " ",
                                                   "  ",
                                                   "\"",
                                                   "\\",
                                                   "(",
                                                   ")",
                                                   "<",
                                                   ">",
                                                   ",",
                                                   ";",
                                                   ":",
                                                   "@",
                                                   "=?",
                                                   "?=",
                                                   "=?utf-8?q?x?=",
                                                   "=",
                                                   "?",
                                                   "_",
                                                   "\xC3\xA4",
                                                   "\xE3\x82\xB3",
                                                   "\xF0\x9F\x98\x80",
                                                   "\xC2\xA0",
                                                   "[",
                                                   "]",
                                                   std::string(70, 'w'),
                                                   std::string(1100, 'v'),
                                                   "-- ",
                                                   "From "};
  std::string text;
  for (auto n = random() % 12; n > 0; --n) text += kPieces[random() % kPieces.size()];
  return text;
}

}  // namespace

TEST_CASE("compose mail: a reply stands there as the rules say [G11] [R10]") {
  MailDraft draft = draft_of();
  draft.in_reply_to = "request@example.com";
  draft.references = {"first@example.com", "request@example.com"};
  draft.x_loop = "copier@example.com";
  const auto mail = compose_mail(draft);
  REQUIRE(mail.ok());
  CHECK(*mail ==
        "Message-ID: <rm.abc@copier.example>\r\n"
        "Date: Sun, 22 Nov 2026 18:52:00 +0100\r\n"
        "From: \"3rd floor\" <copier@example.com>\r\n"
        "To: ce@example.com\r\n"
        "Subject: Counter list [3rd floor]\r\n"
        "MIME-Version: 1.0\r\n"
        "Content-Type: text/plain; charset=us-ascii\r\n"
        "Content-Transfer-Encoding: 7bit\r\n"
        "Auto-Submitted: auto-replied\r\n"
        "In-Reply-To: <request@example.com>\r\n"
        "References: <first@example.com> <request@example.com>\r\n"
        "X-Loop: copier@example.com\r\n"
        "\r\n"
        "Serial number: 1\r\n\r\nTotal 5\r\n");
}

TEST_CASE("compose mail: tests and notices are auto-generated, and a test carries its token [G] [C3]") {
  MailDraft draft = draft_of();
  draft.auto_replied = false;
  draft.test_token = "T0ken";
  const Mail mail = parse(*compose_mail(draft));
  CHECK(mail.marks.auto_submitted == std::vector<std::string>{"auto-generated"});
  CHECK(mail.marks.test_token == "T0ken");
  CHECK(mail.marks.x_loop.empty());
}

TEST_CASE("compose mail: CR, LF and NUL are refused in every field, by its name [Y7]") {
  using namespace std::string_literals;
  struct {
    const char* name;
    std::string MailDraft::*field;
  } const fields[] = {
      {"Message-ID", &MailDraft::message_id}, {"To", &MailDraft::to},
      {"Subject", &MailDraft::subject},       {"In-Reply-To", &MailDraft::in_reply_to},
      {"X-Loop", &MailDraft::x_loop},         {"X-Remotemail-Test", &MailDraft::test_token},
  };
  for (const std::string& bad : {"a\rb"s, "a\nb"s, "a\r\nBcc: x@y"s, "a\0b"s, "\n"s,
                                 "a\x1B"
                                 "b"s}) {
    for (const auto& [name, field] : fields) {
      CAPTURE(name);
      MailDraft draft = draft_of();
      draft.*field += bad;
      const auto mail = compose_mail(draft);
      REQUIRE_FALSE(mail.ok());
      CHECK(mail.error().cause == Cause::unsafe_text);
      CHECK(mail.error().detail == name);
    }
    for (std::string MailAddress::*part : {&MailAddress::address, &MailAddress::display_name}) {
      MailDraft draft = draft_of();
      draft.from.*part += bad;
      CHECK(compose_mail(draft).error().detail == "From");
      CHECK(compose_mail(draft).error().cause == Cause::unsafe_text);
    }
    MailDraft draft = draft_of();
    draft.references = {bad};
    CHECK(compose_mail(draft).error().detail == "References");
  }
  for (const std::string& bad : {"a\rb"s, "a\r\n.\r\nMAIL FROM:<x@y>\n"s, "a\0b"s}) {
    MailDraft draft = draft_of();
    draft.body = bad;
    CHECK(compose_mail(draft).error().cause == Cause::unsafe_text);
    CHECK(compose_mail(draft).error().detail == "body");
  }
}

TEST_CASE("compose mail: ill-formed ids, addresses and texts are refused [R4] [B19]") {
  const auto refused = [](auto change) {
    MailDraft draft = draft_of();
    change(draft);
    const auto mail = compose_mail(draft);
    return !mail.ok() && mail.error().cause == Cause::invalid_value ? mail.error().detail : "";
  };
  CHECK(refused([](auto& d) { d.message_id = ""; }) == "Message-ID");
  CHECK(refused([](auto& d) { d.message_id = "<a@b>"; }) == "Message-ID");
  CHECK(refused([](auto& d) { d.from.address = "copier"; }) == "From");
  CHECK(refused([](auto& d) { d.from.display_name = "\xFF"; }) == "From");
  CHECK(refused([](auto& d) { d.to = "a@b, c@d"; }) == "To");
  CHECK(refused([](auto& d) { d.subject = "\xC3"; }) == "Subject");
  CHECK(refused([](auto& d) { d.in_reply_to = "a b@c"; }) == "In-Reply-To");
  CHECK(refused([](auto& d) { d.references = {"a@b", "c"}; }) == "References");
  CHECK(refused([](auto& d) { d.x_loop = "x"; }) == "X-Loop");
  CHECK(refused([](auto& d) { d.test_token = "a b"; }) == "X-Remotemail-Test");
  CHECK(refused([](auto& d) { d.body = "\xC3\xA4\n"; }) == "body");
  CHECK(refused([](auto& d) { d.body = std::string(999, 'x'); }) == "body");
  CHECK(refused([](auto& d) { d.body = std::string(998, 'x'); }).empty());
}

TEST_CASE("compose mail: a body line without end gets one, dots stay for the sender to stuff") {
  MailDraft draft = draft_of();
  draft.body = ".\nx";
  CHECK(compose_mail(draft)->ends_with("\r\n\r\n.\r\nx\r\n"));
  draft.body = "";
  CHECK(compose_mail(draft)->ends_with("7bit\r\nAuto-Submitted: auto-replied\r\n\r\n"));
}

TEST_CASE("compose mail: an address of a Japanese telephone is quoted and read again [B19]") {
  MailDraft draft = draft_of();
  draft.to = "a..b.@docomo.example";
  draft.from.address = "x.@docomo.example";
  const auto mail = compose_mail(draft);
  REQUIRE(mail.ok());
  CHECK(mail->find("To: \"a..b.\"@docomo.example\r\n") != std::string::npos);
  CHECK(parse(*mail).from->address == "x.@docomo.example");
}

TEST_CASE("compose mail: whatever is composed is parsed to the same values, in lines of at most 998 octets [G3] [Y7]") {
  std::mt19937 random(20261122);
  for (int round = 0; round < 3000; ++round) {
    MailDraft draft = draft_of();
    draft.subject = odd_text(random);
    draft.from.display_name = odd_text(random);
    draft.body.clear();
    for (auto n = random() % 4; n > 0; --n) {
      for (const char c : odd_text(random)) draft.body += static_cast<unsigned char>(c) < 0x80 ? c : '?';
      draft.body.resize(std::min<std::size_t>(draft.body.size(), 900));
      draft.body += '\n';
    }
    for (auto n = random() % 12; n > 0; --n)
      draft.references.push_back(std::string(1 + random() % 240, 'r') + "@b");
    draft.x_loop = "copier@example.com";
    CAPTURE(draft.subject);
    CAPTURE(draft.from.display_name);
    const auto bytes = compose_mail(draft);
    const bool body_fits = [&] {
      for (const auto line : split(draft.body, '\n')) {
        if (line.size() > 998) return false;
      }
      return true;
    }();
    if (!body_fits) {
      CHECK_FALSE(bytes.ok());
      continue;
    }
    REQUIRE(bytes.ok());
    std::size_t header_end = bytes->find("\r\n\r\n");
    for (std::size_t i = 0; i < bytes->size();) {
      const std::size_t end = bytes->find("\r\n", i);
      REQUIRE(end != std::string::npos);
      REQUIRE(end - i <= 998);
      const std::string line = bytes->substr(i, end - i);
      if (i < header_end && line.find("rrrr") == std::string::npos) REQUIRE(line.size() <= 78);
      REQUIRE(line.find_first_of(std::string_view("\r\n\0", 3)) == std::string::npos);
      i = end + 2;
    }
    const Mail mail = parse(*bytes);
    CHECK(mail.defects.empty());
    CHECK(mail.subject == trim(draft.subject));
    REQUIRE(mail.from);
    CHECK(mail.from->address == draft.from.address);
    CHECK(mail.from->display_name == trim(draft.from.display_name));
    CHECK(mail.message_id == draft.message_id);
    CHECK(mail.date->utc == floor<seconds>(draft.date));
    CHECK(mail.date->offset == draft.utc_offset);
    CHECK(mail.text == draft.body);
    CHECK(mail.marks.x_loop == std::vector<std::string>{draft.x_loop});
    CHECK(mail.marks.auto_submitted == std::vector<std::string>{"auto-replied"});
    const std::size_t kept = std::min<std::size_t>(draft.references.size(), 10);
    CHECK(mail.references ==
          std::vector<std::string>(draft.references.end() - static_cast<std::ptrdiff_t>(kept),
                                   draft.references.end()));
  }
}

TEST_CASE("compose mail: a mail by hand says nothing of being automatic, so that the copier answers it [R10]") {
  MailDraft draft;
  draft.message_id = "1@example.com";
  draft.from.address = "ce@example.com";
  draft.to = "copier@example.com";
  draft.subject = "U-BIX";
  draft.body = "HELP\n";
  draft.by_hand = true;
  const auto message = compose_mail(draft);
  REQUIRE(message.ok());
  CHECK(message->find("Auto-Submitted") == std::string::npos);
}
