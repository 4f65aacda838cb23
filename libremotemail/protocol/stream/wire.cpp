#include "protocol/stream/wire.hpp"

#include <sys/socket.h>

#include <cerrno>
#include <cstring>

namespace remotemail {

Moved receive_plain(int descriptor, std::span<char> out) {
  for (;;) {
    const auto count = ::recv(descriptor, out.data(), out.size(), 0);
    if (count > 0) return {Progress::done, static_cast<std::size_t>(count)};
    if (count == 0) return {Progress::closed};
    if (errno == EINTR) continue;
    if (errno == EAGAIN || errno == EWOULDBLOCK) return {Progress::want_read};
    return {Progress::cut, 0, std::strerror(errno)};
  }
}

Moved send_plain(int descriptor, std::string_view bytes) {
  for (;;) {
    const auto count = ::send(descriptor, bytes.data(), bytes.size(), MSG_NOSIGNAL);
    if (count >= 0) return {Progress::done, static_cast<std::size_t>(count)};
    if (errno == EINTR) continue;
    if (errno == EAGAIN || errno == EWOULDBLOCK) return {Progress::want_write};
    return {Progress::cut, 0, std::strerror(errno)};
  }
}

}  // namespace remotemail
