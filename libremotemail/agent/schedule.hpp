// When to poll and when to send: pure functions of what happened, the time and a die (R6, R7, A14, A19).
#pragma once

#include <chrono>
#include <optional>

#include "remotemail/core/clock.hpp"
#include "remotemail/core/random.hpp"
#include "remotemail/core/result.hpp"

namespace remotemail {

// How often in a row a server has failed us.
struct Trouble {
  unsigned failures = 0;  // down, refused for now, broken answers
  unsigned refusals = 0;  // log-in refused, or a set-up that cannot work
};

// R7: what the next try at a server waits, after `error` (none: all went well).
//  - well: `interval`
//  - set-up (log-in refused, certificate, …): 15 minutes, 1 hour, then every 6 hours
//  - else: interval · 2ⁿ, at most an hour, of which a random half to whole
std::chrono::milliseconds wait_after(Trouble& trouble, const std::optional<Error>& error,
                                     std::chrono::milliseconds interval, Random& random);

// A14: the first poll after a start of the service, 0 to 60 s, by chance, so that a fleet after a power cut
// spreads out.
std::chrono::milliseconds first_poll_delay(Random& random);

// R6: when a reply whose attempt number `attempts` (1: the first) has just failed is tried again: after 1, 5,
// 15, 30 minutes, then hourly, each a quarter more or less by chance. None: older than
// limits::kReplyLifetime, it has failed. The clock alone expires nothing before twelve attempts; by a
// clock that says `created` is still to come, about five days of attempts are the lifetime.
// `clock_in_doubt`: it was moved lately, so age expires nothing.
std::optional<WallTime> next_attempt(unsigned attempts, WallTime created, WallTime now, Random& random,
                                     bool clock_in_doubt = false);

}  // namespace remotemail
