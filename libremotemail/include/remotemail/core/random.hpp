// Randomness as an argument.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>

namespace remotemail {

class Random {
 public:
  virtual ~Random() = default;
  // Fills `out` with bytes nobody can guess. Any thread. Never fails: an implementation that has no entropy ends
  // the process rather than hand out guessable bytes.
  virtual void fill(std::span<std::byte> out) = 0;

  std::uint64_t next_u64();
  double unit();                         // uniform in [0, 1)
  std::string hex(std::size_t bytes);    // 2 * bytes lower-case hex digits
};

// libcrypto's generator.
class SystemRandom final : public Random {
 public:
  void fill(std::span<std::byte> out) override;
};

}  // namespace remotemail
