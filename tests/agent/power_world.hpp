// A deterministic world around one copier: clock, disk, servers, device and chance are simulated, and the power may fail
// at every write, every sync and every step of the network. A story is told once with a watcher beneath the disk that
// forks the world at each of these moments; each fork is then told to its end and held against the story nobody cut.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <random>
#include <set>
#include <string>
#include <unordered_set>
#include <vector>

#include "agent/line_fixture.hpp"
#include "remotemail/testing/power_loss_vfs.hpp"

namespace remotemail::testing {

// All that a power cut of the copier leaves as it is: the servers, the CE, the clock on the wall.
struct Outside {
  std::map<unsigned, std::string> mails;  // in the mailbox
  unsigned last_uid = 0, mails_made = 0, deaths = 0;
  std::string mailbox = "memory copier@localhost";
  std::vector<OutgoingMail> sent;          // taken by the SMTP server
  std::map<std::string, unsigned> tries;   // of the SMTP server with a mail, by id
  std::map<std::string, unsigned> doubts;  // how many copies more of a mail R1 allows by now, by id
  std::map<std::string, unsigned> asked;   // how often a network step was asked for, by its first word
  std::uint64_t size_limit = 0;            // of the SMTP server
  std::size_t list_rows = 0;               // of a counter list that is longer than usual
  DeviceState device = DeviceState::ready;
  WallTime now = std::chrono::sys_days{std::chrono::year{2026} / 3 / 14};
  std::size_t step = 0;  // of the story
};

class World;

// A story. Each step happens once, whatever the power does; behind the last, the copier polls until all is quiet.
struct Scenario {
  std::string name;
  std::vector<std::function<void(World&)>> steps;
  // What must have come of it when nobody cuts: topics in their order, mails left on the server, replies still waiting.
  std::vector<std::string> sent;
  std::size_t left = 0, waiting = 0;
  std::vector<std::string> passwords = {
      "U-BIX"};  // of the CE, one behind the other; the last holds at the end
  // The world's faults: what a network step meets, what the SMTP server says. None: all goes well.
  std::function<std::optional<Error>(World&, const std::string& event)> fault = {};
  std::function<SendOutcome(World&, const OutgoingMail&)> server = {};
  unsigned rounds = 4;  // at most, behind the last step
  std::vector<std::pair<std::string, std::string>> settings = {};
  std::size_t prelude = 0;  // so many of the steps are over before the power begins to fail
  bool is_long = false;
  // Two cuts put a mail that was under way behind younger ones (R5): what came of these may differ, nothing is lost.
  bool order_matters = false;
};

// The table.
const std::vector<Scenario>& scenarios();

struct WorldState {
  PowerLossDisk::Image disk;
  Outside outside;
  unsigned cuts = 0;
  std::string cut_at;  // in words, for whoever has to find out
};

// What came of a story, as it is compared.
struct Ending {
  std::multiset<std::string> replies;  // topic, recipient and body; copies count once
  std::multiset<std::string> log;
  std::multiset<std::string> left, waiting;
  std::size_t password = 0;
  std::vector<std::string> order;  // topics of the replies, each at its first copy
};

struct Figures {
  std::uint64_t cuts = 0;  // moments times what the disk makes of what was not synced
  std::uint64_t states =
      0;  // of them, those that left the world in a state not seen yet; each told to its end
  std::uint64_t lives = 0, copies = 0, set_aside = 0;
  Figures& operator+=(const Figures& other) {
    cuts += other.cuts, states += other.states, lives += other.lives;
    copies += other.copies, set_aside += other.set_aside;
    return *this;
  }
};

class World {
 public:
  // all: every moment, four ways each; most: three ways, and of long stories every third moment; syncs: two ways.
  enum class Moments { all, most, syncs };
  explicit World(const Scenario&);
  ~World();

  // Cuts the power `cuts` times, at every moment of that kind each time. What goes against R1: one line each.
  std::vector<std::string> explore(unsigned cuts, Moments moments);
  // A random path of cuts, and `width` random forks of its last life, each told to its end: how many those were.
  std::size_t wander(unsigned cuts, std::size_t width, std::mt19937_64& die);
  const std::vector<std::string>& findings() const { return findings_; }
  const Figures& figures() const { return figures_; }

  // For the steps of a story.
  void mail(std::string body, std::string subject = "U-BIX", std::string extra = "",
            std::string message_id = "");
  void put(std::string bytes);
  PollReport poll();
  void pass(std::chrono::milliseconds time);
  ApplyReport set(const std::string& key, const std::string& value);
  void turn(DeviceState);
  void restart();  // the program ends as by kill -9 and starts anew
  void make_replies_long(std::size_t rows, std::uint64_t size_limit);
  void empty_mailbox();
  void renumber();  // UIDVALIDITY changes, and with it every uid
  void reuse_uids();
  void drop_replies();
  std::string first_sent_id() const;
  const Outside& outside() const { return outside_; }
  Agent& agent();
  // How often the SMTP server was tried with this mail before.
  unsigned tries(const OutgoingMail& mail) const;

 private:
  struct Copier;
  void start();
  Ending live(const WorldState&, bool fork, Moments);
  void moment(bool is_sync);
  std::uint64_t fingerprint() const;
  Outside outside_now() const;
  std::optional<Error> network(const std::string& event);
  void check_start();
  void check_end(const WorldState&, const Ending&, bool reference);
  Ending ending();
  void complain(const std::string& what);
  std::vector<WorldState> children(const WorldState&, Moments);

  const Scenario& scenario_;
  PowerLossDisk disk_{"world"};
  Outside outside_;
  std::unique_ptr<Copier> copier_;
  WorldState first_;
  Ending whole_;
  const WorldState* told_ = nullptr;  // where the story that is told now began
  bool forking_ = false;
  Moments moments_ = Moments::all;
  std::uint64_t moment_ = 0;
  std::size_t sent_before_ = 0;  // mails the SMTP server had when this life began
  std::vector<WorldState> forks_;
  std::unordered_set<std::uint64_t> seen_;
  Figures figures_;
  std::vector<std::string> findings_;
};

}  // namespace remotemail::testing
