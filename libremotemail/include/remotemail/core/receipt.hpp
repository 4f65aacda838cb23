// The right to remove a mail from its server: proof that what it asked for is durable (R2, design step 8 → 9).
#pragma once

#include <utility>

#include "remotemail/core/mail.hpp"

namespace remotemail {

class MailStore;

// Only a MailStore can make one, so removing a mail whose replies are not on disk does not compile.
class Receipt {
 public:
  const MailKey& key() const noexcept { return key_; }
  bool operator==(const Receipt&) const = default;

 private:
  friend class MailStore;
  explicit Receipt(MailKey key) : key_(std::move(key)) {}
  MailKey key_;
};

}  // namespace remotemail
