// Forms of hosts, IP addresses and e-mail addresses. Input is trimmed and without blanks or control
// characters.
#pragma once

#include <string>
#include <string_view>

#include "remotemail/core/result.hpp"

namespace remotemail {

// B10, B25: a name (letters, digits, hyphen, underscore; labels of 63, 253 in all), an IPv4 or an IPv6
// address. Stored in lower case, without brackets, without the last dot.
Result<std::string> check_host(std::string_view text);
Result<std::string> check_ip_address(std::string_view text);  // B11
Result<std::string> check_address(std::string_view text);     // B19

}  // namespace remotemail
