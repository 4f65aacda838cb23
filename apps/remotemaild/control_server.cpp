#include "control_server.hpp"

#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/time.h>
#include <sys/un.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <exception>
#include <optional>

#include "exit_status.hpp"
#include "remotemail/core/secret.hpp"
#include "socket_frames.hpp"

namespace remotemaild {
namespace {

constexpr std::size_t kConnections = 8;
constexpr timeval kPatience{10, 0};  // with a client that does not say or read anything

class SocketOutput final : public Output {
 public:
  explicit SocketOutput(int socket) : socket_(socket) {}
  void out(std::string_view text) override { write_frame(socket_, Frame::out, text); }
  void err(std::string_view text) override { write_frame(socket_, Frame::err, text); }

 private:
  int socket_;
};

bool may_ask(int socket) {
  ucred peer{};
  socklen_t size = sizeof peer;
  return ::getsockopt(socket, SOL_SOCKET, SO_PEERCRED, &peer, &size) == 0 &&
         (peer.uid == ::geteuid() || peer.uid == 0);
}

}  // namespace

remotemail::Result<std::unique_ptr<ControlServer>> ControlServer::open(const std::string& directory,
                                                                       Handler handler) {
  const std::string path = directory + "/control";
  const auto trouble = [&path](const std::string& why) {
    return make_error(remotemail::Cause::store_failed, remotemail::Step::store, path + ": " + why,
                      remotemail::Retry::after_setup_change);
  };
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  if (path.size() >= sizeof address.sun_path) return trouble("the path is too long for a socket");
  std::memcpy(address.sun_path, path.c_str(), path.size() + 1);
  const int listener = ::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
  if (listener < 0) return trouble(std::strerror(errno));
  ::unlink(path.c_str());  // of a service that was killed: the lock says that it is gone
  const mode_t mask = ::umask(0177);
  const bool bound = ::bind(listener, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0;
  const int why = errno;
  ::umask(mask);
  if (!bound || ::listen(listener, static_cast<int>(kConnections)) != 0) {
    ::close(listener);
    return trouble(std::strerror(bound ? errno : why));
  }
  return std::unique_ptr<ControlServer>(new ControlServer(listener, path, std::move(handler)));
}

ControlServer::ControlServer(int listener, std::string path, Handler handler)
    : listener_(listener), path_(std::move(path)), handler_(std::move(handler)) {}

ControlServer::~ControlServer() {
  ::close(listener_);
  ::unlink(path_.c_str());
  for (Connection& connection : connections_) {
    if (!connection.done) ::shutdown(connection.socket, SHUT_RD);
    connection.thread.join();
    ::close(connection.socket);
  }
}

void ControlServer::accept() {
  collect();
  const int socket = ::accept4(listener_, nullptr, nullptr, SOCK_CLOEXEC);
  if (socket < 0) return;
  if (!may_ask(socket) || connections_.size() >= kConnections) {
    SocketOutput(socket).err("remotemaild: the service is busy with other commands, or you may not ask it\n");
    write_frame(socket, Frame::exit, std::to_string(kFailed));
    ::close(socket);
    return;
  }
  ::setsockopt(socket, SOL_SOCKET, SO_RCVTIMEO, &kPatience, sizeof kPatience);
  ::setsockopt(socket, SOL_SOCKET, SO_SNDTIMEO, &kPatience, sizeof kPatience);
  Connection& connection = connections_.emplace_back();
  connection.socket = socket;
  connection.thread = std::jthread([this, &connection] { serve(connection); });
}

void ControlServer::serve(Connection& connection) {
  SocketOutput output(connection.socket);
  int status = kFailed;
  auto frame = read_frame(connection.socket);
  if (frame && frame->type == Frame::invocation) {
    const auto invocation = decode(frame->text);
    remotemail::wipe(frame->text);
    if (invocation) {
      try {
        status = handler_(*invocation, output);
      } catch (const std::exception& exception) {
        output.err(std::string("remotemaild: internal error: ") + exception.what() + "\n");
      }
    } else {
      output.err("remotemaild: the service does not understand this command; is it another version?\n");
    }
  }
  write_frame(connection.socket, Frame::exit, std::to_string(status));
  ::shutdown(connection.socket, SHUT_RDWR);
  connection.done = true;
}

void ControlServer::collect() {
  for (auto at = connections_.begin(); at != connections_.end();) {
    if (!at->done) {
      ++at;
      continue;
    }
    at->thread.join();
    ::close(at->socket);
    at = connections_.erase(at);
  }
}

}  // namespace remotemaild
