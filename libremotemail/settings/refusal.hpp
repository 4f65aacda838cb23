// How this room refuses a value: words that say what is right, put together from texts and numbers.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "remotemail/core/result.hpp"

namespace remotemail {

inline void append_part(std::string& out, std::string_view text) {
  out += text;
}
inline void append_part(std::string& out, char c) {
  out += c;
}
inline void append_part(std::string& out, std::uint64_t number) {
  out += std::to_string(number);
}

template <typename... Parts>
std::string joined(const Parts&... parts) {
  std::string out;
  (append_part(out, parts), ...);
  return out;
}

template <typename... Parts>
Error refused(const Parts&... words) {
  return make_error(Cause::invalid_value, Step::settings, joined(words...), Retry::after_setup_change);
}

}  // namespace remotemail
