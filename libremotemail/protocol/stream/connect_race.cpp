#include "protocol/stream/connect_race.hpp"

#include <Poco/Net/IPAddress.h>
#include <Poco/Net/SocketAddress.h>
#include <Poco/Net/StreamSocketImpl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <optional>
#include <utility>

#include "remotemail/core/limits.hpp"

namespace remotemail {
namespace {

using namespace std::chrono_literals;

constexpr auto kHeadStart = 250ms;  // RFC 8305 section 8
constexpr std::size_t kAtATime = 8;
constexpr std::size_t kNamed = 4;  // addresses in the error
static_assert(kAtATime <= Waiter::kMostDescriptors);

// Poco owns the descriptor; it is opened here because Poco leaves it to be inherited by child processes.
class OpenedSocket : public Poco::Net::StreamSocket {
 public:
  explicit OpenedSocket(int descriptor) : StreamSocket(new Poco::Net::StreamSocketImpl(descriptor)) {}
};

struct Attempt {
  std::string address;
  Poco::Net::StreamSocket socket;
  SteadyTime give_up;
};

struct Failure {
  std::string address;
  Cause cause;
};

Cause cause_of(int error) {
  return error == ECONNREFUSED ? Cause::connection_refused
         : error == ETIMEDOUT  ? Cause::timed_out
                               : Cause::unreachable;
}

void set_options(int descriptor) {
  const int on = 1;
  // Whole lines are written at once; and a peer that vanished shows by itself in the end (fault 13).
  ::setsockopt(descriptor, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
  ::setsockopt(descriptor, SOL_SOCKET, SO_KEEPALIVE, &on, sizeof on);
}

class Race {
 public:
  Race(const std::vector<std::string>& addresses, std::uint16_t port, Waiter& waiter)
      : addresses_(addresses), port_(port), waiter_(waiter), next_start_(waiter.clock().steady_now()) {}

  bool over() const { return winner_ || (open_.empty() && next_ == addresses_.size()); }
  std::optional<Poco::Net::StreamSocket> winner() { return std::move(winner_); }
  const std::vector<Failure>& failures() const { return failures_; }
  bool tried_nothing_yet() const { return next_ == 0; }

  void start_due() {
    while (!winner_ && next_ < addresses_.size() && open_.size() < kAtATime &&
           (open_.empty() || waiter_.clock().steady_now() >= next_start_)) {
      start(addresses_[next_++]);
    }
  }

  Woken wait(const Deadline& deadline) {
    Deadline until = deadline;
    if (next_ < addresses_.size() && open_.size() < kAtATime) until.at = std::min(until.at, next_start_);
    std::array<pollfd, kAtATime> polled{};
    for (std::size_t i = 0; i < open_.size(); ++i) {
      polled[i] = {open_[i].socket.impl()->sockfd(), POLLOUT, 0};
      until.at = std::min(until.at, open_[i].give_up);
    }
    const Woken woken = waiter_.wait({polled.data(), open_.size()}, until);
    if (woken == Woken::stopped) return woken;
    for (std::size_t i = open_.size(); i-- > 0 && !winner_;) judge(i, polled[i].revents != 0);
    return winner_ ? Woken::ready : waiter_.look(deadline);
  }

 private:
  void start(const std::string& address) {
    const Poco::Net::SocketAddress to(Poco::Net::IPAddress(address), port_);
    const int descriptor = ::socket(to.af(), SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, IPPROTO_TCP);
    if (descriptor < 0) return failed(address, errno);
    OpenedSocket socket(descriptor);
    set_options(descriptor);
    if (::connect(descriptor, to.addr(), to.length()) == 0) {
      winner_ = socket;
      return;
    }
    if (errno != EINPROGRESS) return failed(address, errno);
    const auto now = waiter_.clock().steady_now();
    open_.push_back({address, socket, now + limits::kAddressTime});
    next_start_ = now + kHeadStart;
  }

  void failed(const std::string& address, int error) {
    failures_.push_back({address, cause_of(error)});
    next_start_ = waiter_.clock().steady_now();
  }

  void judge(std::size_t i, bool ready) {
    Attempt& attempt = open_[i];
    int error = 0;
    socklen_t size = sizeof error;
    if (ready && ::getsockopt(attempt.socket.impl()->sockfd(), SOL_SOCKET, SO_ERROR, &error, &size) != 0)
      error = errno;
    if (ready && error == 0) {
      winner_ = attempt.socket;
      return;
    }
    if (!ready) {
      if (waiter_.clock().steady_now() < attempt.give_up) return;
      error = ETIMEDOUT;
    }
    failed(attempt.address, error);
    open_.erase(open_.begin() + static_cast<std::ptrdiff_t>(i));
  }

  const std::vector<std::string>& addresses_;
  std::uint16_t port_;
  Waiter& waiter_;
  std::size_t next_ = 0;
  SteadyTime next_start_;
  std::vector<Attempt> open_;
  std::vector<Failure> failures_;
  std::optional<Poco::Net::StreamSocket> winner_;
};

// "mail.example.com:995 (192.0.2.1: connection refused; 2001:db8::1: no answer in time; and 3 more)"
std::string told(const std::string& server, const std::vector<std::string>& addresses,
                 const std::vector<Failure>& failures) {
  std::string text = server + " (";
  for (std::size_t i = 0; i < std::min(addresses.size(), kNamed); ++i) {
    const auto known = std::find_if(failures.begin(), failures.end(),
                                    [&](const Failure& failure) { return failure.address == addresses[i]; });
    text += (i == 0 ? "" : "; ") + addresses[i] + ": ";
    text += known == failures.end() ? "no answer yet" : words(known->cause);
  }
  if (addresses.size() > kNamed) text += "; and " + std::to_string(addresses.size() - kNamed) + " more";
  return text + ")";
}

}  // namespace

Result<Poco::Net::StreamSocket> connect_first(const std::vector<std::string>& addresses, std::uint16_t port,
                                              const std::string& server, Waiter& waiter,
                                              const Deadline& deadline) {
  Race race(addresses, port, waiter);
  Woken woken = waiter.look(deadline);
  while (woken == Woken::ready) {
    race.start_due();
    if (auto winner = race.winner()) return std::move(*winner);
    if (race.over()) break;
    woken = race.wait(deadline);
    if (auto winner = race.winner()) return std::move(*winner);
  }
  if (woken != Woken::ready) return to_error(woken, Step::connect, told(server, addresses, race.failures()));
  for (const Cause cause : {Cause::connection_refused, Cause::timed_out}) {
    for (const Failure& failure : race.failures()) {
      if (failure.cause == cause)
        return make_error(cause, Step::connect, told(server, addresses, race.failures()));
    }
  }
  return make_error(Cause::unreachable, Step::connect, told(server, addresses, race.failures()));
}

}  // namespace remotemail
