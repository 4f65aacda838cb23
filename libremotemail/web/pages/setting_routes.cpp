#include "web/site.hpp"

namespace remotemail::web {

std::span<const Route> setting_routes() {
  return {};
}

}  // namespace remotemail::web
