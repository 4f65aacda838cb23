// The stylesheet (the firmware's, where it brought one), the script and the icon: kept by browsers, asked for anew by their digest.
#include <array>

#include "core/crypto/digest.hpp"
#include "core/text.hpp"
#include "web/assets/assets.hpp"
#include "web/site.hpp"

namespace remotemail::web {
namespace {

Response asset(const Visit& visit, std::string_view bytes, std::string_view type) {
  constexpr std::size_t kDigits = 16;
  Response response;
  const std::string tag = "\"" + to_hex(sha256(bytes)).substr(0, kDigits) + "\"";
  response.content_type = type;
  response.may_be_stored = true;
  response.headers.emplace_back("ETag", tag);
  if (visit.request.if_none_match.find(tag) != std::string::npos)
    response.status = 304;
  else
    response.body = bytes;
  return response;
}

Response stylesheet(Visit& visit) {
  const std::string& own = visit.site.options().style.stylesheet;
  return asset(visit, own.empty() ? style_css() : std::string_view(own), "text/css; charset=utf-8");
}

Response script(Visit& visit) {
  return asset(visit, script_js(), "text/javascript; charset=utf-8");
}

Response panel_stylesheet(Visit& visit) {
  return asset(visit, panel_css(), "text/css; charset=utf-8");
}
Response ce_desk_stylesheet(Visit& visit) {
  return asset(visit, ce_desk_css(), "text/css; charset=utf-8");
}

// Under the name that browsers ask for by themselves, so that no page has to name it.
Response icon(Visit& visit) {
  return asset(visit, icon_svg(), "image/svg+xml");
}

constexpr std::array<Route, 5> kRoutes{{
    {"/style.css", Access::everybody, false, stylesheet},
    {"/script.js", Access::everybody, false, script},
    {"/panel.css", Access::everybody, false, panel_stylesheet},
    {"/ce-desk.css", Access::everybody, false, ce_desk_stylesheet},
    {"/favicon.ico", Access::everybody, false, icon},
}};

}  // namespace

std::span<const Route> asset_routes() {
  return kRoutes;
}

}  // namespace remotemail::web
