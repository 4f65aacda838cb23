#include "settings/effective.hpp"

#include "core/text.hpp"
#include "remotemail/settings/settings.hpp"

namespace remotemail {

EffectiveText effective(const StoredSettings& stored, const SettingSpec& spec) {
  const auto found = stored.find(spec.key);
  if (found != stored.end()) {
    if (found->second.form == StoredSetting::Form::plain) {
      auto checked = check_value(spec, found->second.text.reveal());
      if (checked && !checked->empty()) return {std::move(*checked), true, false};
      if (checked) return {std::string(spec.default_text), false, false};
    }
    return {std::string(spec.default_text), false, true};
  }
  return {std::string(spec.default_text), false, false};
}

EffectiveText effective(const StoredSettings& stored, std::string_view key) {
  const SettingSpec* const spec = find_setting(key);
  return spec ? effective(stored, *spec) : EffectiveText{};
}

// B25: 995/993/465 implicit TLS, 110/143/587 STARTTLS, 110/143/25 none.
std::uint16_t effective_port(const StoredSettings& stored, std::string_view port_key) {
  const EffectiveText port = effective(stored, port_key);
  if (port.set) return parse_number<std::uint16_t>(port.text).value_or(0);
  if (port_key == "transmission.smtp_port") {
    const std::string security = effective(stored, "transmission.smtp_security").text;
    return security == "tls" ? 465 : security == "starttls" ? 587 : 25;
  }
  const bool tls = effective(stored, "reception.security").text == "tls";
  if (effective(stored, "reception.spool").text == "imap") return tls ? 993 : 143;
  return tls ? 995 : 110;
}

std::string binding_of(const StoredSettings& stored, std::string_view key) {
  const bool reception = key == "reception.password";
  if (!reception && key != "transmission.smtp_password") return {};
  const auto text = [&](std::string_view in_reception, std::string_view in_transmission) {
    return effective(stored, reception ? in_reception : in_transmission).text;
  };
  const std::string security = text("reception.security", "transmission.smtp_security");
  // One field a line; no value holds a line end, so no two servers share a text.
  std::string binding = "host=" + text("reception.server", "transmission.smtp_server");
  binding += "\nport=" +
             std::to_string(effective_port(stored, reception ? "reception.port" : "transmission.smtp_port"));
  binding += "\nsecurity=" + security;
  binding += "\nuser=" + text("reception.user", "transmission.smtp_user");
  binding += "\nca=" + text("security.ca_file", "security.ca_file");
  binding += "\npin=" + text("reception.pin", "transmission.pin");
  // Without TLS whoever answers the look-up gets the password.
  if (security == "none") binding += "\ndns=" + text("transmission.dns_server", "transmission.dns_server");
  return binding;
}

Secret usable_secret(const StoredSettings& stored, std::string_view key) {
  const auto found = stored.find(key);
  if (found == stored.end() || found->second.form != StoredSetting::Form::sealed ||
      found->second.unreadable || found->second.bound_to != binding_of(stored, key)) {
    return {};
  }
  return found->second.text;
}

std::string_view stored_hash(const StoredSettings& stored, std::string_view key) {
  const auto found = stored.find(key);
  if (found == stored.end() || found->second.form != StoredSetting::Form::hashed) return {};
  return found->second.text.reveal();
}

std::string shown_value(const StoredSettings& stored, std::string_view key) {
  const SettingSpec* const spec = find_setting(key);
  if (!spec) return {};
  if (spec->kind == SettingSpec::Kind::sealed_secret)
    return usable_secret(stored, key).empty() ? "not set" : "set";
  if (spec->kind == SettingSpec::Kind::hashed_secret)
    return stored_hash(stored, key).empty() ? "not set" : "set";
  if (key == "reception.port" || key == "transmission.smtp_port")
    return std::to_string(effective_port(stored, key));
  // While a zone counts, a difference beside it would only mislead.
  if (spec->kind == SettingSpec::Kind::time_difference && effective(stored, "transmission.time_zone").set)
    return {};
  return effective(stored, *spec).text;
}

}  // namespace remotemail
