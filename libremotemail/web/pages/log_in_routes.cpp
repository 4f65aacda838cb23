// Log-in and the two menus behind it: Environment setup (B4–B7) and Extension for maintenance (B23–B24).
#include <fmt/format.h>

#include <array>

#include "web/pages/parts.hpp"
#include "web/pages/password_routes.hpp"
#include "web/site.hpp"

namespace remotemail::web {
namespace {

constexpr std::string_view path_of(Door door) {
  return door == Door::environment ? "/environment" : "/maintenance";
}

bool has_entered(const Visit& visit, Door door) {
  const Rights& rights = visit.session.rights;
  return door == Door::environment ? rights.operator_ : rights.maintenance;
}

// Where to go after the log-in: a page of ours and nothing else; empty: the menu.
std::string_view wanted_page(const Visit& visit) {
  std::string_view next = visit.request.field("next");
  if (!visit.posted()) {
    const auto found = visit.request.query.find("next");
    if (found == visit.request.query.end()) return {};
    next = found->second;
  }
  const bool plain = next.find_first_of("?#\\\r\n") == std::string_view::npos;
  // What a page asks for by itself is nothing to look at.
  const bool for_people = !next.ends_with(".json");
  return plain && for_people && next.starts_with('/') && visit.site.has_page(next) ? next
                                                                                   : std::string_view{};
}

Html log_in_form(const Visit& visit, Door door, std::string_view error, bool own_page) {
  const Texts& texts = visit.texts();
  const bool environment = door == Door::environment;
  Html inside = password_field("password", texts(environment ? "log_in.operator" : "log_in.maintenance"),
                               texts(environment ? "log_in.operator.help" : "log_in.maintenance.help"), error,
                               true, own_page);
  if (const std::string_view next = wanted_page(visit); !next.empty()) inside += hidden("next", next);
  return visit.form(path_of(door),
                    inside + element("p", {{"class", "actions"}}, button(texts("log_in.apply"), "main")),
                    {{"class", "card", own_page}});
}

Response log_in_page(const Visit& visit, Door door, std::string_view error, int status) {
  const Texts& texts = visit.texts();
  Html main;
  if (!error.empty()) main += notice("error", paragraph(error), true);
  if (!visit.posted() && visit.request.query.contains("ended"))
    main += notice("info", paragraph(texts("log_in.ended")));
  main +=
      paragraph(texts(door == Door::environment ? "log_in.environment.what" : "log_in.maintenance.what")) +
      log_in_form(visit, door, error, true);
  return visit.page(texts(door == Door::environment ? "log_in.environment" : "log_in.maintenance.title"),
                    main, status);
}

Response environment_menu(const Visit& visit) {
  const Texts& texts = visit.texts();
  const Html items =
      menu_item("/environment/transmission", texts("page.transmission"), texts("page.transmission.what")) +
      menu_item("/environment/test", texts("test.sending"), texts("test.sending.what")) +
      menu_item("/environment/limits", texts("page.limits"), texts("page.limits.what")) +
      menu_item("/environment/security", texts("page.security"), texts("page.security.what")) +
      menu_item("/environment/password", texts("password.operator"), texts("password.operator.what"));
  Html main = element("ul", {{"class", "menu"}}, items);
  // The manual's place for it: at the foot of the page, with its own password.
  Html below = element("h2", {{"id", "extension"}}, texts("maintenance.title"));
  if (visit.session.rights.maintenance)
    below += element("p", link_to("/maintenance", texts("maintenance.open")));
  else
    below += paragraph(texts("log_in.maintenance.what")) + log_in_form(visit, Door::maintenance, {}, false);
  main += element("section", {{"class", "card"}, {"aria-labelledby", "extension"}}, below);
  return visit.page(texts("environment.title"), main);
}

Response maintenance_menu(const Visit& visit) {
  const Texts& texts = visit.texts();
  const Html initial =
      menu_item("/maintenance/reception", texts("page.reception"), texts("page.reception.what"));
  const Html others =
      menu_item("/maintenance/test", texts("test.round_trip"), texts("test.round_trip.what")) +
      menu_item("/maintenance/check", texts("check.title"), texts("check.what")) +
      menu_item("/maintenance/log", texts("log.title"), texts("log.what")) +
      menu_item("/maintenance/password", texts("password.maintenance"), texts("password.maintenance.what"));
  return visit.page(texts("maintenance.title"), element("h2", texts("maintenance.initial")) +
                                                    element("ul", {{"class", "menu"}}, initial) +
                                                    element("h2", texts("maintenance.tests")) +
                                                    element("ul", {{"class", "menu"}}, others));
}

Response let_in(Visit& visit, Door door, const Knock& knock) {
  // Y1: from elsewhere the factory value opens one page only, which chooses another.
  const bool must_choose = knock.factory && !visit.local;
  Rights added;
  OpenedBy opened_by;
  if (door == Door::environment) {
    added.operator_ = !must_choose;
    added.operator_must_choose = must_choose;
    opened_by.operator_ = knock.opened_by;
  } else {
    added.maintenance = !must_choose;
    added.maintenance_must_choose = must_choose;
    opened_by.maintenance = knock.opened_by;
  }
  const std::string_view next = wanted_page(visit);
  visit.session = visit.site.sessions().log_in(visit.session.id, added, std::move(opened_by));
  if (must_choose) return see_other("/passwords");
  return see_other(std::string(next.empty() ? path_of(door) : next));
}

Response door_page(Visit& visit, Door door) {
  if (!visit.posted()) {
    if (has_entered(visit, door))
      return door == Door::environment ? environment_menu(visit) : maintenance_menu(visit);
    return log_in_page(visit, door, {}, 200);
  }
  if (visit.request.field("password").empty())  // no try: nothing to wait for
    return log_in_page(visit, door, visit.texts()("log_in.missing"), 403);
  const Knock knock = visit.site.log_in().knock(door, visit.guest(), visit.request.field("password"));
  if (knock.result == Knock::Result::right) return let_in(visit, door, knock);
  Response response = log_in_page(visit, door, refusal_of(visit.texts(), knock),
                                  knock.result == Knock::Result::too_early ? 429 : 403);
  if (knock.wait.count() > 0)
    response.headers.emplace_back("Retry-After", std::to_string(knock.wait.count()));
  return response;
}

Response environment(Visit& visit) {
  return door_page(visit, Door::environment);
}
Response maintenance(Visit& visit) {
  return door_page(visit, Door::maintenance);
}

Response log_out(Visit& visit) {
  if (visit.posted()) {
    visit.site.in_hand().drop_enabling(visit.session.id);  // it holds passwords
    visit.site.sessions().end(visit.session.id);
    visit.session = visit.site.sessions().begin();
  }
  return see_other("/");
}

constexpr std::array<Route, 6> kRoutes{{
    {"/environment", Access::everybody, true, environment},
    {"/maintenance", Access::everybody, true, maintenance},
    {"/passwords", Access::everybody, true, passwords_page},
    {"/environment/password", Access::operator_, true, operator_password_page},
    {"/maintenance/password", Access::maintenance, true, maintenance_password_page},
    {"/log-out", Access::everybody, true, log_out},
}};
}  // namespace

std::span<const Route> log_in_routes() {
  return kRoutes;
}

}  // namespace remotemail::web
