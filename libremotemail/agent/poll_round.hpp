// Steps 0 to 9: one poll of the mailbox.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <set>
#include <span>
#include <vector>

#include "agent/broken_fetches.hpp"
#include "agent/decide.hpp"
#include "agent/turns.hpp"
#include "remotemail/agent/agent_status.hpp"

namespace remotemail {

struct PollResult {
  unsigned vanished = 0;  // mails that were listed and could not be had
  PollReport report;
  std::optional<Error> mailbox_error, store_error, device_error;
  std::optional<SteadyTime> login;  // when the mailbox let us in (D11)
  std::uint64_t set_aside = 0;      // R5, as listed now
  std::uint64_t unlisted = 0;       // mails that the listing counts and does not name
  std::uint64_t resting = 0;  // mails at which the server ended the connection too often (BrokenFetches)
  bool listed = false;        // what is said of the mailbox as a whole is true
  bool at_suspect = false;    // the connection ended, and at a mail at which it had before: behind all others
  bool broke_off = false;     // the connection ended at a mail, and others have something of one more session
  bool posted = false;        // something went into the outbox
  bool again = false;         // something was left that only needs a fresh snapshot or session

  void go_on_from(const PollResult& before);  // this is what came of going on where that one ended
};

// What rounds leave to the next one of the same process.
struct CarriedOver {
  std::set<MailKey> survived;     // mails whose try is noted and that did no harm to this process (R5)
  WaitingMails waiting;           // mails that stay for a reason that lasts
  BrokenFetches broken;           // mails at which the connection ended
  bool tried_come_first = false;  // see Turns
};

// A poll on one settings snapshot. Made for one run().
class PollRound {
 public:
  // `wanted` turns false when the function was disabled or the account changed: the round ends after the mail
  // in hand.
  PollRound(const AgentPorts& ports, MailStore& store, const Settings& settings, PasswordCheck& check,
            HashCost cost, std::optional<WallTime> last_poll, CarriedOver& carried,
            std::function<bool()> wanted);
  // `so_far`: what earlier rounds of this poll did; D2's limits are those of the poll.
  PollResult run(std::size_t max_mails, const PollReport& so_far, const StepObserver& observer,
                 const Deadline& deadline);

 private:
  // What came of one bunch of mails, before it is durable.
  struct Bunch {
    std::vector<Candidate> candidates;
    Batch batch;
    WaitingMails staying;
    std::size_t answered = 0, illegal = 0, unanswerable = 0;
  };

  bool open(const StepObserver& observer, const Deadline& deadline);
  bool list_and_recall(const Deadline& deadline);
  void give_turn(std::uint32_t place, unsigned tries);
  bool look_at_waiting();
  bool waits(const MailKey& key) const;
  Result<bool> still_unjudged(const MailKey& key);
  MailVerdict set_aside_verdict(const MailKey& key) const;
  bool name_set_aside(Batch batch);
  void work_off(std::size_t max_mails, const Deadline& deadline);
  bool work_off_fresh(std::size_t max_mails, const Deadline& deadline);
  bool work_off_tried(std::size_t max_mails, const Deadline& deadline);
  void work_off_suspects(std::size_t max_mails, const Deadline& deadline);
  bool process(std::span<const std::uint32_t> places, std::size_t max_mails, const Deadline& deadline);
  bool fetch(Bunch& bunch, bool whole, const Deadline& deadline);
  bool fetch_one(Candidate& candidate, std::size_t byte_limit, const Deadline& deadline);
  void fetch_ended(Error error, const Candidate* at);
  bool decide_all(Bunch& bunch, std::size_t max_mails, bool suspect, const Deadline& deadline);
  Result<bool> answers_notice(const Mail& mail);
  bool add_notice(Bunch& bunch, Candidate& candidate, Judged& judged, const Deadline& deadline);
  void put(Bunch& bunch, MailVerdict verdict);
  void stays(std::size_t place);
  void take_new_generation();
  bool commit(Bunch& bunch);
  void remove_and_close(const StepObserver& observer, const Deadline& deadline);

  bool stale() const;  // the session has waited too long for a device to be trusted with removals
  bool go_on(const Deadline& deadline) const;
  bool has_time() const;  // D2
  std::size_t whole_limit() const;
  DecisionContext context(const Batch& undurable, const Candidate& candidate, bool may_execute);

  const AgentPorts& ports_;
  MailStore& store_;
  const Settings& settings_;
  PasswordCheck& check_;
  HashCost cost_;
  std::optional<WallTime> last_poll_;
  BrokenFetches& broken_;
  bool& tried_come_first_;
  std::set<MailKey>& survived_;
  WaitingMails& waiting_;
  std::function<bool()> wanted_;

  Recollection memory_;
  std::size_t skipped_ = 0;  // how many of the listing wait, and are not looked at
  DeviceIdentity identity_;
  std::unique_ptr<Mailbox> mailbox_;
  SteadyTime last_exchange_{};  // with the mailbox server
  SteadyTime judging_ends_{};
  MailboxListing listing_;
  Turns turns_;
  std::vector<Receipt> receipts_;  // to be removed
  std::size_t judged_ = 0, executed_ = 0;
  Right right_;
  std::optional<std::size_t> first_staying_;  // the oldest that stays: behind it no password is final
  std::uint64_t password_generation_ = 0;     // of the setting that right_ comes from
  PollResult result_;
};

}  // namespace remotemail
