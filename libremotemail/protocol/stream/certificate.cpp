#include "protocol/stream/certificate.hpp"

#include <arpa/inet.h>
#include <openssl/bio.h>
#include <openssl/err.h>

#include <array>
#include <ctime>
#include <memory>

#include "core/crypto/digest.hpp"
#include "core/text.hpp"

namespace remotemail {
namespace {

constexpr std::size_t kNamesShown = 4;
constexpr std::size_t kTextShown = 100;

std::string text_of(const ASN1_STRING* string) {
  const auto* data = reinterpret_cast<const char*>(ASN1_STRING_get0_data(string));
  return clean_line({data, static_cast<std::size_t>(ASN1_STRING_length(string))}, kTextShown);
}

std::string text_of(const X509_NAME* name) {
  const std::unique_ptr<BIO, decltype(&BIO_free)> out(BIO_new(BIO_s_mem()), &BIO_free);
  if (!out || X509_NAME_print_ex(out.get(), name, 0, XN_FLAG_RFC2253) < 0) return {};
  const char* data = nullptr;
  const long size = BIO_get_mem_data(out.get(), &data);
  return data == nullptr ? std::string() : clean_line({data, static_cast<std::size_t>(size)}, kTextShown);
}

std::string text_of(const GENERAL_NAME* name) {
  if (name->type == GEN_DNS) return text_of(name->d.dNSName);
  if (name->type != GEN_IPADD) return {};
  const int size = ASN1_STRING_length(name->d.iPAddress);
  std::array<char, INET6_ADDRSTRLEN> text{};
  if (size != 4 && size != 16) return {};
  inet_ntop(size == 4 ? AF_INET : AF_INET6, ASN1_STRING_get0_data(name->d.iPAddress), text.data(),
            text.size());
  return text.data();
}

std::string common_name_of(const X509* certificate) {
  const X509_NAME* subject = X509_get_subject_name(certificate);
  const int at = X509_NAME_get_index_by_NID(subject, NID_commonName, -1);
  return at < 0 ? std::string() : text_of(X509_NAME_ENTRY_get_data(X509_NAME_get_entry(subject, at)));
}

}  // namespace

std::string public_key_pin(const X509* certificate) {
  unsigned char* der = nullptr;
  const int size = i2d_X509_PUBKEY(X509_get_X509_PUBKEY(certificate), &der);
  if (size <= 0) return {};
  const std::string pin =
      to_hex(sha256({reinterpret_cast<const char*>(der), static_cast<std::size_t>(size)}));
  OPENSSL_free(der);
  return pin;
}

std::string names_of(const X509* certificate) {
  auto* names =
      static_cast<GENERAL_NAMES*>(X509_get_ext_d2i(certificate, NID_subject_alt_name, nullptr, nullptr));
  std::string out;
  std::size_t shown = 0;
  std::size_t more = 0;
  for (int i = 0; names != nullptr && i < sk_GENERAL_NAME_num(names); ++i) {
    const std::string name = text_of(sk_GENERAL_NAME_value(names, i));
    if (name.empty()) continue;
    if (shown == kNamesShown) {
      ++more;
      continue;
    }
    out += (shown++ == 0 ? "" : ", ") + name;
  }
  GENERAL_NAMES_free(names);
  if (more > 0) out += " and " + std::to_string(more) + " more";
  if (!out.empty()) return out;
  const std::string common = common_name_of(certificate);
  return common.empty() ? "no host" : "no host (its common name alone, " + common + ", does not count)";
}

std::string subject_of(const X509* certificate) {
  return text_of(X509_get_subject_name(certificate));
}
std::string issuer_of(const X509* certificate) {
  return text_of(X509_get_issuer_name(certificate));
}

std::string date_and_time(const ASN1_TIME* time) {
  std::tm parts{};
  std::array<char, 48> text{};
  if (time == nullptr || ASN1_TIME_to_tm(time, &parts) != 1 ||
      std::strftime(text.data(), text.size(), "%Y-%m-%d %H:%M:%S UTC", &parts) == 0) {
    return "?";
  }
  return text.data();
}

void describe_certificate(const X509* certificate, TlsInfo& info) {
  info.subject = subject_of(certificate);
  info.issuer = issuer_of(certificate);
  info.not_after = date_and_time(X509_get0_notAfter(certificate));
  info.pin = public_key_pin(certificate);
}

}  // namespace remotemail
