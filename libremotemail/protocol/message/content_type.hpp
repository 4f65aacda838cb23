// RFC 2045 5.1 and RFC 2183: a value with parameters, as in Content-Type and Content-Disposition; RFC 2231 on
// top.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace remotemail {

struct Parameter {
  std::string name;   // lower case, without RFC 2231 marks
  std::string value;  // UTF-8
};

struct ParameterizedValue {
  std::string value;                  // lower case, comments and blanks taken out: "text/plain", "attachment"
  std::vector<Parameter> parameters;  // at most kParameters, each name once; of equal names the first

  std::string_view parameter(std::string_view name) const noexcept;  // empty: not there
  bool is(std::string_view type) const noexcept { return value == type; }
  bool is_multipart() const noexcept { return value.starts_with("multipart/"); }

  static constexpr std::size_t kParameters = 64;
};

// `raw` may be folded. Lenient: missing quotes, doubled semicolons and blanks around `=` do not matter.
ParameterizedValue parse_parameterized(std::string_view raw);

// Content-Type; what is missing or unreadable is `fallback` (RFC 2045 5.2), a bare "text" is text/plain.
ParameterizedValue parse_content_type(std::string_view raw, std::string_view fallback = "text/plain");

}  // namespace remotemail
