// POP3, IMAP and SMTP servers on loopback with mailboxes in memory and faults on demand. For tests,
// integrators and the demo: no mail server (nothing is kept, nothing is relayed, few clients at a time). It
// shares no grammar with the library's clients, so that it is an independent witness of what they say.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "remotemail/core/result.hpp"

namespace remotemail::testing {

struct MailHostUser {
  std::string name;  // letters, digits, `.`, `_`, `-`; logs in as name or name@domain
  std::string password;
};

struct MailHostPorts {
  std::uint16_t pop3 = 0, pop3s = 0, imap = 0, imaps = 0, smtp = 0, smtps = 0;  // 0: chosen by the system
};

struct MailHostOptions {
  std::vector<MailHostUser> users;
  std::string domain = "example.test";  // mail for its users is delivered, for anybody else refused with 550
  MailHostPorts ports;

  // What the clear ports do; pop3s, imaps and smtps speak TLS from the first octet.
  enum class Tls { none, starttls, required };  // required: no log-in before TLS
  Tls pop3_tls = Tls::starttls, imap_tls = Tls::starttls, smtp_tls = Tls::starttls;
  bool implicit_tls = true;  // false: no pop3s, imaps, smtps
  // The leaf is for localhost, 127.0.0.1 and ::1, or wrong in one way.
  enum class Certificate { good, expired, other_name };
  Certificate certificate = Certificate::good;

  // Capabilities taken away, with the commands behind them: UIDL, TOP, SASL; UIDPLUS, MOVE, SASL-IR, IDLE;
  // AUTH, SIZE, PIPELINING, 8BITMIME. PLAIN and LOGIN: that way of AUTH.
  std::set<std::string> lacks;
  bool smtp_wants_login = false;  // 530 to MAIL without AUTH
  bool keep_foreign = false;      // mail for others is taken into accepted() and goes nowhere

  std::uint64_t size_limit = 10u << 20;     // of one mail, by SMTP: 552
  std::uint64_t memory_limit = 256u << 20;  // of all mails: 452
  std::size_t connection_limit = 64;
  std::chrono::seconds idle_limit{300};
  std::vector<std::string> faults;  // see add_fault()

  // Called from any thread, one call at a time, never under the host's own locks; must not call stop().
  std::function<void(const std::string& line)> on_event;     // "pop3 login copier": one line, no secrets
  std::function<void(const std::string& line)> on_dialogue;  // as in dialogues()
  std::function<void(const std::string& user, std::uint32_t uid, const std::string& bytes)> on_delivery;
};

struct HostedMail {
  std::uint32_t uid = 0;
  std::string bytes;
  bool seen = false, deleted = false;
};

struct AcceptedMail {
  std::string sender;                   // without brackets; empty for <>
  std::vector<std::string> recipients;  // those that were not refused
  std::string login;                    // who had logged in, or empty
  bool tls = false;
  std::string bytes;  // as sent, dots unstuffed
};

struct MailHostCounters {
  struct Service {
    std::uint64_t connections = 0, logins = 0, refused_logins = 0, commands = 0;
  };
  Service pop3, imap, smtp;
  std::uint64_t delivered = 0, removed = 0, faults = 0;
};

// All calls from any thread, but start() and stop() from one.
class MemoryMailHost {
 public:
  explicit MemoryMailHost(MailHostOptions);
  ~MemoryMailHost();  // stops
  MemoryMailHost(const MemoryMailHost&) = delete;
  MemoryMailHost& operator=(const MemoryMailHost&) = delete;

  // Listens on 127.0.0.1 (and ::1 where it can). invalid_value: users, faults; refused: a port cannot be had.
  // After stop() it may be called again: same ports, same mails, same certificate.
  Status start();
  void stop();  // cuts all connections and waits for their ends
  void disconnect_all();

  MailHostPorts ports() const;         // after start(); 0: not offered
  std::string ca_certificate() const;  // PEM, after start(); made anew for every host
  Status write_ca_file(const std::string& path) const;

  Result<std::uint32_t> deliver(std::string_view user, std::string bytes);  // into INBOX, as it is; its UID
  std::vector<HostedMail> mails(std::string_view user, std::string_view folder = "INBOX") const;
  bool has_folder(std::string_view user, std::string_view folder) const;
  void change_uidvalidity(
      std::string_view user);  // INBOX, for sessions that select it from now on; mails stay

  std::vector<AcceptedMail> accepted() const;  // by SMTP, in order
  MailHostCounters counters() const;
  // "pop3#3 C: PASS ***", "pop3#3 S: +OK": the latest 10,000 lines; secrets masked, bodies only counted.
  std::vector<std::string> dialogues() const;

  // One line, `[pop3|imap|smtp] WHEN [N|N+] [delay TIME] [ACTION]`:
  //   WHEN    a command (RETR, FETCH, MAIL, …), or connect (the greeting), login (any log-in), dot (the end
  //   of a mail
  //           by SMTP), any (each of these). Left out before `delay`: any.
  //   N       the N-th of that kind from now, N+ from the N-th on; else each.
  //   ACTION  close, stall (says nothing more), refuse [TEXT], garbage, or, after the command was carried
  //   out: close-after,
  //           stall-after, half (half of the answer, then close). SMTP also: a reply, as `451 try later`.
  //   TIME    `200ms` or `2s`, at most 60 s.
  // "pop3 RETR 2 close", "smtp dot 451", "smtp dot close-after", "imap FETCH stall", "login refuse", "delay
  // 200ms". The first fault added that fits decides; delays add up.
  Status add_fault(std::string_view text);
  void clear_faults();

 private:
  class Server;
  std::unique_ptr<Server> server_;
};

}  // namespace remotemail::testing
