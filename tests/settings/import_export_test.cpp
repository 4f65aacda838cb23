#include <doctest/doctest.h>

#include "settings/settings_steps.hpp"

using namespace remotemail;
using namespace remotemail::settings_steps;

namespace {

std::string refusal(std::string_view file) {
  const auto parsed = parse_import(file);
  return parsed ? std::string("accepted") : parsed.error().detail;
}

}  // namespace

TEST_CASE("import: key=value lines, comments, empty lines, CRLF and a byte order mark [B20]") {
  const auto parsed = parse_import(
      "\xEF\xBB\xBF# a comment\r\n\r\nreception.port=1995\r\n   \n  # another\nreception.nickname = "
      "Tokyo-3F\n"
      "reception.user=a=b\nreception.server=mail.example.com");
  REQUIRE(parsed.ok());
  CHECK(parsed->size() == 4);
  CHECK(parsed->at("reception.port").reveal() == "1995");
  CHECK(parsed->at("reception.nickname").reveal() == "Tokyo-3F");
  CHECK(parsed->at("reception.user").reveal() == "a=b");
  CHECK(parsed->at("reception.server").reveal() == "mail.example.com");
}

TEST_CASE("import: a password is what stands behind the =, and an empty one is not given [B18, Y3]") {
  const auto parsed = parse_import(
      "reception.password= two  blanks \r\ntransmission.smtp_password = x\nreception.ce_password=\n");
  REQUIRE(parsed.ok());
  CHECK(parsed->size() == 2);
  CHECK(parsed->at("reception.password").reveal() == " two  blanks ");
  CHECK(parsed->at("transmission.smtp_password").reveal() == "x");
}

TEST_CASE("import: all lines or none, and what is wrong is named by its line [B20]") {
  CHECK(refusal("reception.port=1\nreception.prot=2\n") ==
        "line 2: there is no setting reception.prot; did you mean reception.port?");
  CHECK(refusal("\n\nhello\n") == "line 3: a line reads key=value; there is no = in it");
  CHECK(refusal("reception.port=1\n\nreception.port=1\n") ==
        "line 3: reception.port stands in line 1 already");
  CHECK(refusal("reception.password=\nreception.password=Geheim") ==
        "line 2: reception.password stands in line 1 already");
  CHECK(refusal("=x") == "line 1: there is no setting without a name");
  CHECK(refusal("a=1\nb") ==
        "line 1: there is no setting a; line 2: a line reads key=value; there is no = in it");
  CHECK(refusal(std::string(4, 'x') + "\xFF\x1B[2J=1") == "line 1: there is no setting xxxx??[2J");
}

TEST_CASE("import: many wrong lines are counted, not all told") {
  std::string file;
  for (int i = 0; i < 1000; ++i) file += "nonsense\n";
  CHECK(contains(refusal(file), "line 5: "));
  CHECK(!contains(refusal(file), "line 6: "));
  CHECK(contains(refusal(file), "and 995 more"));
  CHECK(contains(refusal(std::string((1 << 20) + 1, '#')), "larger than 1 MiB"));
  CHECK(parse_import("").ok());
}

TEST_CASE("export: no secret leaves [Y3, Y4]") {
  StoredSettings stored = enabled_copier();
  save(stored, plan(stored, texts({{"security.operator_password", "Kiku-1888"}})));
  const std::string file = export_settings(stored);
  for (const char* secret : {"smtp secret", "mailbox secret", "scrypt$", "Kiku-1888"})
    CHECK(!contains(file, secret));
  const auto parsed = parse_import(file);
  REQUIRE(parsed.ok());
  for (const auto& [key, text] : *parsed) CHECK(!find_setting(key)->is_secret());
  CHECK(contains(file, "\nreception.server=mail.example.com\n"));
}

TEST_CASE("export: what is imported is exported again, byte for byte, also on another machine") {
  StoredSettings stored;
  save(stored, plan(stored, texts({{"reception.port", "995"},
                                   {"reception.interval", "10"},
                                   {"security.ca_file", "/my certs/ca.pem "},
                                   {"transmission.time_difference", "-500"},
                                   {"reception.nickname", "#1=x"}})));
  const std::string file = export_settings(stored);
  CHECK(contains(file, "\nreception.port=995\n"));
  CHECK(contains(file, "\ntransmission.smtp_port=\n"));
  StoredSettings other;
  save(other, plan(other, texts({{"transmission.smtp_port", "2525"}, {"reception.user", "old"}})));
  save(other, plan(other, *parse_import(file)));
  CHECK(export_settings(other) == file);
  CHECK(plan(stored, *parse_import(file)).changes.empty());
}

TEST_CASE("export: a stored value that fails its check is not handed on") {
  StoredSettings stored;
  StoredSetting bad;
  bad.text = Secret("evil\nreception.enabled=yes");
  stored.emplace("reception.nickname", bad);
  CHECK(export_settings(stored) == export_settings({}));
}
