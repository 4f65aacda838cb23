// The memory mail host's certificates: a CA of its own and a leaf, made at start.
#pragma once

#include <openssl/ssl.h>

#include <memory>
#include <string>

#include "remotemail/core/result.hpp"
#include "remotemail/testing/memory_mail_host.hpp"

namespace remotemail::testing::mailhost {

struct ServerTls {
  std::shared_ptr<SSL_CTX> context;
  std::string ca_pem;
};

// tls_failed when OpenSSL cannot (no entropy, no curve).
Result<ServerTls> make_server_tls(MailHostOptions::Certificate);

}  // namespace remotemail::testing::mailhost
