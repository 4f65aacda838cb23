// `check`: what is right, what is not, and what to do about it.
#include <doctest/doctest.h>

#include "agent/hosted_line.hpp"
#include "testing/host_client.hpp"

using namespace remotemail;
using remotemail::testing::HostedLine;
using remotemail::testing::Line;
using remotemail::testing::MailHostOptions;
using remotemail::testing::usual_host;
using Kind = Finding::Kind;

namespace {

std::vector<Finding> check(Agent& agent) {
  JobRequest request;
  request.kind = JobRequest::Kind::check;
  return agent.perform(request, {}).findings;
}

const Finding& find(const std::vector<Finding>& findings, std::string_view part, std::string_view what) {
  for (const Finding& finding : findings) {
    if (finding.part == part && finding.what == what) return finding;
  }
  static const Finding none{Kind::skipped, "none", "", "there is no such finding"};
  return none;
}

void is(const std::vector<Finding>& findings, std::string_view part, std::string_view what, Kind kind,
        std::string_view words = {}) {
  const Finding& finding = find(findings, part, what);
  CAPTURE(part);
  CAPTURE(what);
  CHECK_MESSAGE(finding.part == part, "no such finding");
  CHECK_MESSAGE(finding.kind == kind, finding.words);
  CHECK_MESSAGE(finding.words.find(words) != std::string::npos, finding.words);
}

constexpr std::string_view kMailbox = "receiving mail server", kSubmission = "SMTP server";

}  // namespace

TEST_CASE(
    "doctor: a good set-up passes in every point, over POP3 and IMAP, and nothing is sent or removed [C1, Y2]") {
  for (const std::string spool : {"pop3", "imap"}) {
    CAPTURE(spool);
    HostedLine line;
    line.enable(line.settings(spool));
    line.mail("GetLog Counter\r\n");
    const auto findings = check(*line.agent);
    for (const Finding& finding : findings) {
      CAPTURE(finding.words);
      CHECK((finding.kind == Kind::passed || finding.what == "used by others"));
    }
    for (const std::string_view part : {kMailbox, kSubmission}) {
      is(findings, part, "connection", Kind::passed, "connected to ");
      is(findings, part, "TLS and certificate", Kind::passed, "TLSv1.3, certificate of ");
      is(findings, part, "TLS and certificate", Kind::passed, "valid until 20");
      is(findings, part, "log-in", Kind::passed, "copier");
    }
    is(findings, kMailbox, "mailbox", Kind::passed, "1 mail");
    is(findings, kMailbox, "used by others", spool == "imap" ? Kind::passed : Kind::skipped);
    is(findings, kSubmission, "envelope sender", Kind::passed, "manager@example.com");
    CHECK(line.host.mails("copier").size() == 1);
    CHECK(line.host.mails("manager").empty());
  }
}

TEST_CASE(
    "doctor: an empty set-up is told all that is missing, and servers that are not named are not asked for [A15]") {
  Line line;
  const auto findings = check(*line.agent);
  is(findings, "settings", "mandatory values", Kind::failed, "transmission.manager_address, ");
  is(findings, "settings", "E-mail notification", Kind::note, "reception.enabled");
  is(findings, kMailbox, "name", Kind::failed, "reception.server");
  is(findings, kSubmission, "name", Kind::failed, "transmission.smtp_server");
  CHECK(line.servers.events.empty());
}

TEST_CASE(
    "doctor: what stands before the step that failed has passed, what stands behind is not tried [Y2]") {
  SUBCASE("log-in") {
    HostedLine line;
    auto texts = line.settings();
    texts.insert_or_assign("reception.password", Secret("not-the-password"));
    line.enable(texts);
    const auto findings = check(*line.agent);
    is(findings, kMailbox, "connection", Kind::passed);
    is(findings, kMailbox, "TLS and certificate", Kind::passed);
    is(findings, kMailbox, "log-in", Kind::failed, "password");
    is(findings, kMailbox, "mailbox", Kind::skipped);
    is(findings, kSubmission, "envelope sender", Kind::passed);
    for (const Finding& finding : findings)
      CHECK(finding.words.find("not-the-password") == std::string::npos);
  }
  SUBCASE("certificate") {
    MailHostOptions options = usual_host();
    options.certificate = MailHostOptions::Certificate::expired;
    HostedLine line(options);
    line.enable(line.settings());
    const auto findings = check(*line.agent);
    is(findings, kMailbox, "connection", Kind::passed);
    is(findings, kMailbox, "TLS and certificate", Kind::failed, "expired");
    is(findings, kMailbox, "log-in", Kind::skipped);
    is(findings, kSubmission, "TLS and certificate", Kind::failed, "expired");
  }
  SUBCASE("connection") {
    HostedLine line;
    auto texts = line.settings();
    line.host.stop();
    line.enable(texts);
    const auto findings = check(*line.agent);
    is(findings, kMailbox, "name", Kind::passed);
    is(findings, kMailbox, "connection", Kind::failed, "connection refused");
    is(findings, kMailbox, "TLS and certificate", Kind::skipped);
  }
  SUBCASE("name") {
    HostedLine line;
    line.enable(line.settings("imap", "tls", "no-such-name.invalid"));
    is(check(*line.agent), kMailbox, "name", Kind::failed);
  }
}

TEST_CASE("doctor: a dialogue in the clear is noted, a refused sender is told with its cure [Y2, B8]") {
  SUBCASE("in the clear") {
    HostedLine line;
    line.enable(line.settings("imap", "none"));
    const auto findings = check(*line.agent);
    is(findings, kMailbox, "TLS and certificate", Kind::note, "can be read on the way");
    is(findings, kSubmission, "TLS and certificate", Kind::note, "can be read on the way");
  }
  SUBCASE("the sender") {
    MailHostOptions options = usual_host();
    options.faults = {"smtp MAIL refuse"};
    HostedLine line(options);
    line.enable(line.settings());
    is(check(*line.agent), kSubmission, "envelope sender", Kind::failed,
       "transmission.envelope_sender=copier");
  }
  SUBCASE("the Manager's address") {
    HostedLine line;
    auto texts = line.settings();
    texts.insert_or_assign("transmission.manager_address", Secret("nobody@example.com"));
    line.enable(texts);
    const auto findings = check(*line.agent);
    is(findings, kSubmission, "envelope sender", Kind::passed);
    is(findings, kSubmission, "mail to the Manager", Kind::failed, "check the address");
  }
}

TEST_CASE("doctor: a mailbox that another mail program reads is noticed where the protocol tells [A7]") {
  HostedLine line;
  line.enable(line.settings());
  line.mail("GetLog Counter\r\n");
  {
    testing::HostClient other(line.host.ports().imap);
    (void)other.line();
    for (const char* command : {"LOGIN copier mailbox-password", "SELECT INBOX", "STORE 1 +FLAGS (\\Seen)"}) {
      CHECK(other.ask_tagged(command).find("t OK") != std::string::npos);
    }
  }
  is(check(*line.agent), kMailbox, "used by others", Kind::note, "mailbox of its own");
}

TEST_CASE(
    "doctor: a clock that was never set is named, not the certificates it makes look wrong [fault 20]") {
  Line line;
  line.enable();
  line.clock.set_now(WallTime{});
  is(check(*line.agent), "machine", "clock", Kind::failed, "1970-01-01 00:00:00 UTC");
}

TEST_CASE("doctor: while the machine is off no server is asked [A8, A9]") {
  Line line;
  line.enable();
  line.device.set_state(DeviceState::main_power_off);
  const auto findings = check(*line.agent);
  is(findings, "machine", "device", Kind::note, "main power switch off");
  is(findings, kMailbox, "all", Kind::skipped, "machine is off");
  CHECK(line.servers.events.empty());
}

TEST_CASE("doctor: replies that wait are told with their latest trouble [R6]") {
  Line line;
  line.enable();
  line.servers.fault = [](const std::string& event) -> std::optional<Error> {
    if (event == "open sender")
      return make_error(Cause::connection_refused, Step::connect, "smtp.example.com:465");
    return std::nullopt;
  };
  line.mail("GetLog Counter\r\n");
  (void)line.once();
  is(check(*line.agent), "state", "outbox", Kind::note, "1 waiting");
  is(check(*line.agent), "state", "outbox", Kind::note, "connection refused");
}
