// A page as a browser reads it: its forms' fields and its texts.
#pragma once

#include <doctest/doctest.h>

#include <string>
#include <string_view>

#include "web/request.hpp"

namespace remotemail::testing {

inline bool has(const web::Response& page, std::string_view text) {
  return page.body.find(text) != std::string::npos;
}

inline std::string unescaped(std::string_view markup) {
  static constexpr std::pair<std::string_view, char> kEntities[] = {
      {"&amp;", '&'}, {"&lt;", '<'}, {"&gt;", '>'}, {"&quot;", '"'}, {"&#39;", '\''}};
  std::string text;
  while (!markup.empty()) {
    std::size_t length = 1;
    char c = markup.front();
    for (const auto& [entity, meant] : kEntities) {
      if (!markup.starts_with(entity)) continue;
      c = meant;
      length = entity.size();
    }
    text += c;
    markup.remove_prefix(length);
  }
  return text;
}

inline std::string attribute(std::string_view tag, std::string_view name) {
  const std::string begin = " " + std::string(name) + "=\"";
  const std::size_t at = tag.find(begin);
  if (at == std::string_view::npos) return {};
  const std::size_t from = at + begin.size();
  return unescaped(tag.substr(from, tag.find('"', from) - from));
}

// What a browser would send of the form with this action, as it stands on the page.
inline web::Fields form_of(const web::Response& page, const std::string& action) {
  const std::string_view body = page.body;
  const std::size_t begin = body.find("action=\"" + action + "\"");
  REQUIRE(begin != std::string_view::npos);
  std::string_view form = body.substr(begin, body.find("</form>", begin) - begin);
  web::Fields fields;
  for (std::size_t at = form.find("<input"); at != std::string_view::npos; at = form.find("<input", at + 1)) {
    const std::string_view tag = form.substr(at, form.find('>', at) - at);
    const std::string type = attribute(tag, "type"), name = attribute(tag, "name");
    const bool choice = type == "radio" || type == "checkbox";
    if (!name.empty() && (!choice || tag.find(" checked") != std::string_view::npos))
      fields.emplace(name, attribute(tag, "value"));
  }
  return fields;
}

// The text of the first <pre>.
inline std::string sheet_of(const web::Response& page) {
  const std::size_t begin = page.body.find("<pre");
  if (begin == std::string::npos) return {};
  const std::size_t from = page.body.find('>', begin) + 1;
  return unescaped(std::string_view(page.body).substr(from, page.body.find("</pre>", from) - from));
}

}  // namespace remotemail::testing
