// What is said about a server's certificate: one line of bounded length, whatever stands in it.
#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <memory>
#include <string>

#include "core/text.hpp"
#include "protocol/stream/certificate.hpp"

namespace {

void check(const std::string& text, std::size_t limit) {
  if (text.size() > limit || !std::all_of(text.begin(), text.end(), remotemail::is_printable)) std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const unsigned char* at = data;
  const std::unique_ptr<X509, decltype(&X509_free)> certificate(
      d2i_X509(nullptr, &at, static_cast<long>(size)), &X509_free);
  if (!certificate) return 0;
  remotemail::TlsInfo info;
  remotemail::describe_certificate(certificate.get(), info);
  check(info.subject, 100);
  check(info.issuer, 100);
  check(info.not_after, 40);
  check(info.pin, 64);
  check(remotemail::names_of(certificate.get()), 500);
  if (remotemail::names_of(certificate.get()).empty()) std::abort();
  return 0;
}
