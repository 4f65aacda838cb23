// An agent with memory at both ends and the store that is handed in.
#pragma once

#include <stdlib.h>

#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <memory>
#include <string>

#include "remotemail/agent/agent.hpp"
#include "remotemail/mail_store/guarded_store.hpp"
#include "remotemail/testing/fake_device.hpp"
#include "remotemail/testing/manual_clock.hpp"
#include "remotemail/testing/memory_mail_servers.hpp"

namespace remotemail::bench {

// A mail of 1 KiB as a common provider delivers it.
inline std::string mail_of_1_kib(const std::string& id, const std::string& command) {
  std::string mail =
      "Return-Path: <engineer@example.com>\r\n"
      "Received: from mx.example.com (mx.example.com [192.0.2.7])\r\n"
      "\tby mail.example.net with ESMTPS id 4Zk1Qx for <copier@example.net>;\r\n"
      "\tSat, 14 Mar 2026 00:00:00 +0000\r\n"
      "From: \"Service Engineer\" <engineer@example.com>\r\nTo: copier@example.net\r\nSubject: U-BIX\r\n"
      "Date: Sat, 14 Mar 2026 00:00:00 +0000\r\nMessage-ID: <" +
      id +
      "@example.com>\r\nMIME-Version: 1.0\r\nContent-Type: text/plain; charset=utf-8; format=flowed\r\n"
      "Content-Transfer-Encoding: 7bit\r\nContent-Language: en\r\nDKIM-Signature: v=1; a=rsa-sha256; b=";
  const std::string body = "\r\n\r\n" + command + "\r\n-- \r\nService Engineer, Example Corp.\r\n";
  for (std::size_t column = 0; mail.size() + body.size() < 1024; ++column) {
    mail += column % 72 == 71 ? "\r\n " : "k";
  }
  return mail + body;
}

class QuietLogger final : public Logger {
 public:
  void log(LogLevel level, std::string_view line) override {
    if (level <= LogLevel::warning)
      std::fprintf(stderr, "%.*s\n", static_cast<int>(line.size()), line.data());
  }
};

inline Sealer& bench_sealer() {
  static SystemRandom random;
  static Sealer sealer(Secret(std::string(32, 'k')), random);
  return sealer;
}

[[noreturn]] inline void give_up(const Error& error) {
  std::fprintf(stderr, "%s\n", describe(error).c_str());
  std::exit(1);
}

class BenchAgent {
 public:
  explicit BenchAgent(Store& store) : guarded_(store) {
    auto opened = Agent::open({servers, guarded_, guarded_, device_, parser_, authenticator_, formatter_,
                               bench_sealer(), clock, random_, logger_},
                              {"", {4, 8, 1}, {}});
    if (!opened) give_up(opened.error());
    agent = std::move(*opened);
    SettingTexts texts;
    const auto set = [&texts](const char* key, const char* value) { texts.emplace(key, Secret(value)); };
    set("transmission.manager_address", "manager@example.net");
    set("transmission.smtp_server", "smtp.example.net");
    set("reception.server", "mail.example.net");
    set("reception.user", "copier");
    set("reception.password", "mailbox password");
    set("reception.address", "copier@example.net");
    set("reception.ce_password", "U-BIX");
    set("reception.enabled", "yes");
    set("limits.replies_per_sender", "0");
    set("limits.replies", "0");
    const ApplyReport applied = agent->apply(texts);
    if (applied.error) give_up(*applied.error);
    for (const FieldError& error : applied.errors)
      give_up(make_error(Cause::invalid_value, Step::settings, describe(error)));
  }

  // So many mails with one command each, answered and sent in one poll.
  void answer(unsigned mails, const std::string& command) {
    for (unsigned i = 0; i < mails; ++i) servers.put(mail_of_1_kib(std::to_string(++made_), command));
    const PollReport report = agent->perform({}, {}).report;
    if (report.error) give_up(*report.error);
    if (report.sent != mails) give_up(make_error(Cause::internal, Step::none, "not every mail was answered"));
    forget();
    clock.advance(std::chrono::minutes{10});
  }

  // What the schedule brings within ten minutes of an empty mailbox.
  void idle_for_an_interval() {
    clock.advance(std::chrono::minutes{10});
    while (agent->next_due() <= clock.steady_now()) {
      const SteadyTime before = agent->next_due();
      agent->step({});
      if (agent->next_due() == before) break;
    }
    polls += static_cast<std::uint64_t>(std::count(servers.events.begin(), servers.events.end(), "list"));
    forget();
  }

  // The doubles remember all they were asked; that would be measured too.
  void forget() {
    servers.sent.clear();
    servers.events.clear();
  }

  testing::ManualClock clock;
  testing::MemoryMailServers servers;
  std::unique_ptr<Agent> agent;
  std::uint64_t polls = 0;

 private:
  GuardedStore guarded_;
  SystemRandom random_;
  testing::FakeDevice device_{clock};
  ManualCommandParser parser_;
  SubjectAuthenticator authenticator_;
  PlainTextFormatter formatter_;
  QuietLogger logger_;
  unsigned made_ = 0;
};

// Beneath the folder it is started in, so that it is a disk's and not a memory's.
class BenchFolder {
 public:
  BenchFolder() {
    std::string pattern = "bench-XXXXXX";
    if (::mkdtemp(pattern.data()) == nullptr)
      give_up(make_error(Cause::store_failed, Step::store, "mkdtemp"));
    path_ = pattern;
  }
  ~BenchFolder() { std::filesystem::remove_all(path_); }
  BenchFolder(const BenchFolder&) = delete;
  BenchFolder& operator=(const BenchFolder&) = delete;
  std::string file(const std::string& name) const { return path_ + "/" + name; }

 private:
  std::string path_;
};

}  // namespace remotemail::bench
