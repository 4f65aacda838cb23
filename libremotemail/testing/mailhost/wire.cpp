#include "testing/mailhost/wire.hpp"

#include <netinet/in.h>
#include <netinet/tcp.h>
#include <openssl/err.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>

namespace remotemail::testing::mailhost {
namespace {

constexpr std::size_t kChunk = 16 * 1024;
constexpr std::size_t kLinger = 4u << 20;  // what finish() reads of a client that goes on talking

void set_timeout(int socket, int option, std::chrono::milliseconds limit) {
  timeval time{};
  time.tv_sec = limit.count() / 1000;
  time.tv_usec = static_cast<suseconds_t>(limit.count() % 1000 * 1000);
  setsockopt(socket, SOL_SOCKET, option, &time, sizeof time);
}

}  // namespace

Wire::Wire(int socket, std::chrono::seconds idle_limit) : socket_(socket), idle_limit_(idle_limit) {
  const int on = 1;
  setsockopt(socket_, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
  set_timeout(socket_, SO_RCVTIMEO, idle_limit_);
  set_timeout(socket_, SO_SNDTIMEO, idle_limit_);
}

Wire::~Wire() {
  cut();
}

bool Wire::start_tls(SSL_CTX& context) {
  buffer_.clear();
  begin_ = 0;
  ssl_.reset(SSL_new(&context));
  ERR_clear_error();
  return ssl_ && SSL_set_fd(ssl_.get(), socket_) == 1 && SSL_accept(ssl_.get()) == 1;
}

bool Wire::fill() {
  buffer_.erase(0, begin_);
  begin_ = 0;
  const std::size_t old = buffer_.size();
  buffer_.resize(old + kChunk);
  std::ptrdiff_t got = 0;
  if (ssl_) {
    ERR_clear_error();
    got = SSL_read(ssl_.get(), buffer_.data() + old, static_cast<int>(kChunk));
  } else {
    do got = recv(socket_, buffer_.data() + old, kChunk, 0);
    while (got < 0 && errno == EINTR);
  }
  buffer_.resize(old + static_cast<std::size_t>(std::max<std::ptrdiff_t>(got, 0)));
  return got > 0;
}

Wire::Line Wire::read_line(std::string& line, std::size_t limit) {
  std::size_t searched = begin_;
  for (;;) {
    const std::size_t end = buffer_.find('\n', searched);
    if (end != std::string::npos && end - begin_ <= limit) {
      line.assign(buffer_, begin_, end - begin_);
      if (line.ends_with('\r')) line.pop_back();
      begin_ = end + 1;
      return Line::complete;
    }
    if (end != std::string::npos || buffer_.size() - begin_ > limit) return Line::too_long;
    const std::size_t waiting = buffer_.size() - begin_;
    if (!fill()) return Line::closed;
    searched = waiting;
  }
}

bool Wire::read_exactly(std::size_t count, std::string& out) {
  while (buffer_.size() - begin_ < count) {
    if (!fill()) return false;
  }
  out.append(buffer_, begin_, count);
  begin_ += count;
  return true;
}

bool Wire::readable(std::chrono::milliseconds wait) const {
  if (begin_ < buffer_.size() || (ssl_ && SSL_pending(ssl_.get()) > 0)) return true;
  pollfd entry{socket_, POLLIN, 0};
  return poll(&entry, 1, static_cast<int>(wait.count())) > 0;
}

bool Wire::write(std::string_view bytes) {
  while (!bytes.empty()) {
    std::ptrdiff_t sent = 0;
    const std::size_t piece = std::min(bytes.size(), kChunk);
    if (ssl_) {
      ERR_clear_error();
      sent = SSL_write(ssl_.get(), bytes.data(), static_cast<int>(piece));
    } else {
      do sent = send(socket_, bytes.data(), piece, MSG_NOSIGNAL);
      while (sent < 0 && errno == EINTR);
    }
    if (sent <= 0) return false;
    bytes.remove_prefix(static_cast<std::size_t>(sent));
  }
  return true;
}

void Wire::swallow() {
  while (fill()) begin_ = buffer_.size();
}

void Wire::finish() {
  if (socket_ < 0) return;
  if (ssl_) SSL_shutdown(ssl_.get());
  // Closing with octets unread would reset the connection and take the answer with it.
  ::shutdown(socket_, SHUT_WR);
  set_timeout(socket_, SO_RCVTIMEO, std::chrono::milliseconds(500));
  char scrap[kChunk];
  for (std::size_t read = 0; read < kLinger;) {
    const std::ptrdiff_t got = recv(socket_, scrap, sizeof scrap, 0);
    if (got <= 0) break;
    read += static_cast<std::size_t>(got);
  }
  cut();
}

void Wire::cut() {
  const std::lock_guard lock(mutex_);
  if (socket_ >= 0) close(socket_);
  socket_ = -1;
}

void Wire::abort() {
  const std::lock_guard lock(mutex_);
  if (socket_ >= 0) ::shutdown(socket_, SHUT_RDWR);
}

}  // namespace remotemail::testing::mailhost
