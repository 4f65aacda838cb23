#include "protocol/stream/tls_contexts.hpp"

#include <openssl/err.h>
#include <openssl/x509.h>
#include <sys/stat.h>

#include <cerrno>
#include <cstdlib>
#include <cstring>

#include "core/text.hpp"
#include "protocol/stream/tls_session.hpp"

namespace remotemail {
namespace {

constexpr std::size_t kMostFiles = 16;
constexpr int kLongestChain = 8;  // intermediates; real ones have 1 to 3

std::string state_of(const char* path) {
  struct stat facts {};
  if (::stat(path, &facts) != 0) return "-";
  std::string state;
  for (const auto part : {static_cast<long long>(facts.st_dev), static_cast<long long>(facts.st_ino),
                          static_cast<long long>(facts.st_size), static_cast<long long>(facts.st_mtim.tv_sec),
                          static_cast<long long>(facts.st_mtim.tv_nsec)}) {
    state += std::to_string(part) + ' ';
  }
  return state;
}

const char* from_environment(const char* variable, const char* otherwise) {
  const char* value = std::getenv(variable);  // NOLINT(concurrency-mt-unsafe): nothing here sets it
  return value != nullptr ? value : otherwise;
}

std::string state_of_authorities(const std::string& ca_file) {
  if (!ca_file.empty()) return state_of(ca_file.c_str());
  return state_of(from_environment(X509_get_default_cert_file_env(), X509_get_default_cert_file())) +
         state_of(from_environment(X509_get_default_cert_dir_env(), X509_get_default_cert_dir()));
}

TlsContext make_context() {
  TlsContext context(SSL_CTX_new(TLS_client_method()), &SSL_CTX_free);
  if (!context) return nullptr;
  SSL_CTX* raw = context.get();
  // Set here and not left to the system's openssl.cnf, which a device image may lack (RFC 8997, RFC 9325).
  if (SSL_CTX_set_min_proto_version(raw, TLS1_2_VERSION) != 1 ||
      SSL_CTX_set_cipher_list(raw, "ECDHE+AESGCM:ECDHE+CHACHA20") != 1) {
    return nullptr;
  }
  SSL_CTX_set_security_level(raw, 2);
  SSL_CTX_set_options(raw, SSL_OP_NO_COMPRESSION | SSL_OP_NO_RENEGOTIATION | SSL_OP_NO_TICKET);
  SSL_CTX_clear_options(raw, SSL_OP_IGNORE_UNEXPECTED_EOF | SSL_OP_LEGACY_SERVER_CONNECT);
  SSL_CTX_set_mode(
      raw, SSL_MODE_ENABLE_PARTIAL_WRITE | SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER | SSL_MODE_RELEASE_BUFFERS);
  // Without it SSL_read returns after each record, so that records without content cannot outlast a deadline.
  SSL_CTX_clear_mode(raw, SSL_MODE_AUTO_RETRY);
  SSL_CTX_set_session_cache_mode(raw, SSL_SESS_CACHE_OFF);
  SSL_CTX_set_verify_depth(raw, kLongestChain);
  SSL_CTX_set_verify(raw, SSL_VERIFY_PEER, nullptr);
  return context;
}

Error no_context() {
  ERR_clear_error();
  return make_error(Cause::tls_failed, Step::tls, "OpenSSL could not be set up");
}

}  // namespace

Result<TlsContext> TlsContexts::verifying(const std::string& ca_file) {
  const std::lock_guard lock(mutex_);
  // Before reading: a file replaced meanwhile is then read once more next time.
  std::string state = state_of_authorities(ca_file);
  if (const auto known = entries_.find(ca_file); known != entries_.end() && known->second.state == state) {
    return known->second.context;
  }
  TlsContext context = make_context();
  if (!context) return no_context();
  if (ca_file.empty()) {
    // A system without authorities trusts nobody; that is no failure here.
    SSL_CTX_set_default_verify_paths(context.get());
    ERR_clear_error();
  } else {
    ERR_clear_error();
    errno = 0;
    if (ca_file.find('\0') != std::string::npos ||
        SSL_CTX_load_verify_file(context.get(), ca_file.c_str()) != 1) {
      const int error = errno;
      const bool missing = state == "-" || error == EACCES;
      ERR_clear_error();
      return make_error(
          Cause::ca_file_unreadable, Step::tls,
          clean_line(ca_file, 120) + (missing && error != 0 ? std::string(": ") + std::strerror(error)
                                                            : ": holds no certificate in PEM"),
          Retry::after_setup_change);
    }
    // Whoever names a file may name the server's own or an intermediate certificate in it.
    X509_VERIFY_PARAM_set_flags(SSL_CTX_get0_param(context.get()), X509_V_FLAG_PARTIAL_CHAIN);
  }
  if (entries_.size() >= kMostFiles) entries_.clear();  // connections keep theirs
  entries_[ca_file] = {std::move(state), context};
  return context;
}

Result<TlsContext> TlsContexts::pinning() {
  const std::lock_guard lock(mutex_);
  if (!pinning_) {
    pinning_ = make_context();
    if (!pinning_) return no_context();
    SSL_CTX_set_cert_verify_callback(pinning_.get(), &judge_pin, nullptr);
  }
  return pinning_;
}

}  // namespace remotemail
