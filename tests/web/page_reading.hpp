// A page as a browser reads it: its forms' fields and its texts.
#pragma once

#include <doctest/doctest.h>

#include <string>
#include <string_view>
#include <vector>

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

// Every start tag of that name, in order.
inline std::vector<std::string> tags(std::string_view page, std::string_view name) {
  std::vector<std::string> all;
  const std::string begin = "<" + std::string(name);
  for (std::size_t at = page.find(begin); at != std::string_view::npos; at = page.find(begin, at + 1)) {
    const std::size_t end = page.find('>', at);
    const char after = page[at + begin.size()];
    if (after == ' ' || after == '>') all.emplace_back(page.substr(at, end + 1 - at));
  }
  return all;
}

// The fields of the form that goes to `action`, as they stand.
inline web::Fields form_of(std::string_view page, std::string_view action) {
  web::Fields fields;
  const std::size_t begin = page.find("action=\"" + std::string(action) + "\"");
  if (begin == std::string_view::npos) return fields;
  std::string_view form = page.substr(begin, page.find("</form>", begin) - begin);
  for (const std::string& input : tags(form, "input")) {
    const std::string type = attribute(input, "type");
    if ((type == "radio" || type == "checkbox") && input.find(" checked") == std::string::npos) continue;
    fields.emplace(attribute(input, "name"), attribute(input, "value"));
  }
  for (std::size_t at = form.find("<select"); at != std::string_view::npos;
       at = form.find("<select", at + 1)) {
    const std::string_view select = form.substr(at, form.find("</select>", at) - at);
    const std::string name = attribute(select.substr(0, select.find('>') + 1), "name");
    for (const std::string& option : tags(select, "option")) {
      if (option.find(" selected") != std::string::npos) fields.emplace(name, attribute(option, "value"));
    }
  }
  return fields;
}

// As above, of a form that has to be there.
inline web::Fields form_of(const web::Response& page, const std::string& action) {
  REQUIRE(has(page, "action=\"" + action + "\""));
  return form_of(std::string_view(page.body), action);
}

// The text of the element with that id, without markup.
inline std::string text_of(std::string_view page, std::string_view id) {
  const std::size_t at = page.find("id=\"" + std::string(id) + "\"");
  if (at == std::string_view::npos) return {};
  const std::size_t begin = page.find('>', at) + 1;
  return unescaped(page.substr(begin, page.find("</", begin) - begin));
}

// The text of the first <pre>.
inline std::string sheet_of(const web::Response& page) {
  const std::size_t begin = page.body.find("<pre");
  if (begin == std::string::npos) return {};
  const std::size_t from = page.body.find('>', begin) + 1;
  return unescaped(std::string_view(page.body).substr(from, page.body.find("</pre>", from) - from));
}

}  // namespace remotemail::testing
