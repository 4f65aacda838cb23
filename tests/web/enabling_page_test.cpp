#include <doctest/doctest.h>

#include "web/form_filling.hpp"

namespace remotemail::testing {
namespace {

constexpr const char* kReception = "/maintenance/reception";
constexpr const char* kEnabling = "/maintenance/reception/enabling";

// All is set, nothing is enabled.
struct Ready : SiteFixture {
  explicit Ready(int mails = 0) {
    SettingTexts texts = Line::usual_settings();
    texts.erase("reception.enabled");
    line.agent->apply(texts);
    for (int i = 0; i < mails; ++i) line.mail("Help");
    log_in_both(*this);
  }
  bool enabled() const { return line.agent->settings()->reception.enabled; }
  web::Response send(const std::vector<std::pair<std::string, std::string>>& more = {}) {
    auto typed = more;
    typed.emplace_back("reception.enabled", "yes");
    return fill_in(*this, kReception, typed);
  }
};

}  // namespace

TEST_CASE(
    "enabling: while mandatory values are missing all of them are named, with fields for those of the other page [A15, A16]") {
  SiteFixture browser;
  log_in_both(browser);
  const web::Response page = browser.get(kReception);
  CHECK(has(page, "these are still needed"));
  CHECK(has(page, "<li>CE Password</li>"));
  CHECK(has(page, "<li>Manager Address</li>"));
  const web::Response refused = fill_in(browser, kReception, {{"reception.enabled", "yes"}});
  CHECK(refused.status == 422);
  for (const char* key :
       {"transmission-manager_address", "transmission-smtp_server", "reception-server", "reception-user",
        "reception-password", "reception-address", "reception-ce_password"}) {
    CAPTURE(key);
    CHECK(text_of(refused.body, std::string("f-") + key + "-error").find("is missing") != std::string::npos);
  }
  CHECK_FALSE(browser.line.agent->settings()->reception.enabled);
  // All is given on this page, and that is enough.
  web::Fields fields = form_of(refused.body, kReception);
  for (const auto& [key, text] : Line::usual_settings()) {
    if (fields.contains(key)) fields.insert_or_assign(key, std::string(text.reveal()));
  }
  browser.post(kReception, fields);
  browser.work();
  browser.open(kEnabling);
  CHECK(browser.line.agent->settings()->reception.enabled);
}

TEST_CASE(
    "enabling: a mailbox with few mails is enabled without a question, after it was counted [A15, A22]") {
  Ready browser(20);
  const web::Response sent = browser.send();
  CHECK(SiteFixture::header(sent, "Location") == kEnabling);
  const web::Response waiting = browser.get(kEnabling);
  CHECK(has(waiting, "http-equiv=\"refresh\""));  // without script
  CHECK(has(waiting, "href=\"/maintenance/reception/enabling\""));
  CHECK_FALSE(browser.enabled());
  browser.work();
  const web::Response done = browser.open(kEnabling);
  CHECK(browser.enabled());
  CHECK(has(done, "E-mail notification is enabled"));
}

TEST_CASE(
    "enabling: a mailbox with more than 20 mails is asked about once more, with the number that will be removed [A22]") {
  Ready browser(21);
  browser.send({{"reception.nickname", "Tokyo-3F"}, {"reception.ce_password", "Sitios"}});
  browser.work();
  web::Response question = browser.get(kEnabling);
  CHECK(has(question, "21 mails"));
  CHECK(has(question, "removed"));
  CHECK_FALSE(browser.enabled());
  browser.get(kEnabling);  // looking is no answer
  CHECK_FALSE(browser.enabled());
  CHECK(browser.post(kEnabling, {{"answer", "no"}}).status == 303);
  CHECK_FALSE(browser.enabled());
  CHECK(browser.line.agent->settings()->reception.nickname.empty());
  CHECK(browser.line.servers.mails.size() == 21);

  browser.send({{"reception.nickname", "Tokyo-3F"}, {"reception.ce_password", "Sitios"}});
  browser.work();
  question = browser.get(kEnabling);
  CHECK_FALSE(has(question, "Sitios"));  // the form's passwords travel through no page
  browser.follow(browser.post(kEnabling, {{"answer", "yes"}}));
  CHECK(browser.enabled());
  CHECK(browser.line.agent->settings()->reception.nickname == "Tokyo-3F");
  CHECK(verify_password(browser.line.agent->settings()->reception.ce_password, "Sitios"));
}

TEST_CASE("enabling: a mailbox that cannot be looked at is said in words, and asked about [A22]") {
  Ready browser;
  browser.line.servers.fault = [](const std::string& event) -> std::optional<Error> {
    if (event != "open mailbox") return std::nullopt;
    return make_error(Cause::login_refused, Step::login, "mail.example.com:995");
  };
  browser.send();
  browser.work();
  const web::Response question = browser.get(kEnabling);
  CHECK(has(question, "could not be looked at"));
  CHECK(has(question, web::Html(words(Cause::login_refused)).markup()));
  CHECK_FALSE(browser.enabled());
  browser.post(kEnabling, {{"answer", "yes"}});
  CHECK(browser.enabled());
}

TEST_CASE("enabling: what changed elsewhere while the question stood is not overwritten [A22, B16]") {
  Ready browser(21);
  browser.send({{"reception.nickname", "Tokyo-3F"}});
  browser.work();
  browser.get(kEnabling);
  browser.line.set("reception.nickname", "Osaka-1F");
  const web::Response refused = browser.post(kEnabling, {{"answer", "yes"}});
  CHECK(refused.status == 409);
  CHECK_FALSE(browser.enabled());
  CHECK(browser.line.agent->settings()->reception.nickname == "Osaka-1F");
  CHECK(has(refused, "Changed elsewhere"));
}

TEST_CASE("enabling: the question belongs to the session that sent the form [A22, Y5]") {
  Ready browser(21);
  browser.send();
  browser.work();
  browser.client = SiteFixture::at_machine();
  log_in(browser, "/maintenance", "9272");
  CHECK(SiteFixture::header(browser.get(kEnabling), "Location") == kReception);
  browser.get(kReception);
  browser.post(kEnabling, {{"answer", "yes"}});
  CHECK_FALSE(browser.enabled());
}

TEST_CASE("enabling: No stops fetching at once [A17, A18]") {
  Ready browser;
  browser.line.enable();
  const web::Response page = browser.follow(fill_in(browser, kReception, {{"reception.enabled", "no"}}));
  CHECK_FALSE(browser.enabled());
  CHECK(has(page, "E-mail notification is disabled"));
  browser.line.mail("Help");
  browser.line.clock.advance(std::chrono::minutes(30));
  browser.work();
  CHECK(browser.line.servers.mails.size() == 1);
}

}  // namespace remotemail::testing
