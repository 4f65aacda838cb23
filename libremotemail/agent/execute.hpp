// Step 5: carries out what a mail asks for.
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "remotemail/core/clock.hpp"
#include "remotemail/core/outcome.hpp"
#include "remotemail/core/password.hpp"
#include "remotemail/core/sealer.hpp"
#include "remotemail/device_adapter/device_adapter.hpp"

namespace remotemail {

// The CE password as the fold over a batch sees it: a CHPASS in one mail changes the right of the next (F20).
struct Right {
  PasswordHash hash;
  bool changed = false;  // by a CHPASS of this batch, not yet committed
};

// What execution needs besides the plan.
struct ExecutionContext {
  DeviceAdapter& device;
  const Clock& clock;
  Random& random;
  PasswordCheck& check;
  HashCost hash_cost;
  std::chrono::minutes interval{10};  // for HELP
  std::optional<WallTime> last_poll;  // for HELP
  std::uint64_t size_limit = 10'240;  // for HELP
  const Sealer* names = nullptr;      // L, security.mask_names: makes the pseudonyms; none: names are shown
};

// L: "Person-k3f9x2", the same for a name in every list for as long as the sealing key stays; nobody without that key
// can tell the name.
std::string pseudonym(std::string_view name, const Sealer& sealer);

// One outcome an item, in order; Cause::stopped when a stop came in between: then nothing of it counts. All
// reading for one mail takes at most limits::kDeviceTimePerMail, of which waiting for a busy device
// limits::kBusyWaitPerMail; what did not fit is an outcome in words. Changes `right` by CHPASS (F14–F20).
Result<std::vector<Outcome>> execute(const Plan& plan, Right& right, const ExecutionContext& context,
                                     const Deadline& deadline);

// One list as an outcome, its names masked where that is wanted. Waits for a busy device as long as `busy_left` lasts, which the lists of a mail
// share.
// Cause::stopped is the only error.
Result<OutcomeValue> read_for_reply(ListId list, bool phone, const ExecutionContext& context,
                                    std::chrono::milliseconds& busy_left, const Deadline& deadline);

}  // namespace remotemail
