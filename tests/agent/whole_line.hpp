// The whole line in one thread of ours: agent, our own dialogues, a store on a simulated disk or in memory, and the
// memory mail host at the other end of real sockets. The link can be cut at any line and octet of any dialogue; disk
// and memory beneath can be made to fail. A clock that stands still unless it is moved makes equal stories equal.
#pragma once

#include <map>
#include <mutex>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "agent/line_fixture.hpp"
#include "apps/temporary_folder.hpp"
#include "remotemail/mail_store/guarded_store.hpp"
#include "remotemail/testing/memory_mail_host.hpp"
#include "remotemail/testing/power_loss_vfs.hpp"

namespace remotemail::testing {

enum class Dialogue { pop3, imap, smtp };
enum class Way { said, heard };  // by us

// Where a link is cut: in the n-th connection of a kind, behind so many whole lines of one way and so many octets.
struct CutPlace {
  Dialogue dialogue = Dialogue::smtp;
  Way way = Way::said;
  std::size_t line = 0, octet = 0;
  unsigned connection = 1, times = 1;  // this and the next ones
  bool silent = false;                 // nothing more arrives, instead of an end
};
std::string describe(const CutPlace&);

// What passed in one connection.
struct Passed {
  Dialogue dialogue = Dialogue::smtp;
  std::vector<std::string> said, heard;  // lines, with their ends
  std::size_t said_part = 0, heard_part = 0;
  std::size_t heard_before_fetch = 0;         // lines; 0: no mail was fetched
  std::set<std::size_t> dots, body, answers;  // lines said, lines heard (of the dot)
};

// Connects to the mail host by plain sockets, and cuts. One thread.
class CuttingConnector final : public Connector {
 public:
  CuttingConnector(ManualClock& clock, MailHostPorts ports) : clock_(clock), ports_(ports) {}

  Result<std::unique_ptr<Stream>> connect(const std::string& host, std::uint16_t port, const std::string& dns,
                                          const Deadline&) override;
  void cut_at(const CutPlace& place) { place_ = place; }
  void heal() { place_.reset(), unreachable = false; }
  // Cuts so far; those between a final dot that arrived and its answer.
  unsigned cuts() const { return cuts_; }
  unsigned doubts() const { return doubts_; }
  const std::vector<std::shared_ptr<Passed>>& passed() const { return passed_; }
  // Commands that fetch a mail, or remove one.
  std::size_t fetches_and_removals() const;

  bool unreachable = false;
  std::function<void()> on_cut;

 private:
  class Line;
  ManualClock& clock_;
  const MailHostPorts ports_;
  std::optional<CutPlace> place_;
  unsigned cuts_ = 0, doubts_ = 0;
  std::map<Dialogue, unsigned> connections_;
  std::vector<std::shared_ptr<Passed>> passed_;
};

// One mail host for many stories: to start one costs more than a story.
class Yard {
 public:
  Yard();
  MailHostPorts ports() const { return host_->ports(); }
  void deliver(std::string bytes);
  std::size_t waiting() const;  // in the copier's mailbox
  std::vector<std::string> arrived(const std::string& user) const;
  void clear();  // for the next story

 private:
  void start();

  unsigned stories_ = 0;
  mutable std::mutex mutex_;
  std::vector<std::pair<std::string, std::string>> arrived_;
  std::unique_ptr<MemoryMailHost> host_;
};

// disk: simulated; file: a real one, whose driver needs no memory of C++.
enum class Keep { memory, disk, file };

// What came of a story.
struct LineEnding {
  std::multiset<std::string> replies, log;
  bool operator==(const LineEnding&) const = default;
};

class WholeLine {
 public:
  WholeLine(Yard& yard, Dialogue spool, Keep keep);
  ~WholeLine();

  void mail(const std::string& body, const std::string& subject);
  // Two commands, junk, a new password, a command under it: four replies.
  void tell_story();
  void step();  // the next thing that is due, when it is due
  // Steps until all is quiet, and some more; complains when that does not come.
  void finish();
  // What goes against R1: one line each. `doubts`: copies more that may have come; the log has to tell of each mail.
  std::vector<std::string> check(const LineEnding& whole, unsigned doubts);
  LineEnding ending();
  // Power goes and comes back, with what was not synced lost, or on another medium. What went wrong, or nothing.
  std::string restart(PowerLossDisk::Unsynced mode = PowerLossDisk::Unsynced::lost);
  std::string restart_on(const PowerLossDisk::Image& medium);
  // "U-BIX", "Sitios", or none of them.
  std::string password();
  std::size_t copies() const { return copies_; }

  ManualClock clock;
  PowerLossDisk disk{"whole line"};
  CuttingConnector connector;
  LineLogger logger;
  FakeDevice device{clock, [this](std::chrono::milliseconds time) { clock.advance(time); }};
  std::unique_ptr<Agent> agent;
  std::unique_ptr<Store> store;
  // Around each step of the agent: what fails only beneath it.
  std::function<void(bool begins)> around_step;

 private:
  std::string open();

  Yard& yard_;
  const Dialogue spool_;
  const Keep keep_;
  std::optional<TemporaryFolder> folder_;
  SystemRandom random_;
  Sealer sealer_{Secret(std::string(32, 'k')), random_};
  std::unique_ptr<MailServers> servers_;
  ManualCommandParser parser_;
  SubjectAuthenticator authenticator_;
  PlainTextFormatter formatter_;
  std::vector<std::string> findings_;
  std::size_t copies_ = 0;
  std::set<std::string> untold_;  // ids of mails that came twice, of which the log tells nothing
  bool told_ = false;
  unsigned mails_made_ = 0;
};

}  // namespace remotemail::testing
