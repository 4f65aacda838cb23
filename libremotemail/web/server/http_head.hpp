// The head of an HTTP/1.1 request (RFC 9112): a small, strict, total grammar, for whatever is ambiguous in it is refused
// instead of guessed at (request smuggling, Y5). Poco's own parser answers hostile heads with exceptions and hangs.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <variant>

#include "web/request.hpp"

namespace remotemail::web {

inline constexpr std::size_t kHeadLimit = 8 * 1024;    // request line and fields
inline constexpr std::size_t kTargetLimit = 2 * 1024;  // longer: 414
inline constexpr std::size_t kMostHeadFields = 64;
inline constexpr std::size_t kBodyLimit = 64 * 1024;

struct Head {
  Request request;              // without form, peer, secure and loopback
  std::size_t body_length = 0;  // of a POST; at most kBodyLimit
  bool keep_alive = false;
};

struct Refusal {
  int status = 400;  // what is answered; the connection ends behind it
};

// `head`: all up to and with the empty line. Linear.
std::variant<Head, Refusal> parse_head(std::string_view head);

std::string_view reason_phrase(int status);  // "Not Found"
// The head of an answer. Field values with CR, LF or NUL are left out: no answer is ever split (Y7).
std::string format_head(const Response& response, std::size_t body_length, bool keep_alive);

}  // namespace remotemail::web
