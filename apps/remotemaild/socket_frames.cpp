#include "socket_frames.hpp"

#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>
#include <cstddef>

namespace remotemaild {
namespace {

bool write_all(int socket, std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t count = ::send(socket, bytes.data(), bytes.size(), MSG_NOSIGNAL);
    if (count < 0 && errno == EINTR) continue;
    if (count <= 0) return false;
    bytes.remove_prefix(static_cast<std::size_t>(count));
  }
  return true;
}

bool read_all(int socket, char* into, std::size_t size) {
  while (size > 0) {
    const ssize_t count = ::recv(socket, into, size, 0);
    if (count < 0 && errno == EINTR) continue;
    if (count <= 0) return false;
    into += count;
    size -= static_cast<std::size_t>(count);
  }
  return true;
}

}  // namespace

void put_number(std::string& bytes, std::uint32_t number) {
  for (int shift = 24; shift >= 0; shift -= 8) bytes += static_cast<char>(number >> shift & 255U);
}

void put_text(std::string& bytes, std::string_view text) {
  put_number(bytes, static_cast<std::uint32_t>(text.size()));
  bytes += text;
}

bool take_number(std::string_view& bytes, std::uint32_t& number) {
  if (bytes.size() < 4) return false;
  number = 0;
  for (std::size_t i = 0; i < 4; ++i) number = number << 8U | static_cast<unsigned char>(bytes[i]);
  bytes.remove_prefix(4);
  return true;
}

bool take_text(std::string_view& bytes, std::string& text) {
  std::uint32_t size = 0;
  if (!take_number(bytes, size) || bytes.size() < size) return false;
  text.assign(bytes.substr(0, size));
  bytes.remove_prefix(size);
  return true;
}

bool write_frame(int socket, char type, std::string_view text) {
  std::string head(1, type);
  put_number(head, static_cast<std::uint32_t>(text.size()));
  return write_all(socket, head) && write_all(socket, text);
}

std::optional<Frame> read_frame(int socket) {
  std::string head(5, '\0');
  if (!read_all(socket, head.data(), head.size())) return std::nullopt;
  std::string_view rest = std::string_view(head).substr(1);
  std::uint32_t size = 0;
  if (!take_number(rest, size) || size > kLongestFrame) return std::nullopt;
  Frame frame{head[0], std::string(size, '\0')};
  if (!read_all(socket, frame.text.data(), size)) return std::nullopt;
  return frame;
}

}  // namespace remotemaild
