#include "web/server/http_head.hpp"

#include <doctest/doctest.h>

namespace remotemail::web {
namespace {

int status_of(const std::string& head) {
  const auto parsed = parse_head(head + "\r\n\r\n");
  const auto* refusal = std::get_if<Refusal>(&parsed);
  return refusal == nullptr ? 200 : refusal->status;
}

}  // namespace

TEST_CASE("http head: whatever is ambiguous or too much is refused with its own status [Y5, fault 95]") {
  const std::string get = "GET / HTTP/1.1\r\nHost: a", post = "POST / HTTP/1.1\r\nHost: a\r\n";
  const std::string form = "\r\nContent-Type: application/x-www-form-urlencoded";
  struct Row {
    std::string head;
    int status;
  };
  std::string many;
  for (int i = 0; i < 65; ++i) many += "\r\nX-" + std::to_string(i) + ": 1";
  const Row rows[] = {
      {get, 200},
      {get + "\r\nContent-Length: 0", 200},
      {post + "Content-Length: 3" + form, 200},
      {post + "Content-Length: 3" + form + "; charset=utf-8", 200},
      {"GET / HTTP/1.0", 200},
      {"GET / HTTP/1.1", 400},     // no Host
      {get + "\r\nHost: b", 400},  // two
      {"GET  HTTP/1.1\r\nHost: a", 400},
      {"GET /a b HTTP/1.1\r\nHost: a", 400},
      {"GET /?a=b c HTTP/1.1\r\nHost: a", 400},  // found by the fuzzer
      {"GET /?a=\xC3\xA4 HTTP/1.1\r\nHost: a", 400},
      {"GET http://a/ HTTP/1.1\r\nHost: a", 400},
      {"GET /%00 HTTP/1.1\r\nHost: a", 400},
      {"GET /%0d%0aSet-Cookie:x HTTP/1.1\r\nHost: a", 400},
      {"GET /%4 HTTP/1.1\r\nHost: a", 400},
      {"GET /" + std::string(kTargetLimit, 'a') + " HTTP/1.1\r\nHost: a", 414},
      {"GET / HTTP/2.0\r\nHost: a", 505},
      {"GET / FTP/1.0\r\nHost: a", 400},
      {"DELETE / HTTP/1.1\r\nHost: a", 501},
      {"G{T / HTTP/1.1\r\nHost: a", 400},
      {post + "X: y", 411},
      {post + "Content-Length: -1" + form, 400},
      {post + "Content-Length: +1" + form, 400},
      {post + "Content-Length: 1, 1" + form, 400},
      {post + "Content-Length: 1\r\nContent-Length: 1" + form, 400},
      {post + "Content-Length: 1\r\nContent-Length: 2" + form, 400},
      {post + "Content-Length: 1000000000" + form, 413},
      {post + "Content-Length: 99999999999999999999999" + form, 400},
      {post + "Content-Length: 65536" + form, 200},
      {post + "Content-Length: 65537" + form, 413},
      {post + "Transfer-Encoding: chunked" + form, 501},
      {post + "Content-Length: 3\r\nTransfer-Encoding: chunked" + form, 501},
      {post + "Content-Length: 3\r\nContent-Type: text/plain", 415},
      {post + "Content-Length: 3\r\nContent-Type: multipart/form-data; boundary=x", 415},
      {post + "Content-Length: 3\r\nExpect: 100-continue" + form, 417},
      {get + "\r\nContent-Length: 5", 400},  // a body nobody reads would be the next request
      {get + "\r\n folded: x", 400},
      {get + "\r\nName : x", 400},
      {get + "\r\nno colon", 400},
      {get + "\r\nX: a\nY: b", 400},
      {get + "\r\nX: a\rY: b", 400},
      {get + std::string("\r\nX: a\0b", 8), 400},
      {get + many, 431},
  };
  for (const Row& row : rows) {
    CAPTURE(row.head);
    CHECK(status_of(row.head) == row.status);
  }
}

TEST_CASE("http head: one that lacks its empty line, or goes on behind it, is none [Y5]") {
  for (const char* head : {"", "\r\n", "GET / HTTP/1.1\r\nHost: a\r\n", "GET / HTTP/1.1\r\nHost: a\r\n\r\nX",
                           "\r\nGET / HTTP/1.1\r\nHost: a\r\n\r\n"}) {
    CAPTURE(head);
    CHECK(std::holds_alternative<Refusal>(parse_head(head)));
  }
}

TEST_CASE("http head: path, query and cookies are decoded, and the first of a name counts [Y5]") {
  const auto parsed = parse_head(
      "GET /log%2Fx?from=3&from=4&a=%3Cb%3E HTTP/1.1\r\nHost: a:8080\r\nCookie: k=1; k=2\r\nCookie: k=3\r\n\r\n");
  const Request& request = std::get<Head>(parsed).request;
  CHECK(request.path == "/log/x");
  CHECK(request.query.at("from") == "3");
  CHECK(request.query.at("a") == "<b>");
  CHECK(request.cookies.at("k") == "1");
  CHECK(request.host == "a:8080");
}

TEST_CASE("http head: any forwarding field makes a request one from elsewhere [Y1]") {
  for (const char* field : {"Forwarded: for=1", "X-Forwarded-For: 127.0.0.1", "x-forwarded-host: a",
                            "Via: 1.1 x", "X-Real-IP: 1"}) {
    CAPTURE(field);
    const auto parsed = parse_head(std::string("GET / HTTP/1.1\r\nHost: a\r\n") + field + "\r\n\r\n");
    CHECK(std::get<Head>(parsed).request.forwarded);
  }
}

TEST_CASE(
    "http head: HTTP/1.0 is what a proxy speaks that says nothing of itself, so it is no local one [Y1]") {
  const auto is_forwarded = [](const std::string& version) {
    return std::get<Head>(parse_head("GET / " + version + "\r\nHost: localhost\r\n\r\n")).request.forwarded;
  };
  CHECK(is_forwarded("HTTP/1.0"));
  CHECK_FALSE(is_forwarded("HTTP/1.1"));
}

TEST_CASE("http head: a field value that would split an answer is left out [Y5, Y7]") {
  Response response = see_other("/a\r\nSet-Cookie: x=1");
  response.headers.emplace_back("X-Good", "1");
  const std::string head = format_head(response, 0, false);
  CHECK(head.find("Set-Cookie") == std::string::npos);
  CHECK(head.find("Location") == std::string::npos);
  CHECK(head.find("X-Good: 1\r\n") != std::string::npos);
}

}  // namespace remotemail::web
