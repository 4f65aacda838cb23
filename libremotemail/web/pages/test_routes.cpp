#include "web/site.hpp"

namespace remotemail::web {

std::span<const Route> test_routes() {
  return {};
}

}  // namespace remotemail::web
