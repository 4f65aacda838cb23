#include "control_client.hpp"

#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

#include "core/text.hpp"
#include "exit_status.hpp"
#include "remotemail/core/secret.hpp"
#include "socket_frames.hpp"

namespace remotemaild {

int ask_service(const std::string& directory, const Invocation& invocation, Output& output) {
  const std::string path = directory + "/control";
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  if (path.size() >= sizeof address.sun_path) {
    output.err("remotemaild: " + path + ": the path is too long for a socket\n");
    return kFailed;
  }
  std::memcpy(address.sun_path, path.c_str(), path.size() + 1);
  const int socket = ::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
  if (socket < 0 || ::connect(socket, reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0) {
    output.err("remotemaild: another process works on " + directory + " and takes no commands (" +
               std::strerror(errno) + "); try again when it is done\n");
    if (socket >= 0) ::close(socket);
    return kAlreadyRunning;
  }
  ucred peer{};
  socklen_t size = sizeof peer;
  if (::getsockopt(socket, SOL_SOCKET, SO_PEERCRED, &peer, &size) != 0 || peer.uid != ::geteuid()) {
    output.err("remotemaild: " + path + " is served by another user; it is told nothing\n");
    ::close(socket);
    return kFailed;
  }
  int status = kFailed;
  bool ended = false;
  std::string bytes = encode(invocation);
  const bool asked = write_frame(socket, Frame::invocation, bytes);
  remotemail::wipe(bytes);
  if (asked) {
    while (const auto frame = read_frame(socket)) {
      if (frame->type == Frame::out) output.out(frame->text);
      if (frame->type == Frame::err) output.err(frame->text);
      if (frame->type == Frame::exit) {
        ended = true;
        status = remotemail::parse_number<int>(frame->text).value_or(kFailed);
        break;
      }
    }
  }
  if (!ended) output.err("remotemaild: the service went away before it was done\n");
  ::close(socket);
  return status;
}

}  // namespace remotemaild
