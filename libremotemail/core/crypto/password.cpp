#include "remotemail/core/password.hpp"

#include <openssl/evp.h>

#include <optional>
#include <vector>

#include "core/crypto/digest.hpp"
#include "core/text.hpp"
#include "remotemail/core/limits.hpp"
#include "remotemail/core/secret.hpp"

namespace remotemail {
namespace {

constexpr std::size_t kSaltSize = 16;
constexpr std::size_t kHashSize = 32;
constexpr std::uint64_t kMostMemory = 1ULL << 30U;

std::optional<std::string> scrypt(std::string_view password, std::string_view salt, HashCost cost) {
  std::string out(kHashSize, '\0');
  if (EVP_PBE_scrypt(password.data(), password.size(), reinterpret_cast<const unsigned char*>(salt.data()),
                     salt.size(), 1ULL << cost.log2_n, cost.r, cost.p, kMostMemory,
                     reinterpret_cast<unsigned char*>(out.data()), out.size()) != 1) {
    return std::nullopt;
  }
  return out;
}

}  // namespace

PasswordHash hash_password(std::string_view password, Random& random, HashCost cost) {
  std::string salt(kSaltSize, '\0');
  random.fill(std::as_writable_bytes(std::span(salt)));
  const auto hash = scrypt(password, salt, cost);
  if (!hash) return {};  // a cost this machine cannot pay: nothing matches, nothing is let in
  return {"scrypt$" + std::to_string(cost.log2_n) + "$" + std::to_string(cost.r) + "$" +
          std::to_string(cost.p) + "$" + to_hex(salt) + "$" + to_hex(*hash)};
}

bool verify_password(const PasswordHash& hash, std::string_view password) {
  const std::vector<std::string_view> fields = split(hash.text, '$');
  if (fields.size() != 6 || fields[0] != "scrypt") return false;
  const auto log2_n = parse_number<unsigned>(fields[1]);
  const auto r = parse_number<unsigned>(fields[2]);
  const auto p = parse_number<unsigned>(fields[3]);
  const auto salt = from_hex(fields[4]);
  const auto expected = from_hex(fields[5]);
  if (!log2_n || *log2_n < 1 || *log2_n > HashCost::kMaxLog2N || !r || *r < 1 || *r > 32 || !p || *p < 1 ||
      *p > 16 || !salt || !expected || expected->size() != kHashSize) {
    return false;
  }
  const auto actual = scrypt(password, *salt, {*log2_n, *r, *p});
  return actual && equal_in_constant_time(*actual, *expected);
}

bool is_password_form(std::string_view password) noexcept {
  if (password.empty() || password.size() > limits::kPasswordLength) return false;
  for (const char c : password) {
    if (!is_printable(c) || c == ' ') return false;
  }
  return true;
}

PasswordCheck::PasswordCheck(Random& random) : key_(32, '\0') {
  random.fill(std::as_writable_bytes(std::span(key_)));
}

PasswordCheck::~PasswordCheck() { wipe(key_); }

bool PasswordCheck::matches(const PasswordHash& hash, std::string_view candidate) {
  if (hash.empty()) return false;
  const std::string digest = hmac_sha256(key_, candidate);
  if (hash.text == remembered_hash_ && equal_in_constant_time(digest, remembered_digest_)) return true;
  if (!verify_password(hash, candidate)) return false;
  remembered_hash_ = hash.text;
  remembered_digest_ = digest;
  return true;
}

}  // namespace remotemail
