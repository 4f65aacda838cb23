#include "settings/check_host.hpp"

#include <arpa/inet.h>
#include <array>
#include <optional>

#include "core/text.hpp"
#include "settings/refusal.hpp"

namespace remotemail {
namespace {

constexpr std::size_t kLongestName = 253;  // RFC 1035 2.3.4, in text form
constexpr std::size_t kLongestLabel = 63;
constexpr std::size_t kLongestLocal = 64;     // B19, RFC 5321 4.5.3.1.1
constexpr std::size_t kLongestAddress = 254;  // B19

bool is_ascii(std::string_view text) {
  for (const char c : text) {
    if (static_cast<unsigned char>(c) > 0x7E) return false;
  }
  return true;
}

// The address as RFC 5952 writes it; none if it is neither IPv4 nor IPv6.
std::optional<std::string> canonical_ip(std::string_view text) {
  if (text.starts_with('[') && text.ends_with(']')) {
    text = text.substr(1, text.size() - 2);
    if (text.find(':') == std::string_view::npos) return std::nullopt;
  }
  if (text.size() >= INET6_ADDRSTRLEN) return std::nullopt;
  const std::string terminated(text);
  std::array<unsigned char, 16> octets{};
  std::array<char, INET6_ADDRSTRLEN> out{};
  for (const int family : {AF_INET, AF_INET6}) {
    if (inet_pton(family, terminated.c_str(), octets.data()) == 1 &&
        inet_ntop(family, octets.data(), out.data(), out.size()) != nullptr) {
      return std::string(out.data());
    }
  }
  return std::nullopt;
}

bool is_name(std::string_view name, bool underscore) {
  if (name.empty() || name.size() > kLongestName) return false;
  bool all_digits = false;
  for (const std::string_view label : split(name, '.')) {
    if (label.empty() || label.size() > kLongestLabel || label.front() == '-' || label.back() == '-')
      return false;
    all_digits = true;
    for (const char c : label) {
      if (!is_alpha(c) && !is_digit(c) && c != '-' && !(underscore && c == '_')) return false;
      all_digits = all_digits && is_digit(c);
    }
  }
  return !all_digits;  // a last label of digits is a mistyped IPv4 address, never a name (RFC 1123 2.1)
}

}  // namespace

Result<std::string> check_host(std::string_view text) {
  if (auto ip = canonical_ip(text)) return std::move(*ip);
  const std::string_view name = text.ends_with('.') ? text.substr(0, text.size() - 1) : text;
  if (is_name(name, true)) return lower(name);
  if (!is_ascii(text)) {
    return refused(
        "must be ASCII; give a name with other letters in its xn-- form, for example "
        "mail.xn--bcher-kva.example");
  }
  if (text.find("://") != std::string_view::npos || text.find('/') != std::string_view::npos) {
    return refused(
        "must be the server's name or IP address alone, without :// or /, for example mail.example.com");
  }
  if (text.find('@') != std::string_view::npos) {
    return refused(
        "must be a server's name or IP address, not an e-mail address, for example mail.example.com");
  }
  const auto colon = text.find(':');
  if (colon != std::string_view::npos && colon == text.rfind(':') && is_name(text.substr(0, colon), true)) {
    return refused("must be without a port, which is a setting of its own, for example mail.example.com");
  }
  return refused(
      "must be a host name, an IPv4 or an IPv6 address, for example mail.example.com, 192.0.2.25 or "
      "2001:db8::25");
}

Result<std::string> check_ip_address(std::string_view text) {
  if (auto ip = canonical_ip(text)) return std::move(*ip);
  return refused("must be an IPv4 or an IPv6 address, for example 192.0.2.53 or 2001:db8::53, or blank");
}

Result<std::string> check_address(std::string_view text) {
  constexpr std::string_view kExample = "for example copier@example.com";
  constexpr std::string_view kRefused = "()<>,;:\\\"[]";  // B19, with the yen sign below
  if (const auto at = text.find_first_of(kRefused); at != std::string_view::npos) {
    return refused("must not contain any of ( ) < > , ; : \\ \xC2\xA5 \" [ ] (it has ", text[at], "), ",
                   kExample);
  }
  for (const std::string_view yen : {"\xC2\xA5", "\xEF\xBF\xA5"}) {
    if (text.find(yen) != std::string_view::npos) {
      return refused("must not contain any of ( ) < > , ; : \\ \xC2\xA5 \" [ ] (it has \xC2\xA5), ",
                     kExample);
    }
  }
  if (!is_ascii(text)) return refused("must be of ASCII characters only, ", kExample);
  const auto at = text.find('@');
  if (at == std::string_view::npos || at != text.rfind('@') || at == 0 || at + 1 == text.size()) {
    return refused("must be name@domain with one @, ", kExample);
  }
  if (at > kLongestLocal) return refused("must have at most 64 characters before the @");
  if (text.size() > kLongestAddress) return refused("must have at most 254 characters");
  if (!is_name(text.substr(at + 1), false)) {
    return refused("must have a domain name of letters, digits, hyphens and dots behind the @, ", kExample);
  }
  return std::string(text);
}

}  // namespace remotemail
