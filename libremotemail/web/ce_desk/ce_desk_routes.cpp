#include "web/site.hpp"

namespace remotemail::web {

std::span<const Route> ce_desk_routes() {
  return {};
}

}  // namespace remotemail::web
