// A setting as a store keeps it: text by key. The store knows no list of settings; the settings room knows no store.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "remotemail/core/secret.hpp"

namespace remotemail {

struct StoredSetting {
  enum class Form {
    plain,   // text as it is
    sealed,  // a secret that must be readable again: the store seals `text` together with key and `bound_to` (Y3)
    hashed,  // a PasswordHash; kept like plain text, never exported
  };
  Form form = Form::plain;
  Secret text;               // by type, so that no dump of settings shows one; plain values are no secrets all the same
  std::string bound_to;      // sealed: host, port, security, user, CA or pin as one text
  std::uint64_t generation = 0;  // of its last change; grows over the whole store
  bool unreadable = false;   // sealed, but the key or the binding does not fit: text is empty
};

using StoredSettings = std::map<std::string, StoredSetting, std::less<>>;

// A change to one key: nothing in `value` removes it (back to the default).
struct SettingChange {
  std::string key;
  std::optional<StoredSetting> value;
};

}  // namespace remotemail
