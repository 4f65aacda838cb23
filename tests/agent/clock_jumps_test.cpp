// Ten thousand jumps of the wall clock, anywhere between 1970 and 2106, while mails come and servers go.
#include <doctest/doctest.h>

#include <map>
#include <random>

#include "agent/line_fixture.hpp"

using namespace remotemail;
using namespace std::chrono_literals;
using remotemail::testing::Line;

namespace {

constexpr int kJumps = 10'000;
// What is allowed to pass, by the steady clock, until a mail is answered though both servers work: the longest back-off,
// the longest wait between two attempts, a look at the outbox, and the poll.
constexpr auto kPatience = 4h;

class World {
 public:
  explicit World(std::uint32_t seed) : chance_(seed) {
    line.enable();
    line.set("reception.pop_before_smtp", "no");
    line.servers.fault = [this](const std::string& event) -> std::optional<Error> {
      if (event == "open mailbox") {
        ++polls;
        if (is_down(mailbox_down_until_)) return make_error(Cause::connection_refused, Step::connect);
      }
      if (event == "open sender") {
        ++sending_rounds;
        if (is_down(smtp_down_until_)) return make_error(Cause::connection_refused, Step::connect);
      }
      return std::nullopt;
    };
  }

  // One jump, some time, and all that became due.
  void go_on() {
    line.clock.set_now(somewhen());
    line.clock.advance(some_time());
    if (one_in(20)) mail();
    if (one_in(300)) smtp_down_until_ = line.clock.steady_now() + minutes_up_to(23 * 60);
    if (one_in(400)) mailbox_down_until_ = line.clock.steady_now() + minutes_up_to(5 * 60);
    if (is_down(mailbox_down_until_) || is_down(smtp_down_until_)) trouble_ended_ = line.clock.steady_now();
    settle();
  }

  // Time without jumps and troubles, until nothing waits.
  void calm_down() {
    smtp_down_until_ = mailbox_down_until_ = line.clock.steady_now();
    for (int i = 0; i < 24 * 60; ++i) {
      line.clock.advance(1min);
      settle();
    }
  }

  // How long the oldest unanswered mail waits while nothing hinders an answer.
  SteadyTime::duration longest_wait() {
    for (; looked_at_ < line.servers.sent.size(); ++looked_at_) {
      const Mail reply = Line::parsed(line.servers.sent[looked_at_]);
      const std::string request = reply.references.empty() ? std::string() : reply.references.back();
      ++answers[request];
      dated = dated && reply.date.has_value();
      waiting_.erase(request);
    }
    SteadyTime::duration longest{};
    for (const auto& [id, since] : waiting_) {
      longest = std::max(longest, line.clock.steady_now() - std::max(since, trouble_ended_));
    }
    return longest;
  }

  Line line;
  std::map<std::string, int> answers;  // by the request's Message-ID
  int mails = 0, polls = 0, sending_rounds = 0, most_steps = 0;
  bool dated = true;

 private:
  void mail() {
    const std::string id = "jump." + std::to_string(++mails) + "@example.com";
    line.mail("GetLog Counter\r\n", "U-BIX", id);
    waiting_.emplace(id, line.clock.steady_now());
  }

  // What is due now; a storm would never come to an end.
  void settle() {
    int steps = 0;
    while (line.agent->next_due() <= line.clock.steady_now() && steps < 50) {
      line.agent->step({});
      ++steps;
    }
    most_steps = std::max(most_steps, steps);
  }

  // Half of the jumps go anywhere, the others are those of a clock that is put right.
  WallTime somewhen() {
    using std::chrono::sys_days, std::chrono::year;
    if (one_in(2)) {
      std::uniform_int_distribution<std::int64_t> any(
          0, WallTime(sys_days{year{2106} / 2 / 7}).time_since_epoch().count());
      return WallTime(std::chrono::milliseconds(any(chance_)));
    }
    return line.clock.now() + minutes_up_to(60 * 60) - 30h;
  }

  std::chrono::milliseconds some_time() {
    switch (chance_() % 4) {
      case 0:
        return std::chrono::milliseconds(chance_() % 1000);
      case 1:
        return std::chrono::seconds(chance_() % 60);
      default:
        return minutes_up_to(15);
    }
  }

  std::chrono::milliseconds minutes_up_to(unsigned most) {
    return std::chrono::minutes(chance_() % (most + 1));
  }
  bool one_in(unsigned times) { return chance_() % times == 0; }
  bool is_down(SteadyTime until) const { return line.clock.steady_now() < until; }

  std::mt19937 chance_;
  SteadyTime smtp_down_until_{}, mailbox_down_until_{}, trouble_ended_{};
  std::map<std::string, SteadyTime> waiting_;
  std::size_t looked_at_ = 0;
};

}  // namespace

TEST_CASE(
    "clock: in 10,000 jumps between 1970 and 2106 nothing expires early, stalls or storms [R1, R6, R7, fault 66]") {
  World world(20261122);
  const SteadyTime began = world.line.clock.steady_now();
  SteadyTime::duration longest{};
  for (int i = 0; i < kJumps; ++i) {
    world.go_on();
    longest = std::max(longest, world.longest_wait());
  }
  world.calm_down();
  (void)world.longest_wait();

  REQUIRE(world.mails > 300);
  CHECK(world.answers.size() == static_cast<std::size_t>(world.mails));
  CHECK(std::ranges::all_of(world.answers, [](const auto& answer) { return answer.second == 1; }));
  CHECK(world.dated);
  CHECK(world.line.agent->status().waiting == 0);
  CHECK_FALSE(world.line.logger.has("failed for good"));
  CHECK(std::chrono::duration_cast<std::chrono::minutes>(longest) < kPatience);
  // As many polls as the interval allows, sending rounds as the retries: not one a jump.
  const auto elapsed = world.line.clock.steady_now() - began;
  CHECK(world.most_steps < 10);
  CHECK(world.polls <= elapsed / 5min);
  CHECK(world.polls >= elapsed / 30min);
  CHECK(world.sending_rounds <= 4 * world.mails + elapsed / 15min);
  MESSAGE(world.mails << " mails, " << world.polls << " polls, " << world.sending_rounds
                      << " sending rounds, " << elapsed / 24h << " days; longest wait " << longest / 1min
                      << " minutes");
}

TEST_CASE(
    "clock: a reply made while the clock was ahead by years fails after five days of trying, too [R6, fault 66]") {
  Line line;
  line.enable();
  line.servers.fault = [](const std::string& event) -> std::optional<Error> {
    if (event == "open sender") return make_error(Cause::connection_refused, Step::connect);
    return std::nullopt;
  };
  line.clock.set_now(std::chrono::sys_days{std::chrono::year{2100} / 1 / 1});
  line.mail("GetLog Counter\r\n");
  line.once();
  line.clock.set_now(std::chrono::sys_days{std::chrono::year{2026} / 3 / 14});
  const SteadyTime began = line.clock.steady_now();
  while (!line.logger.has("failed for good") && line.clock.steady_now() - began < 24h * 12) {
    line.clock.advance(5min);
    for (int i = 0; i < 5; ++i) line.agent->step({});
  }
  CHECK(line.logger.has("failed for good"));
  CHECK(line.clock.steady_now() - began >= 24h * 4);
}

TEST_CASE(
    "clock: that it was moved is logged, and expires nothing for a day, however often a reply was tried [R6, fault 66]") {
  Line line;
  line.enable();
  line.servers.fault = [](const std::string& event) -> std::optional<Error> {
    if (event == "open sender") return make_error(Cause::connection_refused, Step::connect);
    return std::nullopt;
  };
  line.mail("GetLog Counter\r\n");
  for (int i = 0; i < 20; ++i) line.once();
  line.clock.advance(5min);
  line.once();
  CHECK_FALSE(line.logger.has("the clock was moved"));
  line.clock.set_now(line.clock.now() + std::chrono::days{30});
  for (int i = 0; i < 20; ++i) line.once();
  CHECK(line.logger.has("the clock was moved forward by 30 days 0 h 0 min"));
  CHECK_FALSE(line.logger.has("failed for good"));
  line.clock.advance(25h);
  line.once();
  CHECK(line.logger.has("failed for good"));
}

TEST_CASE(
    "clock: a reply whose next attempt lies hours ahead, for the clock was set back, is tried within two [R6, fault 66]") {
  for (const std::chrono::minutes back : {90min, 300min, 1380min, 525600min}) {
    CAPTURE(back.count());
    Line line;
    line.enable();
    bool down = true;
    line.servers.fault = [&down](const std::string& event) -> std::optional<Error> {
      if (down && event == "open sender") return make_error(Cause::connection_refused, Step::connect);
      return std::nullopt;
    };
    line.mail("GetLog Counter\r\n");
    line.once();
    down = false;
    line.clock.set_now(line.clock.now() - back);
    for (int minutes = 0; minutes < 3 * 60; ++minutes) {
      line.clock.advance(1min);
      line.agent->step({});
    }
    CHECK(line.servers.sent.size() == 1);
  }
}
