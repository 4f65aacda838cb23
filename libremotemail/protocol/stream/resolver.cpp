#include "protocol/stream/resolver.hpp"

#include <ares.h>
#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/uio.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cstring>
#include <memory>
#include <utility>

#include "core/text.hpp"
#include "protocol/stream/host_name.hpp"
#include "protocol/stream/waiter.hpp"

namespace remotemail {
namespace {

using namespace std::chrono_literals;

// Two tries of a server, 1.5 s and 3 s: under the 5 s of fault 3.
constexpr int kFirstTryMs = 1500;
constexpr int kTries = 2;
// How long the other family's answer is waited for when one has come.
constexpr auto kOtherFamily = 500ms;

// What c-ares does with its sockets, so that a server which resets a TCP connection raises no SIGPIPE.
const ares_socket_functions kSocketFunctions = {
    [](int family, int type, int protocol, void*) -> ares_socket_t {
      return ::socket(family, type | SOCK_NONBLOCK | SOCK_CLOEXEC, protocol);
    },
    [](ares_socket_t fd, void*) { return ::close(fd); },
    [](ares_socket_t fd, const sockaddr* address, ares_socklen_t size, void*) {
      return ::connect(fd, address, size);
    },
    [](ares_socket_t fd, void* data, std::size_t size, int flags, sockaddr* from, ares_socklen_t* from_size,
       void*) -> ares_ssize_t { return ::recvfrom(fd, data, size, flags, from, from_size); },
    [](ares_socket_t fd, const iovec* pieces, int count, void*) -> ares_ssize_t {
      msghdr message{};
      message.msg_iov = const_cast<iovec*>(pieces);  // NOLINT: the structure serves reading as well
      message.msg_iovlen = static_cast<std::size_t>(count);
      return ::sendmsg(fd, &message, MSG_NOSIGNAL);
    }};

struct CloseChannel {
  void operator()(ares_channeldata* channel) const { ares_destroy(channel); }
};
using Channel = std::unique_ptr<ares_channeldata, CloseChannel>;

// The answer for one family.
struct Family {
  bool done = false;
  int status = ARES_SUCCESS;
  std::vector<std::string> addresses;

  bool found() const { return done && !addresses.empty(); }
  bool denied() const {
    return status == ARES_ENOTFOUND || status == ARES_ENODATA || status == ARES_EBADNAME;
  }
};

void take_answer(void* argument, int status, int /*timeouts*/, ares_addrinfo* answer) {
  auto& family = *static_cast<Family*>(argument);
  family.done = true;
  family.status = status;
  const std::unique_ptr<ares_addrinfo, decltype(&ares_freeaddrinfo)> owned(answer, &ares_freeaddrinfo);
  if (status != ARES_SUCCESS || answer == nullptr) return;
  for (const ares_addrinfo_node* node = answer->nodes; node != nullptr; node = node->ai_next) {
    std::array<char, INET6_ADDRSTRLEN> text{};
    const void* octets = nullptr;
    if (node->ai_family == AF_INET) {
      octets = &reinterpret_cast<const sockaddr_in*>(node->ai_addr)->sin_addr;
    } else if (node->ai_family == AF_INET6) {
      octets = &reinterpret_cast<const sockaddr_in6*>(node->ai_addr)->sin6_addr;
    }
    if (octets != nullptr && inet_ntop(node->ai_family, octets, text.data(), text.size()) != nullptr) {
      family.addresses.emplace_back(text.data());
    }
  }
  if (family.addresses.empty()) family.status = ARES_ENODATA;
}

// "192.0.2.53", "192.0.2.53:5353", "2001:db8::53", "[2001:db8::53]:5353"
bool set_server(ares_channeldata* channel, std::string_view server) {
  std::uint16_t port = 53;
  std::string_view address = server;
  const auto colon = server.rfind(':');
  const bool bracketed = server.starts_with('[');
  if (colon != std::string_view::npos &&
      (bracketed ? colon > 0 && server[colon - 1] == ']' : server.find(':') == colon)) {
    const auto number = parse_number<std::uint16_t>(server.substr(colon + 1));
    if (!number || *number == 0) return false;
    port = *number;
    address = server.substr(0, colon);
  }
  const auto octets = address_octets(bare_host(address));
  if (!octets) return false;
  ares_addr_port_node node{};
  node.family = octets->size() == 4 ? AF_INET : AF_INET6;
  std::memcpy(&node.addr, octets->data(), octets->size());
  node.udp_port = node.tcp_port = port;
  return ares_set_servers_ports(channel, &node) == ARES_SUCCESS;
}

// `lookups`: "f" the hosts file, "b" name servers.
Channel open_channel(const std::string& name, std::string lookups) {
  static const int library = ares_library_init(ARES_LIB_INIT_ALL);
  ares_options options{};
  options.flags = ARES_FLAG_NOALIASES;
  options.timeout = kFirstTryMs;
  options.tries = kTries;
  options.lookups = lookups.data();
  int mask = ARES_OPT_FLAGS | ARES_OPT_TIMEOUTMS | ARES_OPT_TRIES | ARES_OPT_LOOKUPS;
  // An empty search list; ares_getaddrinfo() does not heed ARES_FLAG_NOSEARCH.
  if (name.find('.') != std::string::npos) mask |= ARES_OPT_DOMAINS;
  ares_channel raw = nullptr;
  if (library != ARES_SUCCESS || ares_init_options(&raw, &options, mask) != ARES_SUCCESS) return nullptr;
  Channel channel(raw);
  ares_set_socket_functions(raw, &kSocketFunctions, nullptr);
  return channel;
}

void ask(ares_channeldata* channel, const std::string& name, int family, Family& answer) {
  ares_addrinfo_hints hints{};
  hints.ai_flags = ARES_AI_NOSORT;
  hints.ai_socktype = SOCK_STREAM;
  hints.ai_family = family;
  ares_getaddrinfo(channel, name.c_str(), nullptr, &hints, take_answer, &answer);
}

std::vector<std::string> ask_hosts_file(const std::string& name) {
  Family all;
  const Channel channel = open_channel(name, "f");
  if (channel) ask(channel.get(), name, AF_UNSPEC, all);
  return all.found() ? std::move(all.addresses) : std::vector<std::string>{};
}

// Lets c-ares work until something came in or one of its own times is over, but not beyond `deadline`.
Woken turn(ares_channeldata* channel, Waiter& waiter, const Deadline& deadline) {
  std::array<ares_socket_t, ARES_GETSOCK_MAXNUM> sockets{};
  const auto bits = static_cast<unsigned>(ares_getsock(channel, sockets.data(), ARES_GETSOCK_MAXNUM));
  std::array<pollfd, ARES_GETSOCK_MAXNUM> polled{};
  std::size_t count = 0;
  for (unsigned i = 0; i < ARES_GETSOCK_MAXNUM; ++i) {
    short events = 0;
    if ((bits >> i & 1U) != 0) events = POLLIN;
    if ((bits >> (i + ARES_GETSOCK_MAXNUM) & 1U) != 0) events = static_cast<short>(events | POLLOUT);
    if (events != 0) polled[count++] = {sockets[i], events, 0};
  }
  Deadline until = deadline;
  timeval own{};
  if (ares_timeout(channel, nullptr, &own) != nullptr) {
    const auto left = std::chrono::seconds(own.tv_sec) + std::chrono::microseconds(own.tv_usec);
    until = deadline.within(waiter.clock().steady_now(), std::chrono::ceil<std::chrono::milliseconds>(left));
  }
  const Woken woken = waiter.wait({polled.data(), count}, until);
  if (woken == Woken::stopped) return woken;
  if (woken == Woken::timed_out) {
    ares_process_fd(channel, ARES_SOCKET_BAD, ARES_SOCKET_BAD);  // retries, gives up
    return waiter.look(deadline);
  }
  for (std::size_t i = 0; i < count; ++i) {
    const short events = polled[i].revents;
    if (events == 0) continue;
    const bool bad = (events & (POLLERR | POLLHUP | POLLNVAL)) != 0;
    ares_process_fd(channel, bad || (events & POLLIN) != 0 ? polled[i].fd : ARES_SOCKET_BAD,
                    bad || (events & POLLOUT) != 0 ? polled[i].fd : ARES_SOCKET_BAD);
  }
  return waiter.look(deadline);
}

std::vector<std::string> by_turns(std::vector<std::string> first, std::vector<std::string> second) {
  std::vector<std::string> all;
  all.reserve(first.size() + second.size());
  for (std::size_t i = 0; i < std::max(first.size(), second.size()); ++i) {
    if (i < first.size()) all.push_back(std::move(first[i]));
    if (i < second.size()) all.push_back(std::move(second[i]));
  }
  return all;
}

Error failure(const Family& v6, const Family& v4, const std::string& name, const std::string& dns_server) {
  const std::string shown = clean_line(name);
  if (v6.denied() && v4.denied()) {
    const bool exists = v6.status == ARES_ENODATA || v4.status == ARES_ENODATA;
    return make_error(Cause::name_not_found, Step::resolve, exists ? shown + " has no address" : shown);
  }
  const Family& worse = v4.denied() ? v6 : v4;
  return make_error(Cause::resolver_failed, Step::resolve,
                    shown + (dns_server.empty() ? "" : " at DNS server " + clean_line(dns_server)) + ": " +
                        clean_line(ares_strerror(worse.status)));
}

}  // namespace

Result<std::vector<std::string>> Resolver::resolve(const std::string& name, const std::string& dns_server,
                                                   const Deadline& deadline) const {
  if (!is_plausible_name(name)) {
    return make_error(Cause::invalid_value, Step::resolve, "host \"" + clean_line(name) + "\"",
                      Retry::after_setup_change);
  }
  // Never a question for a name server (RFC 6761 section 6.3); and c-ares 1.18 leaks memory on it.
  if (equal_ignoring_case(name, "localhost")) return std::vector<std::string>{"::1", "127.0.0.1"};
  if (dns_server.empty()) {
    // Asked first and by itself: a name that stands there in one family is not asked for in the other
    // elsewhere.
    if (auto known = ask_hosts_file(name); !known.empty()) return known;
  }
  Waiter waiter(clock_);
  // The answers stand before the channel: closing it calls back into them.
  Family v6;
  Family v4;
  const Channel channel = open_channel(name, "b");
  if (!channel) return make_error(Cause::resolver_failed, Step::resolve, "the look-up could not be set up");
  if (!dns_server.empty() && !set_server(channel.get(), dns_server)) {
    return make_error(Cause::invalid_value, Step::resolve, "DNS server \"" + clean_line(dns_server) + "\"",
                      Retry::after_setup_change);
  }
  ask(channel.get(), name, AF_INET6, v6);
  ask(channel.get(), name, AF_INET, v4);

  Deadline until = deadline;
  bool shortened = false;
  while (!(v6.done && v4.done)) {
    if (!shortened && (v6.found() || v4.found())) {
      until = deadline.within(clock_.steady_now(), kOtherFamily);
      shortened = true;
    }
    const Woken woken = turn(channel.get(), waiter, until);
    if (woken == Woken::stopped) return to_error(woken, Step::resolve, clean_line(name));
    if (woken == Woken::timed_out) {
      if (v6.found() || v4.found()) break;
      return to_error(woken, Step::resolve, clean_line(name));
    }
  }
  if (!v6.found() && !v4.found()) return failure(v6, v4, name, dns_server);
  return by_turns(v6.found() ? std::move(v6.addresses) : std::vector<std::string>{},
                  v4.found() ? std::move(v4.addresses) : std::vector<std::string>{});
}

}  // namespace remotemail
