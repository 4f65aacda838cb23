#include "web/assets/stylesheet_part.hpp"

#include "web/site.hpp"

namespace remotemail::web {

Html stylesheet_part(const Visit& visit, std::string_view path) {
  if (!visit.site.options().style.stylesheet.empty()) return {};
  return element("link", {{"rel", "stylesheet"}, {"href", path}});
}

}  // namespace remotemail::web
