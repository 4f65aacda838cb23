// Passwords one only compares (Y4): stored as a slow, salted hash.
#pragma once

#include <string>
#include <string_view>

#include "remotemail/core/random.hpp"

namespace remotemail {

// "scrypt$<log2 N>$<r>$<p>$<salt hex>$<hash hex>": text as it is stored. Empty: no password set, nothing matches.
struct PasswordHash {
  std::string text;
  bool empty() const noexcept { return text.empty(); }
  bool operator==(const PasswordHash&) const = default;
};

// What hashing costs. The default takes about 16 MiB and tens of milliseconds; firmware with less memory lowers it,
// tests lower it to stay quick. Verification follows the cost stored in the hash, within kMaxLog2N.
struct HashCost {
  unsigned log2_n = 14;
  unsigned r = 8;
  unsigned p = 1;
  static constexpr unsigned kMaxLog2N = 20;
};

PasswordHash hash_password(std::string_view password, Random& random, HashCost cost = {});
// False for a wrong password, an empty or an unreadable hash. Constant time in the password.
bool verify_password(const PasswordHash& hash, std::string_view password);

// B31, F15: 1 to limits::kPasswordLength printable ASCII characters, none of them a space.
bool is_password_form(std::string_view password) noexcept;

// Compares a candidate with a hash and remembers, in memory only, a keyed digest of the one that was right, so that
// the next mail with it does not cost a slow hash (Y4). Not thread-safe; one per agent. Wrong ones are never remembered.
class PasswordCheck {
 public:
  explicit PasswordCheck(Random& random);
  ~PasswordCheck();
  PasswordCheck(const PasswordCheck&) = delete;
  PasswordCheck& operator=(const PasswordCheck&) = delete;
  bool matches(const PasswordHash& hash, std::string_view candidate);

 private:
  std::string key_, remembered_hash_, remembered_digest_;
};

}  // namespace remotemail
