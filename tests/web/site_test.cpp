#include <doctest/doctest.h>

#include "web/site_fixture.hpp"

namespace remotemail::testing {

TEST_CASE(
    "site: a host name that is not the machine's is refused, so that no other site's name leads here [Y5]") {
  SiteFixture browser;
  browser.client.host = "evil.example.com";
  CHECK(browser.get("/").status == 421);
  browser.client.host = "copier.example.com:8443";
  CHECK(browser.get("/").status == 200);
}

TEST_CASE("site: every answer carries the headers against framing, sniffing and storing [Y5]") {
  SiteFixture browser;
  for (const char* path : {"/", "/no-such-page"}) {
    const web::Response response = browser.get(path);
    CHECK(browser.header(response, "X-Frame-Options") == "DENY");
    CHECK(browser.header(response, "X-Content-Type-Options") == "nosniff");
    CHECK(browser.header(response, "Content-Security-Policy").find("frame-ancestors 'none'") !=
          std::string::npos);
    CHECK(browser.header(response, "Cache-Control") == "no-store");
  }
}

}  // namespace remotemail::testing
