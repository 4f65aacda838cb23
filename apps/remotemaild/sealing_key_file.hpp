// Where the service's sealing key comes from (Y3): $CREDENTIALS_DIRECTORY/mailkey, else DIR/key, made at
// first start.
#pragma once

#include <string>

#include "remotemail/core/random.hpp"
#include "remotemail/core/sealer.hpp"

namespace remotemaild {

class SealingKeyFile final : public remotemail::SealingKey {
 public:
  // `credentials`: the value of $CREDENTIALS_DIRECTORY, or empty.
  SealingKeyFile(std::string directory, std::string credentials, remotemail::Random& random);
  // A credential may have any length from 16 octets on; its SHA-256 is the key. The file holds 32 octets.
  remotemail::Result<remotemail::Secret> key() override;
  std::string description() const override;
  bool is_credential() const { return is_credential_; }
  // Another key in DIR/key, durably; the one before is kept as DIR/key.before-restore.
  static bool is_key(const remotemail::Secret& key);  // has the size of one
  remotemail::Status replace(const remotemail::Secret& key);

 private:
  std::string path_;
  bool is_credential_;
  remotemail::Random& random_;
};

}  // namespace remotemaild
