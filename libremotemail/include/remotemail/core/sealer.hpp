// Sealing: what must be readable again (mailbox passwords, waiting replies) is kept encrypted under the sealing key (Y3).
#pragma once

#include <string>
#include <string_view>

#include "remotemail/core/random.hpp"
#include "remotemail/core/result.hpp"
#include "remotemail/core/secret.hpp"

namespace remotemail {

// The key port: where firmware keeps 32 random bytes that never leave the device.
class SealingKey {
 public:
  virtual ~SealingKey() = default;
  virtual Result<Secret> key() = 0;             // exactly 32 octets; the same at every call and after every start
  virtual std::string description() const = 0;  // for page and `check`: "credential mailkey", "file DIR/key (0600)"
};

// AES-256-GCM with a random nonce. Thread-safe once made.
class Sealer {
 public:
  // `key` must be 32 octets (else every call fails with Cause::key_missing).
  Sealer(Secret key, Random& random);

  // `bound_to` is authenticated, not stored: opening with another text fails.
  std::string seal(std::string_view plain, std::string_view bound_to) const;
  // Cause::key_missing when it was sealed under another key or binding, or was altered.
  Result<Secret> open(std::string_view sealed, std::string_view bound_to) const;
  // Keyed digest for a purpose: HMAC-SHA-256 under a key derived from the sealing key and `purpose`; 32 octets.
  std::string keyed_digest(std::string_view purpose, std::string_view data) const;

 private:
  Secret key_;
  Random& random_;
};

}  // namespace remotemail
