// Y3 from the agent's face: whatever names the server of a password is changed, and the password stays behind.
// The new place is a mail host that knows the accounts, so that a password that reaches it is a log-in it counts.
#include <doctest/doctest.h>

#include <fstream>
#include <functional>

#include "agent/hosted_line.hpp"

using namespace remotemail;
using remotemail::testing::HostedLine;
using remotemail::testing::MailHostCounters;
using remotemail::testing::MailHostOptions;
using remotemail::testing::MailHostPorts;
using remotemail::testing::MemoryMailHost;
using remotemail::testing::usual_host;

namespace {

using Tls = MailHostOptions::Tls;

// Set up with an honest host, which then goes away; the rogue comes to the places the row wants it at.
struct Trap {
  Trap(const std::string& spool, const std::string& security) : spool(spool), security(security) {
    auto texts = line.settings(spool, security);
    texts.insert_or_assign("reception.enabled", Secret("no"));
    texts.insert_or_assign("transmission.smtp_password", Secret("smtp-password"));
    texts.insert_or_assign("transmission.smtp_user", Secret("relay"));
    line.enable(texts);
    ports = line.host.ports();
    line.host.stop();
  }

  // Known names and passwords, `thief` too; ports of the honest host unless the row says otherwise.
  void set(const std::function<void(MailHostOptions&)>& change = {}) {
    MailHostOptions options = honest();
    options.users.push_back({"thief", "mailbox-password"});
    options.users.push_back({"relay-thief", "smtp-password"});
    options.ports = ports;
    if (change) change(options);
    rogue.emplace(std::move(options));
    if (const Status started = rogue->start(); !started) FAIL(describe(started.error()));
  }

  static MailHostOptions honest() {
    MailHostOptions options = usual_host();
    options.users.push_back({"relay", "smtp-password"});
    return options;
  }

  // The rogue has got the key of the very CA the copier trusts.
  void own_the_ca() const { (void)rogue->write_ca_file(line.ca_file); }

  // Everything that talks to a server, also "in thought" as the question before enabling does.
  void talk(const SettingTexts& in_thought = {}) {
    using Kind = JobRequest::Kind;
    for (const Kind kind : {Kind::sending_test, Kind::round_trip_test, Kind::check, Kind::poll, Kind::send,
                            Kind::count_mailbox}) {
      JobRequest request;
      request.kind = kind;
      if (kind == Kind::count_mailbox) request.texts = in_thought;
      if (kind == Kind::round_trip_test && !reads_back) continue;
      (void)line.agent->perform(request, {});
    }
  }

  ApplyReport change(const std::string& key, const std::string& value) {
    SettingTexts texts;
    texts.emplace(key, Secret(value));
    return line.agent->apply(texts);
  }

  struct LogIns {
    std::uint64_t mailbox, smtp;
    bool operator==(const LogIns&) const = default;
  };
  // An attempt without a password is refused and tells nothing.
  LogIns got() const {
    const MailHostCounters counted = rogue->counters();
    return {counted.pop3.logins + counted.imap.logins, counted.smtp.logins};
  }

  std::string spool, security;
  bool reads_back = false;  // a round trip that succeeds in sending waits a minute for its mail
  HostedLine line{honest()};
  MailHostPorts ports;
  std::optional<MemoryMailHost> rogue;
};

struct Field {
  std::string name;
  const char* reception;     // key
  const char* transmission;  // key
  const char* security;      // before the change
  // Sets the rogue where the change leads, and returns the key's new value.
  std::function<std::string(Trap&, bool reception)> prepare;
};

std::string text(std::uint16_t port) {
  return std::to_string(port);
}

std::uint16_t receiving_port(const Trap& trap, const MailHostPorts& ports, bool tls) {
  if (trap.spool == "pop3") return tls ? ports.pop3s : ports.pop3;
  return tls ? ports.imaps : ports.imap;
}

// The public key of the rogue, as a client that pins another one is told.
std::string pin_of_rogue(Trap& trap, bool reception) {
  const std::string key = reception ? "reception.pin" : "transmission.pin";
  const std::string password_key = reception ? "reception.password" : "transmission.smtp_password";
  SettingTexts texts;
  texts.emplace(key, Secret(std::string(64, 'a')));
  texts.emplace(password_key, Secret("nobody's"));
  REQUIRE(trap.line.agent->apply(texts).ok());
  JobRequest request;
  request.kind = JobRequest::Kind::check;
  for (const Finding& finding : trap.line.agent->perform(request, {}).findings) {
    const std::string_view words = "its key is ";
    const auto at = finding.words.find(words);
    if (at != std::string::npos) return finding.words.substr(at + words.size(), 64);
  }
  FAIL("no pin was told");
  return {};
}

const std::vector<Field>& fields() {
  static const std::vector<Field> table{
      {"host", "reception.server", "transmission.smtp_server", "none",
       [](Trap& trap, bool) {
         trap.set();
         return std::string("127.0.0.1");
       }},
      {"port", "reception.port", "transmission.smtp_port", "none",
       [](Trap& trap, bool reception) {
         trap.set([](MailHostOptions& options) { options.ports = {}; });
         const MailHostPorts ports = trap.rogue->ports();
         return text(reception ? receiving_port(trap, ports, false) : ports.smtp);
       }},
      {"security, from tls to starttls", "reception.security", "transmission.smtp_security", "tls",
       [](Trap& trap, bool) {
         trap.set([&](MailHostOptions& options) {
           options.ports = {trap.ports.pop3s, 0, trap.ports.imaps, 0, trap.ports.smtps, 0};
         });
         trap.own_the_ca();
         return std::string("starttls");
       }},
      {"security, from tls to none", "reception.security", "transmission.smtp_security", "tls",
       [](Trap& trap, bool) {
         trap.set([&](MailHostOptions& options) {
           options.ports = {trap.ports.pop3s, 0, trap.ports.imaps, 0, trap.ports.smtps, 0};
         });
         return std::string("none");
       }},
      {"user", "reception.user", "transmission.smtp_user", "tls",
       [](Trap& trap, bool reception) {
         trap.set();
         trap.own_the_ca();
         return std::string(reception ? "thief" : "relay-thief");
       }},
      {"CA", "security.ca_file", "security.ca_file", "tls",
       [](Trap& trap, bool) {
         trap.set();
         const std::string path = trap.line.folder.path + "/rogue.pem";
         (void)trap.rogue->write_ca_file(path);
         return path;
       }},
      {"DNS server", "transmission.dns_server", "transmission.dns_server", "none",
       [](Trap& trap, bool) {
         trap.set();
         return std::string("127.0.0.9");
       }},
  };
  return table;
}

}  // namespace

TEST_CASE(
    "pass-back: a change of host, port, security, user, CA or DNS server leaves the password behind, for both accounts [Y3]") {
  for (const std::string spool : {"pop3", "imap"}) {
    for (const bool reception : {true, false}) {
      for (const Field& field : fields()) {
        const std::string key = reception ? field.reception : field.transmission;
        const std::string password = reception ? "reception.password" : "transmission.smtp_password";
        CAPTURE(spool);
        CAPTURE(field.name);
        CAPTURE(password);
        Trap trap(spool, field.security);
        const std::string value = field.prepare(trap, reception);
        SettingTexts in_thought;
        in_thought.emplace(key, Secret(value));
        in_thought.emplace("reception.enabled", Secret("yes"));
        JobRequest count;
        count.kind = JobRequest::Kind::count_mailbox;
        count.texts = in_thought;
        // In thought only: the rogue may not hear of the password of the account that the change is about.
        if (reception) (void)trap.line.agent->perform(count, {});
        if (reception) CHECK(trap.got() == Trap::LogIns{0, 0});
        const auto before = trap.got();

        const ApplyReport report = trap.change(key, value);
        REQUIRE(report.ok());
        CHECK(std::find(report.blanked.begin(), report.blanked.end(), password) != report.blanked.end());
        trap.talk();
        const auto after = trap.got();
        if (reception) {
          CHECK(after.mailbox == before.mailbox);
        } else {
          CHECK(after.smtp == before.smtp);
        }
        // The function cannot be enabled as long as it is so, and does not fetch when one tries.
        if (reception) {
          CHECK_FALSE(trap.change("reception.enabled", "yes").ok());
          CHECK(trap.got().mailbox == before.mailbox);
        }
        // Back at the old value it does not come back to life.
        REQUIRE(trap.line.agent->stored_settings().contains(password) == false);
      }
    }
  }
}

TEST_CASE("pass-back: the trap is one, for the password that is given with the change arrives there [Y3]") {
  for (const bool reception : {true, false}) {
    for (const Field& field : fields()) {
      if (field.name == "DNS server") continue;  // nobody answers there
      CAPTURE(field.name);
      CAPTURE(reception);
      Trap trap("imap", field.security);
      const std::string value = field.prepare(trap, reception);
      SettingTexts texts;
      texts.emplace(reception ? field.reception : field.transmission, Secret(value));
      texts.emplace(reception ? "reception.password" : "transmission.smtp_password",
                    Secret(reception ? "mailbox-password" : "smtp-password"));
      const ApplyReport report = trap.line.agent->apply(texts);
      REQUIRE(report.ok());
      JobRequest check;
      check.kind = JobRequest::Kind::check;
      (void)trap.line.agent->perform(check, {});
      CHECK((reception ? trap.got().mailbox : trap.got().smtp) > 0);
    }
  }
}

TEST_CASE("pass-back: another pin leaves the password behind, and the one given with it counts [Y2, Y3]") {
  for (const bool reception : {true, false}) {
    CAPTURE(reception);
    Trap trap("imap", "tls");
    trap.set();
    const std::string key = reception ? "reception.pin" : "transmission.pin";
    const std::string password = reception ? "reception.password" : "transmission.smtp_password";
    const std::string pin = pin_of_rogue(trap, reception);
    SettingTexts texts;
    texts.emplace(key, Secret(std::string(64, 'b')));
    texts.emplace(password, Secret(reception ? "mailbox-password" : "smtp-password"));
    REQUIRE(trap.line.agent->apply(texts).ok());
    const auto before = trap.got();
    const ApplyReport report = trap.change(key, pin);
    REQUIRE(report.ok());
    CHECK(report.blanked == std::vector<std::string>{password});
    trap.talk();
    CHECK((reception ? trap.got().mailbox : trap.got().smtp) == (reception ? before.mailbox : before.smtp));
    // Without any pin the CA would have to vouch: a change as well.
    texts.insert_or_assign(key, Secret(pin));
    REQUIRE(trap.line.agent->apply(texts).ok());
    REQUIRE(trap.change(key, "").ok());
    CHECK_FALSE(trap.line.agent->stored_settings().contains(password));
  }
}

TEST_CASE("pass-back: settings that are changed there and back do not bring the password back to life [Y3]") {
  for (const char* field : {"reception.server", "transmission.smtp_server"}) {
    CAPTURE(field);
    Trap trap("pop3", "none");
    trap.set();
    const std::string password = std::string_view(field).starts_with("reception")
                                     ? "reception.password"
                                     : "transmission.smtp_password";
    REQUIRE(trap.change(field, "127.0.0.1").ok());
    REQUIRE(trap.change(field, "localhost").ok());
    const StoredSettings stored = trap.line.agent->stored_settings();
    CHECK_FALSE(stored.contains(password));
    CHECK(shown_value(stored, password) == "not set");
    REQUIRE(trap.change(field, "127.0.0.1").ok());
    trap.talk();
    CHECK((password == "reception.password" ? trap.got().mailbox : trap.got().smtp) == 0);
  }
}

TEST_CASE(
    "pass-back: in one apply the old password is blanked first, then the one given with it is stored [Y3]") {
  Trap trap("pop3", "none");
  trap.set();
  SettingTexts texts;
  // In whichever order the keys come, and however many of them move the server.
  texts.emplace("reception.password", Secret("given"));
  texts.emplace("reception.server", Secret("127.0.0.1"));
  texts.emplace("reception.user", Secret("thief"));
  const ApplyReport report = trap.line.agent->apply(texts);
  REQUIRE(report.ok());
  CHECK(report.blanked.empty());
  CHECK(trap.line.agent->settings()->reception.account.server.password.reveal() == "given");
  trap.talk();
  CHECK(trap.rogue->counters().pop3.logins == 0);  // the old one, with which thief could log in, never came
  CHECK(trap.rogue->counters().pop3.refused_logins > 0);
  // A blank one given with the change is blank.
  SettingTexts blank;
  blank.emplace("reception.server", Secret("localhost"));
  blank.emplace("reception.password", Secret(""));
  REQUIRE(trap.line.agent->apply(blank).ok());
  CHECK_FALSE(trap.line.agent->stored_settings().contains("reception.password"));
}

TEST_CASE(
    "pass-back: an enabled function refuses the change without its password, and nothing of it is tried [Y3, A15]") {
  Trap trap("imap", "none");
  REQUIRE(trap.change("reception.enabled", "yes").ok());
  trap.set([](MailHostOptions& options) { options.ports = {}; });
  const ApplyReport report = trap.change("reception.port", text(trap.rogue->ports().imap));
  REQUIRE(report.errors.size() == 1);
  CHECK(report.errors[0].key == "reception.password");
  trap.talk();
  CHECK(trap.got() == Trap::LogIns{0, 0});
}

TEST_CASE(
    "pass-back: a row changed behind the store's back, or moved to another setting, does not open its password [Y3]") {
  Trap trap("imap", "none");
  trap.set([](MailHostOptions& options) { options.ports = {}; });
  StoredSettings stored = trap.line.agent->stored_settings();
  StoredSetting& port = stored.at("reception.port");
  port.text = Secret(text(trap.rogue->ports().imap));
  CHECK(make_settings(stored).reception.account.server.password.empty());
  CHECK(shown_value(stored, "reception.password") == "not set");
  // Nor does the SMTP account get the mailbox's.
  StoredSettings moved = trap.line.agent->stored_settings();
  moved.insert_or_assign("transmission.smtp_password", moved.at("reception.password"));
  CHECK(make_settings(moved).transmission.smtp.password.empty());
}
