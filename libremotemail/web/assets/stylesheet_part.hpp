// Styles that only some pages need stand in files of their own, so that the first page stays small.
#pragma once

#include <string_view>

#include "web/html.hpp"

namespace remotemail::web {

struct Visit;
// A <link> to it, for the beginning of a page's content. Nothing where firmware brought a stylesheet of its own: that one
// is for all pages.
Html stylesheet_part(const Visit&, std::string_view path);

}  // namespace remotemail::web
