#include "remotemail/core/secret.hpp"

#include <openssl/crypto.h>

namespace remotemail {

void wipe(std::string& text) noexcept {
  text.resize(text.capacity());  // never allocates; brings all that the string owns into reach
  OPENSSL_cleanse(text.data(), text.size());
  text.clear();
}

bool equal_in_constant_time(std::string_view a, std::string_view b) noexcept {
  return a.size() == b.size() && CRYPTO_memcmp(a.data(), b.data(), a.size()) == 0;
}

}  // namespace remotemail
