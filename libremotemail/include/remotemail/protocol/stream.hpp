// The port to the network: a byte stream that may be put under TLS. An OEM without Poco implements these two classes.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>

#include "remotemail/core/clock.hpp"
#include "remotemail/core/result.hpp"
#include "remotemail/core/server_account.hpp"

namespace remotemail {

// What `check` tells of a connection under TLS.
struct TlsInfo {
  bool active = false;
  std::string version;      // "TLSv1.3"
  std::string cipher;
  std::string subject;      // of the peer's certificate, cleaned
  std::string issuer;
  std::string not_after;    // "2027-01-31 12:00:00 UTC"
  std::string pin;          // SHA-256 of its public key, 64 hex digits: what a setting `pin` would be
};

// What `check` tells of an open session.
struct SessionInfo {
  std::string peer;  // see Stream::peer()
  TlsInfo tls;
};

// An open connection. One thread at a time. Destroying it cuts the line without another byte of the dialogue.
class Stream {
 public:
  virtual ~Stream() = default;

  // Reads 1 to out.size() octets. 0: the peer closed in order (under TLS: by close_notify; without one the result is
  // Cause::connection_lost, so that a truncated answer is never taken for a whole one). Fails with timed_out,
  // stopped or connection_lost.
  virtual Result<std::size_t> read(std::span<char> out, const Deadline& deadline) = 0;

  // Writes all or fails as read() does; after a failure nothing is known of how much arrived.
  virtual Status write(std::string_view bytes, const Deadline& deadline) = 0;

  // How many of the octets on the wire the other end has not acknowledged yet; 0 also where that cannot be known.
  virtual std::size_t unacknowledged() const { return 0; }

  // Puts the stream under TLS. On success the handshake is complete and chain, name or pin have been verified; on
  // failure no byte of the dialogue has left and the stream is of no further use. Once only.
  virtual Status start_tls(const TlsPolicy& policy, const Deadline& deadline) = 0;

  // After a start_tls() that failed: with active = false what is known of the certificate, for pinning it knowingly.
  virtual TlsInfo tls() const { return {}; }

  // The other end's address and port, "192.0.2.1:995", "[2001:db8::1]:25"; empty: not known.
  virtual std::string peer() const { return {}; }
};

// Opens streams.
class Connector {
 public:
  virtual ~Connector() = default;

  // Looks the name up (with `dns_server` where given, B11), tries all addresses in turn, each within
  // limits::kAddressTime, and returns the first that answers; no TLS yet. The error names what was tried.
  // Any thread.
  virtual Result<std::unique_ptr<Stream>> connect(const std::string& host, std::uint16_t port,
                                                  const std::string& dns_server, const Deadline& deadline) = 0;
};

}  // namespace remotemail
