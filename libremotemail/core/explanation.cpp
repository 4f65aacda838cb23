// What servers say in codes, in words that help an administrator. Providers' answers as they document them; response
// codes of RFC 2449, 3206 (POP3), RFC 5530, 9208 (IMAP), enhanced status codes of RFC 3463, 4954 and the IANA registry.
#include <array>

#include "core/text.hpp"
#include "remotemail/core/result.hpp"

namespace remotemail {
namespace {

struct Explanation {
  std::string_view code;  // as a word of the server's line, brackets included
  std::string_view words;
};

// The first that fits counts: what a provider says in particular stands before what a code means in general.
constexpr std::array kExplanations{
    // Microsoft 365 and Outlook.com
    Explanation{"5.7.139",
                "Microsoft does not let this account log in by password: its administrator must allow "
                "'Authenticated SMTP' for the mailbox and exempt it from security defaults, or use a relay"},
    Explanation{
        "5.7.30",
        "Microsoft has ended log-ins by password for sending: use another submission server or a relay "
        "that knows this copier"},
    Explanation{"5.7.57",
                "the server wants a log-in before it takes mail: set transmission.smtp_user and password"},
    Explanation{"5.7.60",
                "the account may not send as this address: set transmission.envelope_sender=copier, or have "
                "'Send As' granted"},
    Explanation{"5.2.252",
                "the account may not send as this address: set transmission.envelope_sender=copier, or have "
                "'Send As' granted"},
    Explanation{"4.7.66", "the server wants TLS 1.2 or newer"},
    // Google
    Explanation{"5.7.9",
                "the provider wants a password made for this program: create an app password and enter that"},
    Explanation{
        "5.7.14",
        "the provider blocked the log-in: sign in with a browser and confirm it, or use an app password"},
    Explanation{"5.4.5", "the account's daily sending limit is reached; it goes on tomorrow"},
    // SMTP
    Explanation{"5.7.8",
                "check user name and password; the provider may want a password made for this program"},
    Explanation{
        "5.7.3",
        "the server did not accept the log-in: check user name, password and that log-in is allowed there"},
    Explanation{"5.7.11",
                "the server takes this log-in under encryption only: use security 'tls' or 'starttls'"},
    Explanation{
        "5.7.26",
        "the sender's domain does not permit this server (SPF, DKIM): send by the domain's own server"},
    Explanation{
        "5.7.1",
        "the server does not permit this sender, recipient or relaying: log in there, or use the server "
        "that is responsible for the sender's address"},
    Explanation{"5.7.0",
                "the server wants a log-in or encryption first: check user name, password and security"},
    Explanation{"4.7.0", "the server asks to try again later; too many tries are one reason"},
    Explanation{"4.7.1",
                "the server asks to try again later (greylisting): the reply waits and is sent by itself"},
    Explanation{"5.5.1",
                "the server did not expect this command: check that port and security belong together"},
    Explanation{"5.2.2", "the recipient's mailbox is full"},
    Explanation{"5.2.1", "the recipient's mailbox is closed"},
    Explanation{"5.1.1", "there is no such recipient: check the address"},
    Explanation{"5.1.2", "the recipient's domain is not known: check the address"},
    Explanation{"5.1.8",
                "the server does not know the sender's domain: set transmission.envelope_sender=copier"},
    // POP3
    Explanation{"[AUTH]",
                "check user name and password; the provider may want a password made for this program"},
    Explanation{"[IN-USE]", "another program has this mailbox open: give each copier a mailbox of its own"},
    Explanation{"[LOGIN-DELAY]",
                "the server wants more time between two log-ins: set a longer reception.interval"},
    Explanation{"[SYS/TEMP]", "the mail server has trouble of its own for the moment; it is tried again"},
    Explanation{"[SYS/PERM]", "the mail server has trouble that its administrator must mend"},
    // IMAP
    Explanation{"[AUTHENTICATIONFAILED]",
                "check user name and password; the provider may want a password made for this program"},
    Explanation{"[AUTHORIZATIONFAILED]", "the log-in is right but may not use this mailbox"},
    Explanation{"[EXPIRED]", "the password has expired: set a new one at the mail server, then here"},
    Explanation{"[PRIVACYREQUIRED]", "the server wants encryption first: use security 'tls' or 'starttls'"},
    Explanation{"[WEBALERT", "the provider blocked the log-in: sign in with a browser and confirm it"},
    Explanation{"[CONTACTADMIN]", "the mail server's administrator must help"},
    Explanation{"[NOPERM]", "the account lacks the right to do this"},
    Explanation{"[INUSE]", "another program has this mailbox open: give each copier a mailbox of its own"},
    Explanation{"[OVERQUOTA]", "the mailbox is full: delete mail there, so that commands can arrive"},
    Explanation{"[LIMIT]", "the server's limit of sessions or commands is reached; it is tried again"},
    Explanation{"[UNAVAILABLE]", "a part of the mail server is down for the moment; it is tried again"},
    Explanation{"[SERVERBUG]", "the mail server has trouble that its administrator must mend"},
    Explanation{"[CORRUPTION]", "the mailbox is damaged at the server; its administrator must mend it"},
    Explanation{"[NONEXISTENT]", "there is no such folder: check reception.mailbox"},
    Explanation{"[TRYCREATE]", "there is no such folder: check its name, or create it"},
};

bool continues_word(char c) {
  return is_alpha(c) || is_digit(c) || c == '.';
}

// Whether `code` stands in `line` as a word of its own: "5.7.1" not in "5.7.139", nor in "15.7.1".
bool names(std::string_view line, std::string_view code) {
  for (std::size_t at = 0; at + code.size() <= line.size(); ++at) {
    if (!starts_ignoring_case(line.substr(at), code)) continue;
    const bool begins = at == 0 || !continues_word(line[at - 1]) || code.front() == '[';
    const std::size_t end = at + code.size();
    const bool ends =
        end == line.size() || !continues_word(line[end]) || code.back() == ']' || code.front() == '[';
    if (begins && ends) return true;
  }
  return false;
}

}  // namespace

std::string_view explain(std::string_view server_line) noexcept {
  for (const Explanation& known : kExplanations) {
    if (names(server_line, known.code)) return known.words;
  }
  return {};
}

}  // namespace remotemail
