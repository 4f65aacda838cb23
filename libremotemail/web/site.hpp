// The site: from a request to its answer. Everything that all pages have in common is done here, before and after a page's
// own function: Host (DNS rebinding), the session, the rights, the form token (CSRF), the headers.
#pragma once

#include <functional>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "remotemail/web/web_pages.hpp"
#include "web/html.hpp"
#include "web/in_hand.hpp"
#include "web/log_in.hpp"
#include "web/request.hpp"
#include "web/sessions.hpp"

namespace remotemail::web {

// Texts by key, ours or the firmware's.
class Texts {
 public:
  explicit Texts(const std::map<std::string, std::string>& replaced) : replaced_(replaced) {}
  std::string_view operator()(std::string_view key) const;  // an unknown key is a bug and asserts
  // Where not every key has a text: that of `otherwise` (a word of the settings, as it is stored).
  std::string_view or_else(std::string_view key, std::string_view otherwise) const;

 private:
  const std::map<std::string, std::string>& replaced_;
};

// Who may see a page.
enum class Access {
  everybody,
  operator_,    // after the Environment setup log-in
  maintenance,  // after the Extension for maintenance log-in
  at_machine,   // what somebody who stands before the machine may do: local requests, or the operator
};

class Site;
class Desk;

// One request on its way through the site: what a page's function is given.
struct Visit {
  Site& site;
  const Request& request;
  SessionView session;
  bool local = false;  // Y1: peer and listener are loopback, Host is a loopback name, nothing was forwarded

  Agent& agent() const;
  const Texts& texts() const;
  // Whose wrong passwords count together (Y5): what comes through a proxy of this machine is not who stands before it.
  std::string guest() const;
  bool posted() const { return request.method == Request::Method::post; }
  // A <form method=post> to `action` with the form token in it: the only way to make one.
  Html form(std::string_view action, const Html& children, Attributes more = {}) const;
  // The page in the frame that all have: title, navigation, banners.
  Response page(std::string_view title, const Html& main, int status = 200) const;
  // As page(), for something under way: a browser without script asks for it again after `seconds`.
  Response page_that_refreshes(std::string_view title, const Html& main, unsigned seconds) const;
};

struct Route {
  std::string_view path;  // "/log"; a path that ends with `/*` takes everything below it
  Access access = Access::everybody;
  bool takes_posts = false;  // else GET and HEAD alone
  Response (*handler)(Visit&) = nullptr;
};

// The tables of the pages; site.cpp puts them together. A page's files stand in web/pages, web/panel, web/ce_desk.
std::span<const Route> main_routes();     // /, /status.json
std::span<const Route> log_in_routes();   // /environment, /maintenance, /passwords, /log-out
std::span<const Route> setting_routes();  // /environment/transmission, /maintenance/reception, …
std::span<const Route> log_routes();      // /maintenance/log
std::span<const Route> test_routes();     // /environment/test, /maintenance/test, …/progress.json
std::span<const Route> panel_routes();    // /panel …: only with an OperationPanel
std::span<const Route> ce_desk_routes();  // /ce-desk …: only with a CeDeskAccount
std::span<const Route> asset_routes();    // /style.css, /script.js, /favicon.ico …

class Site {
 public:
  Site(const WebPorts& ports, const WebOptions& options, std::vector<std::string> own_hosts);
  ~Site();

  Response answer(const Request&);  // any thread; never throws but out of memory

  const WebPorts& ports() const { return ports_; }
  const WebOptions& options() const { return options_; }
  Sessions& sessions() { return sessions_; }
  LogIn& log_in() { return log_in_; }
  InHand& in_hand() { return in_hand_; }
  Desk& desk() { return *desk_; }  // only on the pages of ce_desk_routes()
  const Texts& texts() const { return texts_; }
  bool has_page(std::string_view path) const { return find(path) != nullptr; }

 private:
  bool is_known_host(const Request& request) const;
  const Route* find(std::string_view path) const;

  const WebPorts ports_;
  const WebOptions options_;
  const Texts texts_;
  std::vector<std::string> hosts_;
  std::vector<Route> routes_;
  Sessions sessions_;
  LogIn log_in_;
  InHand in_hand_;
  std::unique_ptr<Desk> desk_;  // last: its thread ends before the rest does
};

}  // namespace remotemail::web
