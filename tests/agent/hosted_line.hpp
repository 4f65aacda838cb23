// The line over real sockets and protocols: our dialogues and TLS against the memory mail host, SQLite left
// out.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "agent/line_fixture.hpp"
#include "apps/temporary_folder.hpp"
#include "remotemail/protocol/poco_connector.hpp"
#include "remotemail/testing/memory_mail_host.hpp"

namespace remotemail::testing {

inline MailHostOptions usual_host() {
  MailHostOptions options;
  options.domain = "example.com";
  options.users = {{"copier", "mailbox-password"}, {"ce", "ce-password"}, {"manager", "manager-password"}};
  options.smtp_wants_login = true;
  return options;
}

struct HostedLine {
  explicit HostedLine(MailHostOptions options = usual_host()) : host(std::move(options)) {
    if (const Status started = host.start(); !started) FAIL(describe(started.error()));
    ca_file = folder.path + "/ca.pem";
    (void)host.write_ca_file(ca_file);
    agent = open();
  }

  std::unique_ptr<Agent> open() {
    AgentOptions options;
    options.hash_cost = {4, 8, 1};
    return std::move(*Agent::open(
        {*servers, *store, *store, device, parser, authenticator, formatter, sealer, clock, random, logger},
        options));
  }

  // Spool "pop3" or "imap"; security "tls", "starttls" or "none".
  SettingTexts settings(const std::string& spool = "imap", const std::string& security = "tls",
                        const std::string& server = "localhost") {
    SettingTexts texts = Line::usual_settings();
    const MailHostPorts ports = host.ports();
    const bool tls = security == "tls";
    const auto set = [&texts](const std::string& key, const std::string& value) {
      texts.insert_or_assign(key, Secret(value));
    };
    set("reception.server", server);
    set("reception.spool", spool);
    set("reception.security", security);
    set("reception.port", std::to_string(spool == "pop3" ? (tls ? ports.pop3s : ports.pop3)
                                                         : (tls ? ports.imaps : ports.imap)));
    set("transmission.smtp_server", server);
    set("transmission.smtp_security", security);
    set("transmission.smtp_port", std::to_string(tls ? ports.smtps : ports.smtp));
    set("transmission.smtp_user", "copier");
    set("transmission.smtp_password", "mailbox-password");
    set("security.ca_file", ca_file);
    return texts;
  }
  void enable(const SettingTexts& texts) {
    const ApplyReport report = agent->apply(texts);
    for (const FieldError& error : report.errors) FAIL_CHECK(describe(error));
  }

  void mail(const std::string& body, const std::string& subject = "U-BIX") {
    TestMail made;
    made.body = body;
    made.subject = subject;
    made.message_id = std::to_string(++mails_made) + "@example.com";
    (void)host.deliver("copier", made.bytes());
  }
  PollReport once() { return agent->perform({}, {}).report; }
  std::vector<std::string> subjects() const {
    std::vector<std::string> found;
    for (const HostedMail& mail : host.mails("ce"))
      found.push_back(parse_mail({{"test", "1"}, mail.bytes.size(), mail.bytes, true}).subject);
    return found;
  }
  // Whether any line of the dialogues, with either side, holds this.
  bool was_said(std::string_view part) const {
    for (const std::string& line : host.dialogues()) {
      if (line.find(part) != std::string::npos) return true;
    }
    return false;
  }

  TemporaryFolder folder;
  std::string ca_file;
  MemoryMailHost host;
  SystemClock clock;
  SystemRandom random;
  Sealer sealer{Secret(std::string(32, 'k')), random};
  std::unique_ptr<Store> store = make_memory_store();
  std::unique_ptr<Connector> connector = make_poco_connector(clock);
  std::unique_ptr<MailServers> servers = make_mail_servers(*connector, clock, random);
  FakeDevice device{clock};
  ManualCommandParser parser;
  SubjectAuthenticator authenticator;
  PlainTextFormatter formatter;
  LineLogger logger;
  std::unique_ptr<Agent> agent;
  int mails_made = 0;
};

}  // namespace remotemail::testing
