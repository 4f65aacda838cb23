// What the tests of the SMTP dialogue share.
#pragma once

#include <doctest/doctest.h>

#include <functional>

#include "protocol/smtp/smtp_sender.hpp"
#include "remotemail/core/limits.hpp"
#include "remotemail/testing/scripted_connector.hpp"

namespace remotemail::smtp_test {

using testing::ManualClock;
using testing::Replay;
using testing::ScriptedConnector;
using Kind = SendOutcome::Kind;

inline ServerAccount account(Security security = Security::none, std::string user = "") {
  ServerAccount account;
  account.host = "smtp.example.com";
  account.port = 25;
  account.security = security;
  account.user = std::move(user);
  account.password = Secret("pa ss");
  return account;
}

inline Result<std::unique_ptr<MailSender>> open(ScriptedConnector& connector, const ManualClock& clock,
                                                const ServerAccount& account = smtp_test::account(),
                                                const Deadline& deadline = {},
                                                std::vector<Step>* steps = nullptr,
                                                const std::string& client_name = "copier.example.com") {
  auto stream = connector.connect(account.host, account.port, "", deadline);
  if (!stream) return std::move(stream).error();
  return open_smtp_sender(std::move(*stream), account, client_name, clock, deadline, [steps](Step step) {
    if (steps != nullptr) steps->push_back(step);
  });
}

inline OutgoingMail mail(std::string id, std::string recipient,
                         std::string message = "A: b\r\n\r\n.dot\r\n") {
  return {std::move(id), "manager@example.com", std::move(recipient), std::move(message)};
}

// Mails to send, and what became of them with what the client had written by then.
class Queue final : public OutgoingQueue {
 public:
  explicit Queue(std::vector<OutgoingMail> mails, const ScriptedConnector* connector = nullptr)
      : mails_(std::move(mails)), connector_(connector) {}

  std::optional<OutgoingMail> next() override {
    if (before_next) before_next();
    if (given == mails_.size()) return std::nullopt;
    return mails_[given++];
  }
  Status settled(const OutgoingMail& mail, const SendOutcome& outcome) override {
    outcomes.emplace_back(mail.id, outcome);
    if (after_settled) after_settled();
    if (connector_ != nullptr) written_by_then.push_back(connector_->written());
    if (store_fails) return make_error(Cause::store_full, Step::store);
    return {};
  }

  std::function<void()> before_next;
  std::function<void()> after_settled;
  std::size_t given = 0;
  bool store_fails = false;
  std::vector<std::pair<std::string, SendOutcome>> outcomes;
  std::vector<std::string> written_by_then;

 private:
  std::vector<OutgoingMail> mails_;
  const ScriptedConnector* connector_;
};

inline const std::string kOpened = R"(
  S: 220 smtp.example.com
  C: EHLO copier.example.com
  S: 250-smtp.example.com
  S: 250 SIZE 1000
)";

// One mail of mail("…", "ce@example.com") up to the server's leave to send it, and the mail itself.
inline const std::string kEnvelope = R"(
  C: MAIL FROM:<manager@example.com> SIZE=14
  S: 250 ok
  C: RCPT TO:<ce@example.com>
  S: 250 ok
  C: DATA
  S: 354 go
)";
inline const std::string kMessage = R"(
  C: A: b
  C:
  C: ..dot
  C: .
)";
inline const std::string kQuit = "C: QUIT\nS: 221 bye\n";

// One session over `script`, which must be kept to, with the mails given.
struct Sent {
  Sent(const std::string& script, std::vector<OutgoingMail> mails)
      : connector(clock, {script}), queue(std::move(mails), &connector) {
    auto opened = open(connector, clock);
    REQUIRE_MESSAGE(opened.ok(), connector.problem());
    Deadline deadline;
    deadline.stop = connector.stop_token();
    start = clock.steady_now();
    status = (*opened)->send(queue, deadline);
    CHECK(connector.problem() == "");
    CHECK(connector.finished());
  }
  const SendOutcome& outcome(std::size_t i = 0) const { return queue.outcomes.at(i).second; }

  ManualClock clock;
  ScriptedConnector connector;
  Queue queue;
  SteadyTime start;
  Status status;
};

}  // namespace remotemail::smtp_test
