#include "agent/reply_codes.hpp"

#include <algorithm>

#include "core/text.hpp"

namespace remotemail {
namespace {

bool is_status(std::string_view word) {
  return !word.empty() && word.size() <= 9 && std::count(word.begin(), word.end(), '.') == 2 &&
         word.find_first_not_of("0123456789.") == std::string_view::npos;
}

}  // namespace

std::string reply_codes(std::string_view server_line) {
  const std::string_view code = server_line.substr(0, 3), rest = server_line.substr(code.size());
  if (code.size() < 3 || !std::all_of(code.begin(), code.end(), is_digit)) return {};
  if (!rest.empty() && is_digit(rest.front())) return {};  // a longer number is no code
  const std::string_view words = trim(rest.starts_with('-') ? rest.substr(1) : rest);
  const std::string_view status = words.substr(0, words.find(' '));
  return std::string(code) + (is_status(status) ? " " + std::string(status) : "");
}

}  // namespace remotemail
