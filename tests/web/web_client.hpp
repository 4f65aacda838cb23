// A plain HTTP client as crude as an attacker's: it sends octets and reads what comes.
#pragma once

#include <arpa/inet.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <chrono>
#include <string>
#include <string_view>

namespace remotemail::testing {

class WebClient {
 public:
  explicit WebClient(std::uint16_t port, const char* from = "127.0.0.1")
      : descriptor_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
    sockaddr_in own{}, there{};
    own.sin_family = there.sin_family = AF_INET;
    ::inet_pton(AF_INET, from, &own.sin_addr);
    there.sin_port = htons(port);
    there.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    if (std::string_view(from) != "127.0.0.1")
      ::bind(descriptor_, reinterpret_cast<sockaddr*>(&own), sizeof own);
    connected_ = ::connect(descriptor_, reinterpret_cast<sockaddr*>(&there), sizeof there) == 0;
  }
  WebClient(WebClient&& other) noexcept : descriptor_(other.descriptor_), connected_(other.connected_) {
    other.descriptor_ = -1;
  }
  WebClient(const WebClient&) = delete;
  ~WebClient() {
    if (descriptor_ >= 0) ::close(descriptor_);
  }

  // Ends it without a word: what was under way in both directions is lost.
  void reset() {
    const linger at_once{1, 0};
    ::setsockopt(descriptor_, SOL_SOCKET, SO_LINGER, &at_once, sizeof at_once);
    ::close(descriptor_);
    descriptor_ = -1;
  }

  bool send(std::string_view bytes) {
    while (!bytes.empty()) {
      const auto count = ::send(descriptor_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
      if (count <= 0) return false;
      bytes.remove_prefix(static_cast<std::size_t>(count));
    }
    return true;
  }
  // Until the other side ends it, or nothing comes for this long.
  std::string read(std::chrono::milliseconds patience = std::chrono::seconds(30)) {
    std::string all;
    char piece[4096];
    pollfd waiting{descriptor_, POLLIN, 0};
    while (::poll(&waiting, 1, static_cast<int>(patience.count())) > 0) {
      const auto count = ::recv(descriptor_, piece, sizeof piece, 0);
      if (count <= 0) break;
      all.append(piece, static_cast<std::size_t>(count));
    }
    return all;
  }
  // Until these octets have come; all that came, or what came when nothing more does.
  std::string read_to(std::string_view end) {
    std::string all;
    char piece[4096];
    pollfd waiting{descriptor_, POLLIN, 0};
    while (all.find(end) == std::string::npos && ::poll(&waiting, 1, 30'000) > 0) {
      const auto count = ::recv(descriptor_, piece, sizeof piece, 0);
      if (count <= 0) break;
      all.append(piece, static_cast<std::size_t>(count));
    }
    return all;
  }
  // Something is there to be read, be it the end.
  bool has_answer() const {
    pollfd waiting{descriptor_, POLLIN, 0};
    return ::poll(&waiting, 1, 1) > 0;
  }
  std::string ask(std::string_view request) {
    send(request);
    return read();
  }

 private:
  int descriptor_;
  bool connected_ = false;
};

}  // namespace remotemail::testing
