// What a stored setting means today: checked text or default, ports that follow, passwords that still belong.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "remotemail/core/secret.hpp"
#include "remotemail/core/stored_setting.hpp"
#include "remotemail/settings/setting_spec.hpp"

namespace remotemail {

struct EffectiveText {
  std::string text;  // checked; the default when `set` is false
  bool set = false;  // stored, plain and good
  bool bad = false;  // stored, but it does not pass its check any more
};
// Of a setting that is no secret.
EffectiveText effective(const StoredSettings&, const SettingSpec&);
EffectiveText effective(const StoredSettings&, std::string_view key);

std::uint16_t effective_port(const StoredSettings&, std::string_view port_key);

// The sealed secret if it can be read and belongs to today's server (Y3); else empty.
Secret usable_secret(const StoredSettings&, std::string_view key);
// The hash as it is stored, or empty.
std::string_view stored_hash(const StoredSettings&, std::string_view key);

}  // namespace remotemail
