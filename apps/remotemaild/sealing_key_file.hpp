// Where the service's sealing key comes from (Y3): $CREDENTIALS_DIRECTORY/mailkey, else DIR/key, made at
// first start.
//
// Beside it may lie: key.credential, a mark that what lies here was sealed under the credential, which commands without
// the service do not see; key.restored, the key of a backup that `restore` is bringing in.
#pragma once

#include <string>

#include "remotemail/core/random.hpp"
#include "remotemail/core/sealer.hpp"

namespace remotemaild {

class SealingKeyFile final : public remotemail::SealingKey {
 public:
  // `credentials`: the value of $CREDENTIALS_DIRECTORY, or empty.
  SealingKeyFile(std::string directory, std::string credentials, remotemail::Random& random);
  // A credential may have any length from 16 octets on; its SHA-256 is the key. The file holds 32 octets. Without the
  // credential under which the state was sealed: key_missing, and no key is made. Ends first what a restore that was cut
  // off has left.
  remotemail::Result<remotemail::Secret> key() override;
  std::string description() const override;
  bool is_credential() const { return is_credential_; }
  static bool is_key(const remotemail::Secret& key);  // has the size of one

  // Another key together with another state, whichever power leaves: with announce() the key waits durably in
  // DIR/key.restored; renaming DIR/restore.tmp to the state decides; end_restore() puts the waiting key into DIR/key when
  // restore.tmp is gone (the one before is kept as DIR/key.before-restore), and else forgets it.
  remotemail::Status announce(const remotemail::Secret& key);
  remotemail::Status end_restore();

 private:
  remotemail::Status mark_credential();

  std::string directory_, path_;
  bool is_credential_;
  remotemail::Random& random_;
};

}  // namespace remotemaild
