// What the agent tells of itself: values for page, command line and firmware.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "remotemail/core/clock.hpp"
#include "remotemail/core/device_list.hpp"
#include "remotemail/core/result.hpp"
#include "remotemail/settings/settings.hpp"

namespace remotemail {

struct AgentStatus {
  enum class Work { idle, polling, sending, testing };  // testing: set-up tests and check
  bool enabled = false;
  DeviceState device = DeviceState::ready;
  Work work = Work::idle;
  std::optional<WallTime> last_poll;   // the latest that reached the mailbox
  std::optional<WallTime> next_poll;
  std::uint64_t waiting = 0;           // mails in the outbox: replies, copies, notices
  std::uint64_t set_aside = 0;         // R5: mails that are skipped
  std::uint64_t limited = 0;           // R11: mails that wait on the server for a limit of replies
  // Mails that wait on the server: too many passwords were wrong (Y8), or it ends each connection at them.
  std::uint64_t unjudged = 0;
  std::uint64_t wrong_passwords = 0;   // Y8: of unknown senders, in the hour that runs
  std::optional<WallTime> unknown_judged_from;  // Y8: until then mails of unknown senders are not judged
  std::uint64_t unlisted = 0;          // mails beyond limits::kListedMails: never looked at until there is room
  std::optional<Error> mailbox_trouble, smtp_trouble, store_trouble;  // as long as they last
};

// What is worth a word in it beside the troubles: limits, attempts, waiting mails; a line each.
std::vector<std::string> remarks(const AgentStatus&, std::chrono::minutes utc_offset);

// What the machine showed when it was looked at last (JobRequest::Kind::glance): for a page that must not wait for it.
struct MachineGlance {
  struct Value {
    std::string label, value;
  };
  DeviceIdentity identity;
  std::vector<Value> counters;  // the rows of the counter list that its adapter chose for the phone, in their order
  std::vector<Value> use;       // how far supplies and maintenance are used, in per cent: Machine management list 2
  WallTime at{};
  std::optional<Error> error;   // what could not be read; the values are older then, or missing
};

// What one poll and the sending round after it did; `once --json` shows it.
struct PollReport {
  std::string state = "done";  // done, disabled, off, failed
  std::uint64_t fetched = 0, answered = 0, illegal = 0, unanswerable = 0, left = 0;
  std::uint64_t sent = 0, waiting = 0, failed = 0;
  std::optional<Error> error;  // the first trouble of the round
};

// One finding of a set-up test or of the doctor.
struct Finding {
  enum class Kind { passed, note, failed, skipped };  // note: it works, but somebody should look at it
  Kind kind = Kind::passed;
  std::string part;   // "receiving mail server": findings of one part stand together
  std::string what;   // "log-in"
  std::string words;  // what was found; of a failure the cause and, where one is known, the cure
};
std::string_view words(Finding::Kind) noexcept;  // "passed"

// Work for the worker's thread, which alone touches network and device.
struct JobRequest {
  enum class Kind {
    poll,           // fetch, answer and send now, whatever the schedule says; not while disabled or off
    send,           // send what waits now, back-off or not; with `id` that one mail alone; not while off
    drop,           // takes the waiting mail `id` out, unsent; the log says so
    preview,        // what a mail would contain (`remotemaild list`): never sent, never logged
    sending_test,     // C1, C2: a mail to the Manager; one finding. Not while off; also while disabled, as the next two
    round_trip_test,  // C3, C4: a mail to the copier itself, fetched back; two findings, "sending" and "receiving"
    check,            // the doctor: everything that must be right before a mail is answered, part by part
    glance,         // reads what Agent::glance() tells; asked for again while one waits or runs, it is that one
    offered_lists,  // which lists the machine has; also while it is off
    count_mailbox,  // how many mails lie there, with `texts` applied in thought: what A22's question names
  };
  Kind kind = Kind::poll;
  std::size_t max_mails = 5;            // poll: D2
  std::string id{};                     // send, drop: OutboxMail::id
  ListId list = ListId::counter;        // preview
  bool phone = false;                   // preview
  SettingTexts texts;                   // count_mailbox
};

struct JobProgress {
  bool done = false;
  std::vector<Step> steps;      // begun so far, in order
  std::optional<Error> error;   // when done: why there is no result
  PollReport report;            // poll, send
  std::vector<Finding> findings;  // tests and check; grows while the job runs
  std::string text;             // preview; count_mailbox: the question, in words
  std::uint64_t count = 0;      // count_mailbox
  std::vector<ListId> lists;    // offered_lists, in the manual's order
};

struct ApplyReport {
  std::vector<FieldError> errors;    // nothing was applied
  std::optional<Error> error;        // changed_elsewhere, store trouble: nothing was applied as far as can be known
  std::vector<std::string> changed;  // keys
  std::vector<std::string> blanked;  // passwords that a changed server blanked (Y3)
  bool ok() const { return errors.empty() && !error; }
};

}  // namespace remotemail
