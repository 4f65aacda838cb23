#include "web/site.hpp"

#include <arpa/inet.h>

#include <algorithm>
#include <cassert>

#include "core/text.hpp"
#include "web/ce_desk/desk.hpp"
#include "web/frame.hpp"

namespace remotemail::web {
namespace {

constexpr std::string_view kCookie = "remotemail";
constexpr std::string_view kToken = "form-token";

// The name or address in a Host field; empty when it is none, or its port is no number.
std::string_view without_port(std::string_view host) {
  const bool brackets = host.starts_with('[');
  const std::size_t end = host.find(brackets ? ']' : ':');
  if (end == std::string_view::npos) return brackets ? std::string_view{} : host;
  const std::string_view port = host.substr(brackets ? end + 1 : end);
  if (!port.empty() && !(port.front() == ':' && parse_number<std::uint16_t>(port.substr(1)))) return {};
  return brackets ? host.substr(1, end - 1) : host.substr(0, end);
}

// Of names only one: `127.example.com` may be anybody's.
bool is_loopback_name(std::string_view name) {
  if (equal_ignoring_case(name, "localhost") || name == "::1") return true;
  in_addr address{};
  return ::inet_pton(AF_INET, std::string(name).c_str(), &address) == 1 && name.starts_with("127.");
}

Response plain(int status, std::string_view words) {
  Response response;
  response.status = status;
  response.content_type = "text/plain; charset=utf-8";
  response.body = std::string(words) + "\n";
  return response;
}

// A form of ours comes from a page of ours: a browser says so in Sec-Fetch-Site and Origin, where it says anything.
bool from_elsewhere(const Request& request) {
  if (!request.fetch_site.empty() && request.fetch_site != "same-origin" && request.fetch_site != "none")
    return true;
  if (request.origin.empty()) return false;
  if (request.origin == "https://" + request.host) return !request.secure && !request.forwarded;
  return request.secure || request.origin != "http://" + request.host;
}

// What a page asks for by itself, without anybody at the keyboard: it keeps no session awake (Y5).
bool is_background(const Request& request) {
  return request.path.ends_with(".json") || request.query.contains("live");
}

bool needs_no_session(std::string_view path) {
  return path.ends_with(".css") || path.ends_with(".js") || path.ends_with(".json");
}

bool may_enter(const Visit& visit, Access access) {
  const Rights& rights = visit.session.rights;
  switch (access) {
    case Access::everybody:
      return true;
    case Access::operator_:
      return rights.operator_;
    case Access::maintenance:
      return rights.maintenance;
    case Access::at_machine:
      return visit.local || rights.operator_;
  }
  return false;
}

// Where somebody without the right goes first; the way back stands in the address.
Response to_log_in(const Visit& visit, Access access) {
  const Rights& rights = visit.session.rights;
  const bool maintenance = access == Access::maintenance;
  if (maintenance ? rights.maintenance_must_choose : rights.operator_must_choose)
    return see_other("/passwords");
  return see_other(std::string(maintenance ? "/maintenance" : "/environment") +
                   "?next=" + encode_query_value(visit.request.path));
}

void add_headers(const Request& request, const SessionView& session, bool new_session, Response& response) {
  auto& headers = response.headers;
  headers.emplace_back(
      "Content-Security-Policy",
      "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self'; connect-src 'self'; "
      "form-action 'self'; base-uri 'none'; frame-ancestors 'none'");
  headers.emplace_back("X-Frame-Options", "DENY");
  headers.emplace_back("X-Content-Type-Options", "nosniff");
  // Not "no-referrer": with it browsers send our own forms with `Origin: null`.
  headers.emplace_back("Referrer-Policy", "same-origin");
  headers.emplace_back("Cross-Origin-Opener-Policy", "same-origin");
  headers.emplace_back("Cross-Origin-Resource-Policy", "same-origin");
  headers.emplace_back("Cache-Control", response.may_be_stored ? "no-cache" : "no-store");
  if (new_session) {
    headers.emplace_back("Set-Cookie", std::string(kCookie) + "=" + session.id +
                                           "; Path=/; HttpOnly; SameSite=Strict" +
                                           (request.secure ? "; Secure" : ""));
  }
}

}  // namespace

std::string_view Texts::operator()(std::string_view key) const {
  if (const auto own = replaced_.find(std::string(key)); own != replaced_.end()) return own->second;
  const auto found = web_texts().find(std::string(key));
  assert(found != web_texts().end());
  return found == web_texts().end() ? key : std::string_view(found->second);
}

std::string_view Texts::or_else(std::string_view key, std::string_view otherwise) const {
  if (const auto own = replaced_.find(std::string(key)); own != replaced_.end()) return own->second;
  const auto found = web_texts().find(std::string(key));
  return found == web_texts().end() ? otherwise : std::string_view(found->second);
}

Agent& Visit::agent() const {
  return site.ports().agent;
}
const Texts& Visit::texts() const {
  return site.texts();
}

Html Visit::form(std::string_view action, const Html& children, Attributes more) const {
  Attributes attributes{{"method", "post"}, {"action", action}};
  attributes.insert(attributes.end(), more.begin(), more.end());
  return element(
      "form", std::move(attributes),
      element("input", {{"type", "hidden"}, {"name", kToken}, {"value", session.form_token}}) + children);
}

Response Visit::page(std::string_view title, const Html& main, int status) const {
  Response response;
  response.status = status;
  response.body = framed(*this, title, main).markup();
  return response;
}

Response Visit::page_that_refreshes(std::string_view title, const Html& main, unsigned seconds) const {
  Response response;
  response.body = framed(*this, title, main, seconds).markup();
  return response;
}

Site::Site(const WebPorts& ports, const WebOptions& options, std::vector<std::string> own_hosts)
    : ports_(ports),
      options_(options),
      texts_(options_.style.texts),
      hosts_(std::move(own_hosts)),
      sessions_(ports.clock, ports.random),
      log_in_(ports.agent, sessions_, ports.logger),
      in_hand_(ports.clock) {
  hosts_.insert(hosts_.end(), options_.hosts.begin(), options_.hosts.end());
  const auto add = [&](std::span<const Route> routes) {
    routes_.insert(routes_.end(), routes.begin(), routes.end());
  };
  add(main_routes());
  add(log_in_routes());
  add(setting_routes());
  add(log_routes());
  add(test_routes());
  add(asset_routes());
  if (ports.panel != nullptr) add(panel_routes());
  if (ports.ce_desk != nullptr && ports.servers != nullptr) {
    desk_ = std::make_unique<Desk>(ports);
    add(ce_desk_routes());
  }
}

Site::~Site() = default;

Response Site::answer(const Request& request) {
  SessionView session;
  bool new_session = false;
  const auto finished = [&](Response response) {
    add_headers(request, session, new_session, response);
    return response;
  };
  if (!is_known_host(request)) {
    return finished(plain(
        421,
        "This host name is not one of the machine's: use its address, or have the name added to `hosts` in [web]."));
  }
  const Route* route = find(request.path);
  if (route == nullptr) return finished(plain(404, "There is no such page."));
  const bool posted = request.method == Request::Method::post;
  if (posted && !route->takes_posts) {
    Response response = plain(405, "This page takes no form.");
    response.headers.emplace_back("Allow", "GET, HEAD");
    return finished(std::move(response));
  }
  std::string known;
  if (const auto cookie = request.cookies.find(kCookie); cookie != request.cookies.end()) {
    if (const auto found = sessions_.find(cookie->second, !is_background(request))) session = *found;
    known = session.id;
  }
  if (posted) {
    if (from_elsewhere(request))
      return finished(plain(403, "The form came from another site; nothing was done."));
    // A form whose session has ended by time is an honest one: whoever sent it may log in and send it again.
    if (session.id.empty() || !equal_in_constant_time(request.field(kToken), session.form_token)) {
      session = session.id.empty() ? sessions_.begin() : session;
      new_session = session.id != known;
      Visit visit{*this, request, session, false};
      return finished(visit.page(texts_("form.old.title"), element("p", texts_("form.old")), 403));
    }
  } else if (session.id.empty() && !needs_no_session(request.path)) {
    session = sessions_.begin();
    new_session = true;
  }
  Visit visit{*this, request, session,
              request.loopback && !request.forwarded && is_loopback_name(without_port(request.host))};
  if (!visit.local) {
    // Y1: what a factory password opened at the machine stays shut elsewhere, also for the very same session.
    Rights& rights = visit.session.rights;
    const auto narrow = [&](Door door, bool& right, bool& must_choose) {
      if (!right || !log_in_.factory_counts(door)) return;
      right = false;
      must_choose = true;
    };
    narrow(Door::environment, rights.operator_, rights.operator_must_choose);
    narrow(Door::maintenance, rights.maintenance, rights.maintenance_must_choose);
  }
  Response response =
      may_enter(visit, route->access) ? route->handler(visit) : to_log_in(visit, route->access);
  new_session = visit.session.id != known && !visit.session.id.empty();
  session = visit.session;
  return finished(std::move(response));
}

bool Site::is_known_host(const Request& request) const {
  const std::string_view name = without_port(request.host);
  if (name.empty()) return false;
  // The address it came to is ours beyond doubt, also where the system does not tell which ones there are.
  if (is_loopback_name(name) || name == request.reached_at) return true;
  return std::any_of(hosts_.begin(), hosts_.end(),
                     [&](const std::string& own) { return equal_ignoring_case(own, name); });
}

const Route* Site::find(std::string_view path) const {
  for (const Route& route : routes_) {
    if (route.path == path) return &route;
    if (route.path.ends_with("/*") && path.starts_with(route.path.substr(0, route.path.size() - 1)))
      return &route;
  }
  return nullptr;
}

}  // namespace remotemail::web
