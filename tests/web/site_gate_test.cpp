// What stands before every page, looked at route by route: form tokens, headers, rights, where a request comes from.
#include <doctest/doctest.h>

#include <chrono>

#include "remotemail/device_adapter/simulated_copier.hpp"
#include "web/site_fixture.hpp"

namespace remotemail::testing {
namespace {

class NoMemory final : public PanelMemory {
 public:
  Result<std::vector<std::string>> load() override { return std::vector<std::string>{}; }
  Status append(const std::string&) override { return {}; }
};

// The site with all its pages.
struct Whole {
  explicit Whole(web::Request who = SiteFixture::at_machine())
      : browser(copier.get(), &desk, std::move(who)) {}
  static std::unique_ptr<SimulatedCopier> made(PanelMemory& memory, const Clock& clock) {
    auto opened = SimulatedCopier::open(
        {7145, std::chrono::sys_days(std::chrono::year{2024} / std::chrono::month{11} / 22)}, memory, clock);
    REQUIRE(opened);
    return std::move(*opened);
  }
  NoMemory memory;
  ManualClock copier_clock;
  std::unique_ptr<SimulatedCopier> copier = made(memory, copier_clock);
  CeDeskAccount desk{"ce@example.com", {}, {}, {}};
  SiteFixture browser;
};

std::vector<web::Route> all_routes() {
  std::vector<web::Route> all;
  for (const auto& table :
       {web::main_routes(), web::log_in_routes(), web::setting_routes(), web::log_routes(),
        web::test_routes(), web::panel_routes(), web::ce_desk_routes(), web::asset_routes()}) {
    all.insert(all.end(), table.begin(), table.end());
  }
  return all;
}

std::string path_of(const web::Route& route) {
  return route.path.ends_with("/*") ? std::string(route.path.substr(0, route.path.size() - 1)) + "x"
                                    : std::string(route.path);
}

bool has_rights(SiteFixture& browser) {
  return browser.get("/environment/transmission").status == 200 ||
         browser.get("/maintenance/reception").status == 200;
}

void log_in(SiteFixture& browser) {
  browser.get("/environment");
  browser.post("/environment", {{"password", "0000"}});
  browser.get("/maintenance");
  browser.post("/maintenance", {{"password", "9272"}});
  browser.get("/environment");
}

std::string settings_of(SiteFixture& browser) {
  std::string all;
  for (const auto& [key, stored] : browser.line.agent->stored_settings())
    all += key + "=" + std::string(stored.text.reveal()) + "\n";
  return all;
}

}  // namespace

TEST_CASE("site gate: no form is taken without its session's token, nor with another's, on any page [Y5]") {
  Whole whole, stranger;
  SiteFixture& browser = whole.browser;
  log_in(browser);
  REQUIRE(has_rights(browser));
  browser.get("/environment");
  // A token of another session of the same site.
  const web::Request ours = browser.client;
  const std::string token = browser.token;
  browser.client = SiteFixture::at_machine();
  browser.get("/environment");
  const std::string foreign = browser.token;
  REQUIRE(foreign != token);
  browser.client = ours;
  const std::string before = settings_of(browser);
  const std::size_t sent = browser.line.servers.sent.size();
  std::size_t taking = 0;
  for (const web::Route& route : all_routes()) {
    CAPTURE(route.path);
    if (!route.takes_posts) {
      const web::Response refused = browser.post(path_of(route), {{"form-token", token}});
      CHECK(refused.status == 405);
      CHECK(browser.header(refused, "Allow") == "GET, HEAD");
      continue;
    }
    ++taking;
    for (const std::string& wrong :
         {std::string(), foreign, std::string("x"), token + "0", token.substr(1)}) {
      browser.client = ours;
      CHECK(browser.post(path_of(route), {{"form-token", wrong}}).status == 403);
    }
    // The right one, but sent by another site's page.
    for (const auto& [origin, site] : {std::pair{"https://evil.example", ""},
                                       {"null", ""},
                                       {"", "cross-site"},
                                       {"", "same-site"},
                                       {"http://localhost:8081", ""}}) {
      browser.client = ours;
      browser.client.origin = origin;
      browser.client.fetch_site = site;
      CHECK(browser.post(path_of(route), {{"form-token", token}}).status == 403);
    }
    // Nor in the address instead of the form.
    browser.client = ours;
    web::Request in_address = ours;
    in_address.method = web::Request::Method::post;
    in_address.path = path_of(route);
    in_address.query.emplace("form-token", token);
    CHECK(browser.site.answer(in_address).status == 403);
  }
  CHECK(taking >= 8);
  CHECK(settings_of(browser) == before);
  CHECK(browser.line.servers.sent.size() == sent);
}

TEST_CASE("site gate: every page, refusal and asset carries the headers, for every right and none [Y5]") {
  for (const bool logged_in : {false, true}) {
    Whole whole;
    SiteFixture& browser = whole.browser;
    if (logged_in) log_in(browser);
    for (const web::Route& route : all_routes()) {
      CAPTURE(route.path);
      for (const bool posted : {false, true}) {
        const web::Response response =
            posted ? browser.post(path_of(route), {{"form-token", "x"}}) : browser.get(path_of(route));
        CHECK(response.status < 500);
        const std::string policy = browser.header(response, "Content-Security-Policy");
        CHECK(policy.starts_with("default-src 'none';"));
        CHECK(policy.find("frame-ancestors 'none'") != std::string::npos);
        CHECK(policy.find("unsafe") == std::string::npos);
        CHECK(browser.header(response, "X-Frame-Options") == "DENY");
        CHECK(browser.header(response, "X-Content-Type-Options") == "nosniff");
        CHECK(browser.header(response, "Referrer-Policy") == "same-origin");
        CHECK(browser.header(response, "Cache-Control") ==
              (response.may_be_stored ? "no-cache" : "no-store"));
        CHECK((!response.may_be_stored || response.content_type.find("text/html") == std::string::npos));
        const std::string location = browser.header(response, "Location");
        CHECK((location.empty() || (location.front() == '/' && !location.starts_with("//"))));
      }
    }
  }
}

TEST_CASE(
    "site gate: without its log-in no page opens, and one right does not open the other's pages [B4, B23, Y5]") {
  for (const char* door : {"", "/environment", "/maintenance"}) {
    CAPTURE(door);
    Whole whole(SiteFixture::from_elsewhere());
    SiteFixture& browser = whole.browser;
    SettingTexts own;
    own.emplace("security.operator_password", Secret("Op-erator1"));
    own.emplace("security.maintenance_password", Secret("Main-tain1"));
    REQUIRE(browser.line.agent->apply(own).ok());
    const bool operator_ = std::string(door) == "/environment",
               maintenance = std::string(door) == "/maintenance";
    if (operator_ || maintenance) {
      browser.get(door);
      REQUIRE(browser.post(door, {{"password", operator_ ? "Op-erator1" : "Main-tain1"}}).status == 303);
    }
    for (const web::Route& route : all_routes()) {
      CAPTURE(route.path);
      const bool may = route.access == web::Access::everybody ||
                       (operator_ && (route.access == web::Access::operator_ ||
                                      route.access == web::Access::at_machine)) ||
                       (maintenance && route.access == web::Access::maintenance);
      if (may) continue;
      const web::Response response = browser.get(path_of(route));
      CHECK(response.status == 303);
      const std::string wanted =
          route.access == web::Access::maintenance ? "/maintenance?next=" : "/environment?next=";
      CHECK(browser.header(response, "Location").starts_with(wanted));
      if (!route.takes_posts) continue;
      browser.get("/environment");  // a form token that is right
      CHECK(browser.post(path_of(route), {}).status == 303);
    }
  }
}

TEST_CASE("site gate: a session that was there before the log-in is dead behind it, and has no rights [Y5]") {
  Whole whole;
  SiteFixture& browser = whole.browser;
  browser.get("/environment");
  const web::Request planted = browser.client;  // the cookie that somebody else knows too
  const std::string token = browser.token;
  REQUIRE(browser.post("/environment", {{"password", "0000"}}).status == 303);
  CHECK(browser.client.cookies != planted.cookies);
  CHECK(has_rights(browser));
  const web::Request entered = browser.client;
  browser.client = planted;
  CHECK_FALSE(has_rights(browser));
  browser.client = planted;
  CHECK(browser.post("/environment", {{"password", "0000"}, {"form-token", token}}).status == 403);
  // An id that the site never gave is not taken over.
  browser.client = planted;
  for (auto& [name, value] : browser.client.cookies) value = "my-own-id";
  browser.get("/environment");
  for (const auto& [name, value] : browser.client.cookies) CHECK(value != "my-own-id");
  // Nor does the second log-in keep the id of the first.
  browser.client = entered;
  browser.get("/maintenance");
  REQUIRE(browser.post("/maintenance", {{"password", "9272"}}).status == 303);
  CHECK(browser.client.cookies != entered.cookies);
  browser.client = entered;
  CHECK_FALSE(has_rights(browser));
}

TEST_CASE("site gate: visitors without number neither end a session nor make a form stale [Y5]") {
  for (const char* peer : {"192.0.2.9", "192.0.2.7"}) {  // the guest's own address among them
    CAPTURE(peer);
    SiteFixture browser(nullptr, nullptr, SiteFixture::from_elsewhere());
    browser.line.set("security.operator_password", "Op-erator1");
    browser.get("/environment");
    browser.post("/environment", {{"password", "Op-erator1"}});
    const web::Request entered = browser.client;
    browser.client = SiteFixture::from_elsewhere();
    browser.get("/environment");
    const std::string token = browser.token;
    const web::Request reading = browser.client;
    for (int i = 0; i < 2000; ++i) {
      browser.client = SiteFixture::from_elsewhere();
      browser.client.peer = peer;
      browser.get("/environment");
    }
    browser.client = reading;
    CHECK(browser.post("/environment", {{"password", "Op-erator1"}, {"form-token", token}}).status == 303);
    browser.client = entered;
    CHECK(browser.get("/environment/transmission").status == 200);
  }
}

TEST_CASE("site gate: a visitor's id and form token are proven by this run, and by each other [Y5]") {
  SiteFixture browser, other;
  browser.get("/environment");
  const std::string id = browser.cookie(), token = browser.token;
  REQUIRE(id.size() == 64);
  const auto accepted = [&](SiteFixture& site, const std::string& cookie) {
    site.client = SiteFixture::at_machine();
    site.cookie() = cookie;
    return site.post("/environment", {{"password", "x"}, {"form-token", token}}).status == 403 &&
           site.client.cookies.begin()->second == cookie;  // the password was wrong, not the form
  };
  CHECK(accepted(browser, id));
  for (std::string wrong : {id.substr(1), id + "0", id.substr(0, 32), std::string(64, '0')})
    CHECK_FALSE(accepted(browser, wrong));
  for (const std::size_t at : {0U, 31U, 32U, 63U}) {
    std::string wrong = id;
    wrong[at] = wrong[at] == '0' ? '1' : '0';
    CHECK_FALSE(accepted(browser, wrong));
  }
}

TEST_CASE("site gate: two copiers on one machine, at two ports, do not log each other out [Y5]") {
  SiteFixture one, two;
  two.client.host = "localhost:8081";
  const auto share = [](SiteFixture& from, SiteFixture& to) {  // a browser has one jar for a host
    for (const auto& [name, value] : from.client.cookies) to.client.cookies.insert_or_assign(name, value);
  };
  for (SiteFixture* copier : {&one, &two}) {
    share(one, two);
    share(two, one);
    log_in(*copier);
  }
  share(two, one);
  CHECK(has_rights(one));
  share(one, two);
  CHECK(has_rights(two));
}

TEST_CASE("site gate: a session ends for a right whose password was changed, wherever that was done [Y5]") {
  SiteFixture browser;
  log_in(browser);
  const web::Request before = browser.client;
  browser.line.set("security.operator_password", "Op-erator1");
  CHECK(browser.get("/environment/transmission").status == 303);
  CHECK(browser.get("/maintenance/reception").status == 200);
  // Not even a log-in with the other password, in the same session, brings it back.
  browser.get("/maintenance");
  browser.post("/maintenance", {{"password", "9272"}});
  CHECK(browser.get("/environment/transmission").status == 303);
  browser.get("/environment");
  REQUIRE(browser.post("/environment", {{"password", "Op-erator1"}}).status == 303);
  CHECK(browser.get("/environment/transmission").status == 200);
  browser.line.set("security.maintenance_password", "Main-tain1");
  CHECK(browser.get("/environment/transmission").status == 200);
  CHECK(browser.get("/maintenance/reception").status == 303);
  browser.line.set("security.operator_password", "Op-erator1");  // the same again is another one
  CHECK(browser.get("/environment/transmission").status == 303);
}

TEST_CASE("site gate: a session's cookie is for this site's own requests, and over TLS for TLS alone [Y5]") {
  for (const bool secure : {false, true}) {
    SiteFixture browser;
    browser.client.secure = secure;
    const std::string cookie = browser.header(browser.get("/environment"), "Set-Cookie");
    CHECK(cookie.find("; HttpOnly") != std::string::npos);
    CHECK(cookie.find("; SameSite=Strict") != std::string::npos);
    CHECK((cookie.find("; Secure") != std::string::npos) == secure);
    CHECK(cookie.find("Domain") == std::string::npos);
    // Nobody else can plant a cookie of this name: not another port without TLS, not a neighbour's name.
    CHECK(cookie.starts_with("__Host-remotemail-8080=") == secure);
  }
}

TEST_CASE(
    "site gate: a factory password opens the pages at the machine alone, elsewhere only the way to a new one [Y1]") {
  struct Row {
    const char* what;
    bool local;
    void (*change)(web::Request&);
  };
  const Row rows[] = {
      {"at the machine", true, [](web::Request&) {}},
      {"by its address", true, [](web::Request& r) { r.host = "127.0.0.1:8080"; }},
      {"by IPv6", true,
       [](web::Request& r) {
         r.host = "[::1]:8080";
         r.peer = "::1";
       }},
      {"another peer or listener", false,
       [](web::Request& r) {
         r.loopback = false;
         r.peer = "192.0.2.7";
       }},
      {"another name", false, [](web::Request& r) { r.host = "copier.example.com"; }},
      {"through a proxy", false, [](web::Request& r) { r.forwarded = true; }},
  };
  for (const Row& row : rows) {
    CAPTURE(row.what);
    Whole whole;
    SiteFixture& browser = whole.browser;
    row.change(browser.client);
    for (const auto& [door, password] : {std::pair{"/environment", "0000"}, {"/maintenance", "9272"}}) {
      browser.get(door);
      const web::Response entered = browser.post(door, {{"password", password}});
      CHECK(entered.status == 303);
      CHECK((browser.header(entered, "Location") == "/passwords") == !row.local);
    }
    CHECK(has_rights(browser) == row.local);
    if (row.local) continue;
    for (const web::Route& route : all_routes()) {
      if (route.access == web::Access::everybody) continue;
      CAPTURE(route.path);
      CHECK(browser.header(browser.get(path_of(route)), "Location") == "/passwords");
    }
  }
}

TEST_CASE(
    "site gate: rights that were had at the machine are none when the same session comes from elsewhere [Y1]") {
  Whole whole;
  SiteFixture& browser = whole.browser;
  log_in(browser);
  REQUIRE(has_rights(browser));
  browser.client.loopback = false;
  browser.client.peer = "192.0.2.7";
  browser.client.host = "copier.example.com:8080";  // the same cookie's
  CHECK_FALSE(has_rights(browser));
  browser.client.host = "localhost:8080";
  browser.client.loopback = true;
  CHECK(has_rights(browser));
}

TEST_CASE(
    "site gate: wrong passwords delay the next look at one, for the whole network, not for others, and not for good [Y5]") {
  SiteFixture browser(nullptr, nullptr, SiteFixture::from_elsewhere());
  SettingTexts own;
  own.emplace("security.operator_password", Secret("Op-erator1"));
  REQUIRE(browser.line.agent->apply(own).ok());
  browser.client.peer = "2001:db8:1:2::7";
  const auto try_with = [&](const char* password) {
    browser.get("/environment");
    return browser.post("/environment", {{"password", password}});
  };
  for (int i = 0; i < 3; ++i) CHECK(try_with("wrong").status == 403);
  const web::Response early = try_with("Op-erator1");
  CHECK(early.status == 429);
  CHECK_FALSE(browser.header(early, "Retry-After").empty());
  browser.client.peer = "2001:db8:1:2:ffff::1";  // the same customer's
  CHECK(try_with("Op-erator1").status == 429);
  browser.client.peer = "2001:db8:1:3::1";
  CHECK(try_with("Op-erator1").status == 303);
  browser.client.peer = "2001:db8:1:2::7";
  std::chrono::seconds longest{0};
  for (int i = 0; i < 200; ++i) {  // however long somebody tries, it is a minute
    browser.site.sessions().password_was_wrong(browser.client.peer, web::Door::environment);
    longest = std::max(longest, browser.site.sessions().wait_of(browser.client.peer, web::Door::environment));
  }
  CHECK(longest == std::chrono::minutes(1));
  browser.line.clock.advance(std::chrono::minutes(1));
  browser.client.cookies.clear();
  CHECK(try_with("Op-erator1").status == 303);
}

TEST_CASE("site gate: who knows one password cannot guess the other one without delay [Y5]") {
  SiteFixture browser(nullptr, nullptr, SiteFixture::from_elsewhere());
  browser.line.set("security.operator_password", "Op-erator1");
  browser.line.set("security.maintenance_password", "Main-tain1");
  const auto try_with = [&](const char* door, const char* password) {
    browser.get("/environment");
    return browser.post(door, {{"password", password}}).status;
  };
  for (int i = 0; i < 3; ++i) {
    CHECK(try_with("/maintenance", "wrong") == 403);
    CHECK(try_with("/environment", "Op-erator1") == 303);
  }
  CHECK(try_with("/maintenance", "Main-tain1") == 429);
  CHECK(try_with("/environment", "Op-erator1") == 303);  // which is no reason to wait at the other door
}

TEST_CASE("site gate: guesses that come through a proxy do not make those at the machine wait [Y5]") {
  SiteFixture browser;
  const auto try_with = [&](const char* password) {
    browser.get("/environment");
    return browser.post("/environment", {{"password", password}}).status;
  };
  browser.client.forwarded = true;
  for (int i = 0; i < 3; ++i) CHECK(try_with("wrong") == 403);
  CHECK(try_with("0000") == 429);
  browser.client.forwarded = false;
  CHECK(try_with("0000") == 303);
}

TEST_CASE("site gate: limits count IPv4 by address, also within IPv6, and IPv6 by its /64 [Y5]") {
  CHECK(web::network_of("192.0.2.7") == "192.0.2.7");
  CHECK(web::network_of("::ffff:192.0.2.7") == "192.0.2.7");
  CHECK(web::network_of("::1") == "::1");
  CHECK(web::network_of("2001:db8::1") == web::network_of("2001:db8:0:0:ffff::"));
  CHECK(web::network_of("2001:db8:0:1::1") != web::network_of("2001:db8::1"));
  CHECK(web::network_of("fe80::1%eth0") == web::network_of("fe80::2"));
  CHECK(web::network_of("what") == "what");
}

}  // namespace remotemail::testing
