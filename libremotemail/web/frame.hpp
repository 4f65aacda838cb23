// What stands around every page: head, navigation, banners (factory password, plain security, trouble), foot.
#pragma once

#include <string_view>

#include "web/html.hpp"

namespace remotemail::web {

struct Visit;
// With `refresh_seconds` a browser without script asks for the page again.
Html framed(const Visit&, std::string_view title, const Html& main, unsigned refresh_seconds = 0);

}  // namespace remotemail::web
