#include <algorithm>
#include <set>
#include <utility>

#include "core/text.hpp"
#include "remotemail/settings/setting_spec.hpp"
#include "remotemail/settings/settings.hpp"
#include "settings/effective.hpp"

namespace remotemail {
namespace {

using Kind = SettingSpec::Kind;
using Form = StoredSetting::Form;

constexpr std::string_view kDifference = "transmission.time_difference";
constexpr std::string_view kZone = "transmission.time_zone";
constexpr std::string_view kSealed[] = {"transmission.smtp_password", "reception.password"};
constexpr std::size_t kKeyShown = 64;

class Planner {
 public:
  Planner(const StoredSettings& now, const SettingTexts& texts) : now_(now), texts_(texts), after_(now) {}

  PlannedChange plan(Random& random, HashCost cost) {
    take_plain();
    settle_time();
    take_sealed();
    take_hashed();
    check_whole();
    if (plan_.errors.empty()) hash(random, cost);
    if (!plan_.errors.empty()) {
      PlannedChange refused;
      refused.errors = in_order(std::move(plan_.errors));
      return refused;
    }
    collect();
    return std::move(plan_);
  }

 private:
  void refuse(std::string_view key, std::string message) {
    if (in_error_.insert(std::string(key)).second)
      plan_.errors.push_back({std::string(key), std::move(message)});
  }

  // The checked text of a key, or nothing (and the error noted).
  std::optional<std::string> checked(const SettingSpec& spec, const Secret& text) {
    auto value = check_value(spec, text.reveal());
    if (value) return std::move(*value);
    refuse(spec.key, std::move(value.error().detail));
    return std::nullopt;
  }

  // As above for a secret: no copy of it is left behind that nobody wipes.
  std::optional<Secret> checked_secret(const SettingSpec& spec, const Secret& text) {
    auto value = checked(spec, text);
    if (!value) return std::nullopt;
    Secret secret(*value);
    wipe(*value);
    return secret;
  }

  void store(std::string_view key, Form form, std::string text, std::string bound_to = {}) {
    StoredSetting setting;
    setting.form = form;
    setting.text = Secret(std::move(text));
    setting.bound_to = std::move(bound_to);
    after_.insert_or_assign(std::string(key), std::move(setting));
  }

  void drop(std::string_view key) {
    if (const auto found = after_.find(key); found != after_.end()) after_.erase(found);
  }

  void take_plain() {
    for (const auto& [key, text] : texts_) {
      const SettingSpec* const spec = find_setting(key);
      if (!spec) {
        const SettingSpec* const nearest = nearest_setting(key);
        refuse(clean_line(key, kKeyShown),
               nearest ? "there is no such setting; did you mean " + std::string(nearest->key) + "?"
                       : "there is no such setting");
      } else if (!spec->is_secret()) {
        const auto value = checked(*spec, text);
        if (!value) continue;
        if (value->empty()) {
          drop(key);
        } else {
          store(key, Form::plain, *value);
        }
      }
    }
  }

  bool given(std::string_view key) const {
    const auto found = texts_.find(key);
    return found != texts_.end() && !trim(found->second.reveal()).empty();
  }

  // B12: setting one clears the other.
  void settle_time() {
    if (given(kDifference) && given(kZone)) {
      refuse(kZone, "must not be given together with the time difference: setting one clears the other");
    } else if (given(kDifference) && !in_error_.contains(kDifference)) {
      drop(kZone);
    } else if (given(kZone) && !in_error_.contains(kZone)) {
      drop(kDifference);
    }
  }

  // Y3: blanking first, then the password given with the change.
  void take_sealed() {
    for (const std::string_view key : kSealed) {
      const bool was_usable = !usable_secret(now_, key).empty();
      const std::string binding = binding_of(after_, key);
      if (now_.contains(key) && binding != binding_of(now_, key)) {
        drop(key);
        if (was_usable) plan_.blanked.emplace_back(key);
      }
      const auto text = texts_.find(key);
      if (text == texts_.end()) continue;
      const auto value = checked_secret(*find_setting(key), text->second);
      if (!value) continue;
      if (value->empty()) {
        drop(key);
      } else {
        store(key, Form::sealed, std::string(value->reveal()), binding);
      }
      std::erase(plan_.blanked, key);  // what the caller decided himself is no news to him
    }
  }

  void take_hashed() {
    for (const SettingSpec& spec : all_settings()) {
      if (spec.kind != Kind::hashed_secret) continue;
      const auto text = texts_.find(spec.key);
      if (text == texts_.end()) continue;
      auto value = checked_secret(spec, text->second);
      if (!value) continue;
      if (!value->empty()) {
        // hash() puts the hash in its place, when all else is known to be good
        store(spec.key, Form::hashed, std::string(value->reveal()));
        to_hash_.insert_or_assign(spec.key, std::move(*value));
      } else if (spec.key.starts_with("security.") && !stored_hash(now_, spec.key).empty()) {
        refuse(spec.key,
               "must not be blank: the factory value cannot come back; choose 1 to 20 ASCII characters");
      } else {
        drop(spec.key);
      }
    }
  }

  void check_whole() {
    const Settings before = make_settings(now_), after = make_settings(after_);
    plan_.enables = after.reception.enabled && !before.reception.enabled;
    if (!after.reception.enabled) return;
    // Of a function that stays enabled only what this change takes away is refused: what was missing before
    // (a lost sealing key) must not stand in the way of the change that repairs a part of it.
    const std::vector<FieldError> old =
        plan_.enables ? std::vector<FieldError>{} : missing_for_enabling(before);
    for (FieldError& missing : missing_for_enabling(after)) {
      if (std::ranges::find(old, missing.key, &FieldError::key) != old.end()) continue;
      if (std::ranges::find(plan_.blanked, missing.key) != plan_.blanked.end()) {
        missing.message =
            "must be given anew together with this change: the server, or how it is reached, was changed, so "
            "the "
            "stored password no longer counts";
      }
      refuse(missing.key, std::move(missing.message));
    }
  }

  void hash(Random& random, HashCost cost) {
    for (const auto& [key, password] : to_hash_) {
      const PasswordHash made = hash_password(password.reveal(), random, cost);
      if (made.empty()) {
        refuse(key, "could not be stored: this machine has too little memory for the hash");
      } else {
        store(key, Form::hashed, made.text);
      }
    }
  }

  // What differs, so that a page applied again without a change makes no new generation.
  void collect() {
    const auto same = [](const StoredSetting& a, const StoredSetting& b) {
      return a.form == b.form && a.bound_to == b.bound_to && a.unreadable == b.unreadable &&
             equal_in_constant_time(a.text.reveal(), b.text.reveal());
    };
    for (const SettingSpec& spec : all_settings()) {
      const auto old = now_.find(spec.key);
      const auto made = std::as_const(after_).find(spec.key);
      if (made == after_.end()) {
        if (old != now_.end()) plan_.changes.push_back({std::string(spec.key), std::nullopt});
      } else if (old == now_.end() || !same(old->second, made->second)) {
        plan_.changes.push_back({std::string(spec.key), made->second});
      }
    }
  }

  static std::vector<FieldError> in_order(std::vector<FieldError> errors) {
    const auto place = [](const FieldError& error) {
      const SettingSpec* const spec = find_setting(error.key);
      return spec ? spec - all_settings().data() : std::ssize(all_settings());
    };
    std::ranges::stable_sort(errors, {}, place);
    return errors;
  }

  const StoredSettings& now_;
  const SettingTexts& texts_;
  StoredSettings after_;
  std::map<std::string_view, Secret> to_hash_;
  std::set<std::string, std::less<>> in_error_;
  PlannedChange plan_;
};

}  // namespace

PlannedChange plan_change(const StoredSettings& now, const SettingTexts& texts, Random& random,
                          HashCost cost) {
  return Planner(now, texts).plan(random, cost);
}

SettingTexts changed_texts(const StoredSettings& shown, SettingTexts form) {
  std::erase_if(form, [&](const auto& field) {
    const SettingSpec* const spec = find_setting(field.first);
    if (!spec) return false;
    if (spec->is_secret()) return field.second.empty();
    const std::string now = shown_value(shown, spec->key);
    const auto value = check_value(*spec, field.second.reveal());
    return field.second.reveal() == now || (value && *value == now);
  });
  return form;
}

}  // namespace remotemail
