// The port to the settings' place on disk.
#pragma once

#include <cstdint>
#include <map>
#include <span>
#include <string>

#include "remotemail/core/result.hpp"
#include "remotemail/core/stored_setting.hpp"

namespace remotemail {

// Same power-loss contract and thread rule as MailStore; one store implements both, so that CHPASS and its reply are
// one unit.
class SettingsStore {
 public:
  virtual ~SettingsStore() = default;

  // A sealed one whose binding or key does not fit comes back `unreadable`, without text (Y3).
  virtual Result<StoredSettings> load_settings() = 0;

  // Applies all changes or none, and returns the new generation. `seen` maps keys to the generation the caller had
  // before it (0: was unset); when one of them differs now: Cause::changed_elsewhere, its detail the keys (B16, B21).
  // key_missing: something is to be sealed and there is no key. A sealed value that is replaced or removed is wiped.
  virtual Result<std::uint64_t> save_settings(std::span<const SettingChange>,
                                              const std::map<std::string, std::uint64_t>& seen) = 0;
};

}  // namespace remotemail
