#include "web/site.hpp"

namespace remotemail::web {

std::span<const Route> panel_routes() {
  return {};
}

}  // namespace remotemail::web
