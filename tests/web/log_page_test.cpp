#include <doctest/doctest.h>

#include <array>

#include "web/form_filling.hpp"

namespace remotemail::testing {
namespace {

struct Logged : SiteFixture {
  Logged() { log_in(*this, "/maintenance", "9272"); }
  void note(LogRecord record) {
    if (record.time == WallTime{}) record.time = line.clock.now();
    (void)line.store->log(0, &record);
  }
  std::size_t rows(const std::string& path) { return tags(get(path).body, "summary").size(); }
};

LogRecord sent_record(const std::string& what) {
  LogRecord record;
  record.direction = LogRecord::Direction::sent;
  record.other_side = "ce@example.com";
  record.what = what;
  record.result = LogRecord::Result::sent;
  record.attempts = 3;
  record.detail = "250 2.0.0 taken";
  record.message_id = "abc@example.com";
  return record;
}

// What a stranger may put where a page shows it.
constexpr std::array kHostile{
    "<script>alert(1)</script>",
    "\"><img src=x onerror=alert(1)>",
    "'><svg/onload=alert(1)>",
    "</title><script>alert(1)</script>",
    "</details></td><script>alert(1)</script>",
    "javascript:alert(1)",
    "{{7*7}}${7*7}<%=7*7%>",
    "<!--<img src=\"--><img src=x onerror=alert(1)//\">",
    "&lt;script&gt;alert(1)&lt;/script&gt;",
    "\xC0\xBCscript\xC0\xBE",
};

std::string without_values(std::string_view tag) {
  std::string out;
  bool inside = false;
  for (const char c : tag) {
    if (c == '"') inside = !inside;
    if (!inside) out += c;
  }
  return out;
}

// Our own tags alone, and none with a handler.
void check_inert(const web::Response& page) {
  CHECK(tags(page.body, "script").size() == 1);
  CHECK(tags(page.body, "img").empty());
  CHECK(tags(page.body, "svg").empty());
  for (const char* name : {"a", "td", "details", "summary", "input", "dd", "code"}) {
    for (const std::string& tag : tags(page.body, name)) {
      CAPTURE(tag);
      CHECK(without_values(tag).find(" on") == std::string::npos);
      CHECK_FALSE(attribute(tag, "href").starts_with("javascript:"));
    }
  }
}

}  // namespace

TEST_CASE("log page: the latest ten mails with time, direction, other side, what and result [C5, C6]") {
  Logged browser;
  for (int i = 1; i <= 12; ++i) browser.note(sent_record("list " + std::to_string(i)));
  const web::Response page = browser.get("/maintenance/log");
  CHECK(tags(page.body, "summary").size() == 10);
  CHECK(has(page, ">list 12</summary>"));
  CHECK(has(page, ">list 3</summary>"));
  CHECK_FALSE(has(page, ">list 2</summary>"));
  for (const char* column : {"Time", "Direction", "Other side", "What it was", "Result"})
    CHECK(has(page, std::string(">") + column + "</th>"));
  CHECK(tags(page.body, "th").size() == 5);
  for (const std::string& head : tags(page.body, "th")) CHECK(attribute(head, "scope") == "col");
  CHECK(has(page, ">sent</span>"));
}

TEST_CASE("log page: each mail opens to its details: attempts and the server's line [C5]") {
  Logged browser;
  browser.note(sent_record("Counter list"));
  const web::Response page = browser.get("/maintenance/log");
  CHECK(has(page, "<details>"));
  CHECK(has(page, "<dd>250 2.0.0 taken</dd>"));
  CHECK(has(page, "<dt>Attempts</dt><dd>3</dd>"));
  CHECK(has(page, "<code>abc@<wbr>example.com</code>"));
}

TEST_CASE("log page: times are local, and the page says how [C5, B12]") {
  Logged browser;
  browser.line.set("transmission.time_difference", "+0900");
  browser.note(sent_record("Counter list"));
  const web::Response page = browser.get("/maintenance/log");
  CHECK(has(page, ">14 Mar 2026, 09:00:00</time>"));
  CHECK(has(page, "datetime=\"2026-03-14T00:00:00Z\""));
  CHECK(has(page, "UTC+0900"));
}

TEST_CASE("log page: a run of illegal mails with one reason is one line with a count [C7]") {
  Logged browser;
  LogRecord illegal;
  illegal.other_side = "x@example.com";
  illegal.result = LogRecord::Result::illegal;
  illegal.detail = "wrong password";
  illegal.count = 1;
  for (int i = 0; i < 3; ++i) browser.note(illegal);
  CHECK(browser.rows("/maintenance/log") == 1);
  CHECK(has(browser.get("/maintenance/log"), "(3 x)"));
}

TEST_CASE("log page: all that is kept comes by pages [C5]") {
  Logged browser;
  for (int i = 1; i <= 120; ++i) browser.note(sent_record("list " + std::to_string(i)));
  CHECK(browser.rows("/maintenance/log/all") == 50);
  CHECK(browser.rows("/maintenance/log/all?page=3") == 20);
  for (const char* odd : {"0", "-1", "x", "99999999999999999999", "4"}) {
    CAPTURE(odd);
    CHECK(browser.get(std::string("/maintenance/log/all?page=") + odd).status == 200);
  }
  const web::Response middle = browser.get("/maintenance/log/all?page=2");
  CHECK(has(middle, "href=\"/maintenance/log/all?page=1\""));
  CHECK(has(middle, "href=\"/maintenance/log/all?page=3\""));
  CHECK(has(middle, "Page 2/3"));
}

TEST_CASE("log page: an empty log says so [C5]") {
  Logged browser;
  CHECK(has(browser.get("/maintenance/log"), "No mail was sent or received yet."));
}

TEST_CASE("log page: hostile texts of a mail are text on the page and nothing else [Y5]") {
  for (const char* hostile : kHostile) {
    CAPTURE(hostile);
    Logged browser;
    LogRecord record = sent_record(hostile);
    record.other_side = record.detail = record.message_id = hostile;
    browser.note(record);
    check_inert(browser.get("/maintenance/log"));
    check_inert(browser.get("/maintenance/log/all"));
  }
}

TEST_CASE("log page: a mail whose From and Message-ID attack the page is shown inert [Y5]") {
  Logged browser;
  browser.line.enable();
  for (const char* hostile : kHostile) {
    TestMail mail;
    mail.subject = "wrong";
    mail.from = std::string("\"") + hostile + "\" <x@example.com>";
    mail.message_id = hostile;
    mail.body = hostile;
    browser.line.servers.put(mail.bytes());
    browser.line.once();
  }
  check_inert(browser.get("/maintenance/log"));
}

TEST_CASE("pages: hostile nicknames, identities and settings are text and nothing else [Y5]") {
  for (const char* hostile : kHostile) {
    CAPTURE(hostile);
    SiteFixture browser;
    log_in_both(browser);
    browser.line.device.set_identity({hostile, hostile});
    DeviceList counters = sample_list(ListId::counter);
    counters.sections[0].rows[0].phone_label = counters.sections[0].rows[0].phone_value = hostile;
    browser.line.device.set_list(counters);
    browser.line.set("reception.nickname", hostile);  // most are refused: by their form
    browser.line.set("reception.user", hostile);
    browser.get("/");
    browser.work();
    check_inert(browser.get("/"));
    CHECK_FALSE(has(browser.get("/status.json"), "<"));
    check_inert(browser.get("/maintenance/reception"));
    check_inert(
        fill_in(browser, "/maintenance/reception",
                {{"reception.nickname", std::string(40, 'x') + hostile}, {"reception.interval", hostile}}));
    check_inert(browser.get("/environment?next=" + web::encode_query_value(hostile)));
  }
}

}  // namespace remotemail::testing
