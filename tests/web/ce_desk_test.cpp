#include <doctest/doctest.h>

#include <latch>
#include <thread>

#include "web/ce_desk/desk.hpp"
#include "web/page_reading.hpp"
#include "web/site_fixture.hpp"

namespace remotemail::testing {
namespace {

using web::DeskView;

CeDeskAccount engineer() {
  CeDeskAccount account;
  account.address = "ce@example.com";
  account.note = "The CE password here is U-BIX.";
  return account;
}

// The engineer's servers beside the copier's: what one side sends arrives at the other's mailbox. The desk's thread
// touches its servers only while it has work, and the agent works in this thread.
struct DeskFixture {
  DeskFixture() {
    browser.line.enable();
    browser.line.servers.send_outcome = [this](const OutgoingMail& mail) {
      theirs.put(mail.message);
      SendOutcome outcome;
      outcome.kind = SendOutcome::Kind::sent;
      return outcome;
    };
  }
  DeskView view() { return browser.site.desk().view(); }
  template <typename Condition>
  void until(Condition met) {
    while (!met(view())) std::this_thread::sleep_for(std::chrono::milliseconds{1});
  }
  web::Response send(const std::string& body, const std::string& password = "U-BIX") {
    browser.get("/ce-desk");
    until([](const DeskView& now) { return !now.reading; });
    return browser.post("/ce-desk/send", {{"subject", password}, {"body", body}});
  }
  void until_sent() {
    until([](const DeskView& now) {
      return now.sending == DeskView::Sending::sent || now.sending == DeskView::Sending::failed;
    });
  }
  // Its mail reaches the copier, which polls when the desk asks it to.
  void deliver() {
    until_sent();
    for (const OutgoingMail& mail : theirs.sent) browser.line.servers.put(mail.message);
    theirs.sent.clear();
    until([this](const DeskView& now) {
      browser.work();
      return now.answer != DeskView::Answer::awaited || (!now.poll_state.empty() && !now.reading);
    });
  }

  MemoryMailServers theirs;
  CeDeskAccount account = engineer();
  SiteFixture browser{nullptr, &account, SiteFixture::at_machine(), make_memory_store(), nullptr, &theirs};
};

std::string mail_from(const std::string& from, const std::string& subject, const std::string& body) {
  return "From: " + from + "\r\nTo: ce@example.com\r\nSubject: " + subject +
         "\r\nDate: Sat, 14 Mar 2026 00:00:00 +0000\r\nMessage-ID: <9@example.com>\r\n\r\n" + body;
}

}  // namespace

TEST_CASE(
    "CE desk: a command mail goes to the copier and its answer is on the page, without a word of the password [A1, D3, Y4]") {
  DeskFixture desk;
  const web::Response first = desk.browser.get("/ce-desk");
  CHECK(has(first, "value=\"copier@example.com\""));
  CHECK(has(first, "The CE password here is"));
  const web::Response sent = desk.send("getlog counter\r\n");
  REQUIRE(sent.status == 303);
  CHECK(SiteFixture::header(sent, "Location") == "/ce-desk/answers");
  desk.deliver();
  CHECK(desk.view().answer == DeskView::Answer::arrived);
  const web::Response page = desk.browser.get("/ce-desk/answers");
  CHECK(has(page, "The copier has answered"));
  CHECK(has(page, "Counter list"));
  CHECK(sheet_of(page).find("Serial number:") != std::string::npos);
  CHECK_FALSE(has(page, "U-BIX"));
  CHECK_FALSE(desk.browser.line.logger.has("U-BIX"));
}

TEST_CASE(
    "CE desk: its mail is a person's, so that the copier does not take it for an automatic one [R10, D3]") {
  DeskFixture desk;
  desk.send("help\nGETLOG\n");
  desk.until_sent();
  REQUIRE(desk.theirs.sent.size() == 1);
  const OutgoingMail& mail = desk.theirs.sent.front();
  CHECK(mail.envelope_from == "ce@example.com");
  CHECK(mail.recipient == "copier@example.com");
  const Mail parsed = Line::parsed(mail);
  CHECK(parsed.subject == "U-BIX");
  CHECK(parsed.text == "help\nGETLOG\n");
  CHECK(parsed.marks.auto_submitted.empty());
  desk.deliver();
  CHECK(desk.view().answers.size() == 2);
}

TEST_CASE(
    "CE desk: what is missing or not right is named beside its field; the commands stay, the password does not [B20, Y4]") {
  DeskFixture desk;
  web::Response page = desk.send("", "");
  CHECK(page.status == 422);
  CHECK(has(page, "id=\"f-subject-error\""));
  CHECK(has(page, "id=\"f-body-error\""));
  page = desk.send("GETLOG \xC3\xA4\n", "secret-canary");
  CHECK(page.status == 422);
  CHECK(has(page, "GETLOG \xC3\xA4"));
  CHECK_FALSE(has(page, "secret-canary"));
  CHECK(desk.send("HELP\n", "two\nlines").status == 422);
  CHECK(desk.send(std::string(300, 'x') + "\n").status == 422);
  std::string long_body;
  while (long_body.size() < 11'000) long_body += "GETLOG COUNTER\n";
  CHECK(desk.send(long_body).status == 422);
  CHECK(desk.view().sending == DeskView::Sending::nothing);
}

TEST_CASE("CE desk: passwords in a CHPASS line are hidden on the page that shows what was sent [Y4]") {
  DeskFixture desk;
  desk.send("chpass old-canary new-canary\n");
  desk.until_sent();
  const web::Response page = desk.browser.get("/ce-desk/answers");
  CHECK_FALSE(has(page, "old-canary"));
  CHECK_FALSE(has(page, "new-canary"));
  CHECK(has(page, "********"));
}

TEST_CASE("CE desk: markup in sender, subject and text of a mail is text on the page [Y5]") {
  DeskFixture desk;
  desk.theirs.put(mail_from("\"<img src=x onerror=alert(1)>\" <evil@example.com>",
                            "<script>alert(2)</script>", "</pre><script>alert(3)</script>\r\n"));
  desk.browser.get("/ce-desk");
  desk.until([](const DeskView& now) { return now.was_read; });
  for (const char* path : {"/ce-desk", "/ce-desk/answers", "/ce-desk/answers?mail=1"}) {
    CAPTURE(path);
    const web::Response page = desk.browser.get(path);
    CHECK(has(page, "&lt;script&gt;alert(2)"));
    CHECK_FALSE(has(page, "<script>alert"));
    CHECK_FALSE(has(page, "<img"));
  }
  CHECK(sheet_of(desk.browser.get("/ce-desk/answers?mail=1")) == "</pre><script>alert(3)</script>\n");
  CHECK_FALSE(has(desk.browser.get("/ce-desk?command=%3C/textarea%3E%3Cscript%3Ealert(4)"), "<script>alert"));
}

TEST_CASE(
    "CE desk: a server that refuses is named with cause and cure, and the next mail may be written [C2]") {
  DeskFixture desk;
  std::atomic<bool> broken = true;
  desk.theirs.fault = [&](const std::string& event) -> std::optional<Error> {
    if (!broken) return std::nullopt;
    return make_error(event == "open sender" ? Cause::login_refused : Cause::connection_refused,
                      Step::connect, "mail.example.com:465");
  };
  desk.send("HELP\n");
  desk.until_sent();
  const web::Response page = desk.browser.get("/ce-desk/answers");
  CHECK(has(page, "The mail was not sent"));
  CHECK(has(page, "refused user name or password"));
  CHECK(has(page, "check user name and password"));
  CHECK(has(page, "The mailbox could not be read"));
  CHECK(has(page, "is the mail service running there?"));
  CHECK_FALSE(has(page, "U-BIX"));
  broken = false;
  desk.send("HELP\n");
  desk.deliver();
  CHECK(desk.view().answer == DeskView::Answer::arrived);
}

TEST_CASE("CE desk: a wrong CE password gets no answer, and the page says what it may be [D12]") {
  DeskFixture desk;
  desk.send("GETLOG\n", "wrong-one");
  desk.deliver();
  CHECK(desk.view().answer == DeskView::Answer::awaited);
  CHECK(has(desk.browser.get("/ce-desk/answers"), "is the CE password right"));
  // A minute, then it stops asking.
  desk.browser.line.clock.advance(std::chrono::minutes{2});
  desk.until([&](const DeskView& now) {
    desk.browser.work();
    return now.answer == DeskView::Answer::given_up;
  });
  CHECK(has(desk.browser.get("/ce-desk/answers"), "No answer came within a minute"));
  CHECK_FALSE(desk.view().busy());
}

TEST_CASE(
    "CE desk: a copier that is off or not enabled is named as the reason that no answer comes [A8, A15]") {
  DeskFixture desk;
  desk.browser.line.device.set_state(DeviceState::main_power_off);
  desk.send("GETLOG\n");
  desk.deliver();
  CHECK(has(desk.browser.get("/ce-desk/answers"), "The copier is off"));
  desk.browser.line.device.set_state(DeviceState::ready);
  desk.browser.line.set("reception.enabled", "no");
  desk.send("GETLOG\n");
  desk.deliver();
  CHECK(has(desk.browser.get("/ce-desk/answers"), "is not enabled"));
}

TEST_CASE("CE desk: the mailbox is only looked at: the latest twenty, each fetched once, none removed [A7]") {
  DeskFixture desk;
  for (int i = 1; i <= 30; ++i)
    desk.theirs.put(mail_from("ce@example.com", "number " + std::to_string(i) + ".", "text\r\n"));
  desk.browser.get("/ce-desk");
  desk.until([](const DeskView& now) { return now.was_read; });
  CHECK(desk.view().mails->size() == 20);
  CHECK(desk.view().mails->front().subject == "number 30.");
  desk.browser.post("/ce-desk/look", {});
  desk.until([](const DeskView& now) { return !now.reading; });
  std::size_t fetched = 0;
  for (const std::string& event : desk.theirs.events) {
    if (event.starts_with("fetch")) ++fetched;
    CHECK_FALSE(event.starts_with("remove"));
  }
  CHECK(fetched == 20);
  CHECK(desk.theirs.mails.size() == 30);
  const web::Response page = desk.browser.get("/ce-desk/answers?mail=20");
  CHECK(has(page, "<h2>number 30.</h2>"));
  CHECK(has(desk.browser.get("/ce-desk/answers?mail=99"), "not among the latest"));
}

TEST_CASE("CE desk: one mail leaves at a time; a page never waits for it [Y5]") {
  DeskFixture desk;
  std::latch go_on{1};
  std::atomic<bool> held = false;
  desk.theirs.fault = [&](const std::string& event) -> std::optional<Error> {
    if (event == "open sender") {
      held = true;
      go_on.wait();
    }
    return std::nullopt;
  };
  CHECK(desk.send("GETLOG\n").status == 303);
  desk.until([&](const DeskView&) { return held.load(); });
  const web::Response page = desk.browser.get("/ce-desk/answers");
  CHECK(has(page, "is being sent"));
  CHECK(has(page, "http-equiv=\"refresh\""));
  CHECK(has(desk.browser.get("/ce-desk/answers.json"), "\"busy\": true"));
  const web::Response second = desk.browser.post("/ce-desk/send", {{"subject", "U-BIX"}, {"body", "HELP"}});
  CHECK(second.status == 409);
  CHECK(has(second, "A mail is on its way"));
  // The page watches by asking for the desk, not by asking for itself: that would send the form again.
  CHECK(has(second, "data-page=\"/ce-desk\""));
  go_on.count_down();
  desk.until_sent();
  CHECK(desk.theirs.sent.size() == 1);
}

TEST_CASE(
    "CE desk: the cheat sheet has every command of the grammar, and a click writes it into the mail [F1, F14, F22]") {
  DeskFixture desk;
  const web::Response page = desk.browser.get("/ce-desk");
  for (const ListWord& word : kListWords) {
    CAPTURE(word.option);
    CHECK(has(page, word.title));
    CHECK(has(page, "href=\"/ce-desk?command=GETLOG%20" + std::string(word.option)));
  }
  for (const char* command : {"GETLOG%20ALL", "CHPASS%20old%20new", "HELP"})
    CHECK(has(page, "command=" + std::string(command)));
  CHECK(has(desk.browser.get("/ce-desk?command=GETLOG%20PIXEL"), ">GETLOG PIXEL</textarea>"));
  CHECK(has(page, "type=\"password\" name=\"subject\""));
  CHECK(has(desk.browser.get("/ce-desk?show=yes"), "type=\"text\" name=\"subject\""));
}

TEST_CASE(
    "CE desk: only with an account, and only for who stands before the machine or is the operator [Y1, Y5]") {
  SiteFixture without;
  CHECK(without.get("/ce-desk").status == 404);
  DeskFixture desk;
  desk.browser.client = SiteFixture::from_elsewhere();
  for (const char* path : {"/ce-desk", "/ce-desk/answers", "/ce-desk/answers.json"}) {
    CHECK(desk.browser.get(path).status == 303);
  }
}

TEST_CASE(
    "CE desk: all answers to a mail are waited for, however apart they come, and those that lack are told [G2]") {
  DeskFixture desk;
  std::vector<std::string> held;
  desk.browser.line.servers.send_outcome = [&](const OutgoingMail& mail) {
    if (desk.theirs.mails.empty())
      desk.theirs.put(mail.message);
    else
      held.push_back(mail.message);
    SendOutcome outcome;
    outcome.kind = SendOutcome::Kind::sent;
    return outcome;
  };
  // Three answers: the unknown words share one, the same list twice is one.
  desk.send("getlog counter\r\nnonsense\r\nhelp\r\ng c\r\nmore nonsense\r\n");
  desk.deliver();
  REQUIRE(held.size() == 2);
  CHECK(desk.view().expected == 3);
  CHECK(desk.view().answers.size() == 1);
  CHECK(desk.view().answer == DeskView::Answer::awaited);
  CHECK(has(desk.browser.get("/ce-desk/answers"), "1 / 3"));
  const auto looks_again = [&] {
    const std::uint64_t before = desk.view().version;
    desk.browser.line.clock.advance(std::chrono::seconds{3});
    desk.until([&](const DeskView& now) { return now.version > before + 1 && !now.reading; });
  };
  SUBCASE("they come") {
    desk.theirs.put(held[0]);
    looks_again();
    CHECK(desk.view().answers.size() == 2);
    CHECK(desk.view().answer == DeskView::Answer::awaited);
    desk.theirs.put(held[1]);
    looks_again();
    CHECK(desk.view().answer == DeskView::Answer::arrived);
    CHECK_FALSE(desk.view().busy());
  }
  SUBCASE("they do not") {
    desk.browser.line.clock.advance(std::chrono::minutes{2});
    desk.until([](const DeskView& now) { return now.answer == DeskView::Answer::given_up; });
    const web::Response page = desk.browser.get("/ce-desk/answers");
    CHECK(has(page, "Not all answers came within a minute"));
    CHECK(has(page, "1 / 3"));
    CHECK(has(page, "Counter list"));
  }
}

TEST_CASE("CE desk: a copier without an address cannot be mailed, and the page says where to set it [B29]") {
  DeskFixture desk;
  desk.browser.line.set("reception.enabled", "no");
  desk.browser.line.set("reception.address", "");
  const web::Response page = desk.browser.get("/ce-desk");
  CHECK(has(page, "has no e-mail address yet"));
  CHECK_FALSE(has(page, "name=\"subject\""));
  CHECK(desk.send("HELP\n").status == 422);
}

}  // namespace remotemail::testing
