#include <doctest/doctest.h>

#include "web/form_filling.hpp"

namespace remotemail::testing {
namespace {

std::string begin(SiteFixture& browser, const std::string& path) {
  return SiteFixture::header(fill_in(browser, path, {}), "Location");
}

struct SetUp : SiteFixture {
  SetUp() {
    line.enable();
    log_in_both(*this);
    work();  // the poll that follows enabling
  }
};

}  // namespace

TEST_CASE("test pages: the sending test runs in the background and shows its result [C1, C2]") {
  SetUp browser;
  const std::string own = begin(browser, "/environment/test");
  REQUIRE(own.starts_with("/environment/test/"));
  const web::Response running = browser.get(own);
  CHECK(has(running, "http-equiv=\"refresh\""));
  CHECK(has(running, "data-live=\"" + own + "/progress.json\""));
  CHECK(has(browser.get(own + "/progress.json"), "\"done\":false"));
  browser.work();
  const web::Response done = browser.get(own);
  CHECK_FALSE(has(done, "http-equiv"));
  CHECK(has(done, "All is well."));
  CHECK(has(done, "took the mail to manager@example.com"));
  CHECK(browser.line.servers.sent.size() == 1);
  const web::Response json = browser.get(own + "/progress.json");
  CHECK(json.content_type == "application/json");
  CHECK(has(json, "\"done\":true"));
  CHECK(has(json, "\"result\":\"passed\",\"part\":\"sending\""));
}

TEST_CASE("test pages: a failure shows the step, the cause in words and the server's own line [C2, C4]") {
  SetUp browser;
  browser.line.servers.fault = [](const std::string& event) -> std::optional<Error> {
    if (event != "open sender") return std::nullopt;
    Error error = make_error(Cause::login_refused, Step::login, "smtp.example.com:465");
    error.server_line = "535 <script>alert(1)</script>";
    return error;
  };
  for (const char* path : {"/environment/test", "/maintenance/test"}) {
    const std::string own = begin(browser, path);
    browser.work();
    const web::Response done = browser.get(own);
    CHECK(has(done, "Something is not right yet."));
    CHECK(has(done, "log-in smtp.example.com:465"));
    CHECK(has(done, "535 &lt;script&gt;"));
    CHECK_FALSE(has(done, "<script>alert"));
    CHECK_FALSE(has(browser.get(own + "/progress.json"), "<script>"));
  }
}

TEST_CASE("test pages: the sending and receiving test shows two results [C3, C4]") {
  SetUp browser;
  browser.line.servers.send_outcome = [&](const OutgoingMail& mail) {
    browser.line.servers.put(mail.message);
    SendOutcome outcome;
    outcome.kind = SendOutcome::Kind::sent;
    return outcome;
  };
  const std::string own = begin(browser, "/maintenance/test");
  browser.work();
  const web::Response done = browser.get(own);
  CHECK(has(done, ">sending</h2>"));
  CHECK(has(done, ">receiving</h2>"));
  CHECK(has(done, "the mail came back"));
}

TEST_CASE("test pages: the check of everything tells part by part [C1]") {
  SetUp browser;
  const std::string own = begin(browser, "/maintenance/check");
  browser.work();
  const web::Response done = browser.get(own);
  for (const char* part :
       {">machine</h2>", ">settings</h2>", ">receiving mail server</h2>", ">SMTP server</h2>"})
    CHECK(has(done, part));
}

TEST_CASE("test pages: while the machine is off a test is refused in words, the check is not [C1, C3]") {
  SetUp browser;
  browser.line.device.set_state(DeviceState::shut_off);
  for (const char* path : {"/environment/test", "/maintenance/test"}) {
    const web::Response refused = fill_in(browser, path, {});
    CHECK(refused.status == 409);
    CHECK(has(refused, "The machine is off"));
  }
  CHECK(fill_in(browser, "/maintenance/check", {}).status == 303);
}

TEST_CASE("test pages: they work with the function disabled, too [C1]") {
  SetUp browser;
  browser.line.set("reception.enabled", "no");
  const std::string own = begin(browser, "/environment/test");
  browser.work();
  CHECK(has(browser.get(own), "All is well."));
}

TEST_CASE("test pages: asking again while one runs leads to the one that runs [C1]") {
  SetUp browser;
  const std::string first = begin(browser, "/environment/test");
  CHECK(begin(browser, "/environment/test") == first);
  browser.work();
  CHECK(begin(browser, "/environment/test") != first);
}

TEST_CASE(
    "test pages: an address shows no job of another page, and none to those without the right [C1, Y5]") {
  SetUp browser;
  const std::string own = begin(browser, "/maintenance/check");
  const std::string number = own.substr(own.rfind('/') + 1);
  for (const std::string& path :
       {"/environment/test/" + number, "/maintenance/test/" + number, std::string("/maintenance/check/99999"),
        std::string("/maintenance/check/x"), std::string("/maintenance/check/")}) {
    CAPTURE(path);
    CHECK(browser.get(path).status == 404);
  }
  browser.client.cookies.clear();
  CHECK(browser.get(own).status == 303);
  CHECK(browser.get(own + "/progress.json").status == 303);
}

TEST_CASE("test pages: a look at the page starts nothing [C1]") {
  SetUp browser;
  browser.get("/environment/test");
  browser.get("/maintenance/test");
  browser.work();
  CHECK(browser.line.servers.sent.empty());
}

}  // namespace remotemail::testing
