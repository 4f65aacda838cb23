// The one way in which header fields are written: folded, every line through make_line (Y7).
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "remotemail/core/result.hpp"

namespace remotemail {

inline constexpr std::size_t kMailLine = 78;          // RFC 5322 2.1.1: should
inline constexpr std::size_t kLongestMailLine = 998;  // must

class HeaderWriter {
 public:
  // `tokens` are joined with blanks; a line is broken before a token that does not fit into it.
  void field(std::string_view name, const std::vector<std::string>& tokens);
  void field(std::string_view name, std::string value);

  // What was written. Cause::unsafe_text, its detail the field's name, when a line held CR, LF or NUL, or was too long.
  Result<std::string> take();

 private:
  void write(std::string_view line, std::string_view name);

  std::string out_;
  std::optional<Error> error_;
};

}  // namespace remotemail
