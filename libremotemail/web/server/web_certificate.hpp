// The certificate of the pages: the operator's own, or one that is made at the first start and kept.
#pragma once

#include <openssl/ssl.h>

#include <memory>
#include <string>
#include <vector>

#include "remotemail/core/clock.hpp"
#include "remotemail/core/result.hpp"

namespace remotemail::web {

struct FreeContext {
  void operator()(SSL_CTX* context) const { SSL_CTX_free(context); }
};
using ServerContext = std::unique_ptr<SSL_CTX, FreeContext>;

// TLS 1.2 at least. invalid_value names the file and what is wrong with it.
Result<ServerContext> open_server_context(const std::string& certificate_file, const std::string& key_file);

// Makes both files, the key's 0600, P-256, for these names and addresses, when they are not there both; what is there
// stays, also when the machine has other names since. store_full or store_failed names the file. Its times do not depend
// on a clock that may not be set yet: from 2020 on, for ever as browsers see it.
Status make_certificate(const std::string& certificate_file, const std::string& key_file,
                        const std::vector<std::string>& hosts);

// Whether any user of this machine may read the key: then any of them can pretend to be the pages.
bool everybody_may_read(const std::string& key_file);

// "AB:CD:…", SHA-256 of the certificate: what a browser shows, for the log.
std::string fingerprint_of(const SSL_CTX& context);

}  // namespace remotemail::web
