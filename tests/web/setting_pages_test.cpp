#include <doctest/doctest.h>

#include "remotemail/settings/setting_spec.hpp"
#include "remotemail/testing/failing_store.hpp"
#include "web/form_filling.hpp"

namespace remotemail::testing {
namespace {

constexpr const char* kTransmission = "/environment/transmission";
constexpr const char* kReception = "/maintenance/reception";

std::string id(std::string_view key) {
  std::string made = "f-" + std::string(key);
  for (char& c : made) c = c == '.' ? '-' : c;
  return made;
}

std::string stored(SiteFixture& browser, std::string_view key) {
  return shown_value(browser.line.agent->stored_settings(), key);
}

// Enabled, without a question and without a mail.
struct Enabled : SiteFixture {
  Enabled() {
    line.enable();
    log_in_both(*this);
  }
};

}  // namespace

TEST_CASE(
    "setting pages: each setting of the list has its field, label, help and value, none is forgotten [B8, B25]") {
  SiteFixture browser;
  log_in_both(browser);
  for (const SettingSpec& spec : all_settings()) {
    CAPTURE(spec.key);
    if (spec.key == "security.operator_password" || spec.key == "security.maintenance_password") continue;
    const std::string path = spec.page == "reception" ? kReception : "/environment/" + std::string(spec.page);
    const web::Response page = browser.get(path);
    const web::Fields form = form_of(page.body, path);
    REQUIRE(form.contains(spec.key));
    CHECK(form.find(spec.key)->second == (spec.is_secret() ? "" : shown_value({}, spec.key)));
    CHECK(has(page, web::Html(spec.label).markup()));
    CHECK(text_of(page.body, id(spec.key) + "-help").starts_with(std::string(spec.help).substr(0, 20)));
    CHECK(has(page, "aria-describedby=\"" + id(spec.key) + "-help\""));
  }
}

TEST_CASE("setting pages: what is applied is stored when the page says so, and acts at once [A18, B17]") {
  SiteFixture browser;
  log_in_both(browser);
  const web::Response applied = fill_in(browser, kTransmission,
                                        {{"transmission.manager_address", " manager@example.com "},
                                         {"transmission.smtp_server", "SMTP.example.com"},
                                         {"transmission.smtp_security", "starttls"},
                                         {"transmission.time_difference", "-500"}});
  CHECK(applied.status == 303);
  CHECK(stored(browser, "transmission.manager_address") == "manager@example.com");  // B18
  CHECK(stored(browser, "transmission.smtp_server") == "smtp.example.com");
  CHECK(stored(browser, "transmission.time_difference") == "-0500");
  CHECK(stored(browser, "transmission.smtp_port") ==
        "587");  // a port that was only shown follows the security
  CHECK(browser.line.agent->settings()->utc_offset({}) == std::chrono::hours(-5));
  const web::Response page = browser.follow(applied);
  CHECK(has(page, "in effect from now on"));
  CHECK(has(page, "<li>Manager Address</li>"));
  CHECK_FALSE(has(page, "<li>SMTP port</li>"));
  CHECK_FALSE(has(browser.get(kTransmission), "in effect from now on"));  // said once
}

TEST_CASE("setting pages: a page applied as it stands changes nothing [B17]") {
  Enabled browser;
  const std::uint64_t before = browser.line.agent->settings()->generation;
  CHECK(has(browser.follow(fill_in(browser, kReception, {})), "Nothing was changed"));
  CHECK(has(browser.follow(fill_in(browser, kTransmission, {})), "Nothing was changed"));
  CHECK(browser.line.agent->settings()->generation == before);
}

TEST_CASE(
    "setting pages: a bad value is named beside its field in words, the values are kept, nothing is applied [B18, B19, B20]") {
  struct Bad {
    const char *path, *key, *value, *words;
  };
  for (const Bad& bad : {
           Bad{kTransmission, "transmission.manager_address", "a b@example.com", "must not contain a blank"},
           Bad{kTransmission, "transmission.manager_address", "a(b)@example.com", "must"},
           Bad{kTransmission, "transmission.dns_server", "300.1.1.1", "must"},
           Bad{kTransmission, "transmission.time_difference", "+1300", "from -1200 to +1200"},
           Bad{kTransmission, "transmission.time_zone", "Europe/Nowhere", "must"},
           Bad{kTransmission, "transmission.smtp_server", "smtp..example", "must"},
           Bad{kTransmission, "transmission.smtp_port", "70000", "whole number from 1 to 65535"},
           Bad{kTransmission, "transmission.pin", "abc", "64 hexadecimal digits"},
           Bad{kReception, "reception.interval", "61", "whole number from 1 to 60"},
           Bad{kReception, "reception.address", "copier", "must"},
           Bad{kReception, "reception.nickname", "Tokyo 3F", "must not contain a blank"},
           Bad{kReception, "reception.size_limit", "9", "whole number from 10 to 1024"},
           Bad{"/environment/limits", "limits.replies", "many", "whole number"},
           Bad{"/environment/security", "security.ca_file", "ca.pem", "must be the whole path"},
       }) {
    CAPTURE(bad.key);
    SiteFixture browser;
    log_in_both(browser);
    const web::Response page = fill_in(browser, bad.path, {{bad.key, bad.value}});
    CHECK(page.status == 422);
    const std::string said = text_of(page.body, id(bad.key) + "-error");
    CHECK(said.find(bad.words) != std::string::npos);
    CHECK(said.starts_with(find_setting(bad.key)->label));
    CHECK(form_of(page.body, bad.path)[bad.key] == bad.value);
    CHECK(has(page, "role=\"alert\""));
    CHECK(has(page, "href=\"#" + id(bad.key) + "\""));
    CHECK(has(page, "aria-describedby=\"" + id(bad.key) + "-error " + id(bad.key) + "-help\""));
    const std::string body = page.body;
    for (const std::string& input : tags(body, "input")) {
      if (attribute(input, "name") == bad.key && attribute(input, "type") == "text") {
        CHECK(input.find(" autofocus") != std::string::npos);
        CHECK(attribute(input, "aria-invalid") == "true");
      }
    }
    CHECK(browser.line.agent->stored_settings().empty());
  }
}

TEST_CASE(
    "setting pages: of several bad values all are named, and good ones on the same page are not applied either [B20]") {
  SiteFixture browser;
  log_in_both(browser);
  const web::Response page = fill_in(browser, kTransmission,
                                     {{"transmission.manager_address", "manager@example.com"},
                                      {"transmission.smtp_port", "x"},
                                      {"transmission.dns_server", "y"}});
  CHECK_FALSE(text_of(page.body, id("transmission.smtp_port") + "-error").empty());
  CHECK_FALSE(text_of(page.body, id("transmission.dns_server") + "-error").empty());
  CHECK(form_of(page.body, kTransmission)["transmission.manager_address"] == "manager@example.com");
  CHECK(browser.line.agent->stored_settings().empty());
}

TEST_CASE("setting pages: a secret is never shown: only whether it is set [B28, B31, Y4]") {
  Enabled browser;
  browser.line.set("transmission.smtp_user", "copier");
  browser.line.set("transmission.smtp_password", "canary-smtp");
  for (const char* path : {kTransmission, kReception, "/environment/security", "/", "/maintenance/log"}) {
    const web::Response page = browser.get(path);
    for (const char* secret : {"canary-smtp", "mailbox-password", "U-BIX", "scrypt"})
      CHECK_FALSE(has(page, secret));
  }
  CHECK(has(browser.get(kReception), ">set<"));
  // Not in the page with an error either, where all that was typed is kept.
  const web::Response refused = fill_in(browser, kReception,
                                        {{"reception.password", "canary-new"},
                                         {"reception.ce_password", "canary2"},
                                         {"reception.interval", "0"}});
  CHECK(refused.status == 422);
  CHECK_FALSE(has(refused, "canary"));
}

TEST_CASE(
    "setting pages: a secret left blank stays, a typed one replaces it, and there is a way to remove it [B28]") {
  SiteFixture browser;
  log_in_both(browser);
  const auto password = [&] {
    return std::string(browser.line.agent->settings()->reception.account.server.password.reveal());
  };
  fill_in(browser, kReception,
          {{"reception.server", "mail.example.com"},
           {"reception.user", "copier"},
           {"reception.password", " one "}});
  CHECK(password() == " one ");  // taken as it is
  fill_in(browser, kReception, {{"reception.nickname", "Tokyo-3F"}});
  CHECK(password() == " one ");
  fill_in(browser, kReception, {{"reception.password", "two"}});
  CHECK(password() == "two");
  CHECK(fill_in(browser, kReception, {{"reception.password", "three"}, {"blank.reception.password", "yes"}})
            .status == 422);
  CHECK(password() == "two");
  fill_in(browser, kReception, {{"blank.reception.password", "yes"}});
  CHECK(password().empty());
  CHECK_FALSE(form_of(browser.get(kReception).body, kReception).contains("blank.reception.password"));
}

TEST_CASE("setting pages: a changed server blanks the stored password, and the page says so [Y3]") {
  SiteFixture browser;
  log_in_both(browser);
  fill_in(browser, kTransmission,
          {{"transmission.smtp_server", "smtp.example.com"},
           {"transmission.smtp_user", "copier"},
           {"transmission.smtp_password", "secret"}});
  const web::Response page =
      browser.follow(fill_in(browser, kTransmission, {{"transmission.smtp_server", "smtp.example.net"}}));
  CHECK(has(page, "the stored password was removed"));
  CHECK(has(page, "<li>SMTP password</li>"));
  CHECK(browser.line.agent->settings()->transmission.smtp.password.empty());
}

TEST_CASE("setting pages: while enabled, a changed server wants its password in the same apply [A15, Y3]") {
  Enabled browser;
  const web::Response refused = fill_in(browser, kReception, {{"reception.server", "mail.example.net"}});
  CHECK(refused.status == 422);
  CHECK(text_of(refused.body, id("reception.password") + "-error").find("given anew") != std::string::npos);
  CHECK(form_of(refused.body, kReception)["reception.server"] == "mail.example.net");
  CHECK(stored(browser, "reception.server") == "mail.example.com");
  CHECK(
      fill_in(browser, kReception, {{"reception.server", "mail.example.net"}, {"reception.password", "new"}})
          .status == 303);
  CHECK(stored(browser, "reception.server") == "mail.example.net");
}

TEST_CASE(
    "setting pages: what an error wants from another page is asked for on this one, of those who may [A15, Y3]") {
  Enabled browser;
  const char* path = "/environment/security";
  web::Response refused = fill_in(browser, path, {{"security.ca_file", "/etc/ca.pem"}});
  CHECK(refused.status == 422);
  CHECK(has(refused, "Also needed, from another page"));
  web::Fields fields = form_of(refused.body, path);
  REQUIRE(fields.contains("reception.password"));
  CHECK(fields["security.ca_file"] == "/etc/ca.pem");
  fields["reception.password"] = "again";
  CHECK(browser.post(path, fields).status == 303);
  CHECK(stored(browser, "security.ca_file") == "/etc/ca.pem");
  // Without the maintenance's right the field is not there, and the words lead to its page.
  SiteFixture stranger;
  stranger.line.enable();
  log_in(stranger, "/environment", "0000");
  refused = fill_in(stranger, path, {{"security.ca_file", "/etc/ca.pem"}});
  CHECK_FALSE(form_of(refused.body, path).contains("reception.password"));
  CHECK(has(refused, "href=\"/maintenance/reception\""));
  // Nor does it help to send it.
  fields = form_of(refused.body, path);
  fields["reception.password"] = "again";
  fields["seen.reception.password"] = "1";
  CHECK(stranger.post(path, fields).status == 422);
}

TEST_CASE("setting pages: a form cannot set what its sender may not, whatever it brings [B4, B23]") {
  SiteFixture browser;
  log_in(browser, "/environment", "0000");
  fill_in(browser, "/environment/limits",
          {{"limits.replies", "7"},
           {"reception.nickname", "taken"},
           {"seen.reception.nickname", "0"},
           {"security.operator_password", "taken-1"},
           {"seen.security.operator_password", "0"}});
  CHECK(stored(browser, "limits.replies") == "7");
  CHECK(stored(browser, "reception.nickname").empty());
  CHECK(browser.line.agent->settings()->operator_password.empty());
}

TEST_CASE(
    "setting pages: a page applied after a change from elsewhere is refused and shows both values [B16, B21]") {
  Enabled browser;
  const web::Response page = browser.get(kReception);
  browser.line.set("reception.nickname", "Osaka-1F");  // panel, command line, another page
  browser.line.set("reception.interval", "20");
  web::Fields fields = form_of(page.body, kReception);
  fields["reception.nickname"] = "Tokyo-3F";
  web::Response refused = browser.post(kReception, fields);
  CHECK(refused.status == 409);
  CHECK(has(refused, "Changed elsewhere"));
  CHECK(stored(browser, "reception.nickname") == "Osaka-1F");
  const std::string note = text_of(refused.body, id("reception.nickname") + "-note");
  CHECK(note.find("\"Osaka-1F\"") != std::string::npos);
  CHECK(note.find("\"Tokyo-3F\"") != std::string::npos);
  fields = form_of(refused.body, kReception);
  CHECK(fields["reception.nickname"] == "Tokyo-3F");  // what was typed is kept
  CHECK(fields["reception.interval"] == "20");        // what was not touched shows what came meanwhile
  CHECK(browser.post(kReception, fields).status == 303);
  CHECK(stored(browser, "reception.nickname") == "Tokyo-3F");
  CHECK(stored(browser, "reception.interval") == "20");
}

TEST_CASE("setting pages: a CE password changed by mail meanwhile counts as changed elsewhere [B16]") {
  Enabled browser;
  const web::Response page = browser.get(kReception);
  browser.line.mail("ChPass U-BIX Sitios\r\n");
  browser.line.once();
  web::Fields fields = form_of(page.body, kReception);
  fields["reception.nickname"] = "Tokyo-3F";
  const web::Response refused = browser.post(kReception, fields);
  CHECK(refused.status == 409);
  CHECK_FALSE(text_of(refused.body, id("reception.ce_password") + "-note").empty());
  CHECK_FALSE(has(refused, "Sitios"));
}

TEST_CASE(
    "setting pages: setting a time zone clears the time difference, and both at once are refused [B12]") {
  SiteFixture browser;
  log_in_both(browser);
  fill_in(browser, kTransmission, {{"transmission.time_difference", "+0900"}});
  fill_in(browser, kTransmission, {{"transmission.time_zone", "Europe/Berlin"}});
  CHECK(stored(browser, "transmission.time_difference").empty());
  CHECK(stored(browser, "transmission.time_zone") == "Europe/Berlin");
  CHECK(fill_in(browser, kTransmission,
                {{"transmission.time_difference", "-500"}, {"transmission.time_zone", "Asia/Tokyo"}})
            .status == 422);
}

TEST_CASE("setting pages: choices are shown in words and go by the words of the list [B26, B32, B34, B35]") {
  SiteFixture browser;
  log_in_both(browser);
  const web::Response page = browser.get(kReception);
  for (const char* words : {">POP3<", ">IMAP<", ">Only illegal mails<", ">All mails<", ">Yes<", ">No<"})
    CHECK(has(page, words));
  web::Fields form = form_of(page.body, kReception);
  CHECK(form["reception.spool"] == "pop3");
  CHECK(form["reception.notice"] == "no");
  CHECK(form["reception.announce_delay"] == "no");
  CHECK(form["reception.pop_before_smtp"] == "yes");
  fill_in(browser, kReception,
          {{"reception.spool", "imap"}, {"reception.notice", "all"}, {"reception.announce_delay", "yes"}});
  form = form_of(browser.get(kReception).body, kReception);
  CHECK(form["reception.spool"] == "imap");
  CHECK(form["reception.notice"] == "all");
  CHECK(form["reception.announce_delay"] == "yes");
}

TEST_CASE(
    "setting pages: no form needs script: each is a plain one with a button, and none has script or style in it [B22, Y5]") {
  SiteFixture browser;
  log_in_both(browser);
  for (const char* path :
       {"/", "/environment", kTransmission, kReception, "/maintenance", "/environment/test",
        "/maintenance/check", "/maintenance/log", "/environment/password"}) {
    CAPTURE(path);
    const web::Response page = browser.get(path);
    CHECK(page.status == 200);
    for (const char* inline_code : {" onclick", " onsubmit", " style=", "<style", "javascript:"})
      CHECK_FALSE(has(page, inline_code));
    CHECK(tags(page.body, "script").size() == 1);
    CHECK(tags(page.body, "form").size() <= tags(page.body, "button").size());
    // Each control has a label, each page its language and one heading.
    CHECK(tags(page.body, "h1").size() == 1);
    CHECK(has(page, "<html lang=\"en\">"));
    for (const char* control : {"input", "select"}) {
      for (const std::string& tag : tags(page.body, control)) {
        if (attribute(tag, "type") == "hidden") continue;
        CAPTURE(tag);
        CHECK(has(page, "<label for=\"" + attribute(tag, "id") + "\""));
      }
    }
  }
}

TEST_CASE("setting pages: the security page names the sealing key, and never shows it [Y3]") {
  class Key final : public SealingKey {
   public:
    Result<Secret> key() override { return Secret(std::string(32, 'q')); }
    std::string description() const override { return "credential <mailkey>"; }
  } key;
  Line line;
  web::Site site(
      {line.agent.operator*(), line.clock, line.random, line.logger, nullptr, nullptr, nullptr, &key}, {},
      {});
  web::Request request = SiteFixture::at_machine();
  request.path = "/environment/security";
  web::Rights operator_right;
  operator_right.operator_ = true;
  request.cookies["remotemail-8080"] = site.sessions().log_in("", operator_right).id;
  const web::Response page = site.answer(request);
  CHECK(has(page, "credential &lt;mailkey&gt;"));
  CHECK_FALSE(has(page, "qqqq"));
}

TEST_CASE("setting pages: a store that cannot write is said in words, and the values are kept [R9]") {
  const std::unique_ptr<Store> memory = make_memory_store();
  auto failing = std::make_unique<FailingStore>(*memory);
  FailingStore& store = *failing;
  SiteFixture browser(nullptr, nullptr, SiteFixture::at_machine(), std::move(failing));
  log_in_both(browser);
  store.fail_at(1, Cause::store_full);
  const web::Response refused = fill_in(browser, kReception, {{"reception.nickname", "Tokyo-3F"}});
  CHECK(refused.status == 503);
  CHECK(has(refused, web::Html(words(Cause::store_full)).markup()));
  const web::Fields form = form_of(refused.body, kReception);
  CHECK(form.find("reception.nickname")->second == "Tokyo-3F");
  store.heal();
  CHECK(browser.post(kReception, form).status == 303);
  CHECK(stored(browser, "reception.nickname") == "Tokyo-3F");
}

}  // namespace remotemail::testing
