// The fold of a batch: one mail and the right of the moment give a verdict (design, "One mail, one straight
// line").
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <variant>

#include "agent/execute.hpp"
#include "agent/recollection.hpp"
#include "agent/waiting_mails.hpp"
#include "remotemail/agent/agent.hpp"
#include "remotemail/mail_store/batch.hpp"

namespace remotemail {

// A mail as far as it was fetched.
struct Candidate {
  MailListing listing;
  Mail mail;
  std::string content_digest;  // of the bytes `mail` was parsed from
  bool fetched = false;
  bool cut = false;       // by a limit that came of a wrong size: not to be judged as it is
  bool whole = false;     // as much of it as will be had, not its header alone
  std::size_t place = 0;  // in the listing
};

// What a batch is decided by: one settings snapshot and the ports.
struct DecisionContext {
  const AgentPorts& ports;
  MailStore& store;
  const Settings& settings;
  const DeviceIdentity& device;
  const Batch& undurable;  // what was decided before, of the same bunch, and stands in no store yet
  // False behind a mail that stays: a CHPASS in it may yet make a password right, so no password is wrong for
  // good (F20).
  bool password_is_final;
  // True before an older mail that has not had its turn, and that has the password of its time (R5): a CHPASS waits for
  // it (F20, R1), and a password that is wrong so far is no guess yet (Y8).
  bool older_waits;
  // False when this mail would not be executed now though it were right: then a password that cannot be wrong for good
  // is not compared, which would be a guess for nothing.
  bool may_execute;
  bool guess_counted;  // this mail's wrong password was taken from a budget by an earlier poll (Y8)
  Recollection& memory;
  ExecutionContext execution;
};

struct Judged {
  MailVerdict verdict;
  std::optional<Illegal> illegal;  // why, when it is: H2 may tell of it
};
struct NeedsMore {  // the header is not enough: fetch so many octets and ask again
  std::uint64_t bytes = 0;
};
using Stays = WaitingMail;  // on the server, unexecuted, for a later poll
using Decision = std::variant<Judged, NeedsMore, Stays>;

// Judges in D13's order and, when accepted, executes and composes. `right` changes by CHPASS (F20), `memory` by wrong
// passwords and new senders (Y8). Store trouble and a reply that cannot be composed are errors: the mail stays.
Result<Decision> decide(const Candidate& candidate, Right& right, const DecisionContext& context,
                        const Deadline& deadline);

}  // namespace remotemail
