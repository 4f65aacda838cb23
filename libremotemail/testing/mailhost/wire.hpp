// One accepted connection: bounded lines over a blocking socket, clear or TLS.
#pragma once

#include <openssl/ssl.h>

#include <chrono>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>

namespace remotemail::testing::mailhost {

// Belongs to one thread; abort() may be called by any.
class Wire {
 public:
  Wire(int socket, std::chrono::seconds idle_limit);  // owns the socket
  ~Wire();                                            // cuts
  Wire(const Wire&) = delete;
  Wire& operator=(const Wire&) = delete;

  bool start_tls(SSL_CTX&);  // forgets what the client sent in clear behind its STARTTLS
  bool is_tls() const { return ssl_ != nullptr; }

  enum class Line { complete, closed, too_long };
  Line read_line(std::string& line, std::size_t limit);  // without CRLF or LF
  bool read_exactly(std::size_t count, std::string& out);
  bool readable(std::chrono::milliseconds) const;  // something came, or the end did
  bool write(std::string_view);

  void swallow();  // reads and forgets until the peer goes away or the idle limit has passed
  void finish();   // says good-bye so that the peer can read the last answer
  void cut();      // closes at once
  void abort();    // makes reading and writing fail

 private:
  bool fill();
  std::mutex mutex_;  // guards socket_ against abort()
  int socket_;
  const std::chrono::seconds idle_limit_;
  std::unique_ptr<SSL, decltype(&SSL_free)> ssl_{nullptr, &SSL_free};
  std::string buffer_;
  std::size_t begin_ = 0;
};

}  // namespace remotemail::testing::mailhost
