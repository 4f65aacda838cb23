#include "remotemail/protocol/mail_servers.hpp"

#include <doctest/doctest.h>

#include "protocol/imap/imap_mailbox.hpp"
#include "remotemail/testing/scripted_connector.hpp"

// Stands in for the IMAP dialogue, which has tests of its own: here only whether it is the one chosen
// matters.
namespace remotemail {
Result<std::unique_ptr<Mailbox>> open_imap_mailbox(std::unique_ptr<Stream>, const MailboxAccount&,
                                                   const Clock&, Random&, const Deadline&,
                                                   const StepObserver&) {
  return make_error(Cause::capability_missing, Step::select, "IMAP");
}
}  // namespace remotemail

using namespace remotemail;
using namespace remotemail::testing;

namespace {

MailboxAccount account(Spool spool) {
  MailboxAccount account;
  account.server.host = "mail.example.com";
  account.server.port = 110;
  account.server.security = Security::none;
  account.server.user = "copier";
  account.server.password = Secret("x");
  account.spool = spool;
  return account;
}

struct Servers {
  explicit Servers(std::vector<std::string> scripts) : connector(clock, std::move(scripts)) {}
  ManualClock clock;
  ScriptedConnector connector;
  SystemRandom random;
  std::unique_ptr<MailServers> servers = make_mail_servers(connector, clock, random);
  std::vector<Step> steps;
  StepObserver observer = [this](Step step) { steps.push_back(step); };
};

}  // namespace

TEST_CASE("mail servers: the kind of mail spool chooses the dialogue [B26]") {
  Servers pop3({"S: +OK\nC: CAPA\nS: -ERR\nC: USER copier\nS: +OK\nC: PASS x\nS: +OK"});
  CHECK(pop3.servers->open_mailbox(account(Spool::pop3), {}, pop3.observer).ok());
  CHECK(pop3.connector.finished());
  CHECK((pop3.steps == std::vector{Step::connect, Step::greeting, Step::capabilities, Step::login}));
  Servers imap({""});
  CHECK(imap.servers->open_mailbox(account(Spool::imap), {}, {}).error().detail ==
        "mail.example.com:110, IMAP");
}

TEST_CASE("mail servers: a sender is opened at its own server [B10]") {
  Servers run({"S: 220 hi\nC: EHLO copier.example.com\nS: 250 hi"});
  ServerAccount server = account(Spool::pop3).server;
  server.user.clear();
  server.port = 25;
  CHECK(run.servers->open_sender(server, "copier.example.com", {}, run.observer).ok());
  CHECK(run.connector.connections() == std::vector<std::string>{"mail.example.com:25"});
  CHECK((run.steps == std::vector{Step::connect, Step::greeting, Step::ehlo}));
}

TEST_CASE("mail servers: a server that is not there is named [fault 1]") {
  Servers run({});
  const auto mailbox = run.servers->open_mailbox(account(Spool::pop3), {}, {});
  REQUIRE_FALSE(mailbox.ok());
  CHECK(mailbox.error().cause == Cause::connection_refused);
  CHECK(mailbox.error().step == Step::connect);
  CHECK(mailbox.error().detail == "mail.example.com:110");
  CHECK(run.servers->open_sender(account(Spool::pop3).server, "x", {}, {}).error().cause ==
        Cause::connection_refused);
}
