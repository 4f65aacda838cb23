// One accepted connection, plain or TLS: every wait ends with a deadline or a stop, so that a slow or mute client costs a
// thread for seconds, never for good (poco.md §5: 16 of them stop a careless server).
#pragma once

#include <openssl/ssl.h>

#include <chrono>
#include <functional>
#include <memory>
#include <span>
#include <stop_token>
#include <string>
#include <string_view>

namespace remotemail::web {

using WireTime = std::chrono::steady_clock::time_point;

// How long a wait may last. While others wait for a thread, it is over earlier.
struct Patience {
  WireTime until, until_others_wait;
  const std::stop_token& stop;
  const std::function<bool()>& others_wait;

  bool over() const {
    const WireTime now = std::chrono::steady_clock::now();
    return now >= until || stop.stop_requested() || (now >= until_others_wait && others_wait());
  }
};

class WebWire {
 public:
  // `descriptor` stays the caller's and is made non-blocking. `context` null: plain.
  WebWire(int descriptor, SSL_CTX* context);
  ~WebWire();
  WebWire(const WebWire&) = delete;
  WebWire& operator=(const WebWire&) = delete;

  bool shake_hands(const Patience& patience);  // true at once when plain
  // Octets read; 0: the other side is done, or the patience is over.
  std::size_t read(std::span<char> out, const Patience& patience);
  bool write(std::string_view bytes, const Patience& patience);  // all of them, or false
  bool has_more() const;  // octets that were read from the line already
  // Waits until something is there to be read, be it the end. False: the patience is over.
  bool wait_readable(const Patience& patience);
  void say_goodbye();

 private:
  static constexpr std::chrono::milliseconds kSlice{50};  // how soon the end of a patience is heeded
  struct FreeSsl {
    void operator()(SSL* ssl) const { SSL_free(ssl); }
  };
  bool poll_for(bool writing, WireTime until) const;  // kSlice at most
  // After a call that could not go on: waits for what it needs. False: it never will, or the time is over.
  bool wait(int result, bool writing, const Patience& patience);

  int descriptor_;
  std::unique_ptr<SSL, FreeSsl> ssl_;
  bool broken_ = false;
};

}  // namespace remotemail::web
