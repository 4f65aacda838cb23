// What stands around every page: head, navigation, banners (factory password, plain security, trouble), foot.
#pragma once

#include <string_view>

#include "web/html.hpp"

namespace remotemail::web {

struct Visit;
Html framed(const Visit&, std::string_view title, const Html& main);

}  // namespace remotemail::web
