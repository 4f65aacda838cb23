#include "web/site.hpp"

namespace remotemail::web {

std::span<const Route> asset_routes() {
  return {};
}

}  // namespace remotemail::web
