#include "protocol/stream/host_name.hpp"

#include <arpa/inet.h>

#include <algorithm>

#include "core/text.hpp"

namespace remotemail {

std::string bare_host(std::string_view host) {
  if (host.size() > 2 && host.front() == '[' && host.back() == ']')
    return std::string(host.substr(1, host.size() - 2));
  if (host.size() > 1 && host.back() == '.') host.remove_suffix(1);
  return std::string(host);
}

std::optional<std::string> address_octets(std::string_view bare) {
  if (bare.find('\0') != std::string_view::npos) return std::nullopt;
  std::string octets(16, '\0');
  if (const std::string text(bare); inet_pton(AF_INET, text.c_str(), octets.data()) == 1) {
    octets.resize(4);
    return octets;
  }
  const std::string text(bare.substr(0, bare.find('%')));
  if (inet_pton(AF_INET6, text.c_str(), octets.data()) == 1) return octets;
  return std::nullopt;
}

bool is_plausible_name(std::string_view bare) noexcept {
  return !bare.empty() && bare.size() <= 253 &&
         std::all_of(bare.begin(), bare.end(), [](char c) { return is_printable(c) && c != ' '; });
}

}  // namespace remotemail
