// Step 10: sends what the outbox holds.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "remotemail/agent/agent.hpp"

namespace remotemail {

struct SendResult {
  std::uint64_t sent = 0, deferred = 0, failed = 0;
  std::optional<Error> smtp_error, store_error;
};

// One session with the SMTP server for all that is due; none when nothing is. `everything`: due or not.
SendResult send_round(const AgentPorts& ports, MailStore& store, const Settings& settings,
                      const std::string& client_name, bool everything, const StepObserver& observer,
                      const Deadline& deadline);

}  // namespace remotemail
