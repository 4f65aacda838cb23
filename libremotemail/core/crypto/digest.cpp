#include "core/crypto/digest.hpp"

#include <openssl/evp.h>
#include <openssl/hmac.h>

#include <cstdint>
#include <new>

namespace remotemail {

std::string sha256(std::string_view data) {
  std::string out(32, '\0');
  unsigned size = 0;
  if (EVP_Digest(data.data(), data.size(), reinterpret_cast<unsigned char*>(out.data()), &size, EVP_sha256(),
                 nullptr) != 1) {
    throw std::bad_alloc();  // the only way this digest fails
  }
  return out;
}

std::string hmac_sha256(std::string_view key, std::string_view data) {
  std::string out(32, '\0');
  unsigned size = 0;
  if (HMAC(EVP_sha256(), key.data(), static_cast<int>(key.size()),
           reinterpret_cast<const unsigned char*>(data.data()), data.size(),
           reinterpret_cast<unsigned char*>(out.data()), &size) == nullptr) {
    throw std::bad_alloc();
  }
  return out;
}

std::string base32_lower(std::string_view bytes) {
  constexpr std::string_view kAlphabet = "abcdefghijklmnopqrstuvwxyz234567";
  std::string out;
  std::uint32_t bits = 0;
  unsigned held = 0;
  for (const char c : bytes) {
    bits = bits << 8U | static_cast<unsigned char>(c);
    held += 8;
    while (held >= 5) {
      held -= 5;
      out += kAlphabet[bits >> held & 31U];
    }
  }
  if (held > 0) out += kAlphabet[bits << (5 - held) & 31U];
  return out;
}

void append_field(std::string& data, std::string_view field) {
  for (int shift = 56; shift >= 0; shift -= 8) {
    data += static_cast<char>(static_cast<std::uint64_t>(field.size()) >> shift & 255U);
  }
  data += field;
}

}  // namespace remotemail
