#include "agent/clock_watch.hpp"

namespace remotemail {
namespace {

using namespace std::chrono_literals;

constexpr std::chrono::milliseconds kCorrection = 10min;
constexpr auto kDoubt = 24h;

}  // namespace

std::chrono::milliseconds ClockWatch::apart() const {
  const auto steady = clock_.steady_now().time_since_epoch();
  return clock_.now().time_since_epoch() - std::chrono::duration_cast<std::chrono::milliseconds>(steady);
}

std::optional<std::chrono::milliseconds> ClockWatch::look() {
  const auto now = apart();
  const auto by = now - apart_;
  if (std::chrono::abs(by) < kCorrection) return std::nullopt;
  apart_ = now;
  moved_ = clock_.steady_now();
  return by;
}

bool ClockWatch::in_doubt() const {
  return moved_ && clock_.steady_now() - *moved_ < kDoubt;
}

}  // namespace remotemail
