#include <doctest/doctest.h>

#include <set>

#include "settings/settings_steps.hpp"

using namespace remotemail;
using namespace remotemail::settings_steps;

TEST_CASE("settings: the list holds every key once, in the order of the pages [B8-B35]") {
  const char* const keys =
      "transmission.manager_address transmission.envelope_sender transmission.dns_server "
      "transmission.time_difference "
      "transmission.time_zone transmission.smtp_server transmission.smtp_port transmission.smtp_security "
      "transmission.smtp_user "
      "transmission.smtp_password transmission.pin transmission.condition_informing_address "
      "transmission.email_transmission "
      "reception.enabled reception.interval reception.server reception.port reception.security "
      "reception.spool reception.mailbox "
      "reception.user reception.password reception.pin reception.address reception.nickname "
      "reception.ce_password reception.notice "
      "reception.administrator_address reception.announce_delay reception.pop_before_smtp "
      "reception.size_limit reception.done_folder "
      "limits.replies_per_sender limits.replies security.ca_file security.operator_password "
      "security.maintenance_password "
      "security.mask_passwords security.mask_names ";
  std::string listed;
  for (const SettingSpec& spec : all_settings()) {
    listed += std::string(spec.key) + " ";
    CHECK(find_setting(spec.key) == &spec);
    CHECK(spec.key.starts_with(std::string(spec.page) + "."));
  }
  CHECK(listed == keys);
  CHECK(find_setting("reception") == nullptr);
  CHECK(find_setting("") == nullptr);
  CHECK(find_setting("Reception.port") == nullptr);
}

TEST_CASE("settings: every default passes its own check and is stored as it stands [A15, A19, B12, B26, B32, B34, B35]") {
  for (const SettingSpec& spec : all_settings()) {
    CAPTURE(spec.key);
    const auto value = check_value(spec, spec.default_text);
    REQUIRE(value.ok());
    CHECK(*value == spec.default_text);
  }
  const std::pair<const char*, const char*> defaults[] = {
      {"reception.enabled", "no"},
      {"reception.interval", "10"},
      {"reception.spool", "pop3"},
      {"reception.notice", "no"},
      {"reception.announce_delay", "no"},
      {"reception.pop_before_smtp", "yes"},
      {"transmission.time_difference", "+0000"},
      {"transmission.email_transmission", "no"},
      {"reception.size_limit", "10"},
      {"reception.security", "tls"},
      {"transmission.smtp_security", "tls"},
      {"limits.replies_per_sender", "100"},
      {"limits.replies", "500"},
      {"transmission.envelope_sender", "manager"},
      {"reception.mailbox", "INBOX"},
  };
  for (const auto& [key, text] : defaults) {
    CAPTURE(key);
    CHECK(find_setting(key)->default_text == text);
  }
}

TEST_CASE("settings: every setting has a label, a rule and one line of help with an example [B20]") {
  std::set<std::string_view> labels;
  for (const SettingSpec& spec : all_settings()) {
    CAPTURE(spec.key);
    CHECK(!spec.label.empty());
    CHECK(!spec.rule.empty());
    CHECK(contains(spec.help, "Example: "));
    CHECK(!contains(spec.help, "\n"));
    CHECK(labels.insert(spec.label).second);
    for (const char c : spec.help) CHECK((c >= 0x20 && c <= 0x7E));
  }
}

TEST_CASE("settings: a mistyped key leads to the nearest one [B20]") {
  const auto nearest = [](std::string_view key) {
    const SettingSpec* const spec = nearest_setting(key);
    return spec ? spec->key : std::string_view();
  };
  CHECK(nearest("reception.prot") == "reception.port");
  CHECK(nearest("reception.passwort") == "reception.password");
  CHECK(nearest("Reception.port") == "reception.port");
  CHECK(nearest("smtp_server") == "transmission.smtp_server");
  CHECK(nearest("limit.replies") == "limits.replies");
  CHECK(nearest("transmission.color").empty());
  CHECK(nearest("").empty());
  CHECK(nearest(std::string(1 << 20, 'r')).empty());
}

TEST_CASE("settings: every example of the help can be typed as it stands [B20]") {
  constexpr std::string_view kMark = "Example: ";
  for (const SettingSpec& spec : all_settings()) {
    CAPTURE(spec.key);
    const auto at = spec.help.find(kMark);
    REQUIRE(at != std::string_view::npos);
    const std::string_view example = spec.help.substr(at + kMark.size());
#ifndef REMOTEMAIL_TIME_ZONES
    if (spec.kind == SettingSpec::Kind::time_zone) continue;
#endif
    CHECK(check_value(spec, example.substr(0, example.find(' '))).ok());
  }
}
