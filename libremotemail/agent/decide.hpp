// The fold of a batch: one mail and the right of the moment give a verdict (design, "One mail, one straight
// line").
#pragma once

#include <cstdint>
#include <string>
#include <variant>

#include "agent/execute.hpp"
#include "remotemail/agent/agent.hpp"
#include "remotemail/mail_store/batch.hpp"

namespace remotemail {

// A mail as far as it was fetched.
struct Candidate {
  MailListing listing;
  Mail mail;
  std::string content_digest;  // of the bytes `mail` was parsed from
  bool fetched = false;
  bool cut = false;    // by a limit that came of a wrong size: not to be judged as it is
  bool whole = false;  // as much of it as will be had, not its header alone
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
  // True before an older mail that was tried and is not done yet, and that has the password of its time (R5): a CHPASS
  // waits for it (F20, R1).
  bool older_waits;
  ExecutionContext execution;
};

struct NeedsMore {  // the header is not enough: fetch so many octets and ask again
  std::uint64_t bytes = 0;
};
struct Stays {         // on the server, unexecuted, for a later poll
  std::string reason;  // for the log; may be empty
};                     // R11: stays on the server, unexecuted
using Decision = std::variant<MailVerdict, NeedsMore, Stays>;

// Judges in D13's order and, when accepted, executes and composes. `right` changes by CHPASS (F20). Store
// trouble and a reply that cannot be composed are errors: the mail stays.
Result<Decision> decide(const Candidate& candidate, Right& right, const DecisionContext& context,
                        const Deadline& deadline);

}  // namespace remotemail
