// A browser that fills in the forms of our pages.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "web/page_reading.hpp"
#include "web/site_fixture.hpp"

namespace remotemail::testing {

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
