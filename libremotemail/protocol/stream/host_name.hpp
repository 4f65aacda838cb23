// What a setting "host" can be: a name, an IPv4 or an IPv6 address (B10).
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace remotemail {

// Without the brackets of an IPv6 address and without the final dot of a name.
std::string bare_host(std::string_view host);

// The 4 or 16 octets of a bare host that is an address (a scope, "%eth0", is left out); nothing for a name.
// Only the four-part form counts as IPv4: "127.1" is a name.
std::optional<std::string> address_octets(std::string_view bare);

// True for what may be looked up: 1 to 253 printable octets without blanks. The resolver decides on the rest.
bool is_plausible_name(std::string_view bare) noexcept;

}  // namespace remotemail
