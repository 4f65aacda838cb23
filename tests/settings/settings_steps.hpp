// Steps of the settings tests: a store in a map, cheap hashes, a copier that is set up.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "remotemail/settings/setting_spec.hpp"
#include "remotemail/settings/settings.hpp"

namespace remotemail::settings_steps {

class CountingRandom final : public Random {
 public:
  void fill(std::span<std::byte> out) override {
    for (std::byte& octet : out) octet = static_cast<std::byte>(++count_);
  }

 private:
  unsigned char count_ = 0;
};

inline constexpr HashCost kCheap{4, 1, 1};

inline SettingTexts texts(std::initializer_list<std::pair<const char*, const char*>> given) {
  SettingTexts out;
  for (const auto& [key, text] : given) out.insert_or_assign(key, Secret(text));
  return out;
}

inline PlannedChange plan(const StoredSettings& now, const SettingTexts& given) {
  CountingRandom random;
  return plan_change(now, given, random, kCheap);
}

// What a store does with the changes.
inline void save(StoredSettings& stored, const PlannedChange& planned) {
  static std::uint64_t generation = 0;
  for (const SettingChange& change : planned.changes) {
    stored.erase(change.key);
    if (!change.value) continue;
    StoredSetting setting = *change.value;
    setting.generation = ++generation;
    stored.emplace(change.key, setting);
  }
}

inline std::string message_for(const PlannedChange& planned, std::string_view key) {
  for (const FieldError& error : planned.errors) {
    if (error.key == key) return error.message;
  }
  return {};
}

inline bool contains(std::string_view text, std::string_view part) {
  return text.find(part) != std::string_view::npos;
}

inline SettingTexts complete() {
  return texts({{"transmission.manager_address", "manager@example.com"},
                {"transmission.smtp_server", "smtp.example.com"},
                {"transmission.smtp_user", "sender"},
                {"transmission.smtp_password", "smtp secret"},
                {"reception.server", "mail.example.com"},
                {"reception.user", "copier"},
                {"reception.password", "mailbox secret"},
                {"reception.address", "copier@example.com"},
                {"reception.ce_password", "U-BIX"}});
}

inline StoredSettings enabled_copier() {
  StoredSettings stored;
  SettingTexts given = complete();
  given.insert_or_assign("reception.enabled", Secret("yes"));
  save(stored, plan(stored, given));
  return stored;
}

}  // namespace remotemail::settings_steps
