#include "protocol/stream/stream_server.hpp"

#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cstring>

namespace remotemail::test {
namespace {

constexpr int kPatienceSeconds = 20;

socklen_t to_address(const std::string& text, std::uint16_t port, sockaddr_storage& out) {
  out = {};
  auto& v4 = reinterpret_cast<sockaddr_in&>(out);
  auto& v6 = reinterpret_cast<sockaddr_in6&>(out);
  if (inet_pton(AF_INET, text.c_str(), &v4.sin_addr) == 1) {
    v4.sin_family = AF_INET;
    v4.sin_port = htons(port);
    return sizeof v4;
  }
  inet_pton(AF_INET6, text.c_str(), &v6.sin6_addr);
  v6.sin6_family = AF_INET6;
  v6.sin6_port = htons(port);
  return sizeof v6;
}

}  // namespace

Peer::Peer(int descriptor) : descriptor_(descriptor) {
  const timeval patience{kPatienceSeconds, 0};
  const int on = 1;
  ::setsockopt(descriptor_, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
  ::setsockopt(descriptor_, SOL_SOCKET, SO_SNDTIMEO, &patience, sizeof patience);
  ::setsockopt(descriptor_, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
}

bool Peer::send(std::string_view bytes, std::size_t piece) {
  while (!bytes.empty()) {
    const auto sent = ::send(descriptor_, bytes.data(), std::min(piece, bytes.size()), MSG_NOSIGNAL);
    if (sent <= 0) return false;
    bytes.remove_prefix(static_cast<std::size_t>(sent));
  }
  return true;
}

std::string Peer::receive() {
  std::array<char, 16'384> piece{};
  const auto count = ::recv(descriptor_, piece.data(), piece.size(), 0);
  if (count <= 0) return {};
  received_.append(piece.data(), static_cast<std::size_t>(count));
  return {piece.data(), static_cast<std::size_t>(count)};
}

std::string Peer::receive_to_end() {
  std::string all;
  for (std::string piece = receive(); !piece.empty(); piece = receive()) all += piece;
  return all;
}

void Peer::close_writing() {
  ::shutdown(descriptor_, SHUT_WR);
}

void Peer::reset() {
  const linger none{1, 0};
  ::setsockopt(descriptor_, SOL_SOCKET, SO_LINGER, &none, sizeof none);
  close();
}

void Peer::close() {
  if (descriptor_ >= 0) ::close(descriptor_);
  descriptor_ = -1;
}

TlsPeer::TlsPeer(Peer& peer, const Identity& identity, int newest, int oldest, const char* ciphers)
    : peer_(peer), context_(SSL_CTX_new(TLS_server_method()), &SSL_CTX_free), ssl_(nullptr, &SSL_free) {
  SSL_CTX_set_security_level(context_.get(), 0);
  SSL_CTX_set_min_proto_version(context_.get(), oldest);
  SSL_CTX_set_max_proto_version(context_.get(), newest);
  if (ciphers != nullptr) SSL_CTX_set_cipher_list(context_.get(), ciphers);
  SSL_CTX_use_certificate(context_.get(), identity.certificate.get());
  SSL_CTX_use_PrivateKey(context_.get(), identity.key.get());
  ssl_.reset(SSL_new(context_.get()));
  SSL_set_bio(ssl_.get(), BIO_new(BIO_s_mem()), BIO_new(BIO_s_mem()));
  SSL_set_accept_state(ssl_.get());
}

template <typename Call>
int TlsPeer::run(Call call, std::size_t piece) {
  for (;;) {
    const int result = call();
    const int error = SSL_get_error(ssl_.get(), result);
    char* data = nullptr;
    const long size = BIO_get_mem_data(SSL_get_wbio(ssl_.get()), &data);
    const bool sent = size <= 0 || peer_.send({data, static_cast<std::size_t>(size)}, piece);
    (void)BIO_reset(SSL_get_wbio(ssl_.get()));
    if (result > 0) return result;
    if (!sent || error != SSL_ERROR_WANT_READ) return -1;
    const std::string more = peer_.receive();
    if (more.empty()) return -1;
    BIO_write(SSL_get_rbio(ssl_.get()), more.data(), static_cast<int>(more.size()));
  }
}

bool TlsPeer::shake_hands(std::size_t piece) {
  const bool done = run([this] { return SSL_do_handshake(ssl_.get()); }, piece) == 1;
  if (const char* name = SSL_get_servername(ssl_.get(), TLSEXT_NAMETYPE_host_name); name != nullptr)
    server_name_ = name;
  return done;
}

bool TlsPeer::write(std::string_view text) {
  return run([&] { return SSL_write(ssl_.get(), text.data(), static_cast<int>(text.size())); }) > 0;
}

std::string TlsPeer::read() {
  std::array<char, 16'384> piece{};
  const int count = run([&] { return SSL_read(ssl_.get(), piece.data(), static_cast<int>(piece.size())); });
  return count > 0 ? std::string(piece.data(), static_cast<std::size_t>(count)) : std::string();
}

std::string TlsPeer::read_to_end() {
  std::string all;
  for (std::string piece = read(); !piece.empty(); piece = read()) all += piece;
  return all;
}

void TlsPeer::close_notify() {
  run([this] { return SSL_shutdown(ssl_.get()) >= 0 ? 1 : -1; });
}

Listener::Listener(const std::string& address, std::uint16_t port, int backlog) {
  sockaddr_storage to{};
  const socklen_t size = to_address(address, port, to);
  descriptor_ = ::socket(to.ss_family, SOCK_STREAM | SOCK_CLOEXEC, 0);
  const int on = 1;
  ::setsockopt(descriptor_, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
  if (::bind(descriptor_, reinterpret_cast<sockaddr*>(&to), size) != 0 || ::listen(descriptor_, backlog) != 0)
    return;
  sockaddr_storage bound{};
  socklen_t bound_size = sizeof bound;
  ::getsockname(descriptor_, reinterpret_cast<sockaddr*>(&bound), &bound_size);
  port_ = ntohs(bound.ss_family == AF_INET ? reinterpret_cast<sockaddr_in&>(bound).sin_port
                                           : reinterpret_cast<sockaddr_in6&>(bound).sin6_port);
}

Listener::~Listener() {
  ::close(descriptor_);
}

int Listener::accept() const {
  pollfd polled{descriptor_, POLLIN, 0};
  if (::poll(&polled, 1, kPatienceSeconds * 1000) <= 0) return -1;
  return ::accept4(descriptor_, nullptr, nullptr, SOCK_CLOEXEC);
}

BlackHole::BlackHole(const std::string& address, std::uint16_t port) : listener_(address, port, 0) {
  sockaddr_storage to{};
  const socklen_t size = to_address(address, listener_.port(), to);
  for (int i = 0; i < 3; ++i) {
    callers_.push_back(::socket(to.ss_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0));
    ::connect(callers_.back(), reinterpret_cast<sockaddr*>(&to), size);
  }
}

BlackHole::~BlackHole() {
  for (const int caller : callers_) ::close(caller);
}

TestServer::TestServer(std::function<void(Peer&)> script, const std::string& address, std::uint16_t port)
    : listener_(address, port), thread_([this, run = std::move(script)] {
        if (const int accepted = listener_.accept(); accepted >= 0) {
          Peer peer(accepted);
          run(peer);
        }
      }) {}

void TestServer::finish() {
  ::shutdown(listener_.descriptor(), SHUT_RDWR);  // ends a wait for a connection that never came
  if (thread_.joinable()) thread_.join();
}

}  // namespace remotemail::test
