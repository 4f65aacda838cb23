// How to reach a server and as whom; a value taken from one settings snapshot.
#pragma once

#include <cstdint>
#include <string>

#include "remotemail/core/secret.hpp"

namespace remotemail {

enum class Security { tls, starttls, none };  // Y2; `none` is a choice that log and page warn about
enum class Spool { pop3, imap };              // B26

// What a TLS connection must show before a byte is said (Y2).
struct TlsPolicy {
  std::string host;     // the name or address the certificate must carry; also SNI when it is a name
  std::string ca_file;  // PEM file instead of the system's CAs, or empty
  std::string pin;      // SHA-256 of the public key (SPKI), 64 hex digits, or empty. With a pin, chain and name are
                        // not asked for: the key itself is the identity.
};

struct ServerAccount {
  std::string host;  // name, IPv4 or IPv6 address (B10)
  std::uint16_t port = 0;
  Security security = Security::tls;
  std::string user;  // empty (SMTP only): no log-in
  Secret password;
  std::string ca_file;
  std::string pin;
  std::string dns_server;  // B11; empty: the system's
  TlsPolicy tls() const { return {host, ca_file, pin}; }
};

struct MailboxAccount {
  ServerAccount server;
  Spool spool = Spool::pop3;
  std::string mailbox = "INBOX";  // IMAP only
  std::string done_folder;        // IMAP: done mails are moved there instead of removed; empty: removed
};

}  // namespace remotemail
