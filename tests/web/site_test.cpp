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

TEST_CASE(
    "site: a loopback address or localhost is a loopback name, a name that begins like one is not [Y1, Y5]") {
  SiteFixture browser;
  const struct {
    const char* host;
    int status;
  } rows[] = {{"localhost", 200},
              {"LOCALHOST:8080", 200},
              {"127.0.0.1", 200},
              {"127.1.2.3:80", 200},
              {"[::1]:8080", 200},
              {"[::1]", 200},
              {"127.evil.example", 421},
              {"127.0.0.1.evil.example", 421},
              {"localhost.evil.example", 421},
              {"localhost:evil", 421},
              {"[::1]evil", 421},
              {"[::1", 421},
              {"", 421},
              {":8080", 421},
              {"127.1", 421},
              {"a@localhost", 421}};
  for (const auto& row : rows) {
    CAPTURE(row.host);
    browser.client.host = row.host;
    CHECK(browser.get("/").status == row.status);
  }
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
