// Stream over a connected socket.
#pragma once

#include <Poco/Net/StreamSocket.h>

#include <memory>
#include <optional>

#include "protocol/stream/tls_contexts.hpp"
#include "protocol/stream/tls_session.hpp"
#include "protocol/stream/waiter.hpp"
#include "remotemail/protocol/stream.hpp"

namespace remotemail {

class SocketStream final : public Stream {
 public:
  // `socket` is connected and does not block.
  SocketStream(Poco::Net::StreamSocket socket, std::shared_ptr<TlsContexts> contexts, const Clock& clock);
  ~SocketStream() override;

  Result<std::size_t> read(std::span<char> out, const Deadline& deadline) override;
  Status write(std::string_view bytes, const Deadline& deadline) override;
  std::size_t unacknowledged() const override;
  Status start_tls(const TlsPolicy& policy, const Deadline& deadline) override;
  TlsInfo tls() const override;
  std::string peer() const override { return peer_; }

 private:
  // Neither `plain` nor `secure`: between the first byte of a handshake and its verification, and for ever
  // after one that failed. Nothing is read or written then.
  enum class State { plain, secure, unusable };

  Moved read_some(std::span<char> out);
  Moved write_some(std::string_view bytes);
  Woken wait_for(Progress wanted, const Deadline& deadline);
  Status shake_hands(const Deadline& deadline);

  Poco::Net::StreamSocket socket_;
  std::string peer_;
  int descriptor_;
  std::shared_ptr<TlsContexts> contexts_;
  Waiter waiter_;
  std::unique_ptr<TlsSession> session_;
  State state_ = State::plain;
  bool may_write_ = true;  // false after a write that failed: nobody knows how much of it arrived
};

}  // namespace remotemail
