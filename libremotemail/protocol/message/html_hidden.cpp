#include "protocol/message/html_hidden.hpp"

#include <algorithm>
#include <array>

#include "core/text.hpp"

namespace remotemail {
namespace {

constexpr std::string_view kBetween = " \t\r\n\f/";

std::string_view take(std::string_view& rest, std::size_t size) noexcept {
  const std::string_view taken = rest.substr(0, size);
  rest.remove_prefix(taken.size());
  return taken;
}

void skip(std::string_view& rest, std::string_view characters) noexcept {
  take(rest, rest.find_first_not_of(characters));
}

bool hides(std::string_view style) {
  std::string plain = lower(style);
  std::erase_if(plain, [](char c) { return kBetween.find(c) != std::string_view::npos; });
  return plain.find("display:none") != std::string::npos;
}

}  // namespace

bool html_attributes_hide(std::string_view rest) {
  for (skip(rest, kBetween); !rest.empty(); skip(rest, kBetween)) {
    const std::string_view name = take(rest, std::max<std::size_t>(rest.find_first_of(" \t\r\n\f/=", 1), 1));
    skip(rest, " \t\r\n\f");
    std::string_view value;
    if (rest.starts_with('=')) {
      skip(rest, " \t\r\n\f=");
      const bool quoted = rest.starts_with('"') || rest.starts_with('\'');
      const char quote = quoted ? take(rest, 1).front() : '\0';
      value = take(rest, quoted ? rest.find(quote) : rest.find_first_of(" \t\r\n\f"));
      if (quoted) take(rest, 1);
    }
    if (equal_ignoring_case(name, "hidden") || (equal_ignoring_case(name, "style") && hides(value)))
      return true;
  }
  return false;
}

bool is_void_html_element(std::string_view name) noexcept {
  static constexpr std::array<std::string_view, 14> kVoid{"area",  "base",   "br",    "col",  "embed",
                                                          "hr",    "img",    "input", "link", "meta",
                                                          "param", "source", "track", "wbr"};
  return std::find(kVoid.begin(), kVoid.end(), name) != kVoid.end();
}

}  // namespace remotemail
