#include "remotemail/core/random.hpp"

#include <openssl/rand.h>

#include <cstdlib>
#include <cstring>

#include "core/text.hpp"

namespace remotemail {

std::uint64_t Random::next_u64() {
  std::uint64_t value = 0;
  fill(std::as_writable_bytes(std::span(&value, 1)));
  return value;
}

double Random::unit() { return static_cast<double>(next_u64() >> 11U) * 0x1.0p-53; }

std::string Random::hex(std::size_t bytes) {
  std::string raw(bytes, '\0');
  fill(std::as_writable_bytes(std::span(raw)));
  return to_hex(raw);
}

void SystemRandom::fill(std::span<std::byte> out) {
  if (RAND_bytes(reinterpret_cast<unsigned char*>(out.data()), static_cast<int>(out.size())) != 1) std::abort();
}

}  // namespace remotemail
