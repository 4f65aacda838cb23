#include "remotemail/settings/setting_spec.hpp"

#include <algorithm>
#include <array>
#include <vector>

namespace remotemail {
namespace {

using Kind = SettingSpec::Kind;
using Words = std::string_view;

constexpr std::array<Words, 2> kYesNo{"yes", "no"};
constexpr std::array<Words, 3> kSecurity{"tls", "starttls", "none"};
constexpr std::array<Words, 2> kSpool{"pop3", "imap"};
constexpr std::array<Words, 3> kNotice{"no", "illegal", "all"};
constexpr std::array<Words, 2> kEnvelopeSender{"manager", "copier"};

constexpr std::uint64_t kUserLength = 254;
constexpr std::uint64_t kSecretLength = 512;
constexpr std::uint64_t kPathLength = 4095;
constexpr std::uint64_t kMostReplies = 100'000;

// The order is that of the pages, the export and the manual page.
constexpr SettingSpec kSettings[] = {
    // --- E-Mail transmission setting ---
    {.key = "transmission.manager_address",
     .kind = Kind::address,
     .label = "Manager Address",
     .rule = "B8",
     .default_text = "",
     .maximum = 254,
     .help = "Who looks after this machine: gets the errors of sending and the sending test; mandatory. "
             "Example: manager@example.com",
     .page = "transmission"},
    {.key = "transmission.envelope_sender",
     .kind = Kind::choice,
     .label = "Envelope sender",
     .rule = "B8",
     .default_text = "manager",
     .choices = kEnvelopeSender,
     .help = "Whose address mail is sent under: manager, or copier for servers that refuse a foreign sender. "
             "Example: copier",
     .page = "transmission"},
    {.key = "transmission.dns_server",
     .kind = Kind::ip_address,
     .label = "DNS Server IP Address",
     .rule = "B11",
     .default_text = "",
     .help = "Looks up the servers' names; blank: the machine's own. Example: 192.0.2.53",
     .page = "transmission"},
    {.key = "transmission.time_difference",
     .kind = Kind::time_difference,
     .label = "Time difference",
     .rule = "B12",
     .default_text = "+0000",
     .help = "Local time less UTC, -1200 to +1200, for the Date of mail; clears the time zone. "
             "Example: -500 for New York in winter",
     .page = "transmission"},
    {.key = "transmission.time_zone",
     .kind = Kind::time_zone,
     .label = "Time zone",
     .rule = "B12",
     .default_text = "",
     .maximum = 64,
     .help = "Instead of the time difference, with daylight saving; clears it. Example: Europe/Berlin",
     .page = "transmission"},
    {.key = "transmission.smtp_server",
     .kind = Kind::host,
     .label = "Sending mail (SMTP) server",
     .rule = "B10",
     .default_text = "",
     .maximum = 253,
     .help = "Host name, IPv4 or IPv6 address; mandatory. Example: smtp.example.com",
     .page = "transmission"},
    {.key = "transmission.smtp_port",
     .kind = Kind::number,
     .label = "SMTP port",
     .rule = "B10",
     .default_text = "",
     .minimum = 1,
     .maximum = 65535,
     .help = "Blank: as the security says, 465 (tls), 587 (starttls) or 25 (none). Example: 2525",
     .page = "transmission"},
    {.key = "transmission.smtp_security",
     .kind = Kind::choice,
     .label = "SMTP security",
     .rule = "B10",
     .default_text = "tls",
     .choices = kSecurity,
     .help = "tls from the first byte, starttls after a greeting, or none: then all can be read on the way. "
             "Example: starttls",
     .page = "transmission"},
    {.key = "transmission.smtp_user",
     .kind = Kind::text,
     .label = "SMTP user name",
     .rule = "B10",
     .default_text = "",
     .maximum = kUserLength,
     .help = "Account to log in with for sending; blank: no log-in. Example: copier@example.com",
     .page = "transmission"},
    {.key = "transmission.smtp_password",
     .kind = Kind::sealed_secret,
     .label = "SMTP password",
     .rule = "B10",
     .default_text = "",
     .maximum = kSecretLength,
     .help = "Password of the SMTP user name, taken as it is, blanks too; never shown again. "
             "Example: correct-horse-7",
     .page = "transmission"},
    {.key = "transmission.pin",
     .kind = Kind::pin,
     .label = "SMTP public key pin",
     .rule = "Y2",
     .default_text = "",
     .maximum = 64,
     .help = "SHA-256 of the sending server's public key, instead of a CA: 64 hexadecimal digits. "
             "Example: 9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
     .page = "transmission"},
    {.key = "transmission.condition_informing_address",
     .kind = Kind::address,
     .label = "Condition Informing Address",
     .rule = "B15",
     .default_text = "",
     .maximum = 254,
     .help = "For the mail transmission system; blank when that is not used. Example: service@example.com",
     .page = "transmission"},
    {.key = "transmission.email_transmission",
     .kind = Kind::boolean,
     .label = "E-Mail Transmission",
     .rule = "B15",
     .default_text = "no",
     .choices = kYesNo,
     .help = "For the mail transmission system; no when that is not used. Example: yes",
     .page = "transmission"},

    // --- E-Mail reception setting ---
    {.key = "reception.enabled",
     .kind = Kind::boolean,
     .label = "Enable E-mail notification",
     .rule = "A15",
     .default_text = "no",
     .choices = kYesNo,
     .help = "Whether the machine fetches and answers mail; the mailbox must be for this machine alone. "
             "Example: yes",
     .page = "reception"},
    {.key = "reception.interval",
     .kind = Kind::number,
     .label = "Interval between fetching mails",
     .rule = "A19",
     .default_text = "10",
     .minimum = 1,
     .maximum = 60,
     .help = "Minutes, 1 to 60. Example: 10",
     .page = "reception"},
    {.key = "reception.server",
     .kind = Kind::host,
     .label = "Receiving mail server",
     .rule = "B25",
     .default_text = "",
     .maximum = 253,
     .help = "Host name, IPv4 or IPv6 address; mandatory. Example: mail.example.com",
     .page = "reception"},
    {.key = "reception.port",
     .kind = Kind::number,
     .label = "Receiving port",
     .rule = "B25",
     .default_text = "",
     .minimum = 1,
     .maximum = 65535,
     .help = "Blank: as spool and security say, POP3 995 (tls) or 110, IMAP 993 (tls) or 143. Example: 1995",
     .page = "reception"},
    {.key = "reception.security",
     .kind = Kind::choice,
     .label = "Receiving security",
     .rule = "B25",
     .default_text = "tls",
     .choices = kSecurity,
     .help = "tls from the first byte, starttls after a greeting, or none: then all can be read on the way. "
             "Example: starttls",
     .page = "reception"},
    {.key = "reception.spool",
     .kind = Kind::choice,
     .label = "Kind of mail spool",
     .rule = "B26",
     .default_text = "pop3",
     .choices = kSpool,
     .help = "How the mailbox is read: pop3 or imap. Example: imap",
     .page = "reception"},
    {.key = "reception.mailbox",
     .kind = Kind::text,
     .label = "IMAP mailbox",
     .rule = "B26",
     .default_text = "INBOX",
     .maximum = 254,
     .help = "The folder that commands arrive in (IMAP only). Example: INBOX",
     .page = "reception"},
    {.key = "reception.user",
     .kind = Kind::text,
     .label = "User name on the server",
     .rule = "B27",
     .default_text = "",
     .maximum = kUserLength,
     .help = "Account of this machine on the receiving server; mandatory. Example: copier",
     .page = "reception"},
    {.key = "reception.password",
     .kind = Kind::sealed_secret,
     .label = "Password",
     .rule = "B28",
     .default_text = "",
     .maximum = kSecretLength,
     .help =
         "Password of the user name on the server, taken as it is, blanks too; never shown again; mandatory. "
         "Example: correct-horse-7",
     .page = "reception"},
    {.key = "reception.pin",
     .kind = Kind::pin,
     .label = "Receiving public key pin",
     .rule = "Y2",
     .default_text = "",
     .maximum = 64,
     .help = "SHA-256 of the receiving server's public key, instead of a CA: 64 hexadecimal digits. "
             "Example: 9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
     .page = "reception"},
    {.key = "reception.address",
     .kind = Kind::address,
     .label = "E-Mail Address of this copy machine",
     .rule = "B29",
     .default_text = "",
     .maximum = 254,
     .help = "Where commands are mailed to and replies come from; mandatory. Example: copier@example.com",
     .page = "reception"},
    {.key = "reception.nickname",
     .kind = Kind::nickname,
     .label = "Nickname",
     .rule = "B30",
     .default_text = "",
     .maximum = 32,
     .help = "Stands in the Subject of every mail sent, to tell machines apart; at most 32 characters. "
             "Example: Tokyo-3F",
     .page = "reception"},
    {.key = "reception.ce_password",
     .kind = Kind::hashed_secret,
     .label = "CE Password",
     .rule = "B31",
     .default_text = "",
     .maximum = 20,
     .help = "Goes into the Subject of command mails: at most 20 ASCII characters without a blank; never "
             "shown again; "
             "mandatory. Example: kestrel-42",
     .page = "reception"},
    {.key = "reception.notice",
     .kind = Kind::choice,
     .label = "Also Notice to the administrator (CC mail)",
     .rule = "B32",
     .default_text = "no",
     .choices = kNotice,
     .help = "What the administrator is told of: no, illegal mails only, or all mails. Example: illegal",
     .page = "reception"},
    {.key = "reception.administrator_address",
     .kind = Kind::address,
     .label = "Administrator E-Mail address",
     .rule = "B33",
     .default_text = "",
     .maximum = 254,
     .help = "Where notices go; mandatory unless the notice is no. Example: admin@example.com",
     .page = "reception"},
    {.key = "reception.announce_delay",
     .kind = Kind::boolean,
     .label = "Announce delay time in reply mail",
     .rule = "B34",
     .default_text = "no",
     .choices = kYesNo,
     .help = "Whether replies tell how long the command was on its way. Example: yes",
     .page = "reception"},
    {.key = "reception.pop_before_smtp",
     .kind = Kind::boolean,
     .label = "Enable POP (IMAP) before SMTP",
     .rule = "B35",
     .default_text = "yes",
     .choices = kYesNo,
     .help = "Whether a log-in to the mailbox goes before every sending. Example: no",
     .page = "reception"},
    {.key = "reception.size_limit",
     .kind = Kind::number,
     .label = "Largest mail",
     .rule = "D6",
     .default_text = "10",
     .minimum = 10,
     .maximum = 1024,
     .help = "KB without the header, 10 to 1024; a mail of this size or larger is illegal. Example: 64",
     .page = "reception"},
    {.key = "reception.done_folder",
     .kind = Kind::text,
     .label = "Folder for handled mails",
     .rule = "B26",
     .default_text = "",
     .maximum = 254,
     .help = "Where handled mails are moved (IMAP only); blank: they are removed. Example: Handled",
     .page = "reception"},

    // --- limits ---
    {.key = "limits.replies_per_sender",
     .kind = Kind::number,
     .label = "Replies a day to one sender",
     .rule = "R11",
     .default_text = "100",
     .maximum = kMostReplies,
     .help = "In any 24 hours; 0: no limit. Example: 200",
     .page = "limits"},
    {.key = "limits.replies",
     .kind = Kind::number,
     .label = "Replies a day to all senders",
     .rule = "R11",
     .default_text = "500",
     .maximum = kMostReplies,
     .help = "In any 24 hours; 0: no limit. Example: 1000",
     .page = "limits"},

    // --- security ---
    {.key = "security.ca_file",
     .kind = Kind::file,
     .label = "CA file",
     .rule = "Y2",
     .default_text = "",
     .maximum = kPathLength,
     .help = "PEM file of the CAs to trust for both servers, instead of the system's. "
             "Example: /etc/ssl/certs/office-ca.pem",
     .page = "security"},
    {.key = "security.operator_password",
     .kind = Kind::hashed_secret,
     .label = "Operator password",
     .rule = "B6",
     .default_text = "",
     .maximum = 20,
     .help = "Opens the environment setup pages: at most 20 ASCII characters without a blank, not a factory "
             "value. "
             "Example: Kiku-1887",
     .page = "security"},
    {.key = "security.maintenance_password",
     .kind = Kind::hashed_secret,
     .label = "Maintenance password",
     .rule = "B6",
     .default_text = "",
     .maximum = 20,
     .help = "Opens the extension for maintenance: at most 20 ASCII characters without a blank, not a "
             "factory value. "
             "Example: Ume-2041",
     .page = "security"},
    {.key = "security.mask_passwords",
     .kind = Kind::boolean,
     .label = "Mask passwords in replies",
     .rule = "Y4",
     .default_text = "no",
     .choices = kYesNo,
     .help = "Whether replies to CHPASS show ******** instead of the passwords. Example: yes",
     .page = "security"},
    {.key = "security.mask_names",
     .kind = Kind::boolean,
     .label = "Mask names in lists",
     .rule = "L",
     .default_text = "no",
     .choices = kYesNo,
     .help =
         "Whether lists show a pseudonym such as Person-k3f9x2, the same in all lists, instead of the name of a "
         "person or department. Example: yes",
     .page = "security"},
};

constexpr std::size_t kLongestKey = 64;  // more of a mistyped key is not looked at

// Levenshtein's distance in one row; both texts are short.
std::size_t distance(std::string_view a, std::string_view b) {
  std::vector<std::size_t> row(b.size() + 1);
  for (std::size_t j = 0; j <= b.size(); ++j) row[j] = j;
  for (std::size_t i = 1; i <= a.size(); ++i) {
    std::size_t diagonal = row[0];
    row[0] = i;
    for (std::size_t j = 1; j <= b.size(); ++j) {
      const std::size_t replaced = diagonal + (a[i - 1] == b[j - 1] ? 0 : 1);
      diagonal = row[j];
      row[j] = std::min({replaced, row[j] + 1, row[j - 1] + 1});
    }
  }
  return row.back();
}

}  // namespace

std::span<const SettingSpec> all_settings() {
  return kSettings;
}

const SettingSpec* find_setting(std::string_view key) {
  const auto* const found = std::ranges::find(kSettings, key, &SettingSpec::key);
  return found == std::end(kSettings) ? nullptr : found;
}

const SettingSpec* nearest_setting(std::string_view key) {
  if (key.empty() || key.size() > kLongestKey) return nullptr;
  const SettingSpec* nearest = nullptr;
  std::size_t best = 4;  // further off it is no slip of the finger
  for (const SettingSpec& spec : kSettings) {
    // The part behind the dot alone counts too: people leave the room's name out.
    const std::string_view own = spec.key.substr(spec.key.find('.') + 1);
    const std::size_t d = own == key ? 1 : distance(key, spec.key);
    if (d < best) {
      best = d;
      nearest = &spec;
    }
  }
  return nearest;
}

}  // namespace remotemail
