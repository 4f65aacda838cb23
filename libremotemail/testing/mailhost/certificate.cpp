#include "testing/mailhost/certificate.hpp"

#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/rand.h>
#include <openssl/x509v3.h>

namespace remotemail::testing::mailhost {
namespace {

struct Free {
  void operator()(EVP_PKEY* key) const { EVP_PKEY_free(key); }
  void operator()(X509* certificate) const { X509_free(certificate); }
  void operator()(X509_EXTENSION* extension) const { X509_EXTENSION_free(extension); }
  void operator()(BIO* bio) const { BIO_free(bio); }
};
using Key = std::unique_ptr<EVP_PKEY, Free>;
using CertificatePtr = std::unique_ptr<X509, Free>;

constexpr long kDay = 24L * 60 * 60;

bool add_extension(X509* certificate, X509* issuer, int nid, const char* value) {
  X509V3_CTX context;
  X509V3_set_ctx(&context, issuer, certificate, nullptr, nullptr, 0);
  const std::unique_ptr<X509_EXTENSION, Free> extension(X509V3_EXT_conf_nid(nullptr, &context, nid, value));
  return extension && X509_add_ext(certificate, extension.get(), -1) == 1;
}

bool set_name(X509_NAME* name, const char* text) {
  return X509_NAME_add_entry_by_txt(name, "CN", MBSTRING_ASC, reinterpret_cast<const unsigned char*>(text),
                                    -1, -1, 0) == 1;
}

// Without an issuer: a CA, signed by itself.
CertificatePtr make_certificate(EVP_PKEY* key, const char* common_name, X509* issuer, EVP_PKEY* issuer_key,
                                MailHostOptions::Certificate kind) {
  using Flaw = MailHostOptions::Certificate;
  CertificatePtr made(X509_new());
  unsigned char serial[8];
  if (!made || RAND_bytes(serial, sizeof serial) != 1) return nullptr;
  serial[0] &= 0x7F;  // positive
  const std::unique_ptr<BIGNUM, decltype(&BN_free)> number(BN_bin2bn(serial, sizeof serial, nullptr),
                                                           &BN_free);
  X509* signer = issuer != nullptr ? issuer : made.get();
  const bool expired = issuer != nullptr && kind == Flaw::expired;
  const char* names =
      kind == Flaw::other_name ? "DNS:other.example.test" : "DNS:localhost,IP:127.0.0.1,IP:::1";
  bool good = number && BN_to_ASN1_INTEGER(number.get(), X509_get_serialNumber(made.get())) != nullptr &&
              X509_set_version(made.get(), 2) == 1 &&
              set_name(X509_get_subject_name(made.get()), common_name) &&
              X509_set_issuer_name(made.get(), X509_get_subject_name(signer)) == 1 &&
              X509_gmtime_adj(X509_getm_notBefore(made.get()), -30 * kDay) != nullptr &&
              X509_gmtime_adj(X509_getm_notAfter(made.get()), expired ? -kDay : 365 * kDay) != nullptr &&
              X509_set_pubkey(made.get(), key) == 1;
  good = good && add_extension(made.get(), signer, NID_subject_key_identifier, "hash");
  if (issuer == nullptr) {
    good = good && add_extension(made.get(), signer, NID_basic_constraints, "critical,CA:TRUE,pathlen:0") &&
           add_extension(made.get(), signer, NID_key_usage, "critical,keyCertSign,cRLSign");
  } else {
    good = good && add_extension(made.get(), signer, NID_authority_key_identifier, "keyid") &&
           add_extension(made.get(), signer, NID_basic_constraints, "critical,CA:FALSE") &&
           add_extension(made.get(), signer, NID_key_usage, "critical,digitalSignature") &&
           add_extension(made.get(), signer, NID_ext_key_usage, "serverAuth") &&
           add_extension(made.get(), signer, NID_subject_alt_name, names);
  }
  if (!good || X509_sign(made.get(), issuer_key, EVP_sha256()) == 0) return nullptr;
  return made;
}

}  // namespace

Result<ServerTls> make_server_tls(MailHostOptions::Certificate kind) {
  const Error failed = make_error(Cause::tls_failed, Step::tls, "the memory mail host's certificate");
  const Key ca_key(EVP_EC_gen("P-256")), key(EVP_EC_gen("P-256"));
  if (!ca_key || !key) return failed;
  // The CA's name differs from host to host, so that two of them can stand in one file of trusted CAs.
  unsigned char salt[4];
  if (RAND_bytes(salt, sizeof salt) != 1) return failed;
  std::string ca_name = "Memory mail host CA ";
  for (const unsigned char octet : salt) ca_name += static_cast<char>('a' + octet % 26);
  const CertificatePtr ca = make_certificate(ca_key.get(), ca_name.c_str(), nullptr, ca_key.get(), kind);
  if (!ca) return failed;
  const char* leaf_name =
      kind == MailHostOptions::Certificate::other_name ? "other.example.test" : "localhost";
  const CertificatePtr leaf = make_certificate(key.get(), leaf_name, ca.get(), ca_key.get(), kind);
  if (!leaf) return failed;

  ServerTls made{std::shared_ptr<SSL_CTX>(SSL_CTX_new(TLS_server_method()), &SSL_CTX_free), {}};
  if (!made.context || SSL_CTX_set_min_proto_version(made.context.get(), TLS1_2_VERSION) != 1 ||
      SSL_CTX_use_certificate(made.context.get(), leaf.get()) != 1 ||
      SSL_CTX_use_PrivateKey(made.context.get(), key.get()) != 1)
    return failed;
  const std::unique_ptr<BIO, Free> memory(BIO_new(BIO_s_mem()));
  if (!memory || PEM_write_bio_X509(memory.get(), ca.get()) != 1) return failed;
  char* text = nullptr;
  const long size = BIO_get_mem_data(memory.get(), &text);
  made.ca_pem.assign(text, static_cast<std::size_t>(size));
  return made;
}

}  // namespace remotemail::testing::mailhost
