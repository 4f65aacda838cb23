#include "web/request.hpp"

#include <arpa/inet.h>

#include <algorithm>
#include <array>

#include "core/text.hpp"

namespace remotemail::web {
namespace {

int hex_value(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  c = to_lower(c);
  return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

std::string decoded(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '+') {
      out += ' ';
    } else if (text[i] == '%' && i + 2 < text.size() && hex_value(text[i + 1]) >= 0 &&
               hex_value(text[i + 2]) >= 0) {
      out += static_cast<char>(hex_value(text[i + 1]) * 16 + hex_value(text[i + 2]));
      i += 2;
    } else {
      out += text[i];
    }
  }
  return out;
}

}  // namespace

std::optional<Fields> parse_form(std::string_view encoded) {
  Fields fields;
  std::size_t count = 0;
  while (!encoded.empty()) {
    const std::size_t end = encoded.find('&');
    const std::string_view pair = encoded.substr(0, end);
    encoded = end == std::string_view::npos ? std::string_view{} : encoded.substr(end + 1);
    if (pair.empty()) continue;
    if (++count > kMostFields) return std::nullopt;
    const std::size_t equals = pair.find('=');
    fields.emplace(decoded(pair.substr(0, equals)),
                   equals == std::string_view::npos ? std::string{} : decoded(pair.substr(equals + 1)));
  }
  return fields;
}

Fields parse_cookies(std::string_view header) {
  Fields cookies;
  for (const std::string_view pair : split(header, ';')) {
    if (cookies.size() == kMostFields) break;
    const std::size_t equals = pair.find('=');
    if (equals == std::string_view::npos) continue;
    cookies.emplace(std::string(trim(pair.substr(0, equals))), std::string(trim(pair.substr(equals + 1))));
  }
  return cookies;
}

std::string encode_query_value(std::string_view value) {
  std::string out;
  for (const char c : value) {
    if (is_alpha(c) || is_digit(c) || c == '-' || c == '.' || c == '_' || c == '~') {
      out += c;
    } else {
      out += '%';
      out += upper(to_hex(std::string_view(&c, 1)));
    }
  }
  return out;
}

std::string network_of(std::string_view address) {
  const std::string text(address.substr(0, address.find('%')));
  std::array<unsigned char, 16> octets{};
  if (::inet_pton(AF_INET6, text.c_str(), octets.data()) != 1) return text;
  constexpr std::string_view kMapped("\0\0\0\0\0\0\0\0\0\0\xFF\xFF", 12);
  const std::string_view all(reinterpret_cast<const char*>(octets.data()), octets.size());
  std::array<char, INET6_ADDRSTRLEN> shown{};
  if (all.starts_with(kMapped)) {
    ::inet_ntop(AF_INET, octets.data() + kMapped.size(), shown.data(), shown.size());
    return shown.data();
  }
  if (text == "::1") return text;
  std::fill(octets.begin() + 8, octets.end(), static_cast<unsigned char>(0));
  ::inet_ntop(AF_INET6, octets.data(), shown.data(), shown.size());
  return std::string(shown.data()) + "/64";
}

Response see_other(std::string path) {
  Response response;
  response.status = 303;
  response.headers.emplace_back("Location", std::move(path));
  return response;
}

}  // namespace remotemail::web
