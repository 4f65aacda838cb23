// Mails at which a server ends the connection each time: the others are answered all the same.
#include "agent/broken_fetches.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <set>
#include <string>

#include "agent/line_fixture.hpp"
#include "remotemail/core/limits.hpp"

using namespace remotemail;
using namespace std::chrono_literals;
using remotemail::testing::Line;
using remotemail::testing::TestMail;

namespace {

struct BreakingLine : Line {
  BreakingLine() {
    enable();
    set("limits.replies_per_sender", "0");
    set("limits.replies", "0");
    servers.fault = [this](const std::string& event) { return meet(event); };
  }
  std::set<std::string> damaged;  // uids
  std::set<std::string> refused;  // such are listed and not given
  bool headers_come = false;      // of damaged ones
  bool one_log_in = false;        // is granted, and no second one within a minute
  int breaks = 0, listings = 0;

  void poll(int times = 1) {
    for (int i = 0; i < times; ++i) {
      once();
      clock.advance(5min);
    }
  }
  // As a service: what is due is done, then time passes.
  void run(std::chrono::minutes for_so_long) {
    for (const SteadyTime end = clock.steady_now() + for_so_long; clock.steady_now() < end;
         clock.advance(10s))
      agent->step({});
  }
  // As `remotemaild once` by a timer: each poll by a new process.
  void poll_by_new_processes(int times) {
    for (; times > 0; --times) {
      poll();
      restart_on(std::move(store));
    }
  }
  std::ptrdiff_t answers() const {
    return std::ranges::count_if(
        servers.sent, [](const OutgoingMail& sent) { return sent.recipient != "manager@example.com"; });
  }

 private:
  std::optional<Error> meet(const std::string& event) {
    if (event == "open mailbox" && one_log_in) {
      if (clock.steady_now() < next_log_in_)
        return make_error(Cause::login_refused, Step::login, "", Retry::after_setup_change);
      next_log_in_ = clock.steady_now() + 1min;
    }
    if (event == "open mailbox" || event == "list") {
      servers.mails.merge(hidden_);
      hidden_.clear();
      listings += event == "list" ? 1 : 0;
    }
    if (!event.starts_with("fetch")) return std::nullopt;
    const std::string uid = event.substr(event.rfind(' ') + 1);
    if (refused.count(uid) > 0) {
      if (auto mail = servers.mails.extract(static_cast<unsigned>(std::stoul(uid))))
        hidden_.insert(std::move(mail));
    }
    if (damaged.count(uid) == 0 || (headers_come && event.find("header") != std::string::npos))
      return std::nullopt;
    ++breaks;
    return make_error(Cause::connection_lost, Step::fetch);
  }

  std::map<unsigned, std::string> hidden_;
  SteadyTime next_log_in_{};
};

// A POP3 server's mail that is far longer than was listed: its beginning is handed over, and the session is at its end.
class EndlessMail final : public MailServers {
 public:
  EndlessMail(MailServers& servers, std::string uid) : servers_(servers), uid_(std::move(uid)) {}

  Result<std::unique_ptr<Mailbox>> open_mailbox(const MailboxAccount& account, const Deadline& deadline,
                                                const StepObserver& observer) override {
    auto box = servers_.open_mailbox(account, deadline, observer);
    if (!box) return box;
    return std::unique_ptr<Mailbox>(std::make_unique<Box>(std::move(*box), uid_));
  }
  Result<std::unique_ptr<MailSender>> open_sender(const ServerAccount& account, const std::string& name,
                                                  const Deadline& deadline,
                                                  const StepObserver& observer) override {
    return servers_.open_sender(account, name, deadline, observer);
  }

 private:
  class Box final : public Mailbox {
   public:
    Box(std::unique_ptr<Mailbox> box, std::string uid) : box_(std::move(box)), uid_(std::move(uid)) {}
    Result<MailboxListing> list(const Deadline& deadline) override {
      auto listing = box_->list(deadline);
      if (!listing) return listing;
      const ListedMails mails = std::exchange(listing->mails, {});
      for (std::size_t i = 0; i < mails.size(); ++i)
        listing->mails.push_back({mails.key(i), mails.key(i).uid == uid_ ? 100 : mails[i].size});
      return listing;
    }
    Status fetch(std::span<const FetchRequest> requests, const FetchSink& sink,
                 const Deadline& deadline) override {
      for (const FetchRequest& request : requests) {
        if (Status fetched = box_->fetch(std::span(&request, 1), sink, deadline); !fetched) return fetched;
        if (request.key.uid == uid_) return make_error(Cause::answer_too_large, Step::fetch);
      }
      return {};
    }
    void remove(std::span<const Receipt> receipts) override { box_->remove(receipts); }
    Result<std::vector<MailKey>> close(const Deadline& deadline) override { return box_->close(deadline); }

   private:
    std::unique_ptr<Mailbox> box_;
    std::string uid_;
  };

  MailServers& servers_;
  std::string uid_;
};

// A mail of no sender, so long.
std::string bounce(std::size_t octets) {
  TestMail mail;
  mail.body = std::string(octets, 'x') + "\r\n";
  std::string bytes = mail.bytes();
  const std::size_t path = bytes.find("Return-Path: <") + 14;
  return bytes.erase(path, bytes.find('>', path) - path);
}

const MailKey kOne{"box", "1"}, kOther{"box", "2"};

}  // namespace

TEST_CASE("a mail at which the server breaks off: all others are answered and removed [R1, R3, fault 5]") {
  BreakingLine line;
  for (int i = 0; i < 8; ++i) line.mail("GetLog Counter\r\n");
  line.damaged = {"1", "4"};
  line.poll(6);
  CHECK(line.servers.sent.size() == 6);
  CHECK(line.servers.mails.size() == 2);
}

TEST_CASE(
    "a mail at which the server breaks off rests for an hour, is named, and is answered when it can be had [R1]") {
  BreakingLine line;
  line.mail("GetLog Counter\r\n");
  line.mail("Help\r\n");
  line.damaged = {"1"};
  line.poll(1);
  CHECK(line.breaks == 2);  // once more behind the others
  CHECK(line.servers.sent.size() == 1);
  CHECK(line.servers.mails.size() == 1);
  line.mail("Help\r\n");
  line.poll(1);
  CHECK(line.breaks == 3);
  CHECK(line.agent->status().mailbox_trouble);
  CHECK(std::ranges::count_if(line.logger.lines, [](const auto& log) {
          return log.find("ended 3 connections at the mail 1") != std::string::npos;
        }) == 1);
  line.poll(2);
  CHECK(line.breaks == 3);
  CHECK_FALSE(line.agent->status().mailbox_trouble);  // the polls go on at their usual pace
  CHECK(line.agent->status().unjudged == 1);
  line.clock.advance(1h);
  line.poll(1);
  CHECK(line.breaks == 4);
  line.poll(1);
  CHECK(line.breaks == 4);
  line.damaged.clear();
  line.clock.advance(1h);
  line.poll(1);
  CHECK(line.servers.mails.empty());
  CHECK(line.servers.sent.size() == 3);
  CHECK(line.agent->status().unjudged == 0);
}

TEST_CASE(
    "a mail at which the server breaks off keeps no CHPASS behind it waiting for long, and makes no guess free [F20, Y8]") {
  BreakingLine line;
  line.mail("Help\r\n");
  line.mail("ChPass U-BIX Sitios\r\n");
  TestMail guess;
  guess.from = "guesser@bad.example";
  guess.subject = "guess";
  line.servers.put(guess.bytes());
  line.damaged = {"1"};
  line.poll(5);
  CHECK(line.servers.sent.size() == 1);
  CHECK(line.agent->status().wrong_passwords == 1);
  line.poll(5);
  CHECK(line.agent->status().wrong_passwords == 1);
}

TEST_CASE(
    "a mail at which the server breaks off lets wrong ones behind it wait for a day, not for ever [F20]") {
  BreakingLine line;
  line.mail("Help\r\n");
  line.mail("Help\r\n", "guess");
  line.damaged = {"1"};
  line.poll(3);
  CHECK(line.servers.mails.size() == 2);
  line.clock.advance(23h);
  line.poll(2);
  CHECK(line.servers.mails.size() == 2);
  line.clock.advance(1h);
  line.poll(2);
  CHECK(line.servers.mails.size() == 1);
}

TEST_CASE(
    "a mail at which the server breaks off behind a CHPASS: the new password is valid for the others at once [F20]") {
  BreakingLine line;
  line.mail("ChPass U-BIX Sitios\r\n");
  line.mail("Help\r\n");
  line.mail("Help\r\n", "Sitios");
  line.damaged = {"2"};
  line.poll(1);
  CHECK(line.servers.sent.size() == 2);
  CHECK(line.servers.mails.size() == 1);
}

TEST_CASE("a line that breaks at each mail: four sessions a poll, no storm [R7]") {
  BreakingLine line;
  for (int i = 0; i < 8; ++i) {
    line.mail("GetLog Counter\r\n");
    line.damaged.insert(std::to_string(i + 1));
  }
  line.poll(1);
  CHECK(line.breaks == 4);
  CHECK(line.listings == 4);
  CHECK(line.agent->status().next_poll.value() > line.clock.now() - 5min);
  line.damaged.clear();
  line.poll(3);
  CHECK(line.servers.mails.empty());
}

TEST_CASE("a mail that breaks a connection and is refused then makes no polls without end [R8]") {
  BreakingLine line;
  line.mail("Help\r\n");
  line.mail("Help\r\n", "Hello");
  line.damaged = {"1"};
  line.run(1min);
  line.damaged.clear();
  line.refused = {"1"};
  line.run(10min);
  line.mail("ChPass U-BIX Sitios\r\n");
  line.listings = 0;
  line.run(1h);
  CHECK(line.listings <= 14);
  CHECK(line.answers() == 1);
}

TEST_CASE("a line lost behind a mail that is refused makes no polls without end [R8]") {
  BreakingLine line;
  line.mail("Help\r\n");
  line.mail("Help\r\n");
  line.refused = {"1"};
  line.damaged = {"2"};
  line.run(1min);
  line.damaged.clear();
  line.run(10min);
  line.mail("ChPass U-BIX Sitios\r\n");
  line.listings = 0;
  line.run(1h);
  CHECK(line.listings <= 14);
  CHECK(line.answers() == 2);
}

TEST_CASE("a mail whose header comes and whose body breaks the connection rests as well [R1]") {
  BreakingLine line;
  line.servers.put(bounce(200'000));
  line.mail("Help\r\n", "Hello");
  line.mail("GetLog Counter\r\n");
  line.damaged = {"1"};
  line.headers_come = true;
  line.poll(5);
  CHECK(line.breaks == 3);
  CHECK(line.answers() == 1);
  CHECK(line.agent->status().unjudged >= 1);
}

TEST_CASE(
    "a mail at which the server breaks off costs no poll its answers, under load and with tried ones [R5, D2]") {
  BreakingLine line;
  line.mail("Help\r\n");
  line.mail("Help\r\n");
  REQUIRE(line.store->note_tries({{{line.servers.name, "2"}}}));
  line.restart_on(std::move(line.store));
  line.damaged = {"1"};
  for (int polls = 0; polls < 20; ++polls) {
    while (line.servers.mails.size() < 20) line.mail("GetLog Counter\r\n");
    const auto before = line.answers();
    line.poll();
    CHECK(line.answers() == before + 5);
  }
  CHECK(line.servers.mails.count(2) == 0);
  line.damaged.clear();
  line.clock.advance(1h);
  for (int polls = 0; polls < 2; ++polls) {  // found whole behind the five, then it is the oldest
    while (line.servers.mails.size() < 20) line.mail("GetLog Counter\r\n");
    const auto before = line.answers();
    line.poll();
    CHECK(line.answers() == before + 5);
  }
  CHECK(line.servers.mails.count(1) == 0);
}

TEST_CASE(
    "under load a mail whose header comes and whose body breaks the connection rests as well [R5, D2]") {
  BreakingLine line;
  line.mail("Help\r\n");
  line.damaged = {"1"};
  line.headers_come = true;
  for (int polls = 0; polls < 10; ++polls) {
    while (line.servers.mails.size() < 20) line.mail("GetLog Counter\r\n");
    line.poll();
  }
  CHECK(line.breaks == 3);
}

TEST_CASE("all sessions of a poll together look at no more mails than one would [D2]") {
  BreakingLine line;
  const std::string automatic = bounce(0);
  for (std::size_t i = 0; i < limits::kMailsLookedAtPerPoll + 300; ++i) line.servers.put(automatic);
  line.damaged = {"1500"};
  const PollReport report = line.once();
  CHECK(line.breaks > 0);
  CHECK(report.fetched == limits::kMailsLookedAtPerPoll);
}

TEST_CASE(
    "mails at which the server breaks off do not slow the service down: it works, so it is no trouble of R7 [R7]") {
  BreakingLine line;
  line.damaged = {"1"};
  SUBCASE("one that lies there alone") {}
  SUBCASE("two") {
    line.damaged.insert("2");
  }
  SUBCASE("six") {
    line.damaged = {"1", "2", "3", "4", "5", "6"};
  }
  for (std::size_t i = 0; i < line.damaged.size(); ++i) line.mail("Help\r\n");
  line.run(12h);
  for (int i = 1; i <= 8; ++i) {
    line.mail("Help\r\n");
    line.run(11min);
    CHECK(line.answers() == i);
  }
}

TEST_CASE("a mail that came through and waits for its day is no suspect any more [R11]") {
  BreakingLine line;
  line.set("limits.replies_per_sender", "1");
  line.mail("Help\r\n");
  line.mail("Help\r\n");
  line.damaged = {"2"};
  line.servers.fault = [&line, inner = line.servers.fault](const std::string& event) {
    auto error = inner(event);
    if (error) line.damaged.clear();
    return error;
  };
  line.poll();
  CHECK(line.answers() == 1);
  CHECK(line.breaks == 1);
  line.clock.advance(25h);
  line.mail("Help\r\n", "Hello");
  line.damaged = {"2"};
  line.servers.events.clear();
  line.poll();
  // In its place, before the newer one.
  const auto fetched =
      std::ranges::find_if(line.servers.events, [](const auto& event) { return event.starts_with("fetch"); });
  CHECK(*fetched == "fetch whole 2");
}

TEST_CASE("a server that grants no second log-in so soon hides nothing of what the first one met [R7]") {
  BreakingLine line;
  line.mail("Help\r\n");
  for (int i = 0; i < 3; ++i) {
    REQUIRE(line.store->note_tries({{{line.servers.name, "1"}}}));
    line.restart_on(std::move(line.store));
  }
  line.mail("Help\r\n");
  line.damaged = {"2"};
  line.one_log_in = true;
  const PollReport report = line.once();
  CHECK(report.error->cause == Cause::connection_lost);
  CHECK(report.left == 1);
  CHECK(line.agent->status().set_aside == 1);
  CHECK(line.agent->status().next_poll.value() < line.clock.now() + 11min);
}

TEST_CASE(
    "by a new process a poll, too, what is behind mails at which the server breaks off is answered [R1, F20]") {
  BreakingLine line;
  line.mail("Help\r\n");
  line.damaged = {"1"};
  SUBCASE("behind two of them") {
    line.mail("Help\r\n");
    line.damaged.insert("2");
    line.mail("GetLog Counter\r\n");
  }
  SUBCASE("a CHPASS") {
    line.mail("ChPass U-BIX Sitios\r\n");
  }
  SUBCASE("behind a wrong one") {
    line.mail("Help\r\n", "Hello");
    line.mail("GetLog Counter\r\n");
  }
  line.poll_by_new_processes(2);
  CHECK(line.answers() == 1);
}

TEST_CASE("behind a mail that rests nothing is fetched again at each poll [R8]") {
  BreakingLine line;
  line.mail("Help\r\n");
  line.mail("Help\r\n", "guess");
  line.damaged = {"1"};
  line.poll(4);
  line.servers.events.clear();
  line.poll(5);
  CHECK(std::ranges::none_of(line.servers.events,
                             [](const auto& event) { return event.starts_with("fetch"); }));
}

TEST_CASE("a mail that is far longer than was listed is too large, and keeps no other waiting [fault 27]") {
  BreakingLine line;
  EndlessMail servers(line.servers, "1");
  AgentOptions options;
  options.hash_cost = {4, 8, 1};
  const auto agent =
      std::move(*Agent::open({servers, *line.store, *line.store, line.device, line.parser, line.authenticator,
                              line.formatter, line.sealer, line.clock, line.random, line.logger},
                             options));
  TestMail endless;
  endless.body = "Help\r\n" + std::string(500'000, 'x');
  line.servers.put(endless.bytes());
  line.mail("Help\r\n");
  for (int i = 0; i < 2; ++i) {
    (void)agent->perform({}, {});
    line.clock.advance(10min);
  }
  CHECK(line.servers.mails.empty());
  CHECK(line.answers() == 1);
  CHECK(std::ranges::any_of(line.logger.lines,
                            [](const auto& text) { return text.find("too large") != std::string::npos; }));
  CHECK(std::ranges::none_of(
      line.logger.lines, [](const auto& text) { return text.find("connections at") != std::string::npos; }));
}

TEST_CASE("broken fetches: a line that is lost again and again before anything came says nothing of a mail") {
  BrokenFetches broken;
  CHECK(broken.empty());
  CHECK(broken.count(kOne) == 0);
  CHECK(broken.last_break(kOne) == 0);
  for (int i = 0; i < 9; ++i) CHECK_FALSE(broken.add(kOne, false, {}));
  CHECK(broken.count(kOne) == 1);
  CHECK_FALSE(broken.rests(kOne, {}));
  CHECK_FALSE(broken.any_rests_awaited({}));
  CHECK_FALSE(broken.add(kOne, true, {}));
  CHECK(broken.add(kOne, true, {}));
  CHECK(broken.rests(kOne, {}));
  CHECK(broken.any_rests_awaited({}));
  CHECK_FALSE(broken.rests(kOther, {}));
  (void)broken.add(kOther, true, {});
  CHECK(broken.last_break(kOther) > broken.last_break(kOne));
  (void)broken.add(kOne, false, {});
  CHECK(broken.last_break(kOther) < broken.last_break(kOne));
}

TEST_CASE("broken fetches: the rest ends after an hour, and with a mail that comes through [R1]") {
  BrokenFetches broken;
  for (int i = 0; i < 3; ++i) (void)broken.add(kOne, true, {});
  CHECK(broken.rests(kOne, SteadyTime(limits::kBrokenFetchRests - 1s)));
  CHECK_FALSE(broken.rests(kOne, SteadyTime(limits::kBrokenFetchRests)));
  CHECK(broken.add(kOne, false, SteadyTime(2h)));
  CHECK(broken.rests(kOne, SteadyTime(2h)));
  CHECK(broken.awaited(kOne, SteadyTime(limits::kBrokenFetchAwaited - 1s)));
  CHECK_FALSE(broken.awaited(kOne, SteadyTime(limits::kBrokenFetchAwaited)));
  CHECK(broken.add(kOne, false, SteadyTime(limits::kBrokenFetchAwaited)));
  CHECK_FALSE(broken.any_rests_awaited(SteadyTime(limits::kBrokenFetchAwaited)));
  CHECK_FALSE(broken.awaited(kOther, {}));
  broken.came_through(kOne);
  CHECK(broken.empty());
  CHECK_FALSE(broken.rests(kOne, SteadyTime(2h)));
}

TEST_CASE("broken fetches: what is listed no more is forgotten") {
  BrokenFetches broken;
  (void)broken.add(kOne, true, {});
  (void)broken.add(kOther, true, {});
  broken.keep_listed({{kOther, 100}});
  CHECK(broken.count(kOne) == 0);
  CHECK(broken.count(kOther) == 1);
}
