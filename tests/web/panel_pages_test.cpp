#include <doctest/doctest.h>

#include "device_adapter/copier_fixture.hpp"
#include "remotemail/settings/setting_spec.hpp"
#include "web/page_reading.hpp"
#include "web/site_fixture.hpp"

namespace remotemail::testing {
namespace {

// One copier for the panel and for the mails.
struct PanelFixture {
  explicit PanelFixture(web::Request who = SiteFixture::at_machine())
      : browser(copier(), nullptr, std::move(who), make_memory_store(), copier()) {
    office.pass(std::chrono::days{100} + std::chrono::hours{11});
  }
  SimulatedCopier* copier() { return office.copier.get(); }
  PanelView view() { return copier()->view(); }
  web::Response press(const std::string& what) { return browser.post("/panel/machine", {{"do", what}}); }
  web::Response digit(const std::string& at, const std::string& key, const std::string& copies = {}) {
    return browser.post("/panel/key", {{"at", at}, {"key", key}, {"copies", copies}});
  }
  void log_in() {
    browser.get("/environment");
    REQUIRE(browser.post("/environment", {{"password", "0000"}}).status == 303);
  }

  test::Office office;
  SiteFixture browser;
};

constexpr const char* kIp = "/panel/key-operator/system/ip";
constexpr const char* kEmail = "/panel/key-operator/system/email";

std::string behind_head(const std::string& text) {
  const std::size_t end = text.find("\n\n");
  return end == std::string::npos ? std::string() : text.substr(end + 2);
}

}  // namespace

TEST_CASE(
    "panel pages: only a simulated copier has them, and only who stands before it or is the operator sees them [B1, Y1, Y5]") {
  SiteFixture other;
  CHECK(other.get("/panel").status == 404);
  PanelFixture panel;
  CHECK(panel.browser.get("/panel").status == 200);
  PanelFixture far(SiteFixture::from_elsewhere());
  for (const char* path : {"/panel", "/panel/key-operator", kIp, kEmail, "/panel/25", "/panel/36"}) {
    CAPTURE(path);
    const web::Response answer = far.browser.get(path);
    CHECK(answer.status == 303);
    CHECK(SiteFixture::header(answer, "Location").starts_with("/environment?next="));
  }
}

TEST_CASE("panel pages: a press without the form token does nothing [Y5]") {
  PanelFixture panel;
  panel.browser.get("/panel");
  CHECK(panel.browser.post("/panel/machine", {{"do", "main-off"}, {"form-token", "guessed"}}).status == 403);
  CHECK(panel.view().main_power);
}

TEST_CASE(
    "panel pages: key operator mode, 1, 3 leads to the IP address setting, by key pad as by the lines of the menus [B1, B2, B3]") {
  PanelFixture panel;
  CHECK(has(panel.browser.get("/panel"), "href=\"/panel/key-operator\""));
  CHECK(has(panel.browser.get("/panel/key-operator"), "1. System initial setting"));
  CHECK(SiteFixture::header(panel.digit("/panel/key-operator", "1"), "Location") ==
        "/panel/key-operator/system");
  CHECK(has(panel.browser.get("/panel/key-operator/system"), "3. IP address setting"));
  CHECK(SiteFixture::header(panel.digit("/panel/key-operator/system", "3"), "Location") == kIp);
  CHECK(SiteFixture::header(panel.digit("/panel/key-operator/system", "4"), "Location") == kEmail);
  CHECK(SiteFixture::header(panel.digit("/panel/key-operator", "9"), "Location") == "/panel/key-operator");
}

TEST_CASE(
    "panel pages: an IP setting counts after power OFF/ON, and the display says so until then [B1, B2, B3]") {
  PanelFixture panel;
  const IpSetting before = panel.view().ip;
  CHECK_FALSE(has(panel.browser.get(kIp), "After power OFF/ON"));
  const web::Response stored = panel.browser.post(
      kIp, {{"address", " 192.168.7.9 "}, {"mask", "255.255.255.0"}, {"gateway", "192.168.7.1"}});
  REQUIRE(stored.status == 303);
  const web::Response shown = panel.browser.follow(stored);
  CHECK(has(shown, "After power OFF/ON"));
  CHECK(has(shown, "192.168.7.9"));
  CHECK(panel.view().ip == before);
  panel.press("main-off");
  panel.press("main-on");
  CHECK(panel.view().ip.address == "192.168.7.9");
  CHECK(has(panel.browser.get("/panel"), "192.168.7.9"));
}

TEST_CASE(
    "panel pages: a bad IP setting is named beside its field, what was typed stays, nothing is stored [B2, B20]") {
  struct Row {
    const char *address, *mask, *gateway, *wrong;
  };
  for (const Row& row : {Row{"192.168.7", "255.255.255.0", "192.168.7.1", "f-address-error"},
                         Row{"192.168.7.9", "255.255.0.255", "192.168.7.1", "f-mask-error"},
                         Row{"192.168.7.9", "255.255.255.0", "192.168.8.1", "f-gateway-error"}}) {
    CAPTURE(row.wrong);
    PanelFixture panel;
    panel.browser.get(kIp);
    const web::Response refused =
        panel.browser.post(kIp, {{"address", row.address}, {"mask", row.mask}, {"gateway", row.gateway}});
    CHECK(refused.status == 422);
    CHECK(has(refused, std::string("id=\"") + row.wrong));
    CHECK(has(refused, std::string("value=\"") + row.mask));
    CHECK(panel.view().ip == panel.view().ip_after_power_cycle);
  }
}

TEST_CASE("panel pages: the e-mail settings want the operator password, at the machine too [B4, B6]") {
  PanelFixture panel;
  const web::Response first = panel.browser.get(kEmail);
  CHECK(first.status == 303);
  panel.log_in();
  CHECK(panel.browser.get(kEmail).status == 200);
}

TEST_CASE(
    "panel pages: the e-mail transmission setting has the web page's settings, checks and words [B1, B8, B10, B12, B15, B20]") {
  PanelFixture panel;
  panel.log_in();
  const web::Response page = panel.browser.get(kEmail);
  for (const char* key : {"transmission.manager_address", "transmission.time_difference",
                          "transmission.smtp_server", "transmission.email_transmission"}) {
    CHECK(has(page, find_setting(key)->label));
  }
  web::Fields form = form_of(page, kEmail);
  form["transmission.manager_address"] = "no address";
  form["transmission.time_difference"] = "+0160";
  const web::Response refused = panel.browser.post(kEmail, form);
  CHECK(refused.status == 422);
  CHECK(has(refused, "value=\"no address\""));
  // The same words as on the web page.
  web::Fields on_web = form_of(panel.browser.get("/environment/transmission"), "/environment/transmission");
  on_web["transmission.manager_address"] = "no address";
  on_web["transmission.time_difference"] = "+0160";
  const web::Response web_says = panel.browser.post("/environment/transmission", on_web);
  const std::size_t begin = web_says.body.find("<p class=\"error\"");
  REQUIRE(begin != std::string::npos);
  CHECK(has(refused, web_says.body.substr(begin, web_says.body.find("</p>", begin) - begin)));

  form["transmission.manager_address"] = "boss@example.com";
  form["transmission.time_difference"] = "-500";
  form["transmission.smtp_server"] = "smtp.example.com";
  form["transmission.email_transmission"] = "yes";
  const web::Response stored = panel.browser.post(kEmail, form);
  REQUIRE(stored.status == 303);
  CHECK(has(panel.browser.follow(stored), "boss@example.com"));
  const auto settings = panel.browser.line.agent->settings();
  CHECK(settings->transmission.manager_address == "boss@example.com");
  CHECK(settings->transmission.time_difference == std::chrono::minutes{-300});
  CHECK(settings->transmission.smtp.host == "smtp.example.com");
  CHECK(settings->transmission.email_transmission);
}

TEST_CASE(
    "panel pages: what was changed on the web page meanwhile is told at the panel with both values, and the other way round [B16, B21]") {
  PanelFixture panel;
  panel.log_in();
  web::Fields at_panel = form_of(panel.browser.get(kEmail), kEmail);
  web::Fields on_web = form_of(panel.browser.get("/environment/transmission"), "/environment/transmission");
  on_web["transmission.manager_address"] = "web@example.com";
  at_panel["transmission.manager_address"] = "panel@example.com";
  REQUIRE(panel.browser.post("/environment/transmission", on_web).status == 303);
  const web::Response refused = panel.browser.post(kEmail, at_panel);
  CHECK(refused.status == 409);
  CHECK(has(refused, "web@example.com"));
  CHECK(has(refused, "panel@example.com"));
  CHECK(panel.browser.line.agent->settings()->transmission.manager_address == "web@example.com");

  on_web = form_of(panel.browser.get("/environment/transmission"), "/environment/transmission");
  at_panel = form_of(panel.browser.get(kEmail), kEmail);
  at_panel["transmission.smtp_server"] = "panel.example.com";
  on_web["transmission.smtp_server"] = "web.example.com";
  REQUIRE(panel.browser.post(kEmail, at_panel).status == 303);
  const web::Response web_refused = panel.browser.post("/environment/transmission", on_web);
  CHECK(web_refused.status == 409);
  CHECK(has(web_refused, "panel.example.com"));
  CHECK(has(web_refused, "web.example.com"));
}

TEST_CASE(
    "panel pages: the panel sets the four settings it shows and no others, whatever a form brings [B1]") {
  PanelFixture panel;
  panel.log_in();
  web::Fields form = form_of(panel.browser.get(kEmail), kEmail);
  form["transmission.smtp_user"] = "somebody";
  form["seen.transmission.smtp_user"] = "0";
  CHECK(panel.browser.post(kEmail, form).status == 303);
  CHECK(panel.browser.line.agent->settings()->transmission.smtp.user.empty());
}

TEST_CASE(
    "panel pages: 25 mode sets the key operator password, which is the operator password; the present one is asked for [B6, Y1]") {
  PanelFixture panel;
  CHECK(has(panel.browser.get("/panel/25"), "still the factory value"));
  const auto set = [&](const char* current, const char* chosen, const char* again) {
    return panel.browser.post("/panel/25", {{"current", current}, {"new", chosen}, {"repeated", again}});
  };
  CHECK(set("1111", "kestrel-42", "kestrel-42").status == 422);
  CHECK(set("0000", "kestrel-42", "kestrel-43").status == 422);
  CHECK(set("0000", "9272", "9272").status == 422);
  CHECK(panel.browser.line.agent->settings()->operator_password.empty());
  const web::Response done = set("0000", "kestrel-42", "kestrel-42");
  REQUIRE(done.status == 303);
  const web::Response shown = panel.browser.follow(done);
  CHECK(has(shown, "factory value does not count any more"));
  CHECK_FALSE(has(shown, "kestrel-42"));
  CHECK(verify_password(panel.browser.line.agent->settings()->operator_password, "kestrel-42"));
  // Once chosen, the factory value opens nothing and cannot come back.
  CHECK(set("0000", "other-1234", "other-1234").status == 422);
  CHECK(set("kestrel-42", "0000", "0000").status == 422);
  panel.browser.get("/environment");
  CHECK(panel.browser.post("/environment", {{"password", "kestrel-42"}}).status == 303);
}

TEST_CASE(
    "panel pages: a session opened with the old key operator password is closed when 25 mode sets a new one [B6, Y5]") {
  PanelFixture panel;
  panel.log_in();
  const web::Request logged_in = panel.browser.client;
  panel.browser.client = SiteFixture::at_machine();
  panel.browser.get("/panel/25");
  REQUIRE(panel.browser
              .post("/panel/25", {{"current", "0000"}, {"new", "kestrel-42"}, {"repeated", "kestrel-42"}})
              .status == 303);
  panel.browser.client = logged_in;
  CHECK(panel.browser.get(kEmail).status == 303);
}

TEST_CASE("panel pages: wrong passwords in 25 mode make the next one wait, as at the log-in [Y5]") {
  PanelFixture panel;
  panel.browser.get("/panel/25");
  const auto guess = [&] {
    return panel.browser.post("/panel/25",
                              {{"current", "guess"}, {"new", "a-new-one"}, {"repeated", "a-new-one"}});
  };
  for (int i = 0; i < 3; ++i) CHECK(has(guess(), "wrong"));
  CHECK(has(guess(), "too early"));
}

TEST_CASE(
    "panel pages: 36 mode prints each of the ten lists and the phone's to a sheet, as a mail would bring it [A1, G12, L]") {
  PanelFixture panel;
  Line& line = panel.browser.line.enable();
  panel.browser.get("/panel/36");
  const auto check = [&](std::string_view list, std::string_view title, const std::string& command) {
    CAPTURE(command);
    const web::Response page = panel.browser.post("/panel/36", {{"list", std::string(list)}});
    CHECK(page.status == 200);
    CHECK(has(page, title));
    line.servers.sent.clear();
    line.mail(command + "\n");
    line.once();
    REQUIRE(line.servers.sent.size() == 1);
    const std::string printed = behind_head(sheet_of(page));
    CHECK_FALSE(printed.empty());
    CHECK(line.body(0).find(printed) != std::string::npos);
  };
  for (const ListWord& word : kListWords)
    check(word.option, word.title, "GETLOG " + std::string(word.option));
  check("PHONE", kPhoneTitle, "GETLOG");
  CHECK(panel.browser.post("/panel/36", {{"list", "<script>"}}).status == 422);
}

TEST_CASE(
    "panel pages: a machine in jam, SC or low power answers mails and prints lists, and a mail does not wake it [A8, A9, A10, A11]") {
  struct Row {
    const char* key;
    DeviceState state;
  };
  for (const Row& row : {Row{"jam", DeviceState::jam}, Row{"sc", DeviceState::service_call},
                         Row{"low-power", DeviceState::low_power}}) {
    CAPTURE(row.key);
    PanelFixture panel;
    Line& line = panel.browser.line.enable();
    panel.browser.get("/panel");
    CHECK(panel.press(row.key).status == 303);
    CHECK(panel.view().state == row.state);
    line.mail("GETLOG COUNTER\n");
    CHECK(line.once().answered == 1);
    CHECK(panel.view().state == row.state);
    CHECK(panel.browser.post("/panel/36", {{"list", "COUNTER"}}).status == 200);
    CHECK(panel.press("clear").status == 303);
    CHECK(panel.view().state == DeviceState::ready);
  }
}

TEST_CASE(
    "panel pages: with a switch off or shut off no mail is fetched, the display is dark and its keys do nothing [A12, A13]") {
  for (const auto& [off, on] :
       {std::pair{"main-off", "main-on"}, std::pair{"sub-off", "sub-on"}, std::pair{"shut-off", "clear"}}) {
    CAPTURE(off);
    PanelFixture panel;
    panel.log_in();
    Line& line = panel.browser.line.enable();
    const web::Fields email = form_of(panel.browser.get(kEmail), kEmail);
    CHECK(panel.press(off).status == 303);
    line.mail("GETLOG COUNTER\n");
    CHECK(line.once().state == "off");
    CHECK(line.servers.mails.size() == 1);
    for (const char* path : {"/panel", "/panel/key-operator", kIp, kEmail, "/panel/25", "/panel/36"}) {
      CAPTURE(path);
      CHECK(has(panel.browser.get(path), "The display is dark"));
      CHECK_FALSE(has(panel.browser.get(path), "class=\"lines\""));
    }
    const std::uint64_t total = panel.view().total_count;
    CHECK(panel.press("ten-copies").status == 409);
    CHECK(panel.digit("/panel", "start").status == 409);
    CHECK(panel.browser.post("/panel/36", {{"list", "COUNTER"}}).status == 409);
    CHECK(panel.browser
              .post(kIp, {{"address", "192.168.7.9"}, {"mask", "255.255.255.0"}, {"gateway", "192.168.7.1"}})
              .status == 409);
    CHECK(panel.browser.post(kEmail, email).status == 409);
    CHECK(panel.browser
              .post("/panel/25", {{"current", "0000"}, {"new", "a-new-one"}, {"repeated", "a-new-one"}})
              .status == 409);
    CHECK(panel.view().total_count == total);
    CHECK(panel.press(on).status == 303);
    CHECK(line.once().answered == 1);
  }
}

TEST_CASE(
    "panel pages: copies are typed on the key pad and stand in the next counter list, printed and mailed [G12]") {
  PanelFixture panel;
  Line& line = panel.browser.line.enable();
  panel.browser.get("/panel");
  const std::uint64_t before = panel.view().total_count;
  CHECK(SiteFixture::header(panel.digit("/panel", "1"), "Location") == "/panel?copies=1");
  CHECK(SiteFixture::header(panel.digit("/panel", "2", "1"), "Location") == "/panel?copies=12");
  CHECK(SiteFixture::header(panel.digit("/panel", "clear", "12"), "Location") == "/panel");
  CHECK(SiteFixture::header(panel.digit("/panel", "0"), "Location") == "/panel");
  CHECK(panel.digit("/panel", "5", "9999").status == 409);
  CHECK(panel.digit("/panel", "start", "12").status == 303);
  CHECK(panel.press("ten-copies").status == 303);
  CHECK(panel.digit("/panel", "start").status == 303);  // one, when none was typed
  CHECK(panel.view().total_count == before + 23);
  line.mail("GETLOG COUNTER\n");
  line.once();
  const std::string total = std::to_string(before + 23);
  CHECK(line.body(0).find(total) != std::string::npos);
  CHECK(has(panel.browser.post("/panel/36", {{"list", "COUNTER"}}), total));
}

TEST_CASE(
    "panel pages: a jam that was called stops copying, is named on the display and stands in the lists [A9, G12]") {
  PanelFixture panel;
  panel.browser.get("/panel");
  panel.press("jam");
  const std::string condition = panel.view().condition;
  REQUIRE_FALSE(condition.empty());
  const web::Response shown = panel.browser.get("/panel");
  CHECK(has(shown, condition));
  CHECK(has(shown, "Clear the paper jam"));
  const web::Response refused = panel.digit("/panel", "start");
  CHECK(refused.status == 409);
  CHECK(has(refused, "role=\"alert\""));
  CHECK(panel.browser.get("/panel/key").status == 303);
  CHECK(panel.press("dance").status == 303);
}

TEST_CASE(
    "panel pages: the styles of the panel come as a file of their own, also beside a stylesheet of the firmware's [Y5]") {
  PanelFixture panel;
  CHECK(has(panel.browser.get("/panel"), "href=\"/panel.css\""));
  const web::Response style = panel.browser.get("/panel.css");
  CHECK(style.status == 200);
  CHECK(style.content_type.starts_with("text/css"));
  WebOptions own;
  own.style.stylesheet = "body {}";
  Line& line = panel.browser.line;
  web::Site site({*line.agent, line.clock, line.random, line.logger, panel.copier()}, own, {});
  web::Request request = SiteFixture::at_machine();
  request.path = "/panel";
  CHECK(has(site.answer(request), "/panel.css"));
}

}  // namespace remotemail::testing
