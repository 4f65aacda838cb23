#include "web/server/web_certificate.hpp"

#include <arpa/inet.h>
#include <fcntl.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/rand.h>
#include <openssl/x509v3.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstring>

#include "core/text.hpp"

namespace remotemail::web {
namespace {

template <auto Free>
struct Freed {
  template <typename T>
  void operator()(T* object) const {
    Free(object);
  }
};
using Key = std::unique_ptr<EVP_PKEY, Freed<EVP_PKEY_free>>;
using Certificate = std::unique_ptr<X509, Freed<X509_free>>;
using Bio = std::unique_ptr<BIO, Freed<BIO_free>>;
using Extension = std::unique_ptr<X509_EXTENSION, Freed<X509_EXTENSION_free>>;

Error failure(Cause cause, std::string detail) {
  ERR_clear_error();
  return make_error(cause, Step::settings, std::move(detail), Retry::after_setup_change);
}

bool is_address(const std::string& host) {
  std::array<unsigned char, 16> octets{};
  return ::inet_pton(AF_INET, host.c_str(), octets.data()) == 1 ||
         ::inet_pton(AF_INET6, host.c_str(), octets.data()) == 1;
}

bool add(X509& certificate, int what, const std::string& value) {
  X509V3_CTX context;
  X509V3_set_ctx_nodb(&context);
  X509V3_set_ctx(&context, &certificate, &certificate, nullptr, nullptr, 0);
  const Extension extension(X509V3_EXT_conf_nid(nullptr, &context, what, value.c_str()));
  return extension && X509_add_ext(&certificate, extension.get(), -1) == 1;
}

Certificate made(EVP_PKEY& key, const std::vector<std::string>& hosts) {
  Certificate certificate(X509_new());
  std::array<unsigned char, 16> serial{};
  if (!certificate || RAND_bytes(serial.data(), serial.size()) != 1) return nullptr;
  serial[0] &= 0x7F;  // RFC 5280 4.1.2.2: positive
  const std::unique_ptr<BIGNUM, Freed<BN_free>> number(BN_bin2bn(serial.data(), serial.size(), nullptr));
  X509_NAME* const name = X509_get_subject_name(certificate.get());
  const std::string common = hosts.empty() ? "remotemail" : hosts.front().substr(0, 64);
  std::string names;
  for (const std::string& host : hosts) {
    if (host.find_first_of(",:\n") != std::string::npos && !is_address(host)) continue;
    names += (names.empty() ? "" : ",") + std::string(is_address(host) ? "IP:" : "DNS:") + host;
  }
  const bool good =
      number && X509_set_version(certificate.get(), X509_VERSION_3) == 1 &&
      BN_to_ASN1_INTEGER(number.get(), X509_get_serialNumber(certificate.get())) != nullptr &&
      ASN1_TIME_set_string(X509_getm_notBefore(certificate.get()), "20200101000000Z") == 1 &&
      ASN1_TIME_set_string(X509_getm_notAfter(certificate.get()), "20991231235959Z") == 1 &&
      X509_set_pubkey(certificate.get(), &key) == 1 &&
      X509_NAME_add_entry_by_txt(name, "CN", MBSTRING_ASC,
                                 reinterpret_cast<const unsigned char*>(common.c_str()), -1, -1, 0) == 1 &&
      X509_set_issuer_name(certificate.get(), name) == 1 &&
      add(*certificate, NID_basic_constraints, "critical,CA:FALSE") &&
      add(*certificate, NID_key_usage, "critical,digitalSignature") &&
      add(*certificate, NID_ext_key_usage, "serverAuth") &&
      (names.empty() || add(*certificate, NID_subject_alt_name, names)) &&
      X509_sign(certificate.get(), &key, EVP_sha256()) > 0;
  return good ? std::move(certificate) : nullptr;
}

// As a whole or not at all: written beside, synced, renamed.
Status write_file(const std::string& path, BIO& content, mode_t mode) {
  const auto fails = [&] {
    return make_error(errno == ENOSPC ? Cause::store_full : Cause::store_failed, Step::store,
                      path + ": " + std::strerror(errno));
  };
  char* data = nullptr;
  const long size = BIO_get_mem_data(&content, &data);
  const std::string fresh = path + ".new";
  ::unlink(fresh.c_str());
  const int file = ::open(fresh.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, mode);
  if (file < 0) return fails();
  const bool written = ::write(file, data, static_cast<std::size_t>(size)) == size && ::fsync(file) == 0;
  if (!written || ::rename(fresh.c_str(), path.c_str()) != 0) {
    Error error = fails();
    ::close(file);
    ::unlink(fresh.c_str());
    return error;
  }
  ::close(file);
  return {};
}

}  // namespace

Result<ServerContext> open_server_context(const std::string& certificate_file, const std::string& key_file) {
  ServerContext context(SSL_CTX_new(TLS_server_method()));
  if (!context) return failure(Cause::internal, "TLS cannot be set up");
  SSL_CTX_set_min_proto_version(context.get(), TLS1_2_VERSION);
  SSL_CTX_set_options(context.get(),
                      SSL_OP_NO_RENEGOTIATION | SSL_OP_NO_COMPRESSION | SSL_OP_CIPHER_SERVER_PREFERENCE);
  SSL_CTX_set_cipher_list(context.get(), "ECDHE+AESGCM:ECDHE+CHACHA20");
  // A buffer is written again after a wait, not necessarily from the same place.
  SSL_CTX_set_mode(context.get(), SSL_MODE_ENABLE_PARTIAL_WRITE | SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER |
                                      SSL_MODE_RELEASE_BUFFERS);
  // Without it SSL_read returns after each record, so that records without content cannot outlast a deadline.
  SSL_CTX_clear_mode(context.get(), SSL_MODE_AUTO_RETRY);
  SSL_CTX_set_session_cache_mode(context.get(), SSL_SESS_CACHE_OFF);  // tickets need no memory here
  if (SSL_CTX_use_certificate_chain_file(context.get(), certificate_file.c_str()) != 1) {
    return failure(Cause::invalid_value,
                   certificate_file + ": must be a certificate (chain) in PEM form that can be read");
  }
  if (SSL_CTX_use_PrivateKey_file(context.get(), key_file.c_str(), SSL_FILETYPE_PEM) != 1) {
    return failure(Cause::invalid_value, key_file + ": must be the private key of " + certificate_file +
                                             " in PEM form, without a pass phrase, that can be read");
  }
  return context;
}

Status make_certificate(const std::string& certificate_file, const std::string& key_file,
                        const std::vector<std::string>& hosts) {
  if (::access(certificate_file.c_str(), F_OK) == 0 && ::access(key_file.c_str(), F_OK) == 0) return {};
  const Key key(EVP_EC_gen("P-256"));
  const Certificate certificate = key ? made(*key, hosts) : nullptr;
  const Bio key_text(BIO_new(BIO_s_secmem())), certificate_text(BIO_new(BIO_s_mem()));
  if (!certificate || !key_text || !certificate_text ||
      PEM_write_bio_PKCS8PrivateKey(key_text.get(), key.get(), nullptr, nullptr, 0, nullptr, nullptr) != 1 ||
      PEM_write_bio_X509(certificate_text.get(), certificate.get()) != 1) {
    return failure(Cause::internal, "no certificate could be made for the pages");
  }
  ::unlink(certificate_file.c_str());  // a power cut between the two never leaves one that another key made
  if (Status kept = write_file(key_file, *key_text, 0600); !kept) return kept;
  return write_file(certificate_file, *certificate_text, 0644);
}

bool everybody_may_read(const std::string& key_file) {
  struct stat about {};
  return ::stat(key_file.c_str(), &about) == 0 && (about.st_mode & S_IROTH) != 0;
}

std::string fingerprint_of(const SSL_CTX& context) {
  std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
  unsigned size = 0;
  const X509* const certificate = SSL_CTX_get0_certificate(&context);
  if (certificate == nullptr || X509_digest(certificate, EVP_sha256(), digest.data(), &size) != 1) return {};
  std::string out;
  for (unsigned i = 0; i < size; ++i) {
    if (i > 0) out += ':';
    out += upper(to_hex(std::string_view(reinterpret_cast<const char*>(&digest[i]), 1)));
  }
  return out;
}

}  // namespace remotemail::web
