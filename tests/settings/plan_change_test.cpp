#include <doctest/doctest.h>

#include "settings/settings_steps.hpp"

using namespace remotemail;
using namespace remotemail::settings_steps;

namespace {

std::vector<std::string> keys_of(const std::vector<FieldError>& errors) {
  std::vector<std::string> keys;
  for (const FieldError& error : errors) keys.push_back(error.key);
  return keys;
}

}  // namespace

TEST_CASE("settings: a complete copier can be enabled in one apply [A15]") {
  SettingTexts given = complete();
  given.insert_or_assign("reception.enabled", Secret("yes"));
  const PlannedChange planned = plan({}, given);
  CHECK(planned.errors.empty());
  CHECK(planned.enables);
  CHECK(planned.changes.size() == given.size());
  StoredSettings stored;
  save(stored, planned);
  CHECK(make_settings(stored).reception.enabled);
}

TEST_CASE("settings: enabling names all that is missing at once [A15, A16]") {
  const PlannedChange planned = plan({}, texts({{"reception.enabled", "yes"},
                                                {"transmission.smtp_user", "sender"},
                                                {"reception.notice", "all"}}));
  CHECK(keys_of(planned.errors) ==
        std::vector<std::string>{"transmission.manager_address", "transmission.smtp_server",
                                 "transmission.smtp_password", "reception.server", "reception.user",
                                 "reception.password", "reception.address", "reception.ce_password",
                                 "reception.administrator_address"});
  CHECK(planned.changes.empty());
  CHECK(!planned.enables);
  CHECK(contains(message_for(planned, "transmission.manager_address"), "is missing"));
  CHECK(contains(message_for(planned, "reception.ce_password"), "is missing"));
}

TEST_CASE("settings: each mandatory value is mandatory by itself, and SMTP needs no log-in [A15, B8, B10, B25-B31]") {
  for (const auto& [key, text] : complete()) {
    if (key == "transmission.smtp_user") continue;
    CAPTURE(key);
    SettingTexts given = complete();
    given.erase(key);
    given.insert_or_assign("reception.enabled", Secret("yes"));
    CHECK(keys_of(plan({}, given).errors) == std::vector<std::string>{key});
  }
  SettingTexts given = complete();
  given.erase("transmission.smtp_user");
  given.erase("transmission.smtp_password");
  given.insert_or_assign("reception.enabled", Secret("yes"));
  CHECK(plan({}, given).errors.empty());
}

TEST_CASE("settings: the administrator address is mandatory unless the notice is no [B33]") {
  SettingTexts given = complete();
  given.insert_or_assign("reception.enabled", Secret("yes"));
  for (const char* notice : {"illegal", "all"}) {
    given.insert_or_assign("reception.notice", Secret(notice));
    CHECK(keys_of(plan({}, given).errors) == std::vector<std::string>{"reception.administrator_address"});
  }
  given.insert_or_assign("reception.administrator_address", Secret("admin@example.com"));
  CHECK(plan({}, given).errors.empty());
  given.insert_or_assign("reception.notice", Secret("no"));
  given.erase("reception.administrator_address");
  CHECK(plan({}, given).errors.empty());
}

TEST_CASE("settings: while enabled, no mandatory value can be taken away [A15]") {
  const StoredSettings stored = enabled_copier();
  for (const auto& [key, text] : complete()) {
    if (key == "transmission.smtp_user") continue;
    CAPTURE(key);
    const PlannedChange planned = plan(stored, texts({{key.c_str(), ""}}));
    CHECK(!message_for(planned, key).empty());
    CHECK(planned.changes.empty());
  }
  CHECK(plan(stored, texts({{"reception.enabled", "no"}, {"reception.server", ""}})).errors.empty());
}

TEST_CASE("settings: choosing No is never refused [A17]") {
  const PlannedChange planned = plan(enabled_copier(), texts({{"reception.enabled", "no"}}));
  CHECK(planned.errors.empty());
  CHECK(planned.changes.size() == 1);
  CHECK(!planned.enables);
}

TEST_CASE("settings: only a change from No to Yes enables [A22]") {
  const StoredSettings stored = enabled_copier();
  CHECK(!plan(stored, texts({{"reception.enabled", "yes"}})).enables);
  CHECK(!plan(stored, texts({{"reception.interval", "5"}})).enables);
}

TEST_CASE("settings: what was missing before does not stand in the way of a repair [A15]") {
  StoredSettings stored = enabled_copier();
  for (const char* key : {"reception.password", "transmission.smtp_password"}) {
    stored.at(key).unreadable = true;
    stored.at(key).text = Secret();
  }
  const PlannedChange planned = plan(stored, texts({{"reception.password", "new"}}));
  CHECK(planned.errors.empty());
  CHECK(planned.changes.size() == 1);
  CHECK(!plan(stored, texts({{"reception.user", ""}})).errors.empty());
}

TEST_CASE("settings: one bad value and nothing of the apply is done, all bad ones are named in the list's order [B20]") {
  const PlannedChange planned = plan({}, texts({{"reception.nickname", "good"},
                                                {"reception.interval", "0"},
                                                {"reception.port", "x"},
                                                {"transmission.manager_address", "nobody"},
                                                {"security.operator_password", "0000"}}));
  CHECK(keys_of(planned.errors) == std::vector<std::string>{"transmission.manager_address",
                                                            "reception.interval", "reception.port",
                                                            "security.operator_password"});
  CHECK(planned.changes.empty());
  CHECK(planned.blanked.empty());
}

TEST_CASE("settings: a bad mandatory value is named once, for what it is [B20]") {
  SettingTexts given = complete();
  given.insert_or_assign("reception.enabled", Secret("yes"));
  given.insert_or_assign("transmission.manager_address", Secret("nobody"));
  const PlannedChange planned = plan({}, given);
  REQUIRE(planned.errors.size() == 1);
  CHECK(contains(planned.errors[0].message, "one @"));
}

TEST_CASE("settings: an unknown key is named, cleaned, with the nearest one [B20]") {
  const PlannedChange planned = plan({}, texts({{"reception.prot", "1"}, {"evil\r\nkey", "1"}}));
  CHECK(contains(message_for(planned, "reception.prot"), "did you mean reception.port?"));
  CHECK(!message_for(planned, "evil??key").empty());
}

TEST_CASE("settings: what did not change makes no change, and an empty text goes back to the default [B17]") {
  StoredSettings stored;
  save(stored, plan(stored, texts({{"reception.interval", "5"}, {"reception.server", "Mail.example.com"}})));
  CHECK(plan(stored, texts({{"reception.interval", " 5 "}, {"reception.server", "mail.EXAMPLE.com"}}))
            .changes.empty());
  const PlannedChange planned = plan(stored, texts({{"reception.interval", ""}, {"reception.nickname", ""}}));
  REQUIRE(planned.changes.size() == 1);
  CHECK(planned.changes[0].key == "reception.interval");
  CHECK(!planned.changes[0].value);
}

#ifdef REMOTEMAIL_TIME_ZONES
TEST_CASE("settings: setting the time zone clears the difference and the other way round; both at once is refused [B12]") {
  StoredSettings stored;
  save(stored, plan(stored, texts({{"transmission.time_difference", "-500"}})));
  save(stored, plan(stored, texts({{"transmission.time_zone", "Asia/Tokyo"}})));
  CHECK(!stored.contains("transmission.time_difference"));
  CHECK(make_settings(stored).transmission.time_zone == "Asia/Tokyo");
  save(stored,
       plan(stored, texts({{"transmission.time_difference", "100"}, {"transmission.time_zone", ""}})));
  CHECK(!stored.contains("transmission.time_zone"));
  save(stored,
       plan(stored, texts({{"transmission.time_zone", "Asia/Tokyo"}, {"transmission.time_difference", ""}})));
  save(stored, plan(stored, texts({{"transmission.time_difference", "100"}})));
  CHECK(!stored.contains("transmission.time_zone"));
  const PlannedChange both = plan(
      stored, texts({{"transmission.time_difference", "900"}, {"transmission.time_zone", "Asia/Tokyo"}}));
  CHECK(contains(message_for(both, "transmission.time_zone"), "must not be given together"));
}
#endif

TEST_CASE("settings: a change of the server blanks its password, on every path, and only its own [Y3]") {
  const std::string pin(64, 'a');
  struct {
    const char *key, *text;
    bool reception, transmission;
  } const cases[] = {
      {"reception.server", "other.example.com", true, false},
      {"reception.port", "1995", true, false},
      {"reception.security", "starttls", true, false},
      {"reception.spool", "imap", true, false},  // 995 becomes 993
      {"reception.user", "other", true, false},
      {"reception.pin", pin.c_str(), true, false},
      {"security.ca_file", "/ca.pem", true, true},
      {"transmission.smtp_server", "other.example.com", false, true},
      {"transmission.smtp_port", "2525", false, true},
      {"transmission.smtp_security", "none", false, true},
      {"transmission.smtp_user", "other", false, true},
      {"transmission.pin", pin.c_str(), false, true},
      {"transmission.dns_server", "192.0.2.53", false, false},
      {"reception.port", "995", false, false},  // explicit now, the same port all the same
      {"reception.mailbox", "Orders", false, false},
      {"reception.nickname", "x", false, false},
      {"reception.enabled", "no", false, false},
  };
  for (const bool enabled : {false, true}) {
    for (const auto& c : cases) {
      CAPTURE(c.key);
      CAPTURE(enabled);
      StoredSettings stored = enabled_copier();
      if (!enabled) save(stored, plan(stored, texts({{"reception.enabled", "no"}})));
      const PlannedChange planned = plan(stored, texts({{c.key, c.text}}));
      if (enabled) {
        CHECK(contains(message_for(planned, "reception.password"), "must be given anew") == c.reception);
        CHECK(contains(message_for(planned, "transmission.smtp_password"), "must be given anew") ==
              c.transmission);
        CHECK(planned.errors.empty() == (!c.reception && !c.transmission));
      } else {
        CHECK(planned.errors.empty());
        std::vector<std::string> expected;
        if (c.transmission) expected.emplace_back("transmission.smtp_password");
        if (c.reception) expected.emplace_back("reception.password");
        CHECK(planned.blanked == expected);
        save(stored, planned);
        CHECK(shown_value(stored, "reception.password") == (c.reception ? "not set" : "set"));
        CHECK(shown_value(stored, "transmission.smtp_password") == (c.transmission ? "not set" : "set"));
        CHECK(stored.contains("reception.password") == !c.reception);
      }
    }
  }
}

TEST_CASE("settings: with security none the DNS server is part of the binding [Y3]") {
  StoredSettings stored;
  SettingTexts given = complete();
  given.insert_or_assign("reception.security", Secret("none"));
  save(stored, plan(stored, given));
  const PlannedChange planned = plan(stored, texts({{"transmission.dns_server", "192.0.2.53"}}));
  CHECK(planned.blanked == std::vector<std::string>{"reception.password"});
}

TEST_CASE("settings: a password given with a changed server is stored, bound to the new one [Y3]") {
  StoredSettings stored = enabled_copier();
  const PlannedChange planned =
      plan(stored, texts({{"reception.server", "new.example.com"}, {"reception.password", "new secret"}}));
  CHECK(planned.errors.empty());
  CHECK(planned.blanked.empty());
  save(stored, planned);
  const StoredSetting& password = stored.at("reception.password");
  CHECK(password.form == StoredSetting::Form::sealed);
  CHECK(password.text.reveal() == "new secret");
  CHECK(password.bound_to == binding_of(stored, "reception.password"));
  CHECK(contains(password.bound_to, "new.example.com"));
  CHECK(make_settings(stored).reception.account.server.password.reveal() == "new secret");
}

TEST_CASE("settings: a server changed and changed back does not bring its password back [Y3]") {
  StoredSettings stored = enabled_copier();
  save(stored, plan(stored, texts({{"reception.enabled", "no"}, {"reception.server", "evil.example.net"}})));
  save(stored, plan(stored, texts({{"reception.server", "mail.example.com"}})));
  CHECK(make_settings(stored).reception.account.server.password.empty());
}

TEST_CASE("settings: an empty text clears a mailbox or SMTP password [Y3]") {
  StoredSettings stored = enabled_copier();
  const PlannedChange planned =
      plan(stored, texts({{"transmission.smtp_user", ""}, {"transmission.smtp_password", ""}}));
  CHECK(planned.errors.empty());
  CHECK(planned.blanked.empty());
  save(stored, planned);
  CHECK(!stored.contains("transmission.smtp_password"));
}

TEST_CASE("settings: passwords one compares are stored hashed only [Y4]") {
  StoredSettings stored;
  save(
      stored,
      plan(stored, texts({{"reception.ce_password", "U-BIX"}, {"security.operator_password", "Kiku-1887"}})));
  const StoredSetting& ce = stored.at("reception.ce_password");
  CHECK(ce.form == StoredSetting::Form::hashed);
  CHECK(!contains(ce.text.reveal(), "U-BIX"));
  const Settings settings = make_settings(stored);
  CHECK(verify_password(settings.reception.ce_password, "U-BIX"));
  CHECK(!verify_password(settings.reception.ce_password, "u-bix"));
  CHECK(verify_password(settings.operator_password, "Kiku-1887"));
  CHECK(settings.maintenance_password.empty());
  CHECK(settings.reception.ce_password_generation == ce.generation);
}

TEST_CASE("settings: a chosen operator or maintenance password cannot go back to the factory value [Y1]") {
  StoredSettings stored;
  CHECK(plan(stored, texts({{"security.operator_password", ""}})).errors.empty());
  save(stored, plan(stored, texts({{"security.operator_password", "Kiku-1887"},
                                   {"security.maintenance_password", "Ume-2041"}})));
  for (const char* key : {"security.operator_password", "security.maintenance_password"}) {
    for (const char* text : {"", "0000", "9272"}) {
      CAPTURE(text);
      CHECK(contains(message_for(plan(stored, texts({{key, text}})), key), "factory value"));
    }
  }
}

TEST_CASE("settings: a password whose hash this machine cannot pay for is refused, not stored empty [Y4]") {
  CountingRandom random;
  const PlannedChange planned =
      plan_change({}, texts({{"reception.ce_password", "U-BIX"}}), random, {30, 8, 1});
  CHECK(contains(message_for(planned, "reception.ce_password"), "could not be stored"));
  CHECK(planned.changes.empty());
}

TEST_CASE("settings: hostile texts of 64 KiB in every field are refused in words that stay short [B20]") {
  for (const std::string& hostile : {std::string(65536, 'a'), std::string(65536, '\0'),
                                     std::string(65536, '\xFF'), std::string(65536, ':')}) {
    SettingTexts given;
    for (const SettingSpec& spec : all_settings())
      given.insert_or_assign(std::string(spec.key), Secret(hostile));
    given.insert_or_assign(hostile, Secret(hostile));
    const PlannedChange planned = plan({}, given);
    CHECK(planned.errors.size() == given.size());
    CHECK(planned.changes.empty());
    for (const FieldError& error : planned.errors) {
      CAPTURE(error.key);
      CHECK(error.key.size() <= 64);
      CHECK(!error.message.empty());
      CHECK(error.message.size() <= 300);
    }
  }
}

TEST_CASE("settings: no error of an apply shows a secret [Y4]") {
  for (const SettingSpec& spec : all_settings()) {
    if (!spec.is_secret()) continue;
    for (const char* bad : {"Gehe\nim", "Gehe im \xC3\xA4", "Gehe-im-Gehe-im-Gehe-im-Gehe-im\n"}) {
      for (const FieldError& error : plan(enabled_copier(), texts({{spec.key.data(), bad}})).errors)
        CHECK(!contains(error.message, "Gehe"));
    }
  }
}

TEST_CASE("settings: a form's untouched fields and blank passwords are no changes [B16, Y3]") {
  const StoredSettings stored = enabled_copier();
  SettingTexts form;
  for (const SettingSpec& spec : all_settings()) {
    form.insert_or_assign(std::string(spec.key),
                          Secret(spec.is_secret() ? std::string() : shown_value(stored, spec.key)));
  }
  CHECK(changed_texts(stored, form).empty());
  form.insert_or_assign("reception.security", Secret("starttls"));
  form.insert_or_assign("reception.nickname", Secret("Tokyo-3F"));
  form.insert_or_assign("no.such", Secret(""));
  CHECK(changed_texts(stored, form).size() == 3);
}
