// Settings as a typed, immutable snapshot, and the checks over several of them.
#pragma once

#include <chrono>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "remotemail/core/clock.hpp"
#include "remotemail/core/password.hpp"
#include "remotemail/core/random.hpp"
#include "remotemail/core/result.hpp"
#include "remotemail/core/server_account.hpp"
#include "remotemail/core/stored_setting.hpp"

namespace remotemail {

enum class Notice { no, illegal, all };  // B32
enum class EnvelopeSender { manager, copier };  // B8

struct TransmissionSettings {
  std::string manager_address;
  EnvelopeSender envelope_sender = EnvelopeSender::manager;
  std::chrono::minutes time_difference{0};
  std::string time_zone;  // IANA name; empty: time_difference counts (B12–B14)
  ServerAccount smtp;
  std::string condition_informing_address;
  bool email_transmission = false;
};

struct ReceptionSettings {
  bool enabled = false;
  std::chrono::minutes interval{10};
  MailboxAccount account;
  std::string address;
  std::string nickname;
  PasswordHash ce_password;
  std::uint64_t ce_password_generation = 0;
  Notice notice = Notice::no;
  std::string administrator_address;
  bool announce_delay = false;
  bool pop_before_smtp = true;
  std::uint64_t size_limit = 10'240;  // octets (set in KB)
};

struct Settings {
  TransmissionSettings transmission;
  ReceptionSettings reception;
  std::uint64_t replies_per_sender = 100, replies = 500;  // R11; 0: none
  PasswordHash operator_password, maintenance_password;   // empty: the factory value counts (Y1)
  bool mask_passwords = false, mask_names = false;
  std::uint64_t generation = 0;  // of the latest change; grows

  std::string envelope_sender() const;  // manager's or the copier's address
  // B12–B14: what to add to UTC for local time at `time`.
  // A zone that cannot be read counts as the time difference. Any thread; never throws for the zone's sake.
  std::chrono::minutes utc_offset(WallTime time) const;
};

// A field that was refused: B20, beside its field, in words that say what is right and go on from its label:
// "must be a whole number from 1 to 60", "is missing; …". Never shows a secret.
struct FieldError {
  std::string key;
  std::string message;
};

// Texts by key, as a page, the command line or an import file gives them. Secrets in the clear.
using SettingTexts = std::map<std::string, Secret, std::less<>>;

// What a set of texts would do to the stored settings: either errors, or the changes to save.
struct PlannedChange {
  std::vector<FieldError> errors;     // when not empty, nothing is applied; all are named at once (A15, B20)
  std::vector<SettingChange> changes;  // for SettingsStore::save_settings(); hashes are made, bindings are set
  std::vector<std::string> blanked;   // keys of passwords that a changed server blanked (Y3)
  bool enables = false;               // the function goes from No to Yes (A22 may want to ask)
};

// Checks each value and all of them together: mandatory values of an enabled function (A15–A17), time zone against
// time difference (B12: setting one clears the other), default ports that follow a changed security, blanking before
// a password given in the same apply (Y3), factory passwords (Y1). An unknown key is an error that names it.
PlannedChange plan_change(const StoredSettings& now, const SettingTexts& texts, Random&, HashCost = {});

// What a form really changes: a page sends all its fields, but a field left as it was shown (shown_value()) and a
// password left blank are no changes. Without it, a shown default port would become an explicit one.
SettingTexts changed_texts(const StoredSettings& shown, SettingTexts form);

// The typed snapshot. Total: a stored value that no longer passes its check counts as its default and is named in
// `warnings`; a sealed secret whose binding is not today's server counts as unset (Y3).
Settings make_settings(const StoredSettings&, std::vector<std::string>* warnings = nullptr);

// What is missing before the function can be enabled, all at once; empty: nothing (A15–A17).
std::vector<FieldError> missing_for_enabling(const Settings&);

// For command line and log: "reception.port: Receiving port must be …".
std::string describe(const FieldError&);

// A22: a mailbox that holds more mails than this is asked about before the function is enabled, in these words. They
// name the number and what becomes of the mails (removed, or moved to the folder for handled mails).
inline constexpr std::uint64_t kMailsEnabledUnasked = 20;
std::string enabling_question(std::uint64_t mails, const Settings&);

// For show: the text of a setting, or "set" / "not set" of a secret; the default where it is unset.
std::string shown_value(const StoredSettings&, std::string_view key);

// `key=value` lines, without secrets, in the list's order, each under a comment that explains it: what
// `settings export` writes and `import` reads. An unset key is written blank, so that an import makes it unset.
std::string export_settings(const StoredSettings&);
// All lines or none: Cause::invalid_value with "line 7: …". Empty lines and lines that begin with # are skipped;
// CRLF and a byte order mark are fine. A secret without a value counts as not given. The value is what stands behind the
// `=`, as it is; in `key = value` the blank behind the `=` belongs to the `=`. At most 1 MiB.
Result<SettingTexts> parse_import(std::string_view file);

// Y3: what a stored password is bound to today: host, port, security, user, CA and pin (with security none the DNS
// server too). `key` is reception.password or transmission.smtp_password.
std::string binding_of(const StoredSettings&, std::string_view key);

}  // namespace remotemail
