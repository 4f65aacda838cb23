// One connection's life: handshake, then request by request, each within its limits of octets and time.
#pragma once

#include <Poco/Net/TCPServerConnection.h>

#include <functional>
#include <stop_token>
#include <string>

#include "web/request.hpp"
#include "web/server/web_wire.hpp"

namespace remotemail::web {

struct Serving {
  std::function<Response(const Request&)> answer;
  SSL_CTX* context = nullptr;         // null: plain
  std::function<bool()> others_wait;  // for a thread: then slow and idle connections make room
  // Told before and after a connection's time between two requests.
  std::function<void(const Poco::Net::StreamSocket&, bool)> set_idle;
  std::function<void(const Poco::Net::StreamSocket&)> leave;  // before it is closed
  std::function<void(const char*)> on_bug;                    // an exception of `answer`; throws nothing itself
  std::stop_token stop;
};

class Connection final : public Poco::Net::TCPServerConnection {
 public:
  Connection(const Poco::Net::StreamSocket& socket, const Serving& serving)
      : TCPServerConnection(socket), serving_(serving) {}
  void run() override;

 private:
  void serve();
  bool know_addresses();  // false: the other side is gone already
  Patience patience_of(std::chrono::milliseconds longest,
                       std::chrono::milliseconds longest_others_wait) const;
  // False: the connection ends. `ahead`: octets of the next request that were read already.
  bool serve_one(WebWire& wire, std::string& ahead, const Patience& patience);
  void refuse(WebWire& wire, int status, bool with_body, const Patience& patience);

  const Serving& serving_;
  std::string peer_, reached_at_;  // known from the beginning: one who has left has no address any more
  int served_ = 0;
};

}  // namespace remotemail::web
