// Styles that only some pages need stand in files of their own, so that the first page stays small.
#pragma once

#include <string_view>

#include "web/html.hpp"

namespace remotemail::web {

// A <link> to it, for the beginning of a page's content; also where firmware replaced the stylesheet, for they are built
// on its variables.
Html stylesheet_part(std::string_view path);

}  // namespace remotemail::web
