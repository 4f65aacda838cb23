#include "protocol/stream/socket_stream.hpp"

#include <Poco/Exception.h>
#include <Poco/Net/SocketImpl.h>
#include <linux/sockios.h>
#include <sys/ioctl.h>

#include <utility>

#include "core/text.hpp"
#include "remotemail/core/limits.hpp"

namespace remotemail {
namespace {

Error lost(std::string why) {
  return make_error(Cause::connection_lost, Step::none, clean_line(why));
}

}  // namespace

SocketStream::SocketStream(Poco::Net::StreamSocket socket, std::shared_ptr<TlsContexts> contexts,
                           const Clock& clock)
    : socket_(std::move(socket)),
      descriptor_(socket_.impl()->sockfd()),
      contexts_(std::move(contexts)),
      waiter_(clock) {
  try {
    peer_ = socket_.peerAddress().toString();
  } catch (const Poco::Exception&) {
    // It is gone already: the first read will say so.
  }
}

SocketStream::~SocketStream() {
  // Only between two records: after half of one it would not be understood.
  if (state_ == State::secure && may_write_) session_->say_goodbye();
}

Moved SocketStream::read_some(std::span<char> out) {
  return session_ ? session_->read(out) : receive_plain(descriptor_, out);
}

Moved SocketStream::write_some(std::string_view bytes) {
  return session_ ? session_->write(bytes) : send_plain(descriptor_, bytes);
}

Woken SocketStream::wait_for(Progress wanted, const Deadline& deadline) {
  pollfd polled{descriptor_, static_cast<short>(wanted == Progress::want_write ? POLLOUT : POLLIN), 0};
  return waiter_.wait({&polled, 1}, deadline);
}

Result<std::size_t> SocketStream::read(std::span<char> out, const Deadline& deadline) {
  if (state_ == State::unusable) return lost("no verified connection");
  if (out.empty()) return make_error(Cause::internal, Step::none, "a read into nothing", Retry::never);
  for (Woken woken = waiter_.look(deadline);;) {
    if (woken != Woken::ready) return to_error(woken, Step::none);
    Moved moved = read_some(out);
    switch (moved.progress) {
      case Progress::done:
        return moved.count;
      case Progress::closed:
        return std::size_t{0};
      case Progress::cut:
      case Progress::failed:
        if (session_) state_ = State::unusable;  // OpenSSL allows no further call
        return lost(std::move(moved.why));
      case Progress::want_read:
      case Progress::want_write:
        woken = wait_for(moved.progress, deadline);
    }
  }
}

Status SocketStream::write(std::string_view bytes, const Deadline& deadline) {
  if (state_ == State::unusable) return lost("no verified connection");
  if (!may_write_) return lost("an earlier write failed");
  Woken woken = waiter_.look(deadline);
  while (!bytes.empty()) {
    if (woken != Woken::ready) {
      may_write_ = false;
      return to_error(woken, Step::none);
    }
    Moved moved = write_some(bytes);
    switch (moved.progress) {
      case Progress::done:
        bytes.remove_prefix(moved.count);
        woken = waiter_.look(deadline);
        break;
      case Progress::closed:
      case Progress::cut:
      case Progress::failed:
        may_write_ = false;
        if (session_) state_ = State::unusable;
        return lost(std::move(moved.why));
      case Progress::want_read:
      case Progress::want_write:
        woken = wait_for(moved.progress, deadline);
    }
  }
  return {};
}

std::size_t SocketStream::unacknowledged() const {
  int octets = 0;
  return ::ioctl(descriptor_, SIOCOUTQ, &octets) == 0 && octets > 0 ? static_cast<std::size_t>(octets) : 0;
}

Status SocketStream::start_tls(const TlsPolicy& policy, const Deadline& deadline) {
  if (state_ != State::plain || !may_write_) {
    return make_error(Cause::internal, Step::tls, "TLS a second time, or on a broken connection",
                      Retry::never);
  }
  state_ = State::unusable;
  auto session = TlsSession::make(*contexts_, descriptor_, policy, waiter_.clock().now());
  if (!session) return std::move(session).error();
  session_ = std::move(*session);
  if (Status shaken = shake_hands(deadline.within(waiter_.clock().steady_now(), limits::kTlsTime)); !shaken) {
    return shaken;
  }
  if (Status verified = session_->verified(); !verified) return verified;
  state_ = State::secure;
  return {};
}

Status SocketStream::shake_hands(const Deadline& deadline) {
  for (Woken woken = waiter_.look(deadline);;) {
    if (woken != Woken::ready) return to_error(woken, Step::tls);
    const Moved moved = session_->handshake();
    switch (moved.progress) {
      case Progress::done:
        return {};
      case Progress::closed:
      case Progress::cut:
      case Progress::failed:
        return session_->failure(moved);
      case Progress::want_read:
      case Progress::want_write:
        woken = wait_for(moved.progress, deadline);
    }
  }
}

TlsInfo SocketStream::tls() const {
  TlsInfo info = session_ ? session_->info() : TlsInfo{};
  info.active = info.active && state_ == State::secure;
  return info;
}

}  // namespace remotemail
