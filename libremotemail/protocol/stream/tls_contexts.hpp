// The settings of TLS, shared by connections.
#pragma once

#include <openssl/ssl.h>

#include <map>
#include <memory>
#include <mutex>
#include <string>

#include "remotemail/core/result.hpp"

namespace remotemail {

using TlsContext = std::shared_ptr<SSL_CTX>;

// One context for each file of authorities (0.85 MB with the system's), not for each server: the name to be
// checked belongs to the connection. Never resumes a session. Any thread.
class TlsContexts {
 public:
  // Verifies chains up to the authorities of `ca_file`, or of the system when empty. Read anew when the file
  // changed. ca_file_unreadable.
  Result<TlsContext> verifying(const std::string& ca_file);
  // Asks judge_pin() of tls_session.hpp alone, neither chain nor name nor dates.
  Result<TlsContext> pinning();

 private:
  struct Entry {
    std::string state;  // of the file when it was read
    TlsContext context;
  };
  std::mutex mutex_;
  std::map<std::string, Entry> entries_;
  TlsContext pinning_;
};

}  // namespace remotemail
