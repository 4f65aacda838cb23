#include <doctest/doctest.h>

#include "host_client.hpp"

using namespace remotemail::testing;

namespace {

struct Pop3 {
  explicit Pop3(MailHostOptions options = two_users()) : host(std::move(options)) { REQUIRE(host.start()); }
  std::unique_ptr<HostClient> login(const char* user = "ce", const char* password = "secret") {
    auto client = std::make_unique<HostClient>(host.ports().pop3);
    CHECK(contains(client->line(), "no mail server"));
    CHECK(client->ask(std::string("USER ") + user) == "+OK");
    answer = client->ask(std::string("PASS ") + password);
    return client;
  }
  MemoryMailHost host;
  std::string answer;
};

}  // namespace

TEST_CASE("memory host, pop3: lists, shows and removes; a mail goes at QUIT only") {
  Pop3 pop3;
  REQUIRE(pop3.host.deliver("ce", "Subject: 1\r\n\r\n.dot\r\nsecond\r\n"));
  REQUIRE(pop3.host.deliver("ce@EXAMPLE.test", "Subject: 2\n\nbare"));
  auto client = pop3.login();
  CHECK(pop3.answer == "+OK 2 mails");
  CHECK(client->ask("STAT") == "+OK 2 44");
  CHECK(client->ask_many("LIST") == "1 28\n2 16\n");
  CHECK(client->ask("LIST 2") == "+OK 2 16");
  const std::string uids = client->ask_many("UIDL");
  CHECK(contains(uids, ".1\n2 "));
  CHECK(client->ask_many("RETR 1") == "Subject: 1\n\n..dot\nsecond\n");
  CHECK(client->ask_many("RETR 2") == "Subject: 2\n\nbare\n");
  CHECK(client->ask_many("TOP 1 0") == "Subject: 1\n\n");
  CHECK(client->ask_many("TOP 1 1") == "Subject: 1\n\n..dot\n");
  CHECK(client->ask("DELE 1") == "+OK");
  CHECK(client->ask("RETR 1") == "-ERR no such mail");
  CHECK(client->ask("STAT") == "+OK 1 16");
  CHECK(client->ask("RSET") == "+OK");
  CHECK(client->ask("STAT") == "+OK 2 44");
  CHECK(client->ask("DELE 1") == "+OK");
  CHECK(client->ask("DELE 1") == "-ERR no such mail");
  CHECK(pop3.host.mails("ce").size() == 2);
  CHECK(client->ask("QUIT") == "+OK 1 removed");
  CHECK(client->line() == "(closed)");
  REQUIRE(pop3.host.mails("ce").size() == 1);
  CHECK(pop3.host.mails("ce")[0].uid == 2);
  CHECK(pop3.host.counters().removed == 1);
  auto again = pop3.login();
  CHECK(contains(uids, again->ask_many("UIDL").substr(2)));  // an identifier lasts
}

TEST_CASE("memory host, pop3: a cut session removes nothing, and frees the mailbox") {
  Pop3 pop3;
  REQUIRE(pop3.host.deliver("ce", "Subject: 1\r\n\r\n"));
  {
    auto client = pop3.login();
    CHECK(client->ask("DELE 1") == "+OK");
    auto second = pop3.login();
    CHECK(pop3.answer.starts_with("-ERR [IN-USE]"));
    CHECK(second->ask("STAT").starts_with("-ERR"));
  }
  // The host learns of the cut when it reads.
  for (int tries = 0; tries < 200 && !pop3.answer.starts_with("+OK"); ++tries) pop3.login();
  CHECK(pop3.answer == "+OK 1 mails");
}

TEST_CASE("memory host, pop3: log-ins, right and wrong, by PASS and by AUTH PLAIN; secrets stay out of the log") {
  Pop3 pop3;
  auto client = pop3.login("ce", "wrong");
  CHECK(pop3.answer.starts_with("-ERR [AUTH]"));
  CHECK(client->ask("PASS secret") == "-ERR USER first");
  CHECK(client->ask("STAT") == "-ERR log in first");
  CHECK(client->ask("AUTH PLAIN AGNlAHNlY3JldA==") == "+OK 0 mails");
  CHECK(client->ask("QUIT") == "+OK 0 removed");
  HostClient in_two(pop3.host.ports().pop3);
  in_two.line();
  CHECK(in_two.ask("AUTH PLAIN") == "+ ");
  CHECK(in_two.ask("AGNvcGllcgBwYXBlcg==") == "+OK 0 mails");
  const auto counters = pop3.host.counters().pop3;
  CHECK(counters.connections == 2);
  CHECK(counters.logins == 2);
  CHECK(counters.refused_logins == 1);
  for (const std::string& line : pop3.host.dialogues()) {
    CAPTURE(line);
    CHECK_FALSE(contains(line, "secret"));
    CHECK_FALSE(contains(line, "wrong\""));
    CHECK_FALSE(contains(line, "AGN"));
  }
}

TEST_CASE("memory host, pop3: STLS, and a server that insists on it") {
  MailHostOptions options = two_users();
  options.pop3_tls = MailHostOptions::Tls::required;
  Pop3 pop3(options);
  HostClient client(pop3.host.ports().pop3);
  client.line();
  CHECK_FALSE(contains(client.ask_many("CAPA"), "SASL"));
  CHECK(client.ask("USER ce") == "-ERR TLS first");
  // What came in clear behind STLS is forgotten.
  client.send("STLS\r\nUSER ce\r\n");
  CHECK(client.line() == "+OK begin TLS");
  CHECK(client.start_tls(pop3.host.ca_certificate(), "localhost") == X509_V_OK);
  CHECK(client.ask("PASS secret") == "-ERR USER first");
  CHECK_FALSE(contains(client.ask_many("CAPA"), "STLS"));
  CHECK(client.ask("USER ce") == "+OK");
  CHECK(client.ask("PASS secret") == "+OK 0 mails");
}

TEST_CASE("memory host, pop3: capabilities can be taken away") {
  MailHostOptions options = two_users();
  options.lacks = {"uidl", "TOP", "SASL"};
  options.pop3_tls = MailHostOptions::Tls::none;
  Pop3 pop3(options);
  auto client = pop3.login();
  CHECK(client->ask_many("CAPA") ==
        "RESP-CODES\nAUTH-RESP-CODE\nPIPELINING\nUSER\nIMPLEMENTATION memory-mail-host\n");
  for (const char* command : {"UIDL", "TOP 1 0", "STLS"}) CHECK(client->ask(command).starts_with("-ERR"));
}
