#include <doctest/doctest.h>

#include "settings/settings_steps.hpp"

using namespace remotemail;
using namespace remotemail::settings_steps;
using namespace std::chrono_literals;

namespace {

StoredSettings with(std::initializer_list<std::pair<const char*, const char*>> given) {
  StoredSettings stored;
  const PlannedChange planned = plan(stored, texts(given));
  REQUIRE(planned.errors.empty());
  save(stored, planned);
  return stored;
}

StoredSetting plain(const char* text) {
  StoredSetting setting;
  setting.text = Secret(text);
  return setting;
}

WallTime at(int year, unsigned month, unsigned day) {
  return std::chrono::sys_days{std::chrono::year{year} / static_cast<int>(month) / static_cast<int>(day)} +
         12h;
}

}  // namespace

TEST_CASE("settings: nothing stored means the defaults [A15, A19, B12, B26, B32, B34, B35, D6, R11]") {
  const Settings s = make_settings({});
  CHECK(!s.reception.enabled);
  CHECK(s.reception.interval == 10min);
  CHECK(s.reception.account.spool == Spool::pop3);
  CHECK(s.reception.account.server.security == Security::tls);
  CHECK(s.reception.account.server.port == 995);
  CHECK(s.reception.account.mailbox == "INBOX");
  CHECK(s.reception.notice == Notice::no);
  CHECK(!s.reception.announce_delay);
  CHECK(s.reception.pop_before_smtp);
  CHECK(s.reception.size_limit == 10'240);
  CHECK(s.transmission.smtp.port == 465);
  CHECK(s.transmission.time_difference == 0min);
  CHECK(s.replies_per_sender == 100);
  CHECK(s.replies == 500);
  CHECK(s.operator_password.empty());
  CHECK(s.reception.ce_password.empty());
  CHECK(s.generation == 0);
}

TEST_CASE("settings: default ports follow spool and security until one is set [B25, B10]") {
  struct {
    const char *spool, *security;
    std::uint16_t reception, smtp;
  } const cases[] = {{"pop3", "tls", 995, 465}, {"pop3", "starttls", 110, 587}, {"pop3", "none", 110, 25},
                     {"imap", "tls", 993, 465}, {"imap", "starttls", 143, 587}, {"imap", "none", 143, 25}};
  for (const auto& c : cases) {
    CAPTURE(c.spool);
    CAPTURE(c.security);
    StoredSettings stored = with({{"reception.spool", c.spool},
                                  {"reception.security", c.security},
                                  {"transmission.smtp_security", c.security}});
    CHECK(make_settings(stored).reception.account.server.port == c.reception);
    CHECK(make_settings(stored).transmission.smtp.port == c.smtp);
    CHECK(shown_value(stored, "reception.port") == std::to_string(c.reception));
    CHECK(shown_value(stored, "transmission.smtp_port") == std::to_string(c.smtp));
    save(stored, plan(stored, texts({{"reception.port", "1995"}, {"transmission.smtp_port", "2525"}})));
    CHECK(make_settings(stored).reception.account.server.port == 1995);
    CHECK(make_settings(stored).transmission.smtp.port == 2525);
  }
}

TEST_CASE("settings: the snapshot carries what was set, typed [B8-B35]") {
  const Settings s = make_settings(with({{"transmission.manager_address", "manager@example.com"},
                                         {"transmission.envelope_sender", "copier"},
                                         {"transmission.dns_server", "192.0.2.53"},
                                         {"transmission.time_difference", "-330"},
                                         {"transmission.smtp_server", "[::1]"},
                                         {"transmission.smtp_user", "u"},
                                         {"transmission.smtp_password", " p "},
                                         {"transmission.condition_informing_address", "c@d.e"},
                                         {"transmission.email_transmission", "yes"},
                                         {"reception.interval", "60"},
                                         {"reception.spool", "imap"},
                                         {"reception.mailbox", "Orders"},
                                         {"reception.done_folder", "Handled"},
                                         {"reception.address", "copier@example.com"},
                                         {"reception.nickname", "Tokyo-3F"},
                                         {"reception.notice", "illegal"},
                                         {"reception.administrator_address", "a@b.c"},
                                         {"reception.announce_delay", "yes"},
                                         {"reception.pop_before_smtp", "no"},
                                         {"reception.size_limit", "64"},
                                         {"limits.replies", "0"},
                                         {"security.ca_file", "/ca.pem"},
                                         {"security.mask_passwords", "yes"},
                                         {"security.mask_names", "yes"}}));
  CHECK(s.envelope_sender() == "copier@example.com");
  CHECK(s.transmission.smtp.dns_server == "192.0.2.53");
  CHECK(s.reception.account.server.dns_server == "192.0.2.53");
  CHECK(s.utc_offset(at(2026, 7, 1)) == -210min);
  CHECK(s.transmission.smtp.host == "::1");
  CHECK(s.transmission.smtp.password.reveal() == " p ");
  CHECK(s.transmission.smtp.ca_file == "/ca.pem");
  CHECK(s.reception.account.server.ca_file == "/ca.pem");
  CHECK(s.transmission.condition_informing_address == "c@d.e");
  CHECK(s.transmission.email_transmission);
  CHECK(s.reception.interval == 60min);
  CHECK(s.reception.account.mailbox == "Orders");
  CHECK(s.reception.account.done_folder == "Handled");
  CHECK(s.reception.nickname == "Tokyo-3F");
  CHECK(s.reception.notice == Notice::illegal);
  CHECK(s.reception.administrator_address == "a@b.c");
  CHECK(s.reception.announce_delay);
  CHECK(!s.reception.pop_before_smtp);
  CHECK(s.reception.size_limit == 65'536);
  CHECK(s.replies == 0);
  CHECK(s.mask_passwords);
  CHECK(s.mask_names);
  CHECK(s.generation > 0);
}

TEST_CASE("settings: the envelope sender is the manager unless the copier was chosen [B8]") {
  const Settings s = make_settings(with({{"transmission.manager_address", "manager@example.com"},
                                         {"reception.address", "copier@example.com"}}));
  CHECK(s.envelope_sender() == "manager@example.com");
}

#ifdef REMOTEMAIL_TIME_ZONES
TEST_CASE("settings: a zone knows daylight saving, offsets up to +1400, and years beyond the written-out data [B12-B14]") {
  struct {
    const char* zone;
    WallTime time;
    int minutes;
  } const cases[] = {
      {"Europe/Berlin", at(2026, 1, 15), 60},      {"Europe/Berlin", at(2026, 7, 15), 120},
      {"America/New_York", at(2026, 7, 15), -240}, {"America/New_York", at(2026, 12, 15), -300},
      {"Asia/Kolkata", at(2026, 7, 15), 330},      {"Pacific/Kiritimati", at(2026, 7, 15), 840},
      {"Europe/Berlin", at(2036, 7, 15), 120},     {"Europe/Berlin", at(2037, 7, 15), 120},
      {"Europe/Berlin", at(2040, 7, 15), 120},     {"Europe/Berlin", at(2095, 7, 15), 120},
      {"Europe/Berlin", at(2095, 1, 15), 60},      {"Australia/Lord_Howe", at(2026, 1, 15), 660},
  };
  for (const auto& c : cases) {
    CAPTURE(c.zone);
    CAPTURE(c.minutes);
    CHECK(make_settings(with({{"transmission.time_zone", c.zone}})).utc_offset(c.time) ==
          std::chrono::minutes{c.minutes});
  }
  const Settings berlin = make_settings(with({{"transmission.time_zone", "Europe/Berlin"}}));
  for (const WallTime time : {WallTime::min(), WallTime::max(), WallTime{}}) {
    const auto offset = berlin.utc_offset(time);
    CHECK(offset >= -14h);
    CHECK(offset <= 14h);
  }
}
#endif

TEST_CASE("settings: a zone that cannot be read counts as the stored difference [B12]") {
  Settings s;
  s.transmission.time_zone = "Nowhere/Nowhere";
  s.transmission.time_difference = 90min;
  CHECK(s.utc_offset(at(2026, 7, 15)) == 90min);
}

TEST_CASE("settings: a stored value that fails its check counts as its default and is named [B20, fault 96]") {
  StoredSettings stored;
  stored.emplace("reception.interval", plain("0"));
  stored.emplace("reception.address", plain("a@b\r\nc"));
  stored.emplace("reception.ce_password", plain("U-BIX"));
  stored.emplace("reception.password", plain("clear"));
  StoredSetting sealed = plain("as number");
  sealed.form = StoredSetting::Form::sealed;
  stored.emplace("reception.size_limit", sealed);
  stored.emplace("future.setting", plain("x"));
  std::vector<std::string> warnings;
  const Settings s = make_settings(stored, &warnings);
  CHECK(s.reception.interval == 10min);
  CHECK(s.reception.address.empty());
  CHECK(s.reception.ce_password.empty());
  CHECK(s.reception.account.server.password.empty());
  CHECK(s.reception.size_limit == 10'240);
  REQUIRE(warnings.size() == 5);
  CHECK(contains(warnings[0], "reception.interval: the stored value is not valid"));
  for (const std::string& warning : warnings) {
    CHECK(!contains(warning, "U-BIX"));
    CHECK(!contains(warning, "clear"));
  }
}

TEST_CASE("settings: a password bound to another server counts as unset [Y3]") {
  StoredSettings stored = enabled_copier();
  stored.at("reception.server").text = Secret("evil.example.net");  // by a path that knows no plan_change
  std::vector<std::string> warnings;
  CHECK(make_settings(stored, &warnings).reception.account.server.password.empty());
  CHECK(shown_value(stored, "reception.password") == "not set");
  REQUIRE(warnings.size() == 1);
  CHECK(contains(warnings[0], "belongs to another server"));
}

TEST_CASE("settings: an unreadable password counts as unset and is named [Y3]") {
  StoredSettings stored = enabled_copier();
  stored.at("transmission.smtp_password").unreadable = true;
  std::vector<std::string> warnings;
  const Settings s = make_settings(stored, &warnings);
  CHECK(s.transmission.smtp.password.empty());
  CHECK(warnings.size() == 1);
  const auto missing = missing_for_enabling(s);
  REQUIRE(missing.size() == 1);
  CHECK(missing[0].key == "transmission.smtp_password");
}

TEST_CASE("settings: secrets are shown as set or not set, all else as its text or its default [B28, B31, Y4]") {
  const StoredSettings stored = enabled_copier();
  CHECK(shown_value(stored, "reception.password") == "set");
  CHECK(shown_value(stored, "reception.ce_password") == "set");
  CHECK(shown_value(stored, "security.operator_password") == "not set");
  CHECK(shown_value(stored, "reception.interval") == "10");
  CHECK(shown_value(stored, "reception.user") == "copier");
  CHECK(shown_value({}, "transmission.time_difference") == "+0000");
  CHECK(shown_value(stored, "no.such").empty());
}

TEST_CASE("settings: bindings of different servers differ, and there is one for sealed passwords only [Y3]") {
  const StoredSettings stored = enabled_copier();
  CHECK(binding_of(stored, "reception.password") != binding_of(stored, "transmission.smtp_password"));
  CHECK(binding_of(stored, "reception.ce_password").empty());
  CHECK(!contains(binding_of(stored, "reception.password"), "secret"));
}

TEST_CASE("settings: the question before enabling names the number and what becomes of the mails [A22]") {
  Settings s = make_settings(enabled_copier());
  CHECK(contains(enabling_question(35, s), "holds 35 mails"));
  CHECK(contains(enabling_question(35, s), "all of them are removed from the server"));
  s.reception.account.done_folder = "Handled";
  CHECK(contains(enabling_question(35, s), "removed from the server"));  // POP3 has no folders
  s.reception.account.spool = Spool::imap;
  CHECK(contains(enabling_question(35, s), "all of them are moved to Handled"));
}

TEST_CASE("settings: an error is told with the key and the page's label [B20]") {
  CHECK(describe(FieldError{"reception.port", "must be right"}) ==
        "reception.port: Receiving port must be right");
  CHECK(describe(FieldError{"no.such", "there is no such setting"}) == "no.such: there is no such setting");
}
