#include <doctest/doctest.h>

#include "remotemail/web/web_pages.hpp"
#include "web/form_filling.hpp"

namespace remotemail::testing {

TEST_CASE("main page: machine, state and what the mail function is doing, for everybody [B4, A8]") {
  SiteFixture browser;
  browser.line.device.set_identity({"RM-7145", "7145A00312"});
  CHECK(has(browser.get("/"), "not known yet"));
  browser.work();  // what the page asked the machine for
  browser.line.enable();
  browser.line.set("reception.nickname", "Tokyo-3F");
  const web::Response page = browser.get("/");
  for (const char* shown : {"RM-7145", "7145A00312", "Tokyo-3F", ">ready<", "<dt>Total</dt><dd>1234</dd>"})
    CHECK(has(page, shown));
  CHECK(has(page, "<dt>Next poll</dt>"));
  CHECK(has(page, "<dt>Mails waiting to be sent</dt><dd>0</dd>"));
  browser.line.device.set_state(DeviceState::service_call);
  CHECK(has(browser.get("/"), ">service call<"));
  browser.line.device.set_state(DeviceState::shut_off);
  CHECK(has(browser.get("/"), "While the machine is off"));
}

TEST_CASE("main page: the machine is looked at once a minute at most, however often the page is") {
  SiteFixture browser;
  browser.get("/");
  browser.work();
  const std::size_t readings = browser.line.device.readings().size();
  for (int i = 0; i < 20; ++i) browser.get("/");
  browser.work();
  CHECK(browser.line.device.readings().size() == readings);
  browser.line.clock.advance(std::chrono::seconds(61));
  for (int i = 0; i < 20; ++i) browser.get("/");
  for (int i = 0; i < 5; ++i) browser.work();
  CHECK(browser.line.device.readings().size() == 2 * readings);
}

TEST_CASE("main page: trouble is said in words, to strangers without names of servers or their lines [Y4]") {
  SiteFixture browser;
  browser.line.enable();
  browser.line.servers.fault = [](const std::string& event) -> std::optional<Error> {
    if (event != "open mailbox") return std::nullopt;
    Error error = make_error(Cause::login_refused, Step::login, "mail.example.com:995");
    error.server_line = "-ERR copier unknown";
    return error;
  };
  browser.line.once();
  const std::string cause = web::Html(words(Cause::login_refused)).markup();
  const web::Response here = browser.get("/");
  CHECK(has(here, cause));
  CHECK(has(here, "-ERR copier unknown"));
  browser.client = SiteFixture::from_elsewhere();
  const web::Response stranger = browser.get("/");
  CHECK(has(stranger, cause));
  CHECK_FALSE(has(stranger, "mail.example.com"));
  CHECK_FALSE(has(stranger, "-ERR"));
}

TEST_CASE("main page: mail without TLS is warned of on every page, to those who may know [Y2]") {
  SiteFixture browser;
  browser.line.enable();
  CHECK_FALSE(has(browser.get("/"), "without TLS"));
  SettingTexts texts;
  texts.emplace("reception.security", Secret("none"));
  texts.emplace("reception.password", Secret("mailbox-password"));
  browser.line.agent->apply(texts);
  CHECK(has(browser.get("/"), "without TLS"));
  CHECK(has(browser.get("/environment"), "without TLS"));
  browser.client = SiteFixture::from_elsewhere();
  CHECK_FALSE(has(browser.get("/"), "without TLS"));
}

TEST_CASE("main page: the operator polls now, others are asked for the password [B4]") {
  SiteFixture browser;
  browser.line.enable();
  browser.work();
  browser.line.mail("GetLog Counter\r\n");
  CHECK_FALSE(has(browser.get("/"), "Poll now"));
  browser.get("/environment");  // has a form, hence a token
  CHECK(SiteFixture::header(browser.post("/", {}), "Location") == "/environment?next=%2F");
  browser.work();
  CHECK(browser.line.servers.mails.size() == 1);
  log_in(browser, "/environment", "0000");
  CHECK(has(browser.get("/"), "Poll now"));
  const web::Response asked = browser.post("/", {});
  CHECK(has(browser.follow(asked), "is being polled"));
  browser.work();
  CHECK(browser.line.servers.mails.empty());
  CHECK(has(browser.follow(asked), "Mails answered: 1"));
}

TEST_CASE(
    "main page: a poll while the machine is off or the function disabled is refused in words [A8, A17]") {
  SiteFixture browser;
  log_in(browser, "/environment", "0000");
  const auto poll = [&] {
    browser.get("/");
    const web::Response asked = browser.post("/", {});
    for (int i = 0; i < 3; ++i) browser.work();
    return browser.follow(asked);
  };
  CHECK(has(poll(), "not enabled, so nothing was fetched"));
  browser.line.enable();
  browser.line.device.set_state(DeviceState::main_power_off);
  CHECK(has(poll(), "The machine is off"));
}

TEST_CASE("main page: its news for script change when what it shows does") {
  SiteFixture browser;
  browser.get("/");
  browser.work();
  const web::Response page = browser.get("/");
  const std::string before = browser.get("/status.json").body;
  for (const std::string& tag : tags(page.body, "div")) {
    if (attribute(tag, "id") == "live")
      CHECK(has(browser.get("/status.json"), attribute(tag, "data-version")));
  }
  CHECK(browser.get("/status.json").body == before);
  browser.line.device.set_state(DeviceState::jam);
  const std::string after = browser.get("/status.json").body;
  CHECK(after != before);
  CHECK(after.find("\"state\":\"paper jam\"") != std::string::npos);
}

TEST_CASE("main page: with stylesheet and script it is under 20 KB") {
  SiteFixture browser;
  browser.line.enable();
  browser.get("/");
  browser.work();
  CHECK(browser.get("/").body.size() + browser.get("/style.css").body.size() +
            browser.get("/script.js").body.size() <
        20'000);
}

TEST_CASE("assets: a browser that has them is told so, and needs no log-in [Y5]") {
  SiteFixture browser;
  for (const char* path : {"/style.css", "/script.js", "/favicon.ico"}) {
    const web::Response first = browser.get(path);
    CHECK(first.status == 200);
    CHECK(SiteFixture::header(first, "Cache-Control") == "no-cache");
    CHECK(SiteFixture::header(first, "Set-Cookie").empty());
    browser.client.if_none_match = "W/\"other\", " + SiteFixture::header(first, "ETag");
    const web::Response again = browser.get(path);
    CHECK(again.status == 304);
    CHECK(again.body.empty());
    CHECK(SiteFixture::header(again, "ETag") == SiteFixture::header(first, "ETag"));
    browser.client.if_none_match = "\"0123456789abcdef\"";
    CHECK(browser.get(path).status == 200);
  }
  // No page fetches anything from elsewhere.
  CHECK(browser.get("/style.css").body.find("http") == std::string::npos);
  CHECK(browser.get("/style.css").body.find("url(") == std::string::npos);
}

TEST_CASE("style: the firmware's stylesheet and texts replace ours, key by key") {
  SiteFixture ours;
  WebOptions options;
  options.style.stylesheet = "body { color: red }";
  options.style.texts = {{"site.name", "Acme <Copier>"},    {"site.language", "de"},
                         {"months", "Januar Februar März"}, {"refused.no_page", "Gibt es nicht."},
                         {"main.title", "Start"},           {"choice.no", "Nein"}};
  web::Site site({*ours.line.agent, ours.line.clock, ours.line.random, ours.line.logger}, options, {});
  web::Request request = SiteFixture::at_machine();
  request.path = "/style.css";
  CHECK(site.answer(request).body == options.style.stylesheet);
  request.path = "/";
  const web::Response page = site.answer(request);
  CHECK(has(page, "Acme &lt;Copier&gt;"));
  CHECK(has(page, "<h1>Start</h1>"));
  CHECK(has(page, "<html lang=\"de\">"));
  request.path = "/none";
  CHECK(site.answer(request).body == "Gibt es nicht.\n");
  CHECK(has(page, "Environment setup"));
}

}  // namespace remotemail::testing
