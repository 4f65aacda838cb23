#include "command_line.hpp"

#include <getopt.h>

#include "core/text.hpp"

namespace remotemail_mailhost {
namespace {

using remotemail::Result;
using remotemail::testing::MailHostOptions;

enum Option : int {
  kUser = 256,
  kDomain,
  kPortFile,
  kCaFile,
  kPop3,
  kPop3s,
  kImap,
  kImaps,
  kSmtp,
  kSmtps,
  kTls,
  kCertificate,
  kLack,
  kLogin,
  kForeign,
  kFault,
  kDeliver,
  kSpool,
  kVerbose,
  kHelp,
  kVersion,
};

constexpr option kOptions[] = {
    {"user", required_argument, nullptr, kUser},
    {"domain", required_argument, nullptr, kDomain},
    {"port-file", required_argument, nullptr, kPortFile},
    {"ca-file", required_argument, nullptr, kCaFile},
    {"pop3", required_argument, nullptr, kPop3},
    {"pop3s", required_argument, nullptr, kPop3s},
    {"imap", required_argument, nullptr, kImap},
    {"imaps", required_argument, nullptr, kImaps},
    {"smtp", required_argument, nullptr, kSmtp},
    {"smtps", required_argument, nullptr, kSmtps},
    {"tls", required_argument, nullptr, kTls},
    {"certificate", required_argument, nullptr, kCertificate},
    {"lack", required_argument, nullptr, kLack},
    {"smtp-login", no_argument, nullptr, kLogin},
    {"keep-foreign", no_argument, nullptr, kForeign},
    {"fault", required_argument, nullptr, kFault},
    {"deliver", required_argument, nullptr, kDeliver},
    {"spool", required_argument, nullptr, kSpool},
    {"verbose", no_argument, nullptr, kVerbose},
    {"help", no_argument, nullptr, kHelp},
    {"version", no_argument, nullptr, kVersion},
    {nullptr, 0, nullptr, 0},
};

remotemail::Error wrong(std::string what) {
  return remotemail::make_error(remotemail::Cause::invalid_value, remotemail::Step::none, std::move(what),
                                remotemail::Retry::never);
}

std::uint16_t* port_of(int option, remotemail::testing::MailHostPorts& ports) {
  switch (option) {
    case kPop3:
      return &ports.pop3;
    case kPop3s:
      return &ports.pop3s;
    case kImap:
      return &ports.imap;
    case kImaps:
      return &ports.imaps;
    case kSmtp:
      return &ports.smtp;
    case kSmtps:
      return &ports.smtps;
    default:
      return nullptr;
  }
}

}  // namespace

Result<CommandLine> parse_command_line(int argc, char* argv[]) {
  CommandLine line;
  MailHostOptions& host = line.host;
  optind = 0;  // glibc: from the beginning, also for the second call in a process
  opterr = 0;
  for (;;) {
    const int at = optind;
    // `+`: words that are no options end them. `:`: a missing argument is told from an unknown option.
    const int got = getopt_long(argc, argv, "+:hv", kOptions, nullptr);
    if (got == -1) break;
    const std::string value = optarg != nullptr ? optarg : "";
    const std::string shown = remotemail::clean_line(value, 60);
    if (std::uint16_t* port = port_of(got, host.ports)) {
      const auto number = remotemail::parse_number<std::uint16_t>(value);
      if (!number) return wrong("a port is a number from 0 (any) to 65535, not \"" + shown + "\"");
      *port = *number;
      continue;
    }
    switch (got) {
      case kUser: {
        const std::size_t colon = value.find(':');
        if (colon == std::string::npos) return wrong("--user wants NAME:PASSWORD");
        host.users.push_back({value.substr(0, colon), value.substr(colon + 1)});
        break;
      }
      case kDomain:
        host.domain = value;
        break;
      case kPortFile:
        line.port_file = value;
        break;
      case kCaFile:
        line.ca_file = value;
        break;
      case kTls: {
        using Tls = MailHostOptions::Tls;
        if (value != "none" && value != "starttls" && value != "required")
          return wrong("--tls is none, starttls or required, not \"" + shown + "\"");
        host.pop3_tls = host.imap_tls = host.smtp_tls = value == "none"       ? Tls::none
                                                        : value == "required" ? Tls::required
                                                                              : Tls::starttls;
        host.implicit_tls = value != "none";
        break;
      }
      case kCertificate: {
        using Certificate = MailHostOptions::Certificate;
        if (value != "good" && value != "expired" && value != "other-name")
          return wrong("--certificate is good, expired or other-name, not \"" + shown + "\"");
        host.certificate = value == "good"      ? Certificate::good
                           : value == "expired" ? Certificate::expired
                                                : Certificate::other_name;
        break;
      }
      case kLack:
        host.lacks.insert(value);
        break;
      case kLogin:
        host.smtp_wants_login = true;
        break;
      case kForeign:
        host.keep_foreign = true;
        break;
      case kFault:
        host.faults.push_back(value);
        break;
      case kDeliver:
        if (optind >= argc) return wrong("--deliver wants USER and FILE");
        line.deliver.emplace_back(value, argv[optind++]);
        break;
      case kSpool:
        line.spool = value;
        break;
      case kVerbose:
      case 'v':
        line.verbose = true;
        break;
      case kHelp:
      case 'h':
        line.help = true;
        break;
      case kVersion:
        line.version = true;
        break;
      case ':':
        return wrong(remotemail::clean_line(argv[optind - 1], 60) + " wants an argument");
      default:
        return wrong("there is no option \"" + remotemail::clean_line(argv[at > 0 ? at : 1], 60) + "\"");
    }
  }
  if (optind < argc) return wrong("what is \"" + remotemail::clean_line(argv[optind], 60) + "\"?");
  return line;
}

std::string_view help_text() {
  return R"(remotemail-mailhost - POP3, IMAP and SMTP on loopback, mailboxes in memory

A double for tests and demonstrations, no mail server: it listens on loopback only, keeps nothing and relays nothing.

Usage: remotemail-mailhost [OPTIONS]

Options:
  --user NAME:PASSWORD  a mailbox; again for more
  --domain D            mail for NAME@D is delivered, for others refused (default: example.test)
  --pop3 PORT, --pop3s PORT, --imap PORT, --imaps PORT, --smtp PORT, --smtps PORT
                        the ports (default: chosen by the system)
  --port-file FILE      writes the ports to FILE, a line each: "pop3 41100"; whole or not at all
  --ca-file FILE        writes the certificate of its CA to FILE (PEM); it certifies localhost, 127.0.0.1 and ::1
  --tls MODE            on the clear ports: none (and no ports with TLS), starttls (default), required
  --certificate KIND    good (default), expired, other-name
  --lack CAPABILITY     takes a capability away: UIDL, TOP, SASL, UIDPLUS, MOVE, SASL-IR, IDLE, AUTH, PLAIN, LOGIN, SIZE,
                        PIPELINING, 8BITMIME; again for more
  --smtp-login          SMTP takes mail only after a log-in
  --keep-foreign        SMTP takes mail for others too, and drops it
  --fault TEXT          goes wrong on purpose; again for more
  --deliver USER FILE   puts the mail of FILE into USER's mailbox; again for more
  --spool DIR           writes each delivered mail to DIR/USER/NNNN.eml, and delivers what appears in DIR/USER/new/
                        (names that begin with a dot or end in .tmp are left alone)
  -v, --verbose         prints the dialogues too, without secrets
  -h, --help            this text
  --version             the version

Faults: [pop3|imap|smtp] WHEN [N|N+] [delay TIME] [ACTION]
  WHEN    a command, or connect, login, dot (the end of a mail by SMTP), any
  N       the N-th of them, N+ from the N-th on; else each
  ACTION  close, stall, refuse [TEXT], garbage; when the command was carried out: close-after, stall-after, half;
          for smtp also a reply such as 451
  TIME    200ms, 2s
  "pop3 RETR 2 close", "smtp dot 451", "smtp dot close-after", "imap FETCH stall", "login refuse", "delay 200ms"

Prints a line per event, and its ports and "ready" when all is there; ends on SIGTERM or SIGINT.
Exit status: 0 ended by a signal, 1 something failed, 2 wrong use.
)";
}

}  // namespace remotemail_mailhost
