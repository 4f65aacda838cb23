// The whole line with memory at both ends: agent, grammar, formatter, composer as they are; servers, device,
// clock doubled.
#pragma once

#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <vector>

#include "core/text.hpp"
#include "remotemail/agent/agent.hpp"
#include "remotemail/mail_store/memory_store.hpp"
#include "remotemail/protocol/message.hpp"
#include "remotemail/testing/failing_store.hpp"
#include "remotemail/testing/fake_device.hpp"
#include "remotemail/testing/manual_clock.hpp"
#include "remotemail/testing/memory_mail_servers.hpp"

namespace remotemail::testing {

// Keeps what was logged.
class LineLogger final : public Logger {
 public:
  void log(LogLevel, std::string_view line) override { lines.emplace_back(line); }
  bool has(std::string_view part) const {
    for (const std::string& line : lines) {
      if (line.find(part) != std::string::npos) return true;
    }
    return false;
  }
  std::vector<std::string> lines;
};

// A mail as a simple mail program sends it.
struct TestMail {
  std::string from = "ce@example.com";
  std::string subject = "U-BIX";
  std::string body;
  std::string message_id = "1@example.com";
  std::string extra{};  // further header lines, each with CRLF
  std::string bytes() const {
    std::string text = "Return-Path: <" + from +
                       ">\r\nReceived: from mail.example.com by host; Sat, 14 Mar 2026 00:00:00 +0000\r\n";
    text += "From: " + from + "\r\nTo: copier@example.com\r\nSubject: " + subject + "\r\n";
    text += "Date: Sat, 14 Mar 2026 00:00:00 +0000\r\n";
    if (!message_id.empty()) text += "Message-ID: <" + message_id + ">\r\n";
    return text + extra + "\r\n" + body;
  }
};

struct Line {
  explicit Line(std::unique_ptr<Store> given = make_memory_store(), DeviceAdapter* other_machine = nullptr)
      : store(std::move(given)), machine(other_machine), agent(open()) {}

  ManualClock clock;
  SystemRandom random;
  Sealer sealer{Secret(std::string(32, 'k')), random};
  std::unique_ptr<Store> store;
  MemoryMailServers servers;
  FakeDevice device{clock, [this](std::chrono::milliseconds time) { clock.advance(time); }};
  DeviceAdapter* machine;  // instead of `device`
  // The manual's grammar, with one mail that no program survives.
  class MortalParser final : public CommandParser {
   public:
    Plan parse(std::string_view text) const override {
      if (text.find("poison") != std::string_view::npos) throw std::runtime_error("the parser died");
      return ManualCommandParser().parse(text);
    }
  };
  MortalParser parser;
  SubjectAuthenticator authenticator;
  PlainTextFormatter formatter;
  LineLogger logger;
  std::unique_ptr<Agent> agent;

  // An agent as after a start of the program, on the same store.
  std::unique_ptr<Agent> open() {
    AgentOptions options;
    options.hash_cost = {4, 8, 1};
    auto opened = Agent::open({servers, *store, *store, machine != nullptr ? *machine : device, parser,
                               authenticator, formatter, sealer, clock, random, logger},
                              options);
    return std::move(*opened);
  }

  static SettingTexts usual_settings() {
    SettingTexts texts;
    const auto set = [&texts](const char* key, const char* value) {
      texts.insert_or_assign(key, Secret(value));
    };
    set("transmission.manager_address", "manager@example.com");
    set("transmission.smtp_server", "smtp.example.com");
    set("reception.server", "mail.example.com");
    set("reception.user", "copier");
    set("reception.password", "mailbox-password");
    set("reception.address", "copier@example.com");
    set("reception.ce_password", "U-BIX");
    set("reception.enabled", "yes");
    return texts;
  }

  // A start of the program on what is left of its state; servers, device and clock go on.
  void restart_on(std::unique_ptr<Store> given) {
    agent.reset();
    store = std::move(given);
    agent = open();
  }

  ApplyReport set(const std::string& key, const std::string& value) {
    SettingTexts texts;
    texts.emplace(key, Secret(value));
    return agent->apply(texts);
  }

  // Enabled with the usual settings; returns the line for chaining.
  Line& enable() {
    agent->apply(usual_settings());
    return *this;
  }

  void mail(std::string body, std::string subject = "U-BIX", std::string message_id = "") {
    TestMail made;
    made.body = std::move(body);
    made.subject = std::move(subject);
    made.message_id =
        message_id.empty() ? std::to_string(++mails_made_) + "@example.com" : std::move(message_id);
    servers.put(made.bytes());
  }

  PollReport once(std::size_t max_mails = 5) {
    JobRequest request;
    request.max_mails = max_mails;
    return agent->perform(request, {}).report;
  }

  // What was sent, by its topic and body.
  std::vector<std::string> subjects() const {
    std::vector<std::string> found;
    for (const OutgoingMail& sent : servers.sent) found.push_back(parsed(sent).subject);
    return found;
  }
  static Mail parsed(const OutgoingMail& sent) {
    return parse_mail({{"test", "1"}, sent.message.size(), sent.message, true});
  }
  std::string body(std::size_t index) const { return parsed(servers.sent.at(index)).text; }

 private:
  int mails_made_ = 0;
};

// Before the line, since that opens its agent on it.
struct FailingDisk {
  std::unique_ptr<Store> inner = make_memory_store();
  std::unique_ptr<FailingStore> made = std::make_unique<FailingStore>(*inner);
  FailingStore& disk = *made;
};

// A line whose store fails when it is told to, and counts the calls that write.
struct FailingLine : FailingDisk, Line {
  FailingLine() : Line(std::move(made)) {}
};

}  // namespace remotemail::testing
