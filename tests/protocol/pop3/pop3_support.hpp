// What the tests of the POP3 dialogue share.
#pragma once

#include <doctest/doctest.h>

#include "protocol/pop3/pop3_mailbox.hpp"
#include "remotemail/core/limits.hpp"
#include "remotemail/core/random.hpp"
#include "remotemail/mail_store/mail_store.hpp"
#include "remotemail/testing/scripted_connector.hpp"

namespace remotemail::pop3_test {

using testing::ManualClock;
using testing::Replay;
using testing::ScriptedConnector;

class ReceiptMaker : public MailStore {
 public:
  using MailStore::make_receipt;
};

inline MailboxAccount account(Security security = Security::none) {
  MailboxAccount account;
  account.server.host = "Mail.Example.com";
  account.server.port = 110;
  account.server.security = security;
  account.server.user = "copier";
  account.server.password = Secret("pa ss");
  return account;
}

inline Result<std::unique_ptr<Mailbox>> open(ScriptedConnector& connector, const ManualClock& clock,
                                             const MailboxAccount& account = pop3_test::account(),
                                             const Deadline& deadline = {},
                                             std::vector<Step>* steps = nullptr) {
  auto stream = connector.connect(account.server.host, account.server.port, "", deadline);
  if (!stream) return std::move(stream).error();
  SystemRandom random;
  return open_pop3_mailbox(std::move(*stream), account, clock, random, deadline, [steps](Step step) {
    if (steps != nullptr) steps->push_back(step);
  });
}

// A dialogue up to a good log-in, for a server that has everything.
inline const std::string kOpened = R"(
  S: +OK ready
  C: CAPA
  S: +OK
  S: USER
  S: UIDL
  S: TOP
  S: .
  C: USER copier
  S: +OK
  C: PASS pa ss
  S: +OK logged in
)";

// One session over `script` that must be kept to.
struct Opened {
  explicit Opened(const std::string& script) : connector(clock, {script}) {
    auto opened = open(connector, clock);
    REQUIRE_MESSAGE(opened.ok(), (connector.problem() + (opened.ok() ? "" : describe(opened.error()))));
    mailbox = std::move(*opened);
  }
  ~Opened() {
    CHECK(connector.problem() == "");
    CHECK(connector.finished());
  }
  MailKey key(const std::string& uid) const { return {"pop3 copier@mail.example.com", uid}; }

  ManualClock clock;
  ScriptedConnector connector;
  std::unique_ptr<Mailbox> mailbox;
};

inline std::vector<std::string> uids(const MailboxListing& listing) {
  std::vector<std::string> found;
  for (const MailListing& mail : listing.mails) found.push_back(mail.key.uid);
  return found;
}

using Part = FetchRequest::Part;

}  // namespace remotemail::pop3_test
