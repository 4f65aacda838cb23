// What is said about a certificate, and what of it is compared.
#pragma once

#include <openssl/asn1.h>
#include <openssl/x509.h>
#include <openssl/x509v3.h>

#include <string>
#include <string_view>

#include "remotemail/protocol/stream.hpp"

namespace remotemail {

std::string public_key_pin(const X509*);  // SHA-256 of the SPKI, 64 lower-case hex digits; empty: no key
std::string names_of(const X509*);    // "a.example, b.example, 192.0.2.1 and 3 more", cleaned; never empty
std::string subject_of(const X509*);  // RFC 2253, cleaned
std::string issuer_of(const X509*);
std::string date_and_time(const ASN1_TIME*);       // "2027-01-31 12:00:00 UTC", or "?"
void describe_certificate(const X509*, TlsInfo&);  // all but version and cipher

// RFC 9525: subjectAltName only, a wildcard only as the whole left-most label, addresses by their own kind of
// name.
inline constexpr unsigned kNameCheckFlags =
    X509_CHECK_FLAG_NO_PARTIAL_WILDCARDS | X509_CHECK_FLAG_NEVER_CHECK_SUBJECT;

}  // namespace remotemail
