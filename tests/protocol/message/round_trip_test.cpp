// What we compose is read alike by ourselves, by GMime and by Python's email: names of all planes, many references,
// odd offsets, bodies of every shape.
#include <doctest/doctest.h>
#include <stdlib.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <random>

#include "core/text.hpp"
#include "protocol/message/read_mail.hpp"
#include "remotemail/protocol/message.hpp"

using namespace remotemail;
using namespace std::chrono;
using remotemail::test::ReadMail;

namespace remotemail::test {

std::string to_text(const ReadMail& mail) {
  std::string references;
  for (const std::string& id : mail.references) references += (references.empty() ? "" : " ") + id;
  std::string text;
  const std::pair<const char*, std::string> fields[] = {{"subject", mail.subject},
                                                        {"from_name", mail.from_name},
                                                        {"from_address", mail.from_address},
                                                        {"to", mail.to},
                                                        {"date", std::to_string(mail.date)},
                                                        {"offset", std::to_string(mail.offset)},
                                                        {"message_id", mail.message_id},
                                                        {"in_reply_to", mail.in_reply_to},
                                                        {"references", references},
                                                        {"auto_submitted", mail.auto_submitted},
                                                        {"x_loop", mail.x_loop},
                                                        {"body", mail.body}};
  for (const auto& [name, value] : fields) text += std::string(name) + "=" + to_hex(value) + "\n";
  return text;
}

// Our parser tells neither To nor In-Reply-To, and the newest ten references only.
ReadMail read_by_us(const std::string& bytes) {
  const Mail read = parse_mail(RawMail{{}, 0, bytes, true});
  ReadMail mail;
  mail.subject = read.subject;
  if (read.from) {
    mail.from_name = read.from->display_name;
    mail.from_address = read.from->address;
  }
  if (read.date) {
    mail.date = read.date->utc.time_since_epoch().count();
    mail.offset = static_cast<int>(read.date->offset.count());
  }
  mail.message_id = read.message_id;
  mail.references = read.references;
  if (read.marks.auto_submitted.size() == 1) mail.auto_submitted = read.marks.auto_submitted[0];
  if (read.marks.x_loop.size() == 1) mail.x_loop = read.marks.x_loop[0];
  mail.body = read.text;
  return mail;
}

}  // namespace remotemail::test

namespace {

void append_utf8(std::string& out, char32_t c) {
  const auto octet = [&out](char32_t value) { out += static_cast<char>(value); };
  if (c < 0x80) return octet(c);
  if (c < 0x800) {
    octet(0xC0 | c >> 6);
  } else if (c < 0x10000) {
    octet(0xE0 | c >> 12);
    octet(0x80 | (c >> 6 & 0x3F));
  } else {
    octet(0xF0 | c >> 18);
    octet(0x80 | (c >> 12 & 0x3F));
    octet(0x80 | (c >> 6 & 0x3F));
  }
  octet(0x80 | (c & 0x3F));
}

// A name as machines and people give it: from all planes, with specials; single blanks between its words.
std::string odd_name(std::mt19937& random) {
  static constexpr std::pair<char32_t, char32_t> kRanges[] = {
      {0x21, 0x7E},     {0x21, 0x7E},     {0xC0, 0x17F},      {0x391, 0x3C9},     {0x410, 0x44F},
      {0x5D0, 0x5EA},   {0x621, 0x64A},   {0xE01, 0xE3A},     {0x3041, 0x30FE},   {0x4E00, 0x9FA5},
      {0xAC00, 0xD7A3}, {0xFF66, 0xFF9D}, {0x1F600, 0x1F64F}, {0x20000, 0x2A6D6}, {0x10330, 0x1034A}};
  std::string name;
  for (auto words = 1 + random() % 5; words > 0; --words) {
    if (!name.empty()) name += ' ';
    const auto& [first, last] = kRanges[random() % std::size(kRanges)];
    for (auto letters = 1 + random() % 14; letters > 0; --letters) {
      append_utf8(name, first + static_cast<char32_t>(random()) % (last - first + 1));
    }
  }
  return name;
}

std::string odd_id(std::mt19937& random) {
  static constexpr std::string_view kLetters = "abcXYZ019!#$%&'*+-/=?^_`{|}~";
  std::string id;
  for (auto n = 1 + random() % 60; n > 0; --n) id += kLetters[random() % kLetters.size()];
  if (random() % 3 == 0) id += ".part";
  return id + (random() % 9 == 0 ? "@[192.0.2.1]" : "@mail.example.com");
}

std::string odd_body(std::mt19937& random) {
  static const std::vector<std::string> kLines = {"",
                                                  ".",
                                                  "..",
                                                  ".x",
                                                  "From the copier",
                                                  "From ",
                                                  ">From",
                                                  "-- ",
                                                  "trailing blanks   ",
                                                  "\ttab\t",
                                                  "=3D =20",
                                                  "a: b",
                                                  "--boundary",
                                                  "--boundary--",
                                                  "begin 644 x",
                                                  "=?utf-8?q?x?=",
                                                  " indented",
                                                  std::string(76, 'a'),
                                                  std::string(77, 'b'),
                                                  std::string(78, 'c'),
                                                  std::string(79, 'd'),
                                                  std::string(128, 'e'),
                                                  std::string(997, 'f'),
                                                  std::string(998, 'g')};
  std::string body;
  for (auto n = random() % 12; n > 0; --n) body += kLines[random() % kLines.size()] + "\n";
  return body;
}

MailDraft odd_draft(std::mt19937& random, bool by_rule) {
  static constexpr int kOffsets[] = {0, 60, -60, 120, 330, 345, -570, 765, 840, -720, 540};
  MailDraft draft;
  draft.message_id = "rm." + std::to_string(random()) + "@copier.example";
  draft.date = sys_seconds(seconds(946'684'800 + static_cast<std::int64_t>(random() % 2'000'000'000U)));
  draft.utc_offset = minutes(kOffsets[random() % std::size(kOffsets)]);
  // A nickname is 1 to 32 printable ASCII characters, the machine's own name is anything.
  const std::string name = odd_name(random);
  draft.from = {by_rule ? "copier@example.com" : "copier.3-rd_floor+x@sub.example.com", name};
  draft.to = "ce@example.com";
  draft.subject = "Counter list [" + odd_name(random) + "]";
  draft.in_reply_to = odd_id(random);
  for (auto n = random() % 11; n > 0; --n) draft.references.push_back(odd_id(random));
  draft.references.push_back(draft.in_reply_to);
  while (draft.references.size() > 10) draft.references.erase(draft.references.begin());
  draft.x_loop = "copier@example.com";
  draft.body = odd_body(random);
  draft.auto_replied = random() % 4 != 0;
  return draft;
}

ReadMail expected_of(const MailDraft& draft) {
  ReadMail mail;
  mail.subject = draft.subject;
  mail.from_name = draft.from.display_name;
  mail.from_address = draft.from.address;
  mail.to = draft.to;
  mail.date = floor<seconds>(draft.date).time_since_epoch().count();
  mail.offset = static_cast<int>(draft.utc_offset.count());
  mail.message_id = draft.message_id;
  mail.in_reply_to = draft.in_reply_to;
  mail.references = draft.references;
  mail.auto_submitted = draft.auto_replied ? "auto-replied" : "auto-generated";
  mail.x_loop = draft.x_loop;
  mail.body = draft.body;
  return mail;
}

std::vector<MailDraft> odd_drafts(std::size_t count) {
  std::mt19937 random(11'22);
  std::vector<MailDraft> drafts;
  for (std::size_t i = 0; i < count; ++i) drafts.push_back(odd_draft(random, i % 2 == 0));
  return drafts;
}

}  // namespace

TEST_CASE("round trip: what we compose is read by ourselves as it was meant [G3, G4, G9, G11, R4, Y7]") {
  for (const MailDraft& draft : odd_drafts(1000)) {
    const auto bytes = compose_mail(draft);
    REQUIRE(bytes.ok());
    CAPTURE(*bytes);
    ReadMail expected = expected_of(draft);
    expected.to = expected.in_reply_to = "";
    CHECK(to_text(test::read_by_us(*bytes)) == to_text(expected));
  }
}

TEST_CASE(
    "round trip: header lines have at most 78 octets where a break is possible, encoded words at most 75 and whole characters [G3]") {
  for (const MailDraft& draft : odd_drafts(1000)) {
    const std::string bytes = *compose_mail(draft);
    CAPTURE(bytes);
    for (std::string_view line : split(std::string_view(bytes).substr(0, bytes.find("\r\n\r\n")), '\n')) {
      line = trim(line);
      if (line.find(' ') != line.rfind(' ')) CHECK(line.size() <= 78);  // else there is one word, a long id
      for (const std::string_view word : split(line, ' ')) {
        if (!word.starts_with("=?UTF-8?B?")) continue;
        CHECK(word.size() <= 75);
        const auto text = decode_base64(word.substr(10, word.size() - 12));
        REQUIRE(text);
        // Neither the first octet of a word nor the one behind it continues a character.
        CHECK((static_cast<unsigned char>(text->front()) & 0xC0U) != 0x80U);
        const auto last = static_cast<unsigned char>(text->back());
        CHECK((last < 0x80 || (last & 0xC0U) == 0x80U));
      }
    }
  }
}

TEST_CASE("round trip: GMime reads what we compose alike [G3, G4, G9, G11, R4, Y7]") {
#ifdef REMOTEMAIL_GMIME
  for (const MailDraft& draft : odd_drafts(1000)) {
    const std::string bytes = *compose_mail(draft);
    CAPTURE(bytes);
    CHECK(to_text(test::read_by_gmime(bytes)) == to_text(expected_of(draft)));
  }
#else
  MESSAGE("SKIPPED: built without GMime");
#endif
}

TEST_CASE("round trip: Python's email reads what we compose alike [G3, G4, G9, G11, R4, Y7]") {
  const std::string python = REMOTEMAIL_PYTHON;
  if (python.empty()) {
    MESSAGE("SKIPPED: no Python");
    return;
  }
  std::string folder = (std::filesystem::temp_directory_path() / "remotemail-round-trip-XXXXXX").string();
  REQUIRE(::mkdtemp(folder.data()) != nullptr);
  int number = 0;
  for (const MailDraft& draft : odd_drafts(400)) {
    const std::string path = folder + "/" + std::to_string(++number);
    std::ofstream(path + ".eml", std::ios::binary) << *compose_mail(draft);
    std::ofstream(path + ".expected", std::ios::binary) << to_text(expected_of(draft));
  }
  const std::string command = "'" + python +
                              "' -B '" REMOTEMAIL_SOURCE_DIR "/tests/protocol/message/read_by_python.py' '" +
                              folder + "'";
  CHECK(std::system(command.c_str()) == 0);
  std::filesystem::remove_all(folder);
}
