// libcrypto behind four functions; no other file but those of this folder includes OpenSSL's digests.
#pragma once

#include <string>
#include <string_view>

namespace remotemail {

std::string sha256(std::string_view data);                             // 32 octets
std::string hmac_sha256(std::string_view key, std::string_view data);  // 32 octets
std::string base32_lower(std::string_view bytes);                      // RFC 4648 alphabet in lower case, unpadded

// Appends `field` with its length before it, so that fields of a digest cannot run together.
void append_field(std::string& data, std::string_view field);

}  // namespace remotemail
