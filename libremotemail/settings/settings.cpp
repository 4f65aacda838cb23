#include "remotemail/settings/settings.hpp"

#include <algorithm>

#include "core/text.hpp"
#include "remotemail/settings/setting_spec.hpp"
#include "settings/effective.hpp"
#include "settings/refusal.hpp"
#include "settings/time_difference.hpp"
#include "settings/time_zone.hpp"

namespace remotemail {
namespace {

constexpr std::uint64_t kOctetsPerKilobyte = 1024;

class Snapshot {
 public:
  Snapshot(const StoredSettings& stored, std::vector<std::string>* warnings)
      : stored_(stored), warnings_(warnings) {}

  std::string text(std::string_view key) const { return effective(stored_, key).text; }
  bool yes(std::string_view key) const { return text(key) == "yes"; }
  std::uint64_t number(std::string_view key) const { return parse_number(text(key)).value_or(0); }
  Security security(std::string_view key) const {
    const std::string value = text(key);
    return value == "none" ? Security::none : value == "starttls" ? Security::starttls : Security::tls;
  }
  PasswordHash hash(std::string_view key) const { return {std::string(stored_hash(stored_, key))}; }

  void warn() const {
    if (!warnings_) return;
    for (const SettingSpec& spec : all_settings()) {
      const auto found = stored_.find(spec.key);
      if (found == stored_.end()) continue;
      const std::string key(spec.key);
      using Form = StoredSetting::Form;
      if (!spec.is_secret()) {
        if (effective(stored_, spec).bad) {
          warnings_->push_back(key + ": the stored value is not valid, so the default counts");
        }
      } else if (found->second.form !=
                 (spec.kind == SettingSpec::Kind::sealed_secret ? Form::sealed : Form::hashed)) {
        warnings_->push_back(key + ": the stored value is not valid, so it counts as not set");
      } else if (found->second.unreadable) {
        warnings_->push_back(key + ": cannot be read with today's sealing key, so it counts as not set");
      } else if (spec.kind == SettingSpec::Kind::sealed_secret &&
                 found->second.bound_to != binding_of(stored_, key)) {
        warnings_->push_back(key + ": belongs to another server, so it counts as not set");
      }
    }
  }

 private:
  const StoredSettings& stored_;
  std::vector<std::string>* warnings_;
};

}  // namespace

std::string Settings::envelope_sender() const {
  return transmission.envelope_sender == EnvelopeSender::copier ? reception.address
                                                                : transmission.manager_address;
}

std::chrono::minutes Settings::utc_offset(WallTime time) const {
  if (!transmission.time_zone.empty()) {
    if (const auto offset = zone_offset(transmission.time_zone, time)) return *offset;
  }
  return transmission.time_difference;
}

Settings make_settings(const StoredSettings& stored, std::vector<std::string>* warnings) {
  const Snapshot now(stored, warnings);
  now.warn();
  Settings s;

  TransmissionSettings& t = s.transmission;
  t.manager_address = now.text("transmission.manager_address");
  t.envelope_sender =
      now.text("transmission.envelope_sender") == "copier" ? EnvelopeSender::copier : EnvelopeSender::manager;
  t.time_difference =
      parse_time_difference(now.text("transmission.time_difference")).value_or(std::chrono::minutes{0});
  t.time_zone = now.text("transmission.time_zone");
  t.smtp.host = now.text("transmission.smtp_server");
  t.smtp.port = effective_port(stored, "transmission.smtp_port");
  t.smtp.security = now.security("transmission.smtp_security");
  t.smtp.user = now.text("transmission.smtp_user");
  t.smtp.password = usable_secret(stored, "transmission.smtp_password");
  t.smtp.ca_file = now.text("security.ca_file");
  t.smtp.pin = now.text("transmission.pin");
  t.smtp.dns_server = now.text("transmission.dns_server");
  t.condition_informing_address = now.text("transmission.condition_informing_address");
  t.email_transmission = now.yes("transmission.email_transmission");

  ReceptionSettings& r = s.reception;
  r.enabled = now.yes("reception.enabled");
  r.interval = std::chrono::minutes{static_cast<std::int64_t>(now.number("reception.interval"))};
  r.account.server.host = now.text("reception.server");
  r.account.server.port = effective_port(stored, "reception.port");
  r.account.server.security = now.security("reception.security");
  r.account.server.user = now.text("reception.user");
  r.account.server.password = usable_secret(stored, "reception.password");
  r.account.server.ca_file = now.text("security.ca_file");
  r.account.server.pin = now.text("reception.pin");
  r.account.server.dns_server = now.text("transmission.dns_server");
  r.account.spool = now.text("reception.spool") == "imap" ? Spool::imap : Spool::pop3;
  r.account.mailbox = now.text("reception.mailbox");
  r.account.done_folder = now.text("reception.done_folder");
  r.address = now.text("reception.address");
  r.nickname = now.text("reception.nickname");
  r.ce_password = now.hash("reception.ce_password");
  if (const auto found = stored.find("reception.ce_password"); found != stored.end()) {
    r.ce_password_generation = found->second.generation;
  }
  const std::string notice = now.text("reception.notice");
  r.notice = notice == "all" ? Notice::all : notice == "illegal" ? Notice::illegal : Notice::no;
  r.administrator_address = now.text("reception.administrator_address");
  r.announce_delay = now.yes("reception.announce_delay");
  r.pop_before_smtp = now.yes("reception.pop_before_smtp");
  r.size_limit = now.number("reception.size_limit") * kOctetsPerKilobyte;

  s.replies_per_sender = now.number("limits.replies_per_sender");
  s.replies = now.number("limits.replies");
  s.operator_password = now.hash("security.operator_password");
  s.maintenance_password = now.hash("security.maintenance_password");
  s.mask_passwords = now.yes("security.mask_passwords");
  s.mask_names = now.yes("security.mask_names");
  for (const auto& [key, setting] : stored) s.generation = std::max(s.generation, setting.generation);
  return s;
}

std::vector<FieldError> missing_for_enabling(const Settings& s) {
  std::vector<FieldError> missing;
  const auto want = [&](bool present, std::string_view key, std::string why) {
    if (!present) missing.push_back({std::string(key), std::move(why)});
  };
  const auto mandatory = [&](bool present, std::string_view key) {
    want(present, key, "is missing; e-mail notification cannot work without it");
  };
  const TransmissionSettings& t = s.transmission;
  const ReceptionSettings& r = s.reception;
  mandatory(!t.manager_address.empty(), "transmission.manager_address");
  mandatory(!t.smtp.host.empty(), "transmission.smtp_server");
  want(t.smtp.user.empty() || !t.smtp.password.empty(), "transmission.smtp_password",
       "is missing; give it, or leave the SMTP user name blank to send without a log-in");
  mandatory(!r.account.server.host.empty(), "reception.server");
  mandatory(!r.account.server.user.empty(), "reception.user");
  mandatory(!r.account.server.password.empty(), "reception.password");
  mandatory(!r.address.empty(), "reception.address");
  mandatory(!r.ce_password.empty(), "reception.ce_password");
  want(r.notice == Notice::no || !r.administrator_address.empty(), "reception.administrator_address",
       "is missing; give it, or set the notice to no");
  return missing;
}

std::string describe(const FieldError& error) {
  const SettingSpec* const spec = find_setting(error.key);
  return spec ? joined(spec->key, ": ", spec->label, " ", error.message)
              : joined(error.key, ": ", error.message);
}

std::string enabling_question(std::uint64_t mails, const Settings& settings) {
  const MailboxAccount& account = settings.reception.account;
  const bool moved = account.spool == Spool::imap && !account.done_folder.empty();
  return joined("The mailbox of ", account.server.user, " at ", account.server.host, " holds ", mails,
                mails == 1 ? " mail" : " mails",
                ". It must be for this machine alone: once e-mail notification is enabled, ",
                mails == 1 ? "it is " : "all of them are ",
                moved ? "moved to " + account.done_folder : "removed from the server", ". Enable it?");
}

}  // namespace remotemail
