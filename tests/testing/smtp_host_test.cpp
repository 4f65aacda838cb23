#include <doctest/doctest.h>

#include "host_client.hpp"

using namespace remotemail::testing;

namespace {

struct Smtp {
  explicit Smtp(MailHostOptions options = two_users()) : host(std::move(options)), client(started(host)) {
    CHECK(contains(client.line(), "no mail server"));
  }
  static std::uint16_t started(MemoryMailHost& host) {
    REQUIRE(host.start());
    return host.ports().smtp;
  }
  std::string send(const std::string& text, const char* to = "ce@example.test") {
    CHECK(client.ask("MAIL FROM:<copier@example.test>") == "250 2.1.0 ok");
    CHECK(client.ask(std::string("RCPT TO:<") + to + ">") == "250 2.1.5 ok");
    CHECK(client.ask("DATA").starts_with("354"));
    return client.ask(text + "\r\n.");
  }
  MemoryMailHost host;
  HostClient client;
};

}  // namespace

TEST_CASE("memory host, smtp: a mail is kept with its envelope and delivered to the users of the domain") {
  Smtp smtp;
  const std::string capabilities = smtp.client.ask_reply("EHLO me");
  for (const char* word : {"PIPELINING", "SIZE 10485760", "8BITMIME", "STARTTLS", "AUTH PLAIN LOGIN"})
    CHECK(contains(capabilities, word));
  CHECK(smtp.client.ask("MAIL FROM:<x@y.test> SIZE=30 BODY=8BITMIME").starts_with("250"));
  CHECK(smtp.client.ask("RCPT TO:<nobody@example.test>").starts_with("550"));
  CHECK(smtp.client.ask("RCPT TO:<ce@elsewhere.test>").starts_with("550"));
  CHECK(smtp.client.ask("DATA").starts_with("554"));
  CHECK(smtp.client.ask("RCPT TO:<CE@Example.Test>").starts_with("250"));
  CHECK(smtp.client.ask("RCPT TO:<copier@example.test>").starts_with("250"));
  CHECK(smtp.client.ask("DATA").starts_with("354"));
  CHECK(smtp.client.ask("Subject: s\r\n\r\n..\r\n...a\r\nb.\r\n.") == "250 2.0.0 taken");
  const auto accepted = smtp.host.accepted();
  REQUIRE(accepted.size() == 1);
  CHECK(accepted[0].sender == "x@y.test");
  CHECK(accepted[0].recipients == std::vector<std::string>{"CE@Example.Test", "copier@example.test"});
  CHECK(accepted[0].bytes == "Subject: s\r\n\r\n.\r\n..a\r\nb.\r\n");
  CHECK_FALSE(accepted[0].tls);
  for (const char* user : {"ce", "copier"}) {
    const auto mails = smtp.host.mails(user);
    REQUIRE(mails.size() == 1);
    CHECK(mails[0].bytes.starts_with("Return-Path: <x@y.test>\r\nReceived: by example.test"));
    CHECK(mails[0].bytes.ends_with(accepted[0].bytes));
  }
  CHECK(smtp.client.ask("QUIT").starts_with("221"));
  CHECK(smtp.client.line() == "(closed)");
}

TEST_CASE("memory host, smtp: commands out of order are refused") {
  Smtp smtp;
  CHECK(smtp.client.ask("MAIL FROM:<a@b>").starts_with("503"));
  CHECK(smtp.client.ask("EHLO").starts_with("501"));
  smtp.client.ask_reply("EHLO me");
  const std::pair<const char*, const char*> table[] = {
      {"RCPT TO:<ce@example.test>", "503"},
      {"DATA", "503"},
      {"MAIL FROM:a@b", "501"},
      {"MAIL FROM:<a@b> SIZE=x", "501"},
      {"MAIL FROM:<a@b> X=1", "555"},
      {"MAIL FROM:<a@b> SIZE=99999999", "552"},
      {"VRFY ce", "502"},
      {"MAIL FROM:<>", "250"},
      {"MAIL FROM:<a@b>", "503"},
      {"RSET", "250"},
      {"RCPT TO:<ce@example.test>", "503"},
  };
  for (const auto& [command, code] : table) {
    CAPTURE(command);
    CHECK(smtp.client.ask(command).starts_with(code));
  }
}

TEST_CASE("memory host, smtp: a pipelined dialogue is answered in order") {
  Smtp smtp;
  smtp.client.send(
      "EHLO me\r\nMAIL FROM:<a@b.test>\r\nRCPT TO:<ce@example.test>\r\nDATA\r\nSubject: 1\r\n\r\n.\r\n"
      "MAIL FROM:<a@b.test>\r\nRCPT TO:<no@example.test>\r\nDATA\r\nQUIT\r\n");
  const std::string answers = smtp.client.rest();
  CHECK(contains(
      answers,
      "250 2.1.0 ok\n250 2.1.5 ok\n354 end with a dot\n250 2.0.0 taken\n250 2.1.0 ok\n550 5.1.1 no such "
      "user here\n554 5.5.1 no valid recipients\n221 good-bye\n"));
  CHECK(smtp.host.accepted().size() == 1);
}

TEST_CASE("memory host, smtp: log-in by PLAIN and LOGIN, wanted or not; never in the log") {
  MailHostOptions options = two_users();
  options.smtp_wants_login = true;
  Smtp smtp(options);
  smtp.client.ask_reply("EHLO me");
  CHECK(smtp.client.ask("MAIL FROM:<a@b.test>").starts_with("530"));
  CHECK(smtp.client.ask("AUTH PLAIN AGNlAHdyb25n").starts_with("535"));
  CHECK(smtp.client.ask("AUTH CRAM-MD5").starts_with("504"));
  CHECK(smtp.client.ask("AUTH PLAIN") == "334 ");
  CHECK(smtp.client.ask("*").starts_with("501"));
  CHECK(smtp.client.ask("AUTH LOGIN") == "334 VXNlcm5hbWU6");
  CHECK(smtp.client.ask("Y29waWVy") == "334 UGFzc3dvcmQ6");
  CHECK(smtp.client.ask("cGFwZXI=").starts_with("235"));
  CHECK(smtp.send("Subject: 1\r\n\r\n").starts_with("250"));
  CHECK(smtp.host.accepted()[0].login == "copier");
  for (const std::string& line : smtp.host.dialogues()) {
    CAPTURE(line);
    CHECK_FALSE(contains(line, "cGFwZXI="));
    CHECK_FALSE(contains(line, "AGNl"));
  }
}

TEST_CASE("memory host, smtp: STARTTLS forgets the greeting; a server may insist on it") {
  MailHostOptions options = two_users();
  options.smtp_tls = MailHostOptions::Tls::required;
  Smtp smtp(options);
  CHECK_FALSE(contains(smtp.client.ask_reply("EHLO me"), "AUTH"));
  CHECK(smtp.client.ask("MAIL FROM:<a@b.test>").starts_with("530"));
  CHECK(smtp.client.ask("STARTTLS").starts_with("220"));
  CHECK(smtp.client.start_tls(smtp.host.ca_certificate(), "::1") == X509_V_OK);
  CHECK(smtp.client.ask("MAIL FROM:<a@b.test>").starts_with("503"));
  const std::string capabilities = smtp.client.ask_reply("EHLO me");
  CHECK(contains(capabilities, "AUTH PLAIN"));
  CHECK_FALSE(contains(capabilities, "STARTTLS"));
  CHECK(smtp.send("Subject: 1\r\n\r\n").starts_with("250"));
  CHECK(smtp.host.accepted()[0].tls);
}

TEST_CASE("memory host, smtp: the size limit holds at the dot, the memory limit too; foreign mail may be kept") {
  MailHostOptions options = two_users();
  options.size_limit = 1000;
  options.memory_limit = 2500;
  options.keep_foreign = true;
  Smtp smtp(options);
  smtp.client.ask_reply("EHLO me");
  CHECK(smtp.send(std::string(1200, 'x')).starts_with("552"));
  CHECK(smtp.send("Subject: 1\r\n\r\n", "who@elsewhere.test").starts_with("250"));
  CHECK(smtp.send(std::string(900, 'x')).starts_with("250"));
  CHECK(smtp.send(std::string(900, 'x')).starts_with("452"));
  CHECK(smtp.host.accepted().size() == 2);
  CHECK(smtp.host.mails("ce").size() == 1);
}
