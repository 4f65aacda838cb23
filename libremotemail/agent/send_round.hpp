// Step 10: sends what the outbox holds.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <string>

#include "remotemail/agent/agent.hpp"

namespace remotemail {

struct SendResult {
  std::uint64_t sent = 0, deferred = 0, failed = 0;
  std::optional<Error> login_error, smtp_error, store_error;
};

// What became of mails, by id, and could not be noted: a server confirmed one or left it in doubt while the disk was full
// or memory ran out. Noted before anything else is sent, so that no copy comes that the log does not tell of (R1).
using Unnoted = std::map<std::string, Settlement>;

// What a sending round works with.
struct SendContext {
  const AgentPorts& ports;
  MailStore& store;
  const Settings& settings;
  const std::string& client_name;
  Unnoted& unnoted;                             // kept from round to round
  std::function<std::optional<Error>()> login;  // D11: what has to precede every sending
  StepObserver observer;
  bool clock_in_doubt = false;  // see next_attempt()
  std::string only{};  // the one waiting mail that is to be tried, by its id; empty: all that are due
};

// One session with the SMTP server for all that is due; none when nothing is. `everything`: due or not. A
// server that cannot be reached counts as an attempt for each reply that was due, so that they expire by R6
// like the others.
SendResult send_round(const SendContext& context, bool everything, const Deadline& deadline);

}  // namespace remotemail
