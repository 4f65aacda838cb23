#include "protocol/stream/resolver_dns_server.hpp"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>

namespace remotemail::test {
namespace {

constexpr std::size_t kHeader = 12;
constexpr std::size_t kUdpLimit = 512;

void add16(std::string& out, std::size_t value) {
  out += static_cast<char>(value >> 8U & 255U);
  out += static_cast<char>(value & 255U);
}

std::string encoded(const std::string& name) {
  std::string out;
  for (std::size_t begin = 0; begin < name.size();) {
    const std::size_t end = std::min(name.find('.', begin), name.size());
    out += static_cast<char>(end - begin) + name.substr(begin, end - begin);
    begin = end + 1;
  }
  return out + '\0';
}

std::string decoded(const std::string& message, std::size_t& at) {
  std::string name;
  while (at < message.size() && message[at] != 0) {
    const auto length = static_cast<std::size_t>(message[at]);
    name += (name.empty() ? "" : ".") + message.substr(at + 1, length);
    at += length + 1;
  }
  ++at;
  return name;
}

}  // namespace

DnsServer::DnsServer(Zone zone) : zone_(std::move(zone)), end_(::eventfd(0, EFD_CLOEXEC)) {
  for (int i = 0; i < 20; ++i) {  // a port that is free for both
    sockaddr_in at{};
    at.sin_family = AF_INET;
    at.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof at;
    udp_ = ::socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    tcp_ = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    ::bind(udp_, reinterpret_cast<sockaddr*>(&at), size);
    ::getsockname(udp_, reinterpret_cast<sockaddr*>(&at), &size);
    port_ = ntohs(at.sin_port);
    if (::bind(tcp_, reinterpret_cast<sockaddr*>(&at), size) == 0 && ::listen(tcp_, 8) == 0) break;
    ::close(udp_);
    ::close(tcp_);
  }
  thread_ = std::thread([this] { serve(); });
}

DnsServer::~DnsServer() {
  const std::uint64_t one = 1;
  [[maybe_unused]] const auto written = ::write(end_, &one, sizeof one);
  thread_.join();
  for (const int descriptor : {udp_, tcp_, end_}) ::close(descriptor);
}

void DnsServer::serve() {
  for (;;) {
    std::array<pollfd, 3> polled{{{end_, POLLIN, 0}, {udp_, POLLIN, 0}, {tcp_, POLLIN, 0}}};
    if (::poll(polled.data(), polled.size(), -1) < 0 || polled[0].revents != 0) return;
    if (polled[1].revents != 0) {
      std::array<char, 2048> in{};
      sockaddr_in from{};
      socklen_t size = sizeof from;
      const auto count = ::recvfrom(udp_, in.data(), in.size(), 0, reinterpret_cast<sockaddr*>(&from), &size);
      if (count <= 0) continue;
      const std::string out = answer({in.data(), static_cast<std::size_t>(count)}, false);
      if (!out.empty()) ::sendto(udp_, out.data(), out.size(), 0, reinterpret_cast<sockaddr*>(&from), size);
    }
    if (polled[2].revents != 0) serve_tcp();
  }
}

void DnsServer::serve_tcp() {
  const int peer = ::accept4(tcp_, nullptr, nullptr, SOCK_CLOEXEC);
  const timeval patience{2, 0};
  ::setsockopt(peer, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
  std::string in;
  std::array<char, 2048> piece{};
  for (ssize_t count = 1; count > 0;) {
    while (in.size() >= 2) {
      const std::size_t length = static_cast<unsigned char>(in[0]) * 256U + static_cast<unsigned char>(in[1]);
      if (in.size() < 2 + length) break;
      const std::string out = answer(in.substr(2, length), true);
      in.erase(0, 2 + length);
      std::string framed;
      add16(framed, out.size());
      framed += out;
      if (!out.empty()) ::send(peer, framed.data(), framed.size(), MSG_NOSIGNAL);
    }
    count = ::recv(peer, piece.data(), piece.size(), 0);
    if (count > 0) in.append(piece.data(), static_cast<std::size_t>(count));
  }
  ::close(peer);
}

std::string DnsServer::answer(const std::string& question, bool tcp) {
  std::size_t at = kHeader;
  const std::string name = decoded(question, at);
  if (at + 4 > question.size()) return {};
  const bool v6 = question[at + 1] == 28;
  ++questions_;
  if (tcp) ++over_tcp_;
  const DnsAnswer wanted = zone_(name, v6);
  if (wanted.silent) return {};

  std::string records;
  std::string owner = encoded(name);
  const auto add = [&](unsigned type, const std::string& data) {
    records += owner;
    add16(records, type);
    add16(records, 1);
    add16(records, 0);
    add16(records, 60);
    add16(records, data.size());
    records += data;
  };
  for (const std::string& alias : wanted.aliases) {
    add(5, encoded(alias));
    owner = encoded(alias);
  }
  for (const std::string& address : wanted.addresses) {
    std::string octets(v6 ? 16 : 4, '\0');
    inet_pton(v6 ? AF_INET6 : AF_INET, address.c_str(), octets.data());
    add(v6 ? 28 : 1, octets);
  }
  std::string out = question.substr(0, 2);
  const bool truncated = !tcp && at + 4 + records.size() > kUdpLimit;
  out += static_cast<char>(truncated ? 0x87 : 0x85);
  out += static_cast<char>(0x80 | wanted.code);
  add16(out, 1);
  add16(out, truncated ? 0 : wanted.addresses.size() + wanted.aliases.size());
  add16(out, 0);
  add16(out, 0);
  out += question.substr(kHeader, at + 4 - kHeader);
  return truncated ? out : out + records;
}

}  // namespace remotemail::test
