#include "web/site.hpp"

namespace remotemail::web {

std::span<const Route> log_routes() {
  return {};
}

}  // namespace remotemail::web
