#include <doctest/doctest.h>

#include "web/form_filling.hpp"

namespace remotemail::testing {
namespace {

std::string location(const web::Response& response) {
  return SiteFixture::header(response, "Location");
}

}  // namespace

TEST_CASE("log-in: the factory value of the operator password has to be typed, too [B4, B6]") {
  SiteFixture browser;
  CHECK(location(browser.get("/environment/transmission")) ==
        "/environment?next=%2Fenvironment%2Ftransmission");
  CHECK(fill_in(browser, "/environment", {{"password", ""}}).status == 403);
  const web::Response in = fill_in(browser, "/environment", {{"password", "0000"}});
  CHECK(in.status == 303);
  CHECK(has(browser.follow(in), "E-Mail transmission setting"));
  CHECK(browser.get("/environment/transmission").status == 200);
}

TEST_CASE(
    "log-in: the extension for maintenance is at the foot of the environment setup, with a password of its own [B23, B24]") {
  SiteFixture browser;
  log_in(browser, "/environment", "0000");
  CHECK(browser.get("/maintenance/reception").status == 303);  // the operator's right is not enough
  CHECK(fill_in(browser, "/maintenance", {{"password", "0000"}}, "/environment").status == 403);
  const web::Response in = fill_in(browser, "/maintenance", {{"password", "9272"}}, "/environment");
  CHECK(location(in) == "/maintenance");
  const web::Response menu = browser.get("/maintenance");
  CHECK(has(menu, "Initial setting"));
  CHECK(has(menu, "href=\"/maintenance/reception\""));
  CHECK(has(menu, "href=\"/maintenance/log\""));
  CHECK(browser.get("/environment").status == 200);  // the other right is kept
}

TEST_CASE("log-in: the maintenance password alone does not open the environment setup [B4, B23]") {
  SiteFixture browser;
  log_in(browser, "/maintenance", "9272");
  CHECK(browser.get("/maintenance/reception").status == 200);
  CHECK(browser.get("/environment/transmission").status == 303);
}

TEST_CASE("log-in: one leads to the page that was wanted, if it is one of ours [Y5]") {
  const auto led_to = [](const char* next) {
    SiteFixture browser;
    browser.get("/environment");
    return location(browser.post("/environment", {{"password", "0000"}, {"next", next}}));
  };
  CHECK(led_to("/environment/limits") == "/environment/limits");
  for (const char* away : {"https://evil.example", "//evil.example", "/\\evil.example", "/no-such-page",
                           "/environment/limits?x=1", "/status.json", "/a\r\nSet-Cookie: x=1", ""}) {
    CAPTURE(away);
    CHECK(led_to(away) == "/environment");
  }
  SiteFixture browser;
  const web::Response page = browser.get("/environment?next=%2Fenvironment%2Fsecurity");
  CHECK(form_of(page.body, "/environment")["next"] == "/environment/security");
}

TEST_CASE("log-in: each one gets a new session, and the old id is dead [Y5]") {
  SiteFixture browser;
  browser.get("/");
  const std::string before = browser.cookie();
  log_in(browser, "/environment", "0000");
  const std::string after = browser.cookie();
  CHECK(before != after);
  browser.cookie() = before;
  CHECK(browser.get("/environment/limits").status == 303);
}

TEST_CASE(
    "log-in: wrong passwords make the next one wait longer, in words with seconds, and nobody is locked out [Y5]") {
  SiteFixture browser;
  CHECK_FALSE(has(fill_in(browser, "/environment", {{"password", "x"}}), "next try"));
  fill_in(browser, "/environment", {{"password", "x"}});
  const web::Response third = fill_in(browser, "/environment", {{"password", "x"}});
  CHECK(third.status == 403);
  CHECK(has(third, "The next try counts in 1 second."));
  CHECK(SiteFixture::header(third, "Retry-After") == "1");
  // Even the right one is not looked at before.
  const web::Response early = fill_in(browser, "/environment", {{"password", "0000"}});
  CHECK(early.status == 429);
  CHECK(has(early, "was not looked at"));
  std::chrono::seconds longest{0};
  for (int i = 0; i < 12; ++i) {
    longest = std::max(longest, browser.site.sessions().wait_of("127.0.0.1", web::Door::environment));
    browser.line.clock.advance(longest);
    fill_in(browser, "/environment", {{"password", "x"}});
  }
  CHECK(longest == std::chrono::seconds(60));
  browser.line.clock.advance(std::chrono::seconds(60));
  CHECK(fill_in(browser, "/environment", {{"password", "0000"}}).status == 303);
  CHECK(browser.line.logger.has("a wrong operator password again from 127.0.0.1"));
  CHECK_FALSE(browser.line.logger.has("0000"));
}

TEST_CASE("log-in: one address that guesses makes no other wait [Y5]") {
  SiteFixture browser;
  for (int i = 0; i < 5; ++i) fill_in(browser, "/environment", {{"password", "x"}});
  browser.client.peer = "127.0.0.2";
  CHECK(fill_in(browser, "/environment", {{"password", "0000"}}).status == 303);
}

TEST_CASE("log-in: all addresses of one IPv6 network wait together, those of another do not [Y5]") {
  SiteFixture browser;
  for (const char* peer : {"2001:db8::1", "2001:db8::2", "2001:db8:0:0:1::3", "2001:db8::4"}) {
    browser.client.peer = peer;
    fill_in(browser, "/environment", {{"password", "x"}});
  }
  CHECK(fill_in(browser, "/environment", {{"password", "0000"}}).status == 429);
  for (const char* peer : {"2001:db8:1::1", "::ffff:192.0.2.7", "not an address"}) {
    browser.client.peer = peer;
    CHECK(fill_in(browser, "/environment", {{"password", "0000"}}).status == 303);
  }
}

TEST_CASE("log-in: a wrong password is not shown again [Y4]") {
  SiteFixture browser;
  CHECK_FALSE(has(fill_in(browser, "/environment", {{"password", "canary-77"}}), "canary-77"));
}

TEST_CASE("log-in: logging out ends the session, and takes a form [Y5]") {
  SiteFixture browser;
  log_in_both(browser);
  const std::string id = browser.cookie();
  browser.get("/log-out");
  CHECK(browser.get("/environment/limits").status == 200);
  CHECK(fill_in(browser, "/log-out", {}, "/").status == 303);
  CHECK(browser.get("/environment/limits").status == 303);
  browser.cookie() = id;
  CHECK(browser.get("/maintenance/log").status == 303);
}

TEST_CASE(
    "log-in: ten idle minutes end a session, and what a page asks for by itself does not count as use [Y5]") {
  SiteFixture browser;
  log_in(browser, "/environment", "0000");
  for (int i = 0; i < 9; ++i) {
    browser.line.clock.advance(std::chrono::minutes(1));
    browser.get("/status.json");
    browser.get("/environment/limits?live=1");
  }
  browser.line.clock.advance(std::chrono::minutes(1));
  CHECK(browser.get("/environment/limits").status == 303);
}

TEST_CASE(
    "log-in: after the idle time the log-in says why, leads back, and an old form to its page again [Y5]") {
  SiteFixture browser;
  CHECK_FALSE(has(browser.open("/environment/limits"), "Your session has ended"));
  log_in(browser, "/environment", "0000");
  browser.get("/environment/limits");
  browser.line.clock.advance(std::chrono::minutes(10));
  web::Response page = browser.post("/environment/limits", {{"limits.replies", "1"}});
  CHECK(page.status == 403);
  CHECK(has(page, "Nothing was done"));
  CHECK(has(page, "<a href=\"/environment/limits\">Open the page again</a>"));
  log_in(browser, "/environment", "0000");
  browser.line.clock.advance(std::chrono::minutes(10));
  page = browser.open("/environment/limits");
  CHECK(has(page, "Your session has ended"));
  CHECK(form_of(page.body, "/environment")["next"] == "/environment/limits");
  browser.cookie() = "given by an earlier run of the service";
  page = browser.post("/environment", {{"password", "0000"}, {"next", "/environment/limits"}});
  CHECK(has(page, "<a href=\"/environment?next=%2Fenvironment%2Flimits\">"));
}

TEST_CASE("log-in: the idle time can be shorter than ten minutes, but not longer [Y5]") {
  SiteFixture browser;
  for (const auto& [asked, counts] : {std::pair{std::chrono::seconds(20), std::chrono::seconds(20)},
                                      std::pair{std::chrono::seconds(3600), std::chrono::seconds(600)}}) {
    web::Sessions sessions(browser.line.clock, browser.line.random, asked);
    const std::string id = sessions.log_in({}, {.operator_ = true}).id;
    browser.line.clock.advance(counts - std::chrono::seconds(1));
    CHECK(sessions.find(id));
    browser.line.clock.advance(counts);
    CHECK_FALSE(sessions.find(id));
  }
}

TEST_CASE("log-in: what needs no session begins none [Y5]") {
  SiteFixture browser;
  for (const char* path : {"/style.css", "/script.js", "/status.json"}) {
    CAPTURE(path);
    CHECK(SiteFixture::header(browser.get(path), "Set-Cookie").empty());
  }
}

TEST_CASE("factory password: at the machine it works under a banner on every page [Y1]") {
  SiteFixture browser;
  log_in_both(browser);
  for (const char* path : {"/", "/environment", "/maintenance/log"}) {
    CAPTURE(path);
    CHECK(has(browser.get(path), "The operator password is still the factory value"));
    CHECK(has(browser.get(path), "The maintenance password is still the factory value"));
  }
  browser.line.set("security.operator_password", "Kiku-1887");
  CHECK_FALSE(has(browser.get("/"), "The operator password is still"));
  CHECK(has(browser.get("/"), "The maintenance password is still"));
}

TEST_CASE("factory password: a stranger is not told that it counts [Y1]") {
  SiteFixture browser(nullptr, nullptr, SiteFixture::from_elsewhere());
  CHECK_FALSE(has(browser.get("/"), "factory"));
}

TEST_CASE(
    "factory password: from elsewhere it leads only to the page that chooses another, and is refused ever after [Y1]") {
  for (const auto& [path, factory, chosen, page] :
       {std::tuple{"/environment", "0000", "operator", "/environment/limits"},
        std::tuple{"/maintenance", "9272", "maintenance", "/maintenance/reception"}}) {
    CAPTURE(path);
    SiteFixture browser(nullptr, nullptr, SiteFixture::from_elsewhere());
    CHECK(location(fill_in(browser, path, {{"password", factory}})) == "/passwords");
    for (const char* closed :
         {"/environment/limits", "/environment/transmission", "/environment/test", "/environment/password",
          "/maintenance/reception", "/maintenance/log", "/maintenance/password", "/maintenance/check"}) {
      CAPTURE(closed);
      CHECK(browser.get(closed).status == 303);
    }
    CHECK(location(browser.get(page)) == "/passwords");
    const web::Response choosing = browser.get("/passwords");
    CHECK(has(choosing, "A suggestion"));
    CHECK(has(choosing, "twelve or more"));
    const std::string again = std::string(chosen) + "-again";
    // A factory value cannot be chosen, nor one that was typed wrong, nor none.
    for (const auto& [once, twice] :
         {std::pair{"0000", "0000"}, std::pair{"9272", "9272"}, std::pair{"Kiku-1887", "Kiku-1888"},
          std::pair{"", ""}, std::pair{"with blank", "with blank"}}) {
      CAPTURE(once);
      const web::Response refused = fill_in(browser, "/passwords", {{chosen, once}, {again, twice}});
      CHECK(refused.status == 422);
      CHECK(has(refused, "role=\"alert\""));
      CHECK_FALSE(has(refused, "value=\"Kiku"));
      CHECK(browser.get(page).status == 303);
    }
    fill_in(browser, "/passwords", {{chosen, "Kiku-1887"}, {again, "Kiku-1887"}});
    CHECK(browser.get(page).status == 200);
    // Refused for ever: from elsewhere and at the machine.
    SiteFixture::from_elsewhere();
    browser.client.cookies.clear();
    CHECK(fill_in(browser, path, {{"password", factory}}).status == 403);
    browser.client = SiteFixture::at_machine();
    CHECK(fill_in(browser, path, {{"password", factory}}).status == 403);
    CHECK(fill_in(browser, path, {{"password", "Kiku-1887"}}).status == 303);
  }
}

TEST_CASE(
    "factory password: of two strangers who know it, the second is out when the first has chosen [Y1]") {
  SiteFixture browser(nullptr, nullptr, SiteFixture::from_elsewhere());
  fill_in(browser, "/environment", {{"password", "0000"}});
  const web::Request first = browser.client;
  browser.client = SiteFixture::from_elsewhere();
  fill_in(browser, "/environment", {{"password", "0000"}});
  const web::Response form = browser.get("/passwords");
  const web::Request second = browser.client;
  browser.client = first;
  fill_in(browser, "/passwords", {{"operator", "Kiku-1887"}, {"operator-again", "Kiku-1887"}});
  CHECK(browser.get("/environment/limits").status == 200);
  browser.client = second;
  web::Fields fields = form_of(form.body, "/passwords");
  fields.insert_or_assign("operator", "Stranger-1");
  fields.insert_or_assign("operator-again", "Stranger-1");
  browser.post("/passwords", fields);
  CHECK(browser.get("/environment/limits").status == 303);
  CHECK(verify_password(browser.line.agent->settings()->operator_password, "Kiku-1887"));
}

TEST_CASE(
    "factory password: a request that was forwarded, or names another host, is not one of somebody at the machine [Y1]") {
  for (const bool forwarded : {true, false}) {
    SiteFixture browser;
    if (forwarded)
      browser.client.forwarded = true;
    else
      browser.client.host = "copier.example.com";
    CHECK(location(fill_in(browser, "/environment", {{"password", "0000"}})) == "/passwords");
  }
}

TEST_CASE("password: it is changed after the present one, and everybody else has to log in again [B6]") {
  SiteFixture browser;
  log_in(browser, "/environment", "0000");
  const web::Request other = browser.client;
  browser.client = SiteFixture::at_machine();
  log_in(browser, "/environment", "0000");
  const auto change = [&](const char* current, const char* chosen) {
    return fill_in(browser, "/environment/password",
                   {{"current", current}, {"operator", chosen}, {"operator-again", chosen}});
  };
  CHECK(change("1111", "Kiku-1887").status == 422);
  CHECK(browser.line.agent->settings()->operator_password.empty());
  const std::string before = browser.cookie();
  CHECK(change("0000", "Kiku-1887").status == 200);
  CHECK(browser.cookie() != before);
  CHECK(browser.get("/environment/limits").status == 200);
  browser.client = other;
  CHECK(browser.get("/environment/limits").status == 303);
}

TEST_CASE(
    "password: the maintenance password has its page, too, and goes back to no factory value [B6, Y1]") {
  SiteFixture browser;
  log_in(browser, "/maintenance", "9272");
  const auto change = [&](const char* current, const char* chosen) {
    return fill_in(browser, "/maintenance/password",
                   {{"current", current}, {"maintenance", chosen}, {"maintenance-again", chosen}})
        .status;
  };
  CHECK(change("9272", "Ume-2041") == 200);
  CHECK(change("Ume-2041", "9272") == 422);
  CHECK(change("Ume-2041", "0000") == 422);
  CHECK(verify_password(browser.line.agent->settings()->maintenance_password, "Ume-2041"));
}

TEST_CASE("password: a suggestion has a good form and is another one each time [Y1]") {
  SiteFixture browser;
  log_in(browser, "/environment", "0000");
  const auto suggested = [&] {
    const std::string body = browser.get("/environment/password").body;
    const std::size_t at = body.find("<code>") + 6;
    return body.substr(at, body.find("</code>") - at);
  };
  const std::string one = suggested();
  CHECK(is_password_form(one));
  CHECK(one.size() == 14);
  CHECK(one != suggested());
}

TEST_CASE("password: who types the present one wrong too often is told how long to wait, as at the log-in [B6, Y5]") {
  SiteFixture browser;
  log_in(browser, "/environment", "0000");
  const auto change = [&](const char* current) {
    return fill_in(browser, "/environment/password",
                   {{"current", current}, {"operator", "Kiku-1887"}, {"operator-again", "Kiku-1887"}});
  };
  change("1");
  change("1");
  CHECK(has(change("1"), "The next try counts in 1 second."));
  CHECK(has(change("0000"), "Try again in 1 second."));
  CHECK(browser.line.agent->settings()->operator_password.empty());
}

}  // namespace remotemail::testing
