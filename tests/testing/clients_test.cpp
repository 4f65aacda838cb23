// The library's own clients and the memory mail host, over real sockets: each is the other's witness.
#include <doctest/doctest.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>

#include "host_client.hpp"
#include "remotemail/core/random.hpp"
#include "remotemail/mail_store/mail_store.hpp"
#include "remotemail/protocol/mail_servers.hpp"
#include "remotemail/protocol/poco_connector.hpp"

using namespace remotemail;
using namespace remotemail::testing;

namespace {

struct ReceiptMaker : MailStore {
  using MailStore::make_receipt;
};

struct Queue : OutgoingQueue {
  std::vector<OutgoingMail> mails;
  std::vector<SendOutcome> outcomes;
  std::size_t at = 0;
  std::optional<OutgoingMail> next() override {
    return at < mails.size() ? std::optional(mails[at++]) : std::nullopt;
  }
  Status settled(const OutgoingMail&, const SendOutcome& outcome) override {
    outcomes.push_back(outcome);
    return {};
  }
};

struct Pair {
  explicit Pair(MailHostOptions options = two_users()) : host(std::move(options)) {
    REQUIRE(host.start());
    REQUIRE(mkdtemp(folder.data()));
    REQUIRE(host.write_ca_file(folder + "/ca.pem"));
  }
  ~Pair() { std::filesystem::remove_all(folder); }

  ServerAccount account(std::uint16_t port, Security security) const {
    ServerAccount account;
    account.host = "localhost";
    account.port = port;
    account.security = security;
    account.user = "copier";
    account.password = Secret("paper");
    account.ca_file = folder + "/ca.pem";
    return account;
  }
  Deadline deadline() const { return Deadline{}.within(clock.steady_now(), std::chrono::seconds(60)); }

  // Lists, fetches and removes the first mail; what is left is the second.
  void read_and_remove(const MailboxAccount& account) {
    const auto before = host.mails("copier").size();
    REQUIRE(host.deliver("copier", "Subject: first\r\n\r\n.dot\r\n"));
    REQUIRE(host.deliver("copier", "Subject: second\r\n\r\nbody\r\n"));
    auto mailbox = servers->open_mailbox(account, deadline());
    if (!mailbox) FAIL(describe(mailbox.error()));
    const auto listing = (*mailbox)->list(deadline());
    REQUIRE(listing);
    REQUIRE(listing->mails.size() == before + 2);
    const MailKey key = listing->mails[before].key;
    FetchRequest request{key};
    request.byte_limit = 100'000;
    std::string bytes;
    REQUIRE((*mailbox)->fetch(
        std::vector{request}, [&](RawMail mail) { return bytes = mail.bytes, true; }, deadline()));
    CHECK(bytes == "Subject: first\r\n\r\n.dot\r\n");
    (*mailbox)->remove(std::vector{ReceiptMaker::make_receipt(key)});
    const auto gone = (*mailbox)->close(deadline());
    REQUIRE(gone);
    CHECK(*gone == std::vector{key});
    const auto left = host.mails("copier");
    REQUIRE(left.size() == before + 1);
    CHECK(left.back().bytes == "Subject: second\r\n\r\nbody\r\n");
  }
  std::vector<SendOutcome> send(const ServerAccount& account, std::vector<OutgoingMail> mails) {
    auto sender = servers->open_sender(account, "client.test", deadline());
    if (!sender) FAIL(describe(sender.error()));
    Queue queue;
    queue.mails = std::move(mails);
    last = (*sender)->send(queue, deadline());
    return queue.outcomes;
  }

  MemoryMailHost host;
  std::string folder = (std::filesystem::temp_directory_path() / "mailhost_ca_XXXXXX").string();
  SystemClock clock;
  SystemRandom random;
  std::unique_ptr<Connector> connector = make_poco_connector(clock);
  std::unique_ptr<MailServers> servers = make_mail_servers(*connector, clock, random);
  Status last;
};

OutgoingMail mail_to(const std::string& recipient) {
  return {"id@example.test", "copier@example.test", recipient, "Subject: reply\r\n\r\n.\r\n..a\r\n"};
}

}  // namespace

TEST_CASE("clients and memory host: POP3 and IMAP read and remove, clear, by STARTTLS and by TLS [Y2]") {
  Pair pair;
  const MailHostPorts ports = pair.host.ports();
  const std::tuple<Spool, std::uint16_t, Security> table[] = {
      {Spool::pop3, ports.pop3, Security::none},     {Spool::pop3, ports.pop3, Security::starttls},
      {Spool::pop3, ports.pop3s, Security::tls},     {Spool::imap, ports.imap, Security::none},
      {Spool::imap, ports.imap, Security::starttls}, {Spool::imap, ports.imaps, Security::tls},
  };
  for (const auto& [spool, port, security] : table) {
    CAPTURE(port);
    MailboxAccount account;
    account.server = pair.account(port, security);
    account.spool = spool;
    pair.read_and_remove(account);
  }
}

TEST_CASE("clients and memory host: IMAP without UIDPLUS, MOVE and SASL-IR; done mails into a folder") {
  MailHostOptions options = two_users();
  options.lacks = {"UIDPLUS", "MOVE", "SASL-IR", "IDLE"};
  for (const bool with_folder : {false, true}) {
    for (const bool poor : {true, false}) {
      CAPTURE(with_folder);
      CAPTURE(poor);
      Pair pair(poor ? options : two_users());
      MailboxAccount account;
      account.server = pair.account(pair.host.ports().imap, Security::starttls);
      account.spool = Spool::imap;
      if (with_folder) account.done_folder = "Done";
      pair.read_and_remove(account);
      CHECK(pair.host.mails("copier", "Done").size() == (with_folder ? 1 : 0));
    }
  }
}

TEST_CASE("clients and memory host: SMTP sends, is refused and deferred, clear, by STARTTLS and by TLS") {
  Pair pair;
  using Kind = SendOutcome::Kind;
  const MailHostPorts ports = pair.host.ports();
  const std::pair<std::uint16_t, Security> table[] = {
      {ports.smtp, Security::none}, {ports.smtp, Security::starttls}, {ports.smtps, Security::tls}};
  for (const auto& [port, security] : table) {
    CAPTURE(port);
    pair.host.clear_faults();
    REQUIRE(pair.host.add_fault("smtp dot 2 451 later"));
    const auto outcomes =
        pair.send(pair.account(port, security), {mail_to("ce@example.test"), mail_to("no@example.test"),
                                                 mail_to("ce@example.test"), mail_to("ce@example.test")});
    REQUIRE(outcomes.size() == 4);
    CHECK(outcomes[0].kind == Kind::sent);
    CHECK(outcomes[1].kind == Kind::failed);
    CHECK(outcomes[2].kind == Kind::deferred);
    CHECK(outcomes[3].kind == Kind::sent);
    CHECK(pair.host.accepted().back().bytes == mail_to("").message);
    CHECK(pair.host.accepted().back().login == "copier");
    CHECK(pair.host.accepted().back().tls == (security != Security::none));
  }
  CHECK(pair.host.mails("ce").size() == 6);
}

TEST_CASE("clients and memory host: a line that breaks behind the final dot leaves the mail in doubt [R1]") {
  Pair pair;
  REQUIRE(pair.host.add_fault("smtp dot close-after"));
  const auto outcomes =
      pair.send(pair.account(pair.host.ports().smtps, Security::tls), {mail_to("ce@example.test")});
  REQUIRE(outcomes.size() == 1);
  CHECK(outcomes[0].kind == SendOutcome::Kind::deferred);
  CHECK(outcomes[0].in_doubt);
  CHECK(pair.host.accepted().size() == 1);
}

TEST_CASE("clients and memory host: a wrong password and wrong certificates have their causes") {
  const auto cause = [](Pair& pair, const ServerAccount& server, Spool spool) {
    MailboxAccount account;
    account.server = server;
    account.spool = spool;
    auto opened = pair.servers->open_mailbox(account, pair.deadline());
    return opened ? Cause::internal : opened.error().cause;
  };
  MailHostOptions options = two_users();
  Pair good(options);
  for (const Spool spool : {Spool::pop3, Spool::imap}) {
    const std::uint16_t port = spool == Spool::pop3 ? good.host.ports().pop3s : good.host.ports().imaps;
    ServerAccount wrong = good.account(port, Security::tls);
    wrong.password = Secret("wrong");
    CHECK(cause(good, wrong, spool) == Cause::login_refused);
    ServerAccount untrusting = good.account(port, Security::tls);
    untrusting.ca_file.clear();
    CHECK(cause(good, untrusting, spool) == Cause::certificate_untrusted);
  }
  options.certificate = MailHostOptions::Certificate::expired;
  Pair expired(options);
  CHECK(cause(expired, expired.account(expired.host.ports().pop3s, Security::tls), Spool::pop3) ==
        Cause::certificate_expired);
  options.certificate = MailHostOptions::Certificate::other_name;
  Pair other(options);
  CHECK(cause(other, other.account(other.host.ports().imap, Security::starttls), Spool::imap) ==
        Cause::certificate_name_mismatch);
}
