#include "systemd_notify.hpp"

#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <cstring>

#include "core/text.hpp"

namespace remotemaild {

void tell_systemd(const std::string& state) {
  const char* path = std::getenv("NOTIFY_SOCKET");
  if (path == nullptr || (path[0] != '/' && path[0] != '@')) return;
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  const std::size_t length = std::strlen(path);
  if (length >= sizeof address.sun_path) return;
  std::memcpy(address.sun_path, path, length);
  if (path[0] == '@') address.sun_path[0] = '\0';  // an abstract socket
  const int socket = ::socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
  if (socket < 0) return;
  ::sendto(socket, state.data(), state.size(), MSG_NOSIGNAL, reinterpret_cast<const sockaddr*>(&address),
           static_cast<socklen_t>(offsetof(sockaddr_un, sun_path) + length));
  ::close(socket);
}

std::chrono::milliseconds watchdog_interval() {
  constexpr std::uint64_t kLongest = 24ULL * 3600 * 1'000'000;
  const char* patience = std::getenv("WATCHDOG_USEC");
  const char* process = std::getenv("WATCHDOG_PID");
  if (patience == nullptr) return {};
  if (process != nullptr &&
      remotemail::parse_number<std::uint64_t>(process) != static_cast<std::uint64_t>(::getpid()))
    return {};
  const auto microseconds = remotemail::parse_number<std::uint64_t>(patience);
  if (!microseconds || *microseconds < 2'000) return {};
  return std::chrono::milliseconds(std::min(*microseconds, kLongest) / 2'000);
}

}  // namespace remotemaild
