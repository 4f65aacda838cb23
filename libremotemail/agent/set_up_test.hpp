// C1–C4: the tests of a set-up, with the settings as applied. They pass by the outbox: their result is wanted now.
#pragma once

#include <functional>
#include <optional>
#include <string>

#include "remotemail/agent/agent.hpp"

namespace remotemail {

// What tests and doctor work with; one settings snapshot.
struct SetUpContext {
  const AgentPorts& ports;
  MailStore& store;
  const Settings& settings;
  const std::string& client_name;
  StepObserver observer;
  std::function<void(Finding)> found;  // called as soon as there is one
};

// C1, C2: mails the Manager. `login` is D11's: what keeps a mail from being sent, if anything.
void run_sending_test(const SetUpContext&, const std::function<std::optional<Error>()>& login,
                      const Deadline&);

// C3, C4: mails the copier's own address and looks for it, every 2 s for 60 s, among the mails that came since. Returns
// when the latest log-in to the mailbox was (D11).
std::optional<SteadyTime> run_round_trip_test(const SetUpContext&, const Deadline&);

}  // namespace remotemail
