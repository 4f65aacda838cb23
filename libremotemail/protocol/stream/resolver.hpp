// Names to addresses, over c-ares: the system's getaddrinfo can neither be stopped nor sent to another server
// (B11).
#pragma once

#include <string>
#include <vector>

#include "remotemail/core/clock.hpp"
#include "remotemail/core/result.hpp"

namespace remotemail {

// Any thread. Reads the system's set-up (hosts, name servers) anew for each look-up, so a change by DHCP
// counts at once.
class Resolver {
 public:
  explicit Resolver(const Clock& clock) : clock_(clock) {}

  // The addresses of `name` as text, IPv6 and IPv4 by turns, IPv6 first; at least one. An address that is
  // missing in one family does not matter; a family whose answer does not come is given up soon after the
  // other's has come. With `dns_server` (address, with or without port) only that one is asked, not the hosts
  // file either. A name with a dot is taken as complete; one without tries the system's search list.
  // name_not_found: the name does not exist or has no address; resolver_failed: the servers failed or did not
  // answer within 5 s each; timed_out, stopped.
  Result<std::vector<std::string>> resolve(const std::string& name, const std::string& dns_server,
                                           const Deadline& deadline) const;

 private:
  const Clock& clock_;
};

}  // namespace remotemail
