#include <doctest/doctest.h>

#include <set>

#include "core/text.hpp"
#include "remotemail/core/limits.hpp"
#include "remotemail/protocol/message.hpp"

using namespace remotemail;
using namespace std::chrono;

namespace {

const std::string kHead = "Serial number: FD0000001\nRequested by: ce@example.com\nNickname: 3rd floor\n";

MailDraft draft_of(const std::string& text) {
  MailDraft draft;
  draft.message_id = "rm.abcdefghijklmnopqrstuvwxyz@example.com";
  draft.date = sys_days(year(2026) / 11 / 22) + 17h + 52min;
  draft.utc_offset = 60min;
  draft.from = {"copier@example.com", "3rd floor"};
  draft.to = "ce@example.com";
  draft.subject = "Counter list [3rd floor]";
  draft.in_reply_to = "request@example.com";
  draft.references = {"first@example.com", "request@example.com"};
  draft.x_loop = "copier@example.com";
  draft.body = text;
  return draft;
}

// A list of so many lines of the width of a reply, an empty one after each `section`.
std::string list_of(std::size_t lines, std::size_t section = 0) {
  std::string text;
  for (std::size_t i = 1; i <= lines; ++i) {
    std::string line = std::to_string(i) + " ";
    line.resize(128, static_cast<char>('a' + i % 26));
    text += line + "\n";
    if (section > 0 && i % section == 0) text += "\n";
  }
  return text;
}

std::string id_of(std::size_t part, std::size_t parts) {
  std::string id = "rm.part-" + std::to_string(part) + "-" + std::to_string(parts);
  id.resize(29, '-');
  return id + "@example.com";
}

std::vector<MailPart> parts_of(const std::string& message, std::size_t limit) {
  auto parts = split_mail(message, limit, id_of);
  REQUIRE_MESSAGE(parts.ok(), describe(parts.error()));
  return *parts;
}

Mail parse(const std::string& bytes) {
  return parse_mail(RawMail{{}, 0, bytes, true});
}

// A part's text below its head, which has to be there.
std::string below_head(const std::string& text, const std::string& head) {
  REQUIRE(text.starts_with(head));
  return text.substr(head.size());
}

std::string of(std::size_t i, std::size_t n, const char* between) {
  return std::to_string(i) + between + std::to_string(n);
}

}  // namespace

TEST_CASE("split mail: a part stands there as the rules say [G, G3, G4, R4]") {
  const auto parts =
      parts_of(*compose_mail(draft_of(kHead + "\n> GetLog Counter\n\n" + list_of(80))), 10'240);
  REQUIRE(parts.size() == 2);
  const std::string& second = parts[1].message;
  CHECK(parts[1].id == id_of(2, 2));
  CHECK(second.substr(0, second.find("\r\n\r\n") + 4) ==
        "Message-ID: <rm.part-2-2------------------@example.com>\r\n"
        "Date: Sun, 22 Nov 2026 18:52:00 +0100\r\n"
        "From: \"3rd floor\" <copier@example.com>\r\n"
        "To: ce@example.com\r\n"
        "Subject: Counter list [3rd floor] (2/2)\r\n"
        "MIME-Version: 1.0\r\n"
        "Content-Type: text/plain; charset=us-ascii\r\n"
        "Content-Transfer-Encoding: 7bit\r\n"
        "Auto-Submitted: auto-replied\r\n"
        "In-Reply-To: <request@example.com>\r\n"
        "References: <first@example.com> <request@example.com>\r\n"
        "X-Loop: copier@example.com\r\n\r\n");
  CHECK(parse(second).text.starts_with(kHead + "Part: 2 of 2\n\n"));
  CHECK(parse(parts[0].message).text.starts_with(kHead + "Part: 1 of 2\n\n> GetLog Counter\n\n1 b"));
}

TEST_CASE(
    "split mail: the parts together are the whole, none above the limit, at every SIZE [G, G9, fault 49]") {
  for (const std::size_t section : {0U, 7U, 40U}) {
    const std::string text = list_of(480, section);
    const std::string message = *compose_mail(draft_of(kHead + "\n" + text));
    for (std::size_t limit = 2'400; limit < message.size(); limit += limit / 6 + 1) {
      CAPTURE(limit);
      const auto parts = parts_of(message, limit);
      std::string together;
      std::set<std::string> ids;
      for (std::size_t i = 1; i <= parts.size(); ++i) {
        const std::string& bytes = parts[i - 1].message;
        CHECK(bytes.size() <= limit);
        const Mail mail = parse(bytes);
        CHECK(mail.defects.empty());
        CHECK(mail.subject == "Counter list [3rd floor] (" + of(i, parts.size(), "/") + ")");
        CHECK(mail.message_id == parts[i - 1].id);
        CHECK(mail.references == std::vector<std::string>{"first@example.com", "request@example.com"});
        for (const auto line : split(std::string_view(mail.text), '\n')) CHECK(line.size() <= 128);
        ids.insert(parts[i - 1].id);
        together += below_head(mail.text, kHead + "Part: " + of(i, parts.size(), " of ") + "\n\n");
      }
      CHECK(together == text);
      CHECK(ids.size() == parts.size());
      CHECK(parts.size() > 1);
    }
  }
}

TEST_CASE(
    "split mail: a part ends with a paragraph where one ends in its last quarter, else with a line [G]") {
  const auto parts = parts_of(*compose_mail(draft_of(kHead + "\n" + list_of(400, 20))), 10'240);
  for (std::size_t i = 0; i + 1 < parts.size(); ++i) CHECK(parts[i].message.ends_with("\r\n\r\n"));
  const auto lines = parts_of(*compose_mail(draft_of(kHead + "\n" + list_of(400, 200))), 10'240);
  for (const MailPart& part : lines) CHECK(part.message.ends_with("\r\n"));
  CHECK(lines[0].message.size() > 10'240 - 2 * 130);
}

TEST_CASE("split mail: an encoded or folded Subject stays readable and short of line [G3]") {
  for (const std::string& subject :
       {std::string("Z\xC3\xA4hler \xE3\x82\xB3\xE3\x83\x94\xE3\x83\xBC\xE6\xA9\x9F \xF0\x9F\x93\xA0 [") +
            std::string(60, 'x') + "]",
        "Machine management list 1 [" + std::string(32, 'n') + "] and words that do not fit one line",
        std::string("=?utf-8?q?looks_encoded?="), std::string()}) {
    CAPTURE(subject);
    MailDraft draft = draft_of(kHead + "\n" + list_of(200));
    draft.subject = subject;
    for (const MailPart& part : parts_of(*compose_mail(draft), 10'240)) {
      const Mail mail = parse(part.message);
      CHECK(mail.subject.starts_with(subject));
      CHECK(mail.subject.ends_with("/3)"));
      for (const auto line :
           split(std::string_view(part.message).substr(0, part.message.find("\r\n\r\n")), '\n'))
        CHECK(line.size() <= 79);
    }
  }
}

TEST_CASE("split mail: a part that another server finds too large is split again, and says both [G]") {
  const auto first = parts_of(*compose_mail(draft_of(kHead + "\n" + list_of(200))), 10'240);
  const auto second = parts_of(first[1].message, 5'000);
  REQUIRE(second.size() == 3);
  const Mail mail = parse(second[2].message);
  CHECK(mail.subject == "Counter list [3rd floor] (2/3) (3/3)");
  CHECK(mail.text.starts_with(kHead + "Part: 2 of 3, there 3 of 3\n\n"));
}

TEST_CASE("split mail: without a short first paragraph the parts have no head but their number [G]") {
  const std::string text = list_of(200);
  for (const std::string& body : {text, "\n" + text, std::string(2, '\n') + text}) {
    const auto parts = parts_of(*compose_mail(draft_of(body)), 10'240);
    std::string together;
    for (std::size_t i = 1; i <= parts.size(); ++i) {
      together +=
          below_head(parse(parts[i - 1].message).text, "Part: " + of(i, parts.size(), " of ") + "\n\n");
    }
    CHECK(together == body);
  }
}

TEST_CASE("split mail: the same arguments give the same parts [R4]") {
  const std::string message = *compose_mail(draft_of(kHead + "\n" + list_of(300)));
  const auto once = parts_of(message, 10'240), again = parts_of(message, 10'240);
  REQUIRE(once.size() == again.size());
  for (std::size_t i = 0; i < once.size(); ++i) CHECK(once[i].message == again[i].message);
}

TEST_CASE(
    "split mail: a limit with no room for head and some lines, or for too many parts, is refused with one that would do [G, fault 49]") {
  const std::string message = *compose_mail(draft_of(kHead + "\n" + list_of(2000)));
  for (const std::size_t limit :
       {std::size_t{0}, std::size_t{1}, std::size_t{500}, std::size_t{1'200}, std::size_t{3'000}}) {
    CAPTURE(limit);
    const auto refused = split_mail(message, limit, id_of);
    REQUIRE_FALSE(refused.ok());
    CHECK(refused.error().cause == Cause::message_too_large);
    CHECK(refused.error().detail.starts_with(std::to_string(message.size()) +
                                             " octets, in parts of at most " + std::to_string(limit) +
                                             "; parts of "));
    const auto words = split_words(refused.error().detail);
    const auto least = parse_number<std::size_t>(words[words.size() - 3]);
    REQUIRE(least);
    CHECK(*least < 8'000);
    CHECK(parts_of(message, *least).size() <= limits::kReplyParts);
  }
}

TEST_CASE("split mail: the least room there is is 512 octets of text, whatever is written there [G]") {
  const std::string message = *compose_mail(draft_of(kHead + "\n" + list_of(40)));
  std::size_t least = 0;
  while (!split_mail(message, least, id_of).ok()) ++least;
  for (const MailPart& part : parts_of(message, least)) CHECK(part.message.size() <= least);
  const std::size_t above = message.find(kHead.substr(0, 10)) + kHead.size() + 3 +
                            std::string("Part: 100 of 100\r\n\r\n").size() + std::string(" (100/100)").size();
  CHECK(least == above + limits::kPartText);
}

TEST_CASE("split mail: what is no plain ASCII text of ours is refused, never cut in the middle [G]") {
  const std::string good = *compose_mail(draft_of(kHead + "\n" + list_of(200)));
  const auto with = [&](const std::string& from, const std::string& to) {
    std::string bad = good;
    bad.replace(bad.find(from), from.size(), to);
    return bad;
  };
  for (const std::string& bad :
       {std::string(), std::string("\r\n\r\n"), std::string("no header"),
        with("text/plain", "multipart/mixed"), with("7bit", "base64"), with("3rd floor", "\xC3\xA4"),
        with("Date: ", "Date "), with("Date:", "Date\r\n")}) {
    const auto refused = split_mail(bad, 10'240, id_of);
    REQUIRE_FALSE(refused.ok());
    CHECK(refused.error().cause == Cause::invalid_value);
  }
  const auto bad_id = split_mail(good, 10'240, [](auto, auto) { return std::string("a\r\nb@c"); });
  CHECK(bad_id.error().cause == Cause::invalid_value);
  // A line that is longer than a part can be: none is cut.
  const auto long_line = split_mail(
      *compose_mail(draft_of(kHead + "\n" + std::string(998, 'x') + "\n" + list_of(20))), 1'400, id_of);
  REQUIRE_FALSE(long_line.ok());
  CHECK(long_line.error().cause == Cause::message_too_large);
}
