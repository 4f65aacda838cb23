// `check`: everything that must be right before a mail is answered, looked at in the order of the work.
#pragma once

#include "agent/set_up_test.hpp"

namespace remotemail {

// Each thing looked at is one finding, with cause and cure where it fails; what depends on a thing that failed is
// skipped. Sends no mail, removes none, changes no setting. Returns when the latest log-in to the mailbox was (D11).
std::optional<SteadyTime> run_doctor(const SetUpContext&, const StoredSettings& stored, const Deadline&);

}  // namespace remotemail
