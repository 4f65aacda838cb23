// The Connector of this library: sockets over Poco, TLS over OpenSSL, name look-up over c-ares. In remotemail::stream.
#pragma once

#include <memory>

#include "remotemail/core/clock.hpp"
#include "remotemail/protocol/stream.hpp"

namespace remotemail {

// `clock` must outlive the connector and its streams; certificates are judged by its wall time. A stream may outlive
// the connector. `dns_server` of connect() is an address, with or without a port ("192.0.2.53", "[2001:db8::53]:5353").
// Both IPv6 and IPv4 are tried, a broken one delays the other by a quarter of a second. The authorities of the system
// and of `ca_file` are read once and again when their file has changed.
std::unique_ptr<Connector> make_poco_connector(const Clock& clock);

}  // namespace remotemail
