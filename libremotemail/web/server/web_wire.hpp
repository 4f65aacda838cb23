// One accepted connection, plain or TLS: every wait ends with a deadline or a stop, so that a slow or mute client costs a
// thread for seconds, never for good (poco.md §5: 16 of them stop a careless server).
#pragma once

#include <openssl/ssl.h>

#include <chrono>
#include <memory>
#include <span>
#include <stop_token>
#include <string>
#include <string_view>

namespace remotemail::web {

using WireTime = std::chrono::steady_clock::time_point;

class WebWire {
 public:
  // `descriptor` stays the caller's and is made non-blocking. `context` null: plain.
  WebWire(int descriptor, SSL_CTX* context);
  ~WebWire();
  WebWire(const WebWire&) = delete;
  WebWire& operator=(const WebWire&) = delete;

  bool shake_hands(WireTime until, const std::stop_token& stop);  // true at once when plain
  // Octets read; 0: the other side is done, the time is over, or a stop.
  std::size_t read(std::span<char> out, WireTime until, const std::stop_token& stop);
  bool write(std::string_view bytes, WireTime until, const std::stop_token& stop);  // all of them, or false
  bool has_more() const;  // octets that were read from the line already
  // Waits until something is there to be read. False: time, stop, `give_up` (asked every 50 ms), or the end.
  template <typename GiveUp>
  bool wait_readable(WireTime until, const std::stop_token& stop, GiveUp give_up) {
    while (std::chrono::steady_clock::now() < until && !stop.stop_requested() && !give_up()) {
      if (has_more() || poll_for(false, std::min(until, std::chrono::steady_clock::now() + kSlice)))
        return true;
    }
    return false;
  }
  void say_goodbye();

 private:
  static constexpr std::chrono::milliseconds kSlice{50};  // how soon a stop is heeded
  struct FreeSsl {
    void operator()(SSL* ssl) const { SSL_free(ssl); }
  };
  bool poll_for(bool writing, WireTime until) const;
  // After a call that could not go on: waits for what it needs. False: it never will, or the time is over.
  bool wait(int result, bool writing, WireTime until, const std::stop_token& stop);

  int descriptor_;
  std::unique_ptr<SSL, FreeSsl> ssl_;
  bool broken_ = false;
};

}  // namespace remotemail::web
