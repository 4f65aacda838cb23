#include <array>

#include "web/site.hpp"

namespace remotemail::web {
namespace {

Response main_page(Visit& visit) {
  return visit.page(visit.texts()("main.title"), element("p", visit.agent().settings()->reception.nickname));
}

constexpr std::array<Route, 1> kRoutes{{{"/", Access::everybody, false, main_page}}};

}  // namespace

std::span<const Route> main_routes() {
  return kRoutes;
}

}  // namespace remotemail::web
