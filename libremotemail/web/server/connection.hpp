// One connection's life: handshake, then request by request, each within its limits of octets and time.
#pragma once

#include <Poco/Net/TCPServerConnection.h>

#include <functional>
#include <stop_token>

#include "web/request.hpp"
#include "web/server/web_wire.hpp"

namespace remotemail::web {

struct Serving {
  std::function<Response(const Request&)> answer;
  SSL_CTX* context = nullptr;               // null: plain
  std::function<bool()> others_wait;        // then a connection without a request under way makes room
  std::function<void(const char*)> on_bug;  // an exception of `answer`
  std::stop_token stop;
};

class Connection final : public Poco::Net::TCPServerConnection {
 public:
  Connection(const Poco::Net::StreamSocket& socket, const Serving& serving)
      : TCPServerConnection(socket), serving_(serving) {}
  void run() override;

 private:
  void serve();
  // False: the connection ends.
  bool serve_one(WebWire& wire, std::string& ahead);
  void refuse(WebWire& wire, int status, WireTime until);

  const Serving& serving_;
};

}  // namespace remotemail::web
