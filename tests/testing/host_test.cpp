#include <doctest/doctest.h>

#include <filesystem>
#include <fstream>
#include <mutex>
#include <thread>

#include "host_client.hpp"

using namespace remotemail::testing;

TEST_CASE("memory host: six ports; those with TLS certify localhost, 127.0.0.1 and ::1 by the host's own CA") {
  MemoryMailHost host(two_users());
  REQUIRE(host.start());
  const MailHostPorts ports = host.ports();
  const std::string ca = host.ca_certificate();
  CHECK(ca.starts_with("-----BEGIN CERTIFICATE-----"));
  for (const std::uint16_t port : {ports.pop3s, ports.imaps, ports.smtps}) {
    for (const char* name : {"localhost", "127.0.0.1", "::1"}) {
      CAPTURE(name);
      HostClient client(port);
      CHECK(client.start_tls(ca, name) == X509_V_OK);
      CHECK(contains(client.line(), "no mail server"));
    }
    HostClient wrong_name(port);
    CHECK(wrong_name.start_tls(ca, "mail.example.test") == X509_V_ERR_HOSTNAME_MISMATCH);
    HostClient no_ca(port);
    CHECK(no_ca.start_tls("", "localhost") == X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT_LOCALLY);
  }
}

TEST_CASE("memory host: the certificate can be wrong on purpose") {
  MailHostOptions options = two_users();
  options.certificate = MailHostOptions::Certificate::expired;
  MemoryMailHost expired(options);
  REQUIRE(expired.start());
  HostClient late(expired.ports().imaps);
  CHECK(late.start_tls(expired.ca_certificate(), "localhost") == X509_V_ERR_CERT_HAS_EXPIRED);
  options.certificate = MailHostOptions::Certificate::other_name;
  MemoryMailHost other(options);
  REQUIRE(other.start());
  HostClient stranger(other.ports().imaps);
  CHECK(stranger.start_tls(other.ca_certificate(), "localhost") == X509_V_ERR_HOSTNAME_MISMATCH);
}

TEST_CASE("memory host: stop cuts what is open; started again it has the same ports, mails and certificate") {
  MemoryMailHost host(two_users());
  REQUIRE(host.start());
  const MailHostPorts ports = host.ports();
  const std::string ca = host.ca_certificate();
  REQUIRE(host.deliver("ce", "Subject: 1\r\n\r\n"));
  HostClient client(ports.pop3);
  client.line();
  host.stop();
  host.stop();
  CHECK(client.line() == "(closed)");
  CHECK_FALSE(HostClient(ports.pop3).connected());
  REQUIRE(host.start());
  CHECK(host.ports().pop3 == ports.pop3);
  CHECK(host.ports().smtps == ports.smtps);
  CHECK(host.ca_certificate() == ca);
  CHECK(host.mails("ce").size() == 1);
  HostClient again(ports.pop3);
  CHECK(again.connected());
  again.line();
  host.disconnect_all();
  CHECK(again.line() == "(closed)");
  CHECK(HostClient(ports.pop3).connected());
}

TEST_CASE("memory host: wrong options are said at start") {
  const auto refused = [](const std::function<void(MailHostOptions&)>& change) {
    MailHostOptions options = two_users();
    change(options);
    MemoryMailHost host(options);
    const auto started = host.start();
    return started ? std::string("(started)") : started.error().detail;
  };
  CHECK(contains(refused([](auto& o) { o.users.push_back({"../x", "p"}); }), "../x"));
  CHECK(contains(refused([](auto& o) { o.users.push_back({"..", "p"}); }), ".."));
  CHECK(contains(refused([](auto& o) { o.users.push_back({"CE", "p"}); }), "twice"));
  CHECK(contains(refused([](auto& o) { o.users.push_back({"x", ""}); }), "password"));
  CHECK(contains(refused([](auto& o) { o.domain = "a b"; }), "domain"));
  CHECK(contains(refused([](auto& o) { o.faults = {"pop3 RETR 2 explode"}; }), "explode"));
  CHECK(contains(refused([](auto& o) { o.lacks = {"MOVES"}; }), "MOVES"));
  MemoryMailHost first(two_users());
  REQUIRE(first.start());
  CHECK(contains(refused([&](auto& o) { o.ports.smtp = first.ports().smtp; }), "cannot be had"));
  CHECK_FALSE(first.deliver("nobody", "x"));
}

TEST_CASE("memory host: an endless line is answered and ends the session, in all three dialogues") {
  MemoryMailHost host(two_users());
  REQUIRE(host.start());
  const std::string endless(1u << 20, 'A');
  for (const std::uint16_t port : {host.ports().pop3, host.ports().imap, host.ports().smtp}) {
    HostClient client(port);
    client.line();
    client.send(endless);
    client.send("\r\n");
    CHECK(contains(client.line(), "too long"));
    CHECK(client.line() == "(closed)");
    CHECK(contains(HostClient(port).line(), "no mail server"));
  }
  HostClient smtp(host.ports().smtp);
  smtp.line();
  smtp.ask_reply("EHLO me");
  smtp.ask("MAIL FROM:<>");
  smtp.ask("RCPT TO:<ce@example.test>");
  smtp.ask("DATA");
  smtp.send(endless + "\r\n.\r\n");
  CHECK(contains(smtp.line(), "too long"));
  CHECK(host.accepted().empty());
}

TEST_CASE("memory host: binary noise harms no dialogue and no TLS port") {
  MemoryMailHost host(two_users());
  REQUIRE(host.start());
  std::string noise;
  for (unsigned i = 0; i < 4000; ++i) noise += static_cast<char>((i * 7919u) >> 3);
  const MailHostPorts ports = host.ports();
  for (const std::uint16_t port :
       {ports.pop3, ports.pop3s, ports.imap, ports.imaps, ports.smtp, ports.smtps}) {
    HostClient client(port);
    client.send(noise);
  }
  CHECK(contains(HostClient(ports.imap).line(), "no mail server"));
}

TEST_CASE("memory host: connections beyond the limit are sent away; when others go there is room again") {
  MailHostOptions options = two_users();
  options.connection_limit = 2;
  MemoryMailHost host(options);
  REQUIRE(host.start());
  {
    HostClient first(host.ports().pop3), second(host.ports().imap);
    first.line();
    second.line();
    CHECK(contains(HostClient(host.ports().pop3).line(), "-ERR [SYS/TEMP] too many"));
    CHECK(contains(HostClient(host.ports().imap).line(), "* BYE too many"));
    CHECK(contains(HostClient(host.ports().smtp).line(), "421 4.7.0 too many"));
  }
  std::string greeting;
  for (int tries = 0; tries < 500 && !contains(greeting, "no mail server"); ++tries)
    greeting = HostClient(host.ports().smtp).line();
  CHECK(contains(greeting, "no mail server"));
}

TEST_CASE("memory host: many clients at once, over clear lines and TLS, lose nothing") {
  std::mutex mutex;
  std::size_t deliveries = 0;
  MailHostOptions options = two_users();
  options.on_delivery = [&](const std::string&, std::uint32_t, const std::string&) {
    const std::lock_guard lock(mutex);
    ++deliveries;
  };
  MemoryMailHost host(options);
  REQUIRE(host.start());
  std::vector<std::thread> senders;
  for (int i = 0; i < 8; ++i) {
    senders.emplace_back([&, i] {
      HostClient client(i % 2 == 0 ? host.ports().smtp : host.ports().smtps);
      if (i % 2 != 0) client.start_tls(host.ca_certificate(), "localhost");
      client.line();
      client.ask_reply("EHLO me");
      for (int mail = 0; mail < 10; ++mail) {
        client.ask("MAIL FROM:<>");
        client.ask("RCPT TO:<ce@example.test>");
        client.ask("DATA");
        client.ask("Subject: x\r\n\r\n.");
      }
    });
  }
  for (std::thread& sender : senders) sender.join();
  CHECK(host.mails("ce").size() == 80);
  CHECK(host.accepted().size() == 80);
  const std::lock_guard lock(mutex);
  CHECK(deliveries == 80);
}
