#include "protocol/stream/stream_certificates.hpp"

#include <arpa/inet.h>
#include <openssl/bio.h>
#include <openssl/pem.h>
#include <openssl/sha.h>
#include <openssl/x509v3.h>
#include <unistd.h>

#include <array>
#include <atomic>
#include <cstdio>
#include <cstdlib>
#include <fstream>

#include "core/text.hpp"

namespace remotemail::test {
namespace {

void add_alternative_names(X509* certificate, const Wanted& wanted) {
  if (wanted.names.empty() && wanted.addresses.empty()) return;
  GENERAL_NAMES* all = GENERAL_NAMES_new();
  const auto add = [all](int type, const std::string& octets) {
    ASN1_STRING* text = type == GEN_DNS ? ASN1_IA5STRING_new() : ASN1_OCTET_STRING_new();
    ASN1_STRING_set(text, octets.data(), static_cast<int>(octets.size()));
    GENERAL_NAME* name = GENERAL_NAME_new();
    GENERAL_NAME_set0_value(name, type, text);
    sk_GENERAL_NAME_push(all, name);
  };
  for (const std::string& name : wanted.names) add(GEN_DNS, name);
  for (const std::string& address : wanted.addresses) {
    std::string octets(16, '\0');
    const bool v4 = inet_pton(AF_INET, address.c_str(), octets.data()) == 1;
    if (!v4) inet_pton(AF_INET6, address.c_str(), octets.data());
    add(GEN_IPADD, octets.substr(0, v4 ? 4 : 16));
  }
  X509_add1_ext_i2d(certificate, NID_subject_alt_name, all, 0, 0);
  GENERAL_NAMES_free(all);
}

}  // namespace

std::string Identity::pem() const {
  BIO* out = BIO_new(BIO_s_mem());
  PEM_write_bio_X509(out, certificate.get());
  char* data = nullptr;
  const long size = BIO_get_mem_data(out, &data);
  std::string text(data, static_cast<std::size_t>(size));
  BIO_free(out);
  return text;
}

std::string Identity::pin() const {
  unsigned char* der = nullptr;
  const int size = i2d_PUBKEY(key.get(), &der);
  std::string digest(SHA256_DIGEST_LENGTH, '\0');
  SHA256(der, static_cast<std::size_t>(size), reinterpret_cast<unsigned char*>(digest.data()));
  OPENSSL_free(der);
  return to_hex(digest);
}

Identity make_identity(const Wanted& wanted, const Identity* issuer) {
  static std::atomic<long> serial{1000};
  Identity made{decltype(Identity::key)(EVP_EC_gen("P-256")), decltype(Identity::certificate)(X509_new())};
  X509* certificate = made.certificate.get();
  X509_set_version(certificate, 2);
  ASN1_INTEGER_set(X509_get_serialNumber(certificate), ++serial);
  X509_gmtime_adj(X509_getm_notBefore(certificate), wanted.valid_from_days * 86'400);
  X509_gmtime_adj(X509_getm_notAfter(certificate), wanted.valid_to_days * 86'400);
  X509_NAME_add_entry_by_txt(X509_get_subject_name(certificate), "CN", MBSTRING_UTF8,
                             reinterpret_cast<const unsigned char*>(wanted.common_name.data()),
                             static_cast<int>(wanted.common_name.size()), -1, 0);
  X509_set_issuer_name(certificate,
                       X509_get_subject_name(issuer != nullptr ? issuer->certificate.get() : certificate));
  X509_set_pubkey(certificate, made.key.get());
  if (wanted.authority) {
    X509_EXTENSION* basic = X509V3_EXT_conf_nid(nullptr, nullptr, NID_basic_constraints, "critical,CA:TRUE");
    X509_add_ext(certificate, basic, -1);
    X509_EXTENSION_free(basic);
  }
  add_alternative_names(certificate, wanted);
  X509_sign(certificate, issuer != nullptr ? issuer->key.get() : made.key.get(), EVP_sha256());
  return made;
}

TemporaryFile::TemporaryFile(const std::string& content) {
  const char* folder = std::getenv("TMPDIR");
  path_ = std::string(folder != nullptr ? folder : "/tmp") + "/remotemail-stream-XXXXXX";
  const int descriptor = ::mkstemp(path_.data());
  if (descriptor >= 0) ::close(descriptor);
  replace(content);
}

TemporaryFile::~TemporaryFile() {
  std::remove(path_.c_str());
}

void TemporaryFile::replace(const std::string& content) const {
  const std::string fresh = path_ + ".new";
  std::ofstream(fresh, std::ios::binary) << content;
  std::rename(fresh.c_str(), path_.c_str());
}

}  // namespace remotemail::test
