// The one list of settings (B8–B35): pages, command line, import, checks and the manual page are made from it.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "remotemail/core/result.hpp"

namespace remotemail {

struct SettingSpec {
  enum class Kind {
    text, address, host, ip_address, number, boolean, choice, nickname, time_difference, time_zone,
    sealed_secret,  // readable again by us: mailbox and SMTP passwords
    hashed_secret,  // only compared: CE, operator, maintenance password
    pin, file,
  };
  std::string_view key;         // "reception.port"
  Kind kind;
  std::string_view label;       // the manual's word: "Receiving mail server"
  std::string_view rule;        // "B25"
  std::string_view default_text;  // "" where there is none
  std::uint64_t minimum = 0, maximum = 0;           // number; or length for texts (maximum, 0: none)
  std::span<const std::string_view> choices = {};   // choice and boolean
  std::string_view help;        // one line with an example, for page, --help and manual page
  std::string_view page;        // "transmission", "reception", "limits", "security": where it is shown
  bool is_secret() const { return kind == Kind::sealed_secret || kind == Kind::hashed_secret; }
};

std::span<const SettingSpec> all_settings();           // in the order of pages and manual page
const SettingSpec* find_setting(std::string_view key);  // null: there is no such setting
// For "did you mean": the setting a mistyped key is nearest to, or null.
const SettingSpec* nearest_setting(std::string_view key);

// The text as it is stored (trimmed, booleans "yes"/"no", time difference ±HHMM, host in lower case), or
// Cause::invalid_value whose detail says in words what is right (B18–B20). Secrets: only their form; no message shows
// one. An empty text is always good: the setting goes back to its default. Linear in the text, whatever it holds.
Result<std::string> check_value(const SettingSpec&, std::string_view text);

}  // namespace remotemail
