// Certificates made for the test, with any mistake in them.
#pragma once

#include <openssl/evp.h>
#include <openssl/x509.h>

#include <memory>
#include <string>
#include <vector>

namespace remotemail::test {

struct FreeKey {
  void operator()(EVP_PKEY* key) const { EVP_PKEY_free(key); }
};
struct FreeCertificate {
  void operator()(X509* certificate) const { X509_free(certificate); }
};

// A certificate and its key.
struct Identity {
  std::unique_ptr<EVP_PKEY, FreeKey> key;
  std::unique_ptr<X509, FreeCertificate> certificate;

  std::string pem() const;  // of the certificate
  std::string pin() const;  // made another way than by the code under test
};

struct Wanted {
  std::string common_name = "test";
  std::vector<std::string> names = {};      // subjectAltName, DNS; any octets
  std::vector<std::string> addresses = {};  // subjectAltName, IP
  long valid_from_days = -1;                // from today
  long valid_to_days = 30;
  bool authority = false;
};

Identity make_identity(const Wanted& wanted,
                       const Identity* issuer = nullptr);  // without issuer: self-signed

// A file that goes with the object.
class TemporaryFile {
 public:
  explicit TemporaryFile(const std::string& content);
  ~TemporaryFile();
  TemporaryFile(const TemporaryFile&) = delete;
  TemporaryFile& operator=(const TemporaryFile&) = delete;
  const std::string& path() const { return path_; }
  void replace(const std::string& content) const;  // by a new file under the same name

 private:
  std::string path_;
};

}  // namespace remotemail::test
