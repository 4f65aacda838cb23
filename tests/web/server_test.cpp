#include <doctest/doctest.h>

#include <filesystem>
#include <thread>

#include "agent/line_fixture.hpp"
#include "remotemail/web/web_pages.hpp"
#include "web/web_client.hpp"

namespace remotemail::testing {
namespace {

struct Served {
  explicit Served(WebOptions options = {}) {
    options.listen = "127.0.0.1:0";
    auto opened =
        WebPages::open({*line.agent, clock, line.random, line.logger, nullptr, nullptr, nullptr}, options);
    if (opened)
      pages = std::move(*opened);
    else
      error = describe(opened.error());
  }
  Line line;
  SystemClock clock;  // sockets know no other
  std::unique_ptr<WebPages> pages;
  std::string error;
};

const std::string kGet = "GET / HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n";

bool is_good(const std::string& answer) {
  return answer.starts_with("HTTP/1.1 200 ");
}

}  // namespace

TEST_CASE(
    "web server: an honest request is answered, HEAD without a body, two of one connection in their order") {
  Served served;
  REQUIRE_MESSAGE(served.pages, served.error);
  const std::string page = WebClient(served.pages->port()).ask(kGet);
  CHECK(is_good(page));
  CHECK(page.find("</html>") != std::string::npos);
  const std::string head = WebClient(served.pages->port()).ask("HEAD" + kGet.substr(3));
  CHECK(is_good(head));
  CHECK(head.ends_with("\r\n\r\n"));
  const std::string both =
      WebClient(served.pages->port()).ask("GET /none HTTP/1.1\r\nHost: localhost\r\n\r\n" + kGet);
  CHECK(both.starts_with("HTTP/1.1 404 "));
  CHECK(both.find("HTTP/1.1 200 ") != std::string::npos);
}

TEST_CASE(
    "web server: hostile requests get a clean refusal, and the next honest one an answer [Y5, fault 95]") {
  Served served;
  REQUIRE_MESSAGE(served.pages, served.error);
  const std::string post =
      "POST / HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/x-www-form-urlencoded\r\n";
  const std::pair<std::string, const char*> rows[] = {
      {post + "Content-Length: 1000000000\r\n\r\n" + std::string(100'000, 'a'), "413"},
      {post + "Content-Length: -1\r\n\r\n", "400"},
      {post + "Content-Length: 1\r\nContent-Length: 2\r\n\r\na", "400"},
      {post + "Transfer-Encoding: chunked\r\n\r\nZZ\r\n", "501"},
      {post + "\r\n", "411"},
      {"GET / HTTP/1.1\r\nHost: localhost\r\nX: " + std::string(9000, 'a') + "\r\n\r\n", "431"},
      {"GET /" + std::string(9000, 'a') + " HTTP/1.1\r\nHost: localhost\r\n\r\n", "414"},
      {"\x16\x03\x01 hello\r\n\r\n", "400"},
      {"GET / HTTP/1.1\r\nHost: evil.example.com\r\nConnection: close\r\n\r\n", "421"},
  };
  for (const auto& [request, status] : rows) {
    CAPTURE(request.substr(0, 120));
    const std::string answer = WebClient(served.pages->port()).ask(request);
    CHECK(answer.substr(0, 12) == std::string("HTTP/1.1 ") + status);
    CHECK(answer.find("X-Content-Type-Options: nosniff") != std::string::npos);
  }
  CHECK(is_good(WebClient(served.pages->port()).ask(kGet)));
}

TEST_CASE(
    "web server: one address has four connections at a time, others are served meanwhile [Y5, fault 95]") {
  Served served;
  REQUIRE_MESSAGE(served.pages, served.error);
  std::vector<WebClient> slow;
  for (int i = 0; i < 500; ++i) {
    slow.emplace_back(served.pages->port(), "127.0.0.2");
    slow.back().send("GET / HTTP/1.1\r\nHo");
  }
  CHECK(is_good(WebClient(served.pages->port(), "127.0.0.3").ask(kGet)));
  // The polls go on: nothing of the pages is in their way.
  served.line.enable().mail("GetLog Counter\r\n");
  CHECK(served.line.once().answered == 1);
}

TEST_CASE("web server: it stops at once though clients are slow [Y5]") {
  auto served = std::make_unique<Served>();
  REQUIRE_MESSAGE(served->pages, served->error);
  WebClient slow(served->pages->port()), silent(served->pages->port());
  slow.send("POST / HTTP/1.1\r\nHost: localhost\r\nContent-Le");
  served.reset();
  CHECK(slow.read().empty());
}

TEST_CASE("web server: a port that is taken and an address that is none are named with the cure") {
  Served first;
  REQUIRE(first.pages);
  WebOptions options;
  options.listen = "127.0.0.1:" + std::to_string(first.pages->port());
  auto second = WebPages::open(
      {*first.line.agent, first.clock, first.line.random, first.line.logger, nullptr, nullptr, nullptr},
      options);
  REQUIRE_FALSE(second);
  CHECK(second.error().detail.find("choose another port") != std::string::npos);
  for (const char* listen : {"", "localhost:80", "1.2.3.4", "127.0.0.1:99999", "127.0.0.1:x"}) {
    CAPTURE(listen);
    options.listen = listen;
    second = WebPages::open(
        {*first.line.agent, first.clock, first.line.random, first.line.logger, nullptr, nullptr, nullptr},
        options);
    REQUIRE_FALSE(second);
    CHECK(second.error().cause == Cause::invalid_value);
  }
}

TEST_CASE("web server: over TLS it makes a certificate once and keeps it, its key for its owner alone [Y5]") {
  const auto folder =
      std::filesystem::temp_directory_path() / ("remotemail-web-" + std::to_string(::getpid()));
  std::filesystem::create_directory(folder);
  WebOptions options;
  options.transport = WebOptions::Transport::https;
  options.state_directory = folder;
  std::filesystem::file_time_type made;
  {
    Served served(options);
    REQUIRE_MESSAGE(served.pages, served.error);
    CHECK(served.pages->address().starts_with("https://127.0.0.1:"));
    made = std::filesystem::last_write_time(folder / "web-certificate.pem");
    const auto rights = std::filesystem::status(folder / "web-key.pem").permissions();
    CHECK((rights & (std::filesystem::perms::group_all | std::filesystem::perms::others_all)) ==
          std::filesystem::perms::none);
    // Plain words to a TLS server bring no page.
    CHECK(WebClient(served.pages->port()).ask(kGet).find("200 OK") == std::string::npos);
  }
  Served again(options);
  CHECK(again.pages);
  CHECK(std::filesystem::last_write_time(folder / "web-certificate.pem") == made);
  std::filesystem::remove_all(folder);
}

}  // namespace remotemail::testing
