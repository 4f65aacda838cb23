// Who is connected: few connections of one address (Y5), and of those the idle ones make room for new ones, so that two
// browsers on one machine, or behind one router, never lock each other out.
#pragma once

#include <Poco/Net/StreamSocket.h>
#include <Poco/Net/TCPServer.h>

#include <cstddef>
#include <list>
#include <mutex>
#include <string>

namespace remotemail::web {

class Guests final : public Poco::Net::TCPServerConnectionFilter {
 public:
  static constexpr std::size_t kMostOfOne = 4;  // connections of an address
  static constexpr std::size_t kMost = 64;      // of all

  bool accept(const Poco::Net::StreamSocket& socket) override;
  // Between two requests it may be asked to go, which it sees as the end of what the other side sends.
  void set_idle(const Poco::Net::StreamSocket& socket, bool idle);
  // Before the connection's descriptor is closed, so that nobody else has its number yet.
  void leave(const Poco::Net::StreamSocket& socket);

 private:
  struct Guest {
    std::string network;
    int descriptor = -1;
    bool idle = false, asked_to_go = false;
  };

  std::mutex mutex_;
  std::list<Guest> guests_;
};

}  // namespace remotemail::web
