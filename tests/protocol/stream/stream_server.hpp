// The other end: a server in a thread that does exactly what a test tells it to, also what no server should.
#pragma once

#include <openssl/ssl.h>

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <thread>

#include "protocol/stream/stream_certificates.hpp"

namespace remotemail::test {

// One accepted connection. Every wait of it ends after a while, so that a broken client cannot hang the
// tests.
class Peer {
 public:
  explicit Peer(int descriptor);
  ~Peer() { close(); }
  Peer(const Peer&) = delete;
  Peer& operator=(const Peer&) = delete;

  bool send(std::string_view bytes, std::size_t piece = SIZE_MAX);
  std::string receive();  // what is there, waits for the first octet; empty: the end
  std::string receive_to_end();
  void close_writing();
  void reset();  // closes with RST
  void close();
  const std::string& received() const { return received_; }  // all of it

 private:
  int descriptor_;
  std::string received_;
};

// TLS on a Peer, with the octets in our hands.
class TlsPeer {
 public:
  TlsPeer(Peer& peer, const Identity& identity, int newest = TLS1_3_VERSION, int oldest = 0,
          const char* ciphers = nullptr);

  bool shake_hands(std::size_t piece = SIZE_MAX);  // its octets in pieces of this size
  bool write(std::string_view text);
  std::string read();  // decrypted; empty: the end
  std::string read_to_end();
  void close_notify();
  const std::string& server_name() const { return server_name_; }  // SNI

 private:
  template <typename Call>
  int run(Call call, std::size_t piece = SIZE_MAX);
  Peer& peer_;
  std::unique_ptr<SSL_CTX, decltype(&SSL_CTX_free)> context_;
  std::unique_ptr<SSL, decltype(&SSL_free)> ssl_;
  std::string server_name_;
};

// A listening socket on the loopback. `address` "127.0.0.1" or "::1"; port 0: any.
class Listener {
 public:
  explicit Listener(const std::string& address = "127.0.0.1", std::uint16_t port = 0, int backlog = 8);
  ~Listener();
  Listener(const Listener&) = delete;
  Listener& operator=(const Listener&) = delete;
  int descriptor() const { return descriptor_; }
  std::uint16_t port() const { return port_; }
  int accept() const;  // -1 when none comes

 private:
  int descriptor_;
  std::uint16_t port_ = 0;
};

// A listener whose queue is full: further connections get no answer at all.
class BlackHole {
 public:
  explicit BlackHole(const std::string& address = "127.0.0.1", std::uint16_t port = 0);
  ~BlackHole();
  std::uint16_t port() const { return listener_.port(); }

 private:
  Listener listener_;
  std::vector<int> callers_;
};

// Accepts one connection and runs the script on it.
class TestServer {
 public:
  explicit TestServer(std::function<void(Peer&)> script, const std::string& address = "127.0.0.1",
                      std::uint16_t port = 0);
  ~TestServer() { finish(); }
  std::uint16_t port() const { return listener_.port(); }
  void finish();  // waits for the script's end; what it wrote may be read then

 private:
  Listener listener_;
  std::thread thread_;
};

}  // namespace remotemail::test
