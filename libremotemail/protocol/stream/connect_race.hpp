// The first of several addresses that takes a connection (RFC 8305).
#pragma once

#include <Poco/Net/StreamSocket.h>

#include <cstdint>
#include <string>
#include <vector>

#include "protocol/stream/waiter.hpp"
#include "remotemail/core/result.hpp"

namespace remotemail {

// Starts with the first address and with the next one after 250 ms, or as soon as one has failed; at most
// eight at a time, each for limits::kAddressTime. The error has the cause that tells most (refused before
// timed out before unreachable) and names `server` and what was tried.
Result<Poco::Net::StreamSocket> connect_first(const std::vector<std::string>& addresses, std::uint16_t port,
                                              const std::string& server, Waiter& waiter,
                                              const Deadline& deadline);

}  // namespace remotemail
