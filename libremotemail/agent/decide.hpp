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
  bool whole = false;  // all of it, not its header alone
};

// What a batch is decided by: one settings snapshot and the ports.
struct DecisionContext {
  const AgentPorts& ports;
  MailStore& store;
  const Settings& settings;
  const DeviceIdentity& device;
  ExecutionContext execution;
};

struct NeedsWhole {};  // header or a part is not enough: fetch the whole and ask again
struct OverLimit {
  std::string detail;
};  // R11: stays on the server, unexecuted
using Decision = std::variant<MailVerdict, NeedsWhole, OverLimit>;

// True when a header alone already asks for the first 64 KiB: the mail may be a bounce of ours (D13, R10).
bool may_be_bounce(const Mail& mail);

// Judges in D13's order and, when accepted, executes and composes. `right` changes by CHPASS (F20). Store
// trouble and a reply that cannot be composed are errors: the mail stays.
Result<Decision> decide(const Candidate& candidate, Right& right, const DecisionContext& context,
                        const Deadline& deadline);

}  // namespace remotemail
