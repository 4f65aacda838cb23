#include <doctest/doctest.h>

#include "host_client.hpp"
#include "testing/mailhost/fault.hpp"

using namespace remotemail::testing;

namespace {

struct Faulty {
  explicit Faulty(std::vector<std::string> faults) : host(with(std::move(faults))) {
    REQUIRE(host.start());
    for (int i = 1; i <= 3; ++i)
      REQUIRE(
          host.deliver("ce", "Subject: " + std::to_string(i) + "\r\n\r\n" + std::string(500, 'x') + "\r\n"));
  }
  static MailHostOptions with(std::vector<std::string> faults) {
    MailHostOptions options = two_users();
    options.faults = std::move(faults);
    return options;
  }
  std::unique_ptr<HostClient> pop3() {
    auto client = std::make_unique<HostClient>(host.ports().pop3);
    client->line();
    client->ask("USER ce");
    client->ask("PASS secret");
    return client;
  }
  std::unique_ptr<HostClient> imap() {
    auto client = std::make_unique<HostClient>(host.ports().imap);
    client->line();
    client->ask_tagged("LOGIN ce secret");
    client->ask_tagged("SELECT INBOX");
    return client;
  }
  std::unique_ptr<HostClient> smtp() {
    auto client = std::make_unique<HostClient>(host.ports().smtp);
    client->line();
    client->ask_reply("EHLO me");
    return client;
  }
  static std::string send(HostClient& client) {
    client.ask("MAIL FROM:<a@b.test>");
    client.ask("RCPT TO:<copier@example.test>");
    client.ask("DATA");
    return client.ask("Subject: x\r\n\r\n.");
  }
  MemoryMailHost host;
};

}  // namespace

TEST_CASE("memory host, faults: the language") {
  using mailhost::parse_fault;
  for (const char* good :
       {"pop3 RETR 2 close", "smtp dot 451", "smtp dot close-after-accept", "imap FETCH stall",
        "login refuse", "delay 200ms", "imap SELECT delay 2s refuse not today", "any 3+ garbage",
        "pop3 connect refuse", "smtp RCPT 2 452 later", "imap logout half", "pop3 quit stall-after"}) {
    CAPTURE(good);
    CHECK(parse_fault(good));
  }
  const std::pair<const char*, const char*> table[] = {
      {"", "neither"},
      {"pop3", "neither"},
      {"pop3 FETCH close", "no command \"FETCH\""},
      {"RETR", "does not say what"},
      {"RETR 0 close", "1 to 399"},
      {"RETR 2", "does not say what"},
      {"RETR 2 burn", "no action \"burn\""},
      {"delay", "1ms to 60s"},
      {"delay 61s", "1ms to 60s"},
      {"delay 5", "1ms to 60s"},
      {"pop3 RETR 451", "smtp only"},
      {"RETR close now", "only refuse"},
  };
  for (const auto& [text, why] : table) {
    CAPTURE(text);
    const auto fault = parse_fault(text);
    REQUIRE_FALSE(fault);
    CHECK(contains(fault.error().detail, why));
  }
}

TEST_CASE("memory host, faults: the n-th command of a kind, and only that") {
  Faulty faulty({"pop3 RETR 2 close"});
  auto client = faulty.pop3();
  CHECK(contains(client->ask_many("RETR 1"), "Subject: 1"));
  CHECK(client->ask("RETR 2") == "(closed)");
  CHECK(faulty.host.counters().faults == 1);
  auto again = faulty.imap();  // other services are spared
  CHECK(contains(again->ask_tagged("UID FETCH 1:* UID"), "t OK"));
  CHECK(faulty.host.add_fault("imap NOOP 2+ refuse not now"));
  CHECK(contains(again->ask_tagged("NOOP"), "t OK"));
  CHECK(again->ask_tagged("NOOP") == "t NO not now\n");
  CHECK(again->ask_tagged("NOOP") == "t NO not now\n");
  faulty.host.clear_faults();
  CHECK(contains(again->ask_tagged("NOOP"), "t OK"));
}

TEST_CASE("memory host, faults: a refused command is not carried out, one closed after is") {
  Faulty faulty(
      {"smtp dot 1 451 try later", "smtp dot 2 close-after", "pop3 QUIT 1 close", "pop3 QUIT 2 close-after"});
  auto smtp = faulty.smtp();
  CHECK(Faulty::send(*smtp) == "451 try later");
  CHECK(faulty.host.accepted().empty());
  CHECK(Faulty::send(*smtp) == "(closed)");
  CHECK(faulty.host.accepted().size() == 1);
  CHECK(faulty.host.mails("copier").size() == 1);
  for (const std::size_t left : {3U, 2U}) {
    auto pop3 = faulty.pop3();
    for (int tries = 0; tries < 500 && pop3->ask("DELE 1") != "+OK"; ++tries) pop3 = faulty.pop3();
    CHECK(pop3->ask("QUIT") == "(closed)");
    CHECK(faulty.host.mails("ce").size() == left);
  }
}

TEST_CASE("memory host, faults: stall, half an answer, garbage") {
  Faulty faulty({"imap FETCH stall", "pop3 RETR 1 half", "pop3 STAT garbage", "pop3 NOOP stall-after"});
  auto imap = faulty.imap();
  imap->send("t FETCH 1 BODY[]\r\n");
  CHECK(imap->hears_nothing(100));
  auto pop3 = faulty.pop3();
  const std::string garbage = pop3->ask("STAT");
  CHECK(contains(garbage, "garbage"));
  CHECK(garbage.front() == '\x01');
  pop3->send("RETR 1\r\n");
  const std::string half = pop3->rest();
  CHECK(half.size() > 200);
  CHECK(half.size() < 400);
}

TEST_CASE("memory host, faults: greeting and log-in, in all three services") {
  Faulty faulty({"connect 1 refuse go away", "imap connect 1 refuse go away", "smtp connect 1 421 go away"});
  CHECK(HostClient(faulty.host.ports().pop3).rest() == "-ERR go away\n");
  CHECK(HostClient(faulty.host.ports().imap).rest() == "* BYE go away\n");
  CHECK(HostClient(faulty.host.ports().smtp).rest() == "421 go away\n");
  faulty.host.clear_faults();
  REQUIRE(faulty.host.add_fault("login refuse locked"));
  HostClient pop3(faulty.host.ports().pop3), imap(faulty.host.ports().imap);
  pop3.line();
  pop3.ask("USER ce");
  CHECK(pop3.ask("PASS secret") == "-ERR [AUTH] locked");
  CHECK(pop3.ask("STAT").starts_with("-ERR"));
  imap.line();
  CHECK(imap.ask_tagged("LOGIN ce secret") == "t NO locked\n");
  CHECK(faulty.smtp()->ask("AUTH PLAIN AGNlAHNlY3JldA==") == "535 5.7.8 locked");
  CHECK(faulty.host.counters().pop3.logins == 0);
}

TEST_CASE("memory host, faults: a delay and a stall end when the host stops") {
  Faulty faulty({"pop3 CAPA delay 60s", "imap NOOP stall"});
  HostClient pop3(faulty.host.ports().pop3), imap(faulty.host.ports().imap);
  pop3.line();
  pop3.send("CAPA\r\n");
  imap.line();
  imap.send("t NOOP\r\n");
  CHECK(pop3.hears_nothing(50));
  faulty.host.stop();
  CHECK(imap.line() == "(closed)");
}
