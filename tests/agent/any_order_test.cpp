// Random mailboxes around changes of the password, told with kills, lost lines, a slow server and a slow machine, and
// without changes with mails that the server does not give or ends the connection at: the outcome is that of the same mails
// judged one behind the other, oldest first. REMOTEMAIL_SEED begins elsewhere, REMOTEMAIL_SEEDS makes more of them.
#include <doctest/doctest.h>

#include <algorithm>
#include <cstdlib>
#include <map>
#include <random>
#include <set>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

#include "agent/guesses.hpp"
#include "agent/line_fixture.hpp"
#include "remotemail/core/limits.hpp"
#include "remotemail/protocol/message.hpp"

using namespace remotemail;
using namespace std::chrono_literals;
using remotemail::testing::Line;
using remotemail::testing::TestMail;

namespace {

constexpr const char* kPasswords[] = {"U-BIX", "Sitios", "Third"};
constexpr const char* kSenders[] = {"a@example.com", "b@example.com"};
constexpr int kMostWrong = 9;  // the tenth would make the others wait (Y8)

struct Request {
  std::string password, new_password;
  bool right = false;  // judged in order
};

class Story : Line {
 public:
  explicit Story(unsigned seed) : random_(seed) {
    enable();
    odd_ = die(4) == 0;
    make_requests();
    arrive(1 + die(requests_.size()));
    kills_ = die(3);
    for (std::size_t marks = die(kills_ + 1); marks > 0; --marks, --kills_) killed_before();
    if (die(3) == 0) device.slow(std::chrono::seconds(1 + die(35)));
    slowest_fetch_ = die(3) == 0 ? 1 + die(70) : 1;
    losses_ = die(4) == 0 ? limits::kBrokenFetchesBeforeRest - 1
                          : 0;  // behind one that rests a kill makes guesses count anew
    most_at_once_ = 1 + die(20);
    if (odd_) make_odd();
  }

  // What is not as it should be, in words; empty: nothing.
  std::string told() {
    for (int polls = 0;
         polls < (odd_ ? 1500 : 300) && !(servers.mails.empty() && arrived_ == requests_.size()); ++polls) {
      while (arrived_ < requests_.size() && die(3) == 0) arrive(arrived_ + 1);
      if (polls == odd_until_) odd_mails_.clear();
      poll();
    }
    for (int i = 0; i < 2; ++i) once(20);
    count_guesses();
    judge();
    return wrong_;
  }

 private:
  std::size_t die(std::size_t sides) { return random_() % sides; }

  void make_requests() {
    const bool changes_back = die(4) == 0;
    std::string password = kPasswords[0];
    int wrong = 0;
    for (std::size_t left = 3 + die(14); left > 0; --left) {
      Request request;
      const std::size_t kind = die(10);
      if (kind < 2 && !odd_) {
        std::size_t from = die(2), to = from + 1;
        if (changes_back && die(2) == 0) std::swap(from, to);
        request = {kPasswords[from], kPasswords[to]};
      } else {
        request = {kind < 4 ? "guess" : odd_ ? kPasswords[0] : kPasswords[die(3)], ""};
      }
      if (request.password != password && ++wrong > kMostWrong) request = {password, ""};
      request.right = request.password == password;
      if (request.right && !request.new_password.empty()) password = request.new_password;
      requests_.push_back(request);
    }
  }

  void arrive(std::size_t until) {
    for (; arrived_ < until; ++arrived_) {
      const Request& request = requests_[arrived_];
      TestMail mail;
      mail.from = kSenders[die(2)];
      mail.subject = request.password;
      mail.message_id = id_of(arrived_);
      mail.body = !request.new_password.empty() ? "ChPass " + request.password + " " + request.new_password
                  : die(2) == 0                 ? "Help"
                                                : "GetLog Counter";
      mail.body += "\r\n";
      servers.put(mail.bytes());
    }
  }
  static std::string id_of(std::size_t request) {
    return "request-" + std::to_string(request) + "@example.com";
  }

  // What is behind one that rests may be judged before a CHPASS in it, and counts again in a new process: no kills.
  void make_odd() {
    kills_ = 0;
    for (std::size_t n = 1 + die(3); n > 0; --n) {
      odd_mails_[static_cast<unsigned>(1 + die(requests_.size()))] =
          Odd{die(2) == 0, die(2) == 0, die(5) == 0};
    }
    odd_until_ = 20 + static_cast<int>(die(150));
  }

  // As a program leaves it that was killed with some of these mails in hand.
  void killed_before() {
    std::vector<MailKey> keys;
    const bool all = die(3) == 0;
    for (std::size_t uid = 1; uid <= arrived_; ++uid) {
      if (all || die(2) == 0) keys.push_back({servers.name, std::to_string(uid)});
    }
    if (!keys.empty()) REQUIRE(store->note_tries(keys));
    restart_on(std::move(store));
  }

  void poll() {
    servers.fault = [this](const std::string& event) { return meet(event); };
    servers.events.clear();
    bool killed = false;
    try {
      const PollReport report = once(most_at_once_);
      if (report.answered > most_at_once_) wrong_ += "more than may be answered at once; ";
      const bool at_once = agent->status().next_poll == clock.now();
      const auto log_ins = std::ranges::count(servers.events, "open mailbox");
      if (log_ins > limits::kSessionsPerPoll + 1) wrong_ += "too many log-ins; ";
      const bool idle = report.answered + report.illegal + report.unanswerable == 0;
      idle_at_once_ = at_once && idle ? idle_at_once_ + 1 : 0;
      if (idle_at_once_ > 2) wrong_ += "polls without end; ";
      if (!at_once) clock.advance(1min);
    } catch (const std::runtime_error&) {
      killed = true;
    }
    give_back();
    servers.fault = nullptr;
    count_guesses();
    if (killed && die(3) != 0) restart_on(std::move(store));
    if (agent->status().set_aside > 0) wrong_ += "a mail was set aside; ";
  }

  // Mails that are refused are no more in the mailbox while they are asked for.
  void give_back() {
    servers.mails.merge(refused_);
    refused_.clear();
  }

  std::optional<Error> meet_odd(const std::string& event) {
    const auto uid = static_cast<unsigned>(std::stoul(event.substr(event.rfind(' ') + 1)));
    const auto found = odd_mails_.find(uid);
    if (found == odd_mails_.end()) return std::nullopt;
    const Odd& odd = found->second;
    if (odd.header_comes && event.find("header") != std::string::npos) return std::nullopt;
    if (odd.changes ? die(2) == 0 : odd.breaks) return make_error(Cause::connection_lost, Step::fetch);
    if (auto mail = servers.mails.extract(uid)) refused_.insert(std::move(mail));
    return std::nullopt;
  }

  std::optional<Error> meet(const std::string& event) {
    const bool fetch = event.starts_with("fetch");
    if (event == "open mailbox" || event == "list") give_back();
    if (fetch) {
      if (auto error = meet_odd(event)) return error;
    }
    if (!fetch && !event.starts_with("remove") && event != "close") return std::nullopt;
    if (fetch) clock.advance(std::chrono::seconds(die(slowest_fetch_)));
    if (kills_ > 0 && die(12) == 0) {
      --kills_;
      throw std::runtime_error("killed");
    }
    if (losses_ == 0 || die(10) != 0) return std::nullopt;
    --losses_;
    return make_error(Cause::connection_lost, Step::fetch);
  }

  // The store counts by the hour; here over all of them.
  void count_guesses() {
    std::set<std::string> budgets{""};
    for (const char* sender : kSenders) {
      TestMail mail;
      mail.from = sender;
      const std::string bytes = mail.bytes();
      budgets.insert(sender_key(parse_mail({{"box", "1"}, bytes.size(), bytes, true}), sealer));
    }
    for (const std::string& budget : budgets) {
      const auto kept = store->recall_memory(Memory::Kind::guesses, budget);
      if (!kept || !kept->has_value()) continue;
      const auto hour = parse_hour((*kept)->value);
      if (!hour) continue;
      std::uint64_t& seen = guesses_[{budget, hour->began}];
      seen = std::max(seen, hour->count);
    }
  }

  void judge() {
    if (!servers.mails.empty()) wrong_ += "mails are left; ";
    std::uint64_t unanswered = 0, counted = 0;
    for (std::size_t i = 0; i < requests_.size(); ++i) {
      const auto answers = std::ranges::count_if(servers.sent, [&](const OutgoingMail& sent) {
        return sent.message.find("In-Reply-To: <" + id_of(i) + ">") != std::string::npos &&
               sent.recipient != "manager@example.com";
      });
      const Request& request = requests_[i];
      const bool changes = !request.new_password.empty();
      if (answers > 1) wrong_ += "answered twice: " + std::to_string(i) + "; ";
      if (answers == 0 && request.right) wrong_ += "lost: " + std::to_string(i) + "; ";
      // One with a password of another time may be answered before its turn; it never changes one.
      if (answers > 0 && !request.right && (changes || request.password == "guess"))
        wrong_ += "answered though it was wrong: " + std::to_string(i) + "; ";
      unanswered += answers == 0 ? 1U : 0U;
    }
    for (const auto& [budget, count] : guesses_) counted += count;
    if (counted != unanswered)
      wrong_ += std::to_string(counted) + " guesses counted, not " + std::to_string(unanswered) + "; ";
  }

  struct Odd {
    bool breaks = false;        // else it is refused
    bool header_comes = false;  // and only the rest is odd
    bool changes = false;       // now this, now that
  };

  std::minstd_rand random_;
  std::vector<Request> requests_;
  std::size_t arrived_ = 0, kills_ = 0, losses_ = 0, slowest_fetch_ = 1, most_at_once_ = 1;
  int idle_at_once_ = 0;
  std::map<std::pair<std::string, WallTime>, std::uint64_t> guesses_;
  std::string wrong_;
  bool odd_ = false;
  int odd_until_ = -1;
  std::map<unsigned, Odd> odd_mails_;  // by uid
  std::map<unsigned, std::string> refused_;
};

unsigned number(const char* name, unsigned otherwise) {
  const char* text = std::getenv(name);
  return text ? static_cast<unsigned>(std::strtoul(text, nullptr, 10)) : otherwise;
}

}  // namespace

TEST_CASE(
    "in any order: what is answered and what counts as a guess is as if mails were judged oldest first [R1, R5, F20, Y8]") {
  const unsigned first = number("REMOTEMAIL_SEED", 1);
  for (unsigned seed = first; seed < first + number("REMOTEMAIL_SEEDS", 300); ++seed) {
    CAPTURE(seed);
    CHECK(Story(seed).told() == "");
  }
}
