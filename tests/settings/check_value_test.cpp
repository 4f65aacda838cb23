#include <doctest/doctest.h>

#include "settings/settings_steps.hpp"

using namespace remotemail;
using namespace remotemail::settings_steps;

namespace {

struct Good {
  const char *text, *stored;
};
struct Bad {
  std::string text;
  const char* words;
};

void check_good(const char* key, std::initializer_list<Good> cases) {
  for (const Good& c : cases) {
    CAPTURE(c.text);
    const auto value = check_value(*find_setting(key), c.text);
    CHECK(value.ok());
    if (value) CHECK(*value == c.stored);
  }
}

void check_bad(const char* key, std::initializer_list<Bad> cases) {
  for (const Bad& c : cases) {
    CAPTURE(c.text);
    const auto value = check_value(*find_setting(key), c.text);
    CHECK(!value.ok());
    if (value) continue;
    CHECK(value.error().cause == Cause::invalid_value);
    CAPTURE(value.error().detail);
    CHECK(contains(value.error().detail, c.words));
  }
}

}  // namespace

TEST_CASE("settings: a time difference is stored as sign, two digits of hours, two of minutes [B12]") {
  check_good("transmission.time_difference", {{"-500", "-0500"},
                                              {"-0500", "-0500"},
                                              {"900", "+0900"},
                                              {"+0930", "+0930"},
                                              {"5", "+0500"},
                                              {"-1200", "-1200"},
                                              {"+1200", "+1200"},
                                              {"0", "+0000"},
                                              {"-0000", "+0000"},
                                              {" -500 ", "-0500"},
                                              {"0059", "+0059"},
                                              {"-045", "-0045"},
                                              {"", ""}});
  check_bad("transmission.time_difference", {{"10", "for example -500"},
                                             {"+1201", "-1200 to +1200"},
                                             {"-1300", "-1200 to +1200"},
                                             {"0560", "hours and minutes"},
                                             {"+-500", "sign"},
                                             {"+", "sign"},
                                             {"09:00", "+0900"},
                                             {"00900", "+0900"},
                                             {"- 500", "blank"},
                                             {"UTC", "sign"},
                                             {"99999999999999999999", "sign"}});
}

#ifdef REMOTEMAIL_TIME_ZONES
TEST_CASE("settings: a time zone is a name of the IANA list, whatever its case [B12]") {
  check_good("transmission.time_zone", {{"Europe/Berlin", "Europe/Berlin"},
                                        {"asia/tokyo", "Asia/Tokyo"},
                                        {"UTC", "UTC"},
                                        {"", ""},
                                        {"Pacific/Kiritimati", "Pacific/Kiritimati"}});
  check_bad("transmission.time_zone", {{"Europe/Bonn", "Europe/Berlin"},
                                       {"../../etc/passwd", "area/place"},
                                       {"/etc/localtime", "area/place"},
                                       {"+0900", "IANA"},
                                       {std::string(65536, 'A'), "IANA"},
                                       {"America/New York", "blank"},
                                       {std::string("UTC\0x", 5), "control"}});
}
#else
TEST_CASE("settings: a build without time zones says so and names the cure [B12]") {
  check_bad("transmission.time_zone", {{"Europe/Berlin", "set the time difference"}});
}
#endif

TEST_CASE("settings: blanks at both ends are cut, one inside is refused in every field that people type [B18]") {
  for (const SettingSpec& spec : all_settings()) {
    if (spec.kind == SettingSpec::Kind::sealed_secret || spec.kind == SettingSpec::Kind::file) continue;
    CAPTURE(spec.key);
    for (const char* text : {"a b", "yes no", "1 0", "a\tb",
                             "a\xC2\xA0"
                             "b",
                             "a\xE3\x80\x80"
                             "b"}) {
      const auto value = check_value(spec, text);
      CHECK(!value.ok());
      if (!value) CHECK(contains(value.error().detail, "must not contain a blank"));
    }
    CHECK(check_value(spec, " \t ").ok());
    CHECK(*check_value(spec, " \t ") == "");
  }
  check_good("reception.nickname", {{" \tTokyo-3F  ", "Tokyo-3F"}});
  check_good("reception.ce_password", {{" U-BIX ", "U-BIX"}});
}

TEST_CASE("settings: mailbox and SMTP passwords and file names are taken as they are, without CR, LF, NUL [B18]") {
  for (const char* key : {"reception.password", "transmission.smtp_password"}) {
    check_good(key, {{"  two blanks  ", "  two blanks  "},
                     {"\xC3\xA4\xE3\x80\x80\x01", "\xC3\xA4\xE3\x80\x80\x01"},
                     {" ", " "}});
    check_bad(key, {{"a\rb", "CR, LF or NUL"},
                    {"a\n", "CR, LF or NUL"},
                    {std::string("a\0b", 3), "CR, LF or NUL"},
                    {std::string(65536, 'x'), "at most 512"}});
  }
  check_good("security.ca_file", {{"/etc/my certs/ca.pem ", "/etc/my certs/ca.pem "}, {"", ""}});
  check_bad("security.ca_file", {{"ca.pem", "whole path"},
                                 {" /ca.pem", "whole path"},
                                 {"/", "whole path"},
                                 {"/a\nb", "CR, LF or NUL"},
                                 {"/" + std::string(65536, 'x'), "at most 4095"}});
}

TEST_CASE("settings: an e-mail address is local@domain and free of the manual's characters [B19]") {
  const std::string local64(64, 'l');
  const std::string label(63, 'd');
  const std::string longest = local64 + "@" + label + "." + label + "." + std::string(61, 'e');
  REQUIRE(longest.size() == 254);
  for (const char* key : {"transmission.manager_address", "reception.address",
                          "reception.administrator_address", "transmission.condition_informing_address"}) {
    check_good(key, {{" copier@example.com ", "copier@example.com"},
                     {"A.b+c!#$%&'*/=?^_`{|}~-@x.y", "A.b+c!#$%&'*/=?^_`{|}~-@x.y"},
                     {"root@localhost", "root@localhost"},
                     {"a..b.@docomo.example", "a..b.@docomo.example"},
                     {longest.c_str(), longest.c_str()}});
    for (const char c : std::string("()<>,;:\\\"[]")) {
      CAPTURE(c);
      const std::string named = std::string("(it has ") + c + ")";
      check_bad(key, {{std::string("a") + c + "b@example.com", named.c_str()},
                      {std::string("a@exa") + c + "mple.com", named.c_str()}});
    }
    check_bad(key, {{"a\xC2\xA5@example.com", "(it has \xC2\xA5)"},
                    {"a\xEF\xBF\xA5@example.com", "(it has \xC2\xA5)"},
                    {"example.com", "one @"},
                    {"a@b@c", "one @"},
                    {"@example.com", "one @"},
                    {"a@", "one @"},
                    {"m\xC3\xBCller@example.com", "ASCII"},
                    {local64 + "l@example.com", "at most 64"},
                    {longest + "e", "at most 254"},
                    {"a@-b.com", "domain name"},
                    {"a@b..com", "domain name"},
                    {"a@b_c.com", "domain name"},
                    {"a@b.com.", "domain name"},
                    {"a@192.0.2.1", "domain name"},
                    {"a b@example.com", "blank"},
                    {"a@b.com\r\nRCPT", "control"},
                    {std::string("a@b\0c", 5), "control"},
                    {std::string(65536, '@'), "one @"}});
  }
}

TEST_CASE("settings: a server is a name, an IPv4 or an IPv6 address, stored in lower case [B10, B25]") {
  const std::string label(63, 'a');
  const std::string longest = label + "." + label + "." + label + "." + std::string(61, 'a');
  REQUIRE(longest.size() == 253);
  for (const char* key : {"reception.server", "transmission.smtp_server"}) {
    check_good(key, {{"Mail.Example.COM", "mail.example.com"},
                     {"mail", "mail"},
                     {"mail.example.com.", "mail.example.com"},
                     {"mail_server.local", "mail_server.local"},
                     {"3com.example", "3com.example"},
                     {"192.0.2.25", "192.0.2.25"},
                     {"2001:DB8:0::25", "2001:db8::25"},
                     {"[2001:db8::25]", "2001:db8::25"},
                     {"::1", "::1"},
                     {"::ffff:192.0.2.1", "::ffff:192.0.2.1"},
                     {longest.c_str(), longest.c_str()}});
    check_bad(key, {{"192.0.2.256", "IPv4"},
                    {"192.0.2", "IPv4"},
                    {"1.2.3.4.5", "IPv4"},
                    {"[192.0.2.1]", "IPv4"},
                    {"fe80::1%eth0", "IPv6"},
                    {"2001:db8::1::2", "IPv6"},
                    {"-mail.example.com", "host name"},
                    {"mail-.example.com", "host name"},
                    {"mail..example.com", "host name"},
                    {".", "host name"},
                    {".mail", "host name"},
                    {longest + "a", "host name"},
                    {std::string(64, 'a') + ".com", "host name"},
                    {"mail.example.com:995", "without a port"},
                    {"https://mail.example.com", "://"},
                    {"copier@example.com", "not an e-mail address"},
                    {"b\xC3\xBC"
                     "cher.example",
                     "xn--"},
                    {"mail;rm", "host name"},
                    {"mail\r\nx", "control"},
                    {std::string(65536, ':'), "host name"}});
  }
}

TEST_CASE("settings: the DNS server is an IP address or blank [B11]") {
  check_good("transmission.dns_server",
             {{"192.0.2.53", "192.0.2.53"}, {"[2001:DB8::53]", "2001:db8::53"}, {"", ""}});
  check_bad(
      "transmission.dns_server",
      {{"dns.example.com", "IPv4"}, {"192.0.2.053", "IPv4"}, {"192.0.2.53:53", "IPv4"}, {"0x7f.1", "IPv4"}});
}

TEST_CASE("settings: numbers are whole and within their limits, which the words name [A19, D6, R11, B20]") {
  check_good("reception.interval", {{"1", "1"}, {"60", "60"}, {" 010 ", "10"}});
  check_bad("reception.interval", {{"0", "1 to 60"},
                                   {"61", "1 to 60"},
                                   {"-5", "1 to 60"},
                                   {"+5", "1 to 60"},
                                   {"ten", "1 to 60"},
                                   {"5.5", "1 to 60"},
                                   {std::string(65536, '9'), "1 to 60"}});
  check_good("reception.size_limit", {{"10", "10"}, {"1024", "1024"}});
  check_bad("reception.size_limit", {{"9", "10 to 1024"}, {"1025", "10 to 1024"}});
  for (const char* key : {"reception.port", "transmission.smtp_port"}) {
    check_good(key, {{"1", "1"}, {"65535", "65535"}, {"", ""}});
    check_bad(key, {{"0", "1 to 65535"}, {"65536", "1 to 65535"}});
  }
  check_good("limits.replies", {{"0", "0"}, {"100000", "100000"}});
  check_bad("limits.replies_per_sender", {{"100001", "0 to 100000"}});
}

TEST_CASE("settings: choices and booleans are words of their own, whatever their case [B26, B32, Y2]") {
  for (const char* key :
       {"reception.enabled", "reception.announce_delay", "reception.pop_before_smtp",
        "transmission.email_transmission", "security.mask_passwords", "security.mask_names"}) {
    check_good(key, {{"Yes", "yes"}, {"NO", "no"}, {" yes ", "yes"}});
    check_bad(key, {{"true", "must be yes or no"},
                    {"1", "must be yes or no"},
                    {"y", "must be yes or no"},
                    {"on", "must be yes or no"}});
  }
  check_good("reception.security", {{"TLS", "tls"}, {"StartTLS", "starttls"}, {"none", "none"}});
  check_bad("transmission.smtp_security",
            {{"ssl", "must be tls, starttls or none"}, {"no", "must be tls, starttls or none"}});
  check_good("reception.spool", {{"POP3", "pop3"}, {"IMAP", "imap"}});
  check_bad("reception.spool", {{"pop", "must be pop3 or imap"}});
  check_good("reception.notice", {{"illegal", "illegal"}, {"All", "all"}, {"no", "no"}});
  check_bad("reception.notice", {{"yes", "must be no, illegal or all"}});
  check_good("transmission.envelope_sender", {{"copier", "copier"}});
  check_bad("transmission.envelope_sender", {{"a@b.c", "must be manager or copier"}});
}

TEST_CASE("settings: a nickname is at most 32 printable ASCII characters [B30]") {
  check_good("reception.nickname",
             {{"Tokyo-3F", "Tokyo-3F"},
              {"", ""},
              {"12345678901234567890123456789012", "12345678901234567890123456789012"}});
  check_bad("reception.nickname", {{std::string(33, 'n'), "at most 32 printable ASCII"},
                                   {"T\xC5\x8Dky\xC5\x8D", "printable ASCII"},
                                   {"a\x01", "control"},
                                   {"a\r\nBcc:x", "control"},
                                   {"a\x7F", "control"}});
}

TEST_CASE("settings: CE, operator and maintenance passwords are at most 20 ASCII characters without a blank [B31, B6]") {
  for (const char* key :
       {"reception.ce_password", "security.operator_password", "security.maintenance_password"}) {
    check_good(key, {{"12345678901234567890", "12345678901234567890"}, {"~!\"\\", "~!\"\\"}});
    check_bad(key, {{"123456789012345678901", "1 to 20 ASCII"},
                    {"a b", "blank"},
                    {"p\xC3\xA4ss", "1 to 20 ASCII"},
                    {"a\nb", "control"}});
  }
}

TEST_CASE("settings: factory values can never be chosen for the pages [Y1]") {
  for (const char* key : {"security.operator_password", "security.maintenance_password"}) {
    check_bad(key, {{"0000", "factory value"}, {"9272", "factory value"}, {" 9272 ", "factory value"}});
  }
  check_good("reception.ce_password", {{"0000", "0000"}});
}

TEST_CASE("settings: a pin is 64 hexadecimal digits, colons and capitals accepted [Y2]") {
  const std::string lower_case = "00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff";
  std::string colons;
  for (std::size_t i = 0; i < lower_case.size(); i += 2) colons += (i ? ":" : "") + lower_case.substr(i, 2);
  std::string capitals = colons;
  for (char& c : capitals) c = c >= 'a' && c <= 'f' ? static_cast<char>(c - 32) : c;
  for (const char* key : {"reception.pin", "transmission.pin"}) {
    check_good(key, {{lower_case.c_str(), lower_case.c_str()},
                     {colons.c_str(), lower_case.c_str()},
                     {capitals.c_str(), lower_case.c_str()}});
    check_bad(key, {{lower_case + "0", "64 hexadecimal"},
                    {lower_case.substr(1), "64 hexadecimal"},
                    {"g" + lower_case.substr(1), "64 hexadecimal"},
                    {":", "64 hexadecimal"},
                    {std::string(65536, '0'), "64 hexadecimal"},
                    {std::string(65536, ':'), "64 hexadecimal"}});
  }
}

TEST_CASE("settings: no refusal shows the secret it refuses [Y4]") {
  const std::string secret = "Geheim\nWort";
  for (const SettingSpec& spec : all_settings()) {
    if (!spec.is_secret()) continue;
    CAPTURE(spec.key);
    const auto value = check_value(spec, secret);
    REQUIRE(!value.ok());
    CHECK(!contains(value.error().detail, "Geheim"));
  }
}
