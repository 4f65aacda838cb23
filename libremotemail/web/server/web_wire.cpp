#include "web/server/web_wire.hpp"

#include <fcntl.h>
#include <openssl/err.h>
#include <poll.h>
#include <sys/socket.h>

#include <algorithm>
#include <cerrno>

namespace remotemail::web {

using Clock = std::chrono::steady_clock;

WebWire::WebWire(int descriptor, SSL_CTX* context) : descriptor_(descriptor) {
  ::fcntl(descriptor_, F_SETFL, ::fcntl(descriptor_, F_GETFL) | O_NONBLOCK);
  if (context == nullptr) return;
  ssl_.reset(SSL_new(context));
  broken_ = ssl_ == nullptr || SSL_set_fd(ssl_.get(), descriptor_) != 1;
  if (!broken_) SSL_set_accept_state(ssl_.get());
}

WebWire::~WebWire() = default;

bool WebWire::poll_for(bool writing, WireTime until) const {
  const auto left =
      std::chrono::ceil<std::chrono::milliseconds>(std::min(until - Clock::now(), Clock::duration(kSlice)))
          .count();
  pollfd waiting{descriptor_, static_cast<short>(writing ? POLLOUT : POLLIN), 0};
  return ::poll(&waiting, 1, static_cast<int>(std::max<std::int64_t>(left, 0))) > 0;
}

bool WebWire::wait(int result, bool writing, const Patience& patience) {
  if (ssl_) {
    const int reason = SSL_get_error(ssl_.get(), result);
    ERR_clear_error();
    if (reason != SSL_ERROR_WANT_READ && reason != SSL_ERROR_WANT_WRITE) {
      broken_ = true;
      return false;
    }
    writing = reason == SSL_ERROR_WANT_WRITE;
  } else if (result == 0 || (errno != EAGAIN && errno != EINTR)) {
    broken_ = true;
    return false;
  }
  while (!patience.over()) {
    if (poll_for(writing, patience.until)) return true;
  }
  return false;
}

bool WebWire::shake_hands(const Patience& patience) {
  if (!ssl_) return !broken_;
  while (!broken_) {
    ERR_clear_error();  // a thread's errors are one heap: those of a page's hashes are not this line's
    const int result = SSL_do_handshake(ssl_.get());
    if (result == 1) return true;
    if (!wait(result, false, patience)) return false;
  }
  return false;
}

std::size_t WebWire::read(std::span<char> out, const Patience& patience) {
  while (!broken_) {
    if (ssl_) ERR_clear_error();
    const auto result = ssl_ ? SSL_read(ssl_.get(), out.data(), static_cast<int>(out.size()))
                             : static_cast<int>(::recv(descriptor_, out.data(), out.size(), 0));
    if (result > 0) return static_cast<std::size_t>(result);
    // Also of a peer that is never silent: an endless row of records without content is read by OpenSSL alone.
    if (!wait(result, false, patience)) return 0;
  }
  return 0;
}

bool WebWire::write(std::string_view bytes, const Patience& patience) {
  while (!bytes.empty() && !broken_) {
    if (ssl_) ERR_clear_error();
    const auto result = ssl_
                            ? SSL_write(ssl_.get(), bytes.data(), static_cast<int>(bytes.size()))
                            : static_cast<int>(::send(descriptor_, bytes.data(), bytes.size(), MSG_NOSIGNAL));
    if (result > 0)
      bytes.remove_prefix(static_cast<std::size_t>(result));
    else if (!wait(result, true, patience))
      return false;
  }
  return bytes.empty();
}

bool WebWire::has_more() const {
  return ssl_ && SSL_pending(ssl_.get()) > 0;
}

bool WebWire::wait_readable(const Patience& patience) {
  while (!patience.over()) {
    if (has_more() || poll_for(false, patience.until)) return true;
  }
  return false;
}

void WebWire::say_goodbye() {
  if (ssl_ && !broken_) SSL_shutdown(ssl_.get());
  ERR_clear_error();
}

}  // namespace remotemail::web
