#include "remotemail/core/sealer.hpp"

#include <openssl/evp.h>

#include <memory>
#include <new>

#include "core/crypto/digest.hpp"

namespace remotemail {
namespace {

// Layout of sealed text: version 1 | nonce 12 | ciphertext | tag 16.
constexpr char kVersion = 1;
constexpr std::size_t kKeySize = 32, kNonceSize = 12, kTagSize = 16;

struct FreeContext {
  void operator()(EVP_CIPHER_CTX* context) const { EVP_CIPHER_CTX_free(context); }
};
using CipherContext = std::unique_ptr<EVP_CIPHER_CTX, FreeContext>;

CipherContext make_context() {
  CipherContext context(EVP_CIPHER_CTX_new());
  if (!context) throw std::bad_alloc();
  return context;
}

const unsigned char* octets(std::string_view text) { return reinterpret_cast<const unsigned char*>(text.data()); }
unsigned char* octets(std::string& text) { return reinterpret_cast<unsigned char*>(text.data()); }

Error does_not_fit() { return make_error(Cause::key_missing, Step::store, {}, Retry::after_setup_change); }

}  // namespace

Sealer::Sealer(Secret key, Random& random) : key_(std::move(key)), random_(random) {}

std::string Sealer::seal(std::string_view plain, std::string_view bound_to) const {
  if (key_.reveal().size() != kKeySize) return {};
  std::string nonce(kNonceSize, '\0');
  random_.fill(std::as_writable_bytes(std::span(nonce)));
  std::string cipher(plain.size(), '\0'), tag(kTagSize, '\0');
  int size = 0;
  const CipherContext context = make_context();
  const bool ok =
      EVP_EncryptInit_ex(context.get(), EVP_aes_256_gcm(), nullptr, octets(key_.reveal()), octets(nonce)) == 1 &&
      EVP_EncryptUpdate(context.get(), nullptr, &size, octets(bound_to), static_cast<int>(bound_to.size())) == 1 &&
      (plain.empty() || EVP_EncryptUpdate(context.get(), octets(cipher), &size, octets(plain),
                                          static_cast<int>(plain.size())) == 1) &&
      EVP_EncryptFinal_ex(context.get(), octets(tag), &size) == 1 &&
      EVP_CIPHER_CTX_ctrl(context.get(), EVP_CTRL_GCM_GET_TAG, kTagSize, octets(tag)) == 1;
  if (!ok) throw std::bad_alloc();  // nothing else can fail here
  return kVersion + nonce + cipher + tag;
}

Result<Secret> Sealer::open(std::string_view sealed, std::string_view bound_to) const {
  if (key_.reveal().size() != kKeySize || sealed.size() < 1 + kNonceSize + kTagSize || sealed[0] != kVersion) {
    return does_not_fit();
  }
  const std::string_view nonce = sealed.substr(1, kNonceSize);
  const std::string_view cipher = sealed.substr(1 + kNonceSize, sealed.size() - 1 - kNonceSize - kTagSize);
  std::string tag(sealed.substr(sealed.size() - kTagSize));
  std::string plain(cipher.size(), '\0');
  int size = 0;
  const CipherContext context = make_context();
  const bool ok =
      EVP_DecryptInit_ex(context.get(), EVP_aes_256_gcm(), nullptr, octets(key_.reveal()), octets(nonce)) == 1 &&
      EVP_DecryptUpdate(context.get(), nullptr, &size, octets(bound_to), static_cast<int>(bound_to.size())) == 1 &&
      (cipher.empty() || EVP_DecryptUpdate(context.get(), octets(plain), &size, octets(cipher),
                                           static_cast<int>(cipher.size())) == 1) &&
      EVP_CIPHER_CTX_ctrl(context.get(), EVP_CTRL_GCM_SET_TAG, kTagSize, tag.data()) == 1 &&
      EVP_DecryptFinal_ex(context.get(), octets(tag), &size) == 1;
  if (!ok) {
    wipe(plain);
    return does_not_fit();
  }
  return Secret(std::move(plain));
}

std::string Sealer::keyed_digest(std::string_view purpose, std::string_view data) const {
  return hmac_sha256(hmac_sha256(key_.reveal(), purpose), data);
}

}  // namespace remotemail
