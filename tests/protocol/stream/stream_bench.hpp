// What the tests of streams share.
#pragma once

#include <array>
#include <csignal>
#include <cstdlib>
#include <memory>
#include <string>

#include "protocol/stream/stream_server.hpp"
#include "remotemail/protocol/poco_connector.hpp"

namespace remotemail::test {

using namespace std::chrono_literals;

// The system's clock whose wall time can be set off.
class OffsetClock final : public Clock {
 public:
  explicit OffsetClock(std::chrono::days offset = {}) : offset_(offset) {}
  WallTime now() const override { return SystemClock().now() + offset_; }
  SteadyTime steady_now() const override { return SystemClock().steady_now(); }

 private:
  std::chrono::days offset_;
};

// The default action for a signal that whoever started the tests may have had ignored.
class DefaultSignal {
 public:
  explicit DefaultSignal(int number) : number_(number), former_(std::signal(number, SIG_DFL)) {}
  ~DefaultSignal() { std::signal(number_, former_); }
  DefaultSignal(const DefaultSignal&) = delete;
  DefaultSignal& operator=(const DefaultSignal&) = delete;

 private:
  int number_;
  void (*former_)(int);
};

class EnvironmentVariable {
 public:
  EnvironmentVariable(const char* name, const std::string& value) : name_(name) {
    ::setenv(name, value.c_str(), 1);
  }
  ~EnvironmentVariable() { ::unsetenv(name_); }
  EnvironmentVariable(const EnvironmentVariable&) = delete;
  EnvironmentVariable& operator=(const EnvironmentVariable&) = delete;

 private:
  const char* name_;
};

inline Deadline in(std::chrono::milliseconds time, std::stop_token stop = {}) {
  return Deadline{SteadyTime::max(), std::move(stop)}.within(SystemClock().steady_now(), time);
}

inline Deadline soon() {
  return in(20s);
}  // long enough for what succeeds

// A plain stream to `port`; fails the test when there is none.
inline std::unique_ptr<Stream> connected(Connector& connector, std::uint16_t port) {
  auto stream = connector.connect("127.0.0.1", port, "", soon());
  return stream ? std::move(*stream) : nullptr;
}

// Reads to the orderly end, or to the error, which then stands in `*error`.
inline std::string read_to_end(Stream& stream, Error* error = nullptr) {
  std::string all;
  std::array<char, 4096> piece{};
  for (;;) {
    auto count = stream.read(piece, soon());
    if (!count) {
      if (error != nullptr) *error = count.error();
      return all;
    }
    if (*count == 0) return all;
    all.append(piece.data(), *count);
  }
}

inline std::string read_some(Stream& stream) {
  std::array<char, 4096> piece{};
  auto count = stream.read(piece, soon());
  return count ? std::string(piece.data(), *count) : std::string();
}

inline Cause cause_of(const Status& status) {
  return status ? Cause::internal : status.error().cause;
}
template <typename T>
Cause cause_of(const Result<T>& result) {
  return result ? Cause::internal : result.error().cause;
}

// Writes until the peer's absence shows.
inline Cause write_until_lost(Stream& stream) {
  Status written;
  for (int i = 0; written && i < 1000; ++i) {
    written = stream.write("x", soon());
    std::this_thread::sleep_for(1ms);
  }
  return cause_of(written);
}

}  // namespace remotemail::test
