// What the pages say to somebody who did something wrong, or looks at the wrong moment.
#include <doctest/doctest.h>

#include "web/form_filling.hpp"

namespace remotemail::testing {

TEST_CASE("log-in: a password that is missing is called so, and is no try that makes one wait [B4, Y5]") {
  SiteFixture browser;
  for (int i = 0; i < 20; ++i) {
    const web::Response page = fill_in(browser, "/environment", {{"password", ""}});
    CHECK(page.status == 403);
    CHECK(has(page, "The password is missing"));
  }
  CHECK(has(fill_in(browser, "/environment", {{"password", "1234"}}), "The password is wrong"));
  CHECK(fill_in(browser, "/environment", {{"password", "0000"}}).status == 303);
}

TEST_CASE("passwords: what is wrong with a new one names it, also in the list above the form [Y1]") {
  SiteFixture browser;
  log_in(browser, "/environment", "0000");
  const auto said = [&](const char* password, const char* again) {
    return fill_in(browser, "/environment/password",
                   {{"current", "0000"}, {"operator", password}, {"operator-again", again}});
  };
  CHECK(has(said("9272", "9272"), ">The new password must not be a factory value"));
  CHECK(has(said("Correct-7", "correct-7"), ">The two new passwords differ"));
}

TEST_CASE("test pages: the link that refreshes goes with the progress that a script replaces [C1]") {
  SiteFixture browser;
  browser.line.enable();
  log_in_both(browser);
  browser.work();
  const std::string own = SiteFixture::header(fill_in(browser, "/environment/test", {}), "Location");
  CHECK(has(browser.get(own), "Refresh</a></p></div>"));  // the end of what is live
  browser.work();
  CHECK_FALSE(has(browser.get(own), "Refresh"));
}

TEST_CASE("main page: a machine that is off waits for no poll [A8]") {
  SiteFixture browser;
  browser.line.enable();
  browser.work();
  CHECK(has(browser.get("/"), "waiting for the next poll"));
  browser.line.device.set_state(DeviceState::main_power_off);
  CHECK(has(browser.get("/"), "nothing: the machine is off"));
  CHECK_FALSE(has(browser.get("/"), "waiting for the next poll"));
}

TEST_CASE("main page: where the function is not enabled, it says where that is done [A15]") {
  SiteFixture browser;
  CHECK(has(browser.get("/"), "To begin: <a href=\"/environment/transmission\">"));
  CHECK(has(browser.get("/"), ", <a href=\"/maintenance/reception\">"));
  browser.line.enable();
  browser.work();
  CHECK_FALSE(has(browser.get("/"), "To begin"));
}

TEST_CASE("mail log: a long address is broken behind its @ [C7]") {
  SiteFixture browser;
  log_in(browser, "/maintenance", "9272");
  LogRecord record;
  record.direction = LogRecord::Direction::received;
  record.time = browser.line.clock.now();
  record.other_side = "ce@example.com";
  (void)browser.line.store->log(0, &record);
  CHECK(has(browser.get("/maintenance/log"), "ce@<wbr>example.com"));
}

TEST_CASE("ce desk: what was refused was not sent, and the page says so [A1]") {
  CeDeskAccount account;
  account.address = "ce@example.com";
  SiteFixture browser(nullptr, &account);
  browser.line.enable();
  browser.get("/ce-desk");
  const web::Response page = browser.post("/ce-desk/send", {{"subject", ""}, {"body", "HELP"}});
  CHECK(has(page, "Nothing was sent"));
  CHECK_FALSE(has(page, "Nothing was applied"));
}

}  // namespace remotemail::testing
