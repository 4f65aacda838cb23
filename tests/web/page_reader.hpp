// What a browser makes of a page of ours: its forms, as they would be sent untouched. Reads our own regular markup alone.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "web/site_fixture.hpp"

namespace remotemail::testing {

inline std::string unescaped(std::string_view text) {
  static constexpr std::pair<std::string_view, char> kEntities[] = {
      {"&amp;", '&'}, {"&lt;", '<'}, {"&gt;", '>'}, {"&quot;", '"'}, {"&#39;", '\''}};
  std::string out;
  while (!text.empty()) {
    bool found = false;
    for (const auto& [entity, c] : kEntities) {
      if (!text.starts_with(entity)) continue;
      out += c;
      text.remove_prefix(entity.size());
      found = true;
      break;
    }
    if (found) continue;
    out += text.front();
    text.remove_prefix(1);
  }
  return out;
}

// The value of an attribute of a start tag; empty when it is not there.
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

inline bool has(const web::Response& response, std::string_view part) {
  return response.body.find(part) != std::string::npos;
}

// The text of the element with that id, without markup.
inline std::string text_of(std::string_view page, std::string_view id) {
  const std::size_t at = page.find("id=\"" + std::string(id) + "\"");
  if (at == std::string_view::npos) return {};
  const std::size_t begin = page.find('>', at) + 1;
  return unescaped(page.substr(begin, page.find("</", begin) - begin));
}

// A page with a form: opened, filled in and sent.
inline web::Response fill_in(SiteFixture& browser, const std::string& path,
                             const std::vector<std::pair<std::string, std::string>>& typed,
                             const std::string& page_path = {}) {
  const web::Response page = browser.get(page_path.empty() ? path : page_path);
  web::Fields fields = form_of(page.body, path);
  for (const auto& [name, value] : typed) fields.insert_or_assign(name, value);
  return browser.post(path, fields);
}

inline void log_in(SiteFixture& browser, const std::string& path, const std::string& password) {
  fill_in(browser, path, {{"password", password}});
}
inline void log_in_both(SiteFixture& browser) {
  log_in(browser, "/environment", "0000");
  log_in(browser, "/maintenance", "9272");
}

}  // namespace remotemail::testing
