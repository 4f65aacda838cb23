#include <doctest/doctest.h>

#include "core/text.hpp"
#include "protocol/message/charset.hpp"
#include "protocol/message/sample_mails.hpp"
#include "remotemail/protocol/message.hpp"

using namespace remotemail;

namespace {

Mail parse(std::string bytes) {
  return parse_mail(RawMail{{}, 0, std::move(bytes), true});
}

std::string with_line_ends(const std::string& text, const std::string& end) {
  std::string out;
  for (const char c : text) out += c == '\n' ? end : std::string(1, c);
  return out;
}

// What every parsed mail keeps to, whatever came in.
void check_invariants(const Mail& mail, std::size_t size) {
  REQUIRE(mail.header_size <= size);
  REQUIRE(is_utf8(mail.subject));
  REQUIRE(is_utf8(mail.text));
  REQUIRE(mail.subject.find_first_of(std::string_view("\r\n\0", 3)) == std::string::npos);
  REQUIRE(mail.text.find_first_of(std::string_view("\r\0", 2)) == std::string::npos);
  REQUIRE(mail.text.size() <= 4 * size + 16);
  if (mail.from) REQUIRE(is_mail_address(mail.from->address));
}

}  // namespace

TEST_CASE("mailers: the mails of today's programs are understood, with any line end [D9] [fault 85]") {
  for (const auto& sample : testing::sample_mails()) {
    for (const char* end : {"\n", "\r\n", "\r"}) {
      CAPTURE(sample.program);
      CAPTURE(std::string(end));
      const Mail mail = parse(with_line_ends(sample.bytes, end));
      CHECK(mail.defects.empty());
      REQUIRE(mail.from);
      CHECK(mail.from->address == "ce@example.com");
      CHECK(mail.from->display_name == sample.display_name);
      CHECK(mail.subject == sample.subject);
      REQUIRE(mail.date);
      CHECK(mail.date->offset == std::chrono::hours(1));
      CHECK_FALSE(mail.bounce);
      std::vector<std::string> lines;
      for (const auto line : split(mail.text, '\n')) {
        if (!line.empty() && lines.size() < sample.lines.size()) lines.emplace_back(line);
      }
      CHECK(lines == sample.lines);
    }
  }
}

TEST_CASE("mailers: each of those mails may be cut at any octet [D] [fault 82]") {
  for (const auto& sample : testing::sample_mails()) {
    CAPTURE(sample.program);
    const std::string bytes = with_line_ends(sample.bytes, "\r\n");
    for (std::size_t size = 0; size < bytes.size(); ++size)
      check_invariants(parse(bytes.substr(0, size)), size);
  }
}

TEST_CASE("mailers: each of those mails may have any octet replaced [D]") {
  for (const auto& sample : testing::sample_mails()) {
    CAPTURE(sample.program);
    const std::size_t step = sample.bytes.size() > 4000 ? 37 : 3;
    for (std::size_t i = 0; i < sample.bytes.size(); i += step) {
      for (const char c : {'\0', '\n', '"', '(', '=', '\xFF'}) {
        std::string bytes = sample.bytes;
        bytes[i] = c;
        check_invariants(parse(bytes), bytes.size());
      }
    }
  }
}
