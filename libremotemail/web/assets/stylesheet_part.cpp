#include "web/assets/stylesheet_part.hpp"

namespace remotemail::web {

Html stylesheet_part(std::string_view path) {
  return element("link", {{"rel", "stylesheet"}, {"href", path}});
}

}  // namespace remotemail::web
