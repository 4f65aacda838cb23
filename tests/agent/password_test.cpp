// CHPASS through the whole line.
#include <doctest/doctest.h>

#include "agent/line_fixture.hpp"

using namespace remotemail;
using remotemail::testing::Line;

namespace {
bool contains(const std::string& text, std::string_view part) {
  return text.find(part) != std::string::npos;
}
}  // namespace

TEST_CASE("password: CHPASS changes it, and the reply shows the new one [F14, F15, F16]") {
  Line line;
  line.enable().mail("ChPass U-BIX Sitios\r\n");
  line.once();
  CHECK(contains(line.body(0), "SE's Password was changed successfully. -> New Password:[Sitios]\n"));
  line.mail("Help\r\n");
  CHECK(line.once().illegal == 1);
  line.mail("Help\r\n", "Sitios");
  CHECK(line.once().answered == 1);
}

TEST_CASE("password: the new one counts from the next mail, inside the same poll too [F20, D2, fault 87]") {
  for (const int padding : {0, 10}) {  // few mails are fetched whole at once, many by their headers first
    CAPTURE(padding);
    Line line;
    line.enable().mail("ChPass U-BIX Sitios\r\nHelp\r\n");
    line.mail("GetLog Counter\r\n", "U-BIX");
    line.mail("GetLog\r\n", "Sitios");
    for (int i = 0; i < padding; ++i) line.mail("x\r\n", "spam about everything");
    PollReport report = line.once();
    CHECK(report.answered == 2);
    CHECK(report.illegal == static_cast<std::uint64_t>(1 + padding));
    const std::vector<std::string> expected{"Password change [FD0000001]", "Help [FD0000001]",
                                            "Counter list (phone) [FD0000001]"};
    CHECK(line.subjects() == expected);
  }
}

TEST_CASE("password: a second CHPASS in a mail is judged against what the first one set [F20]") {
  Line line;
  line.enable().mail("ChPass U-BIX one\r\nChPass U-BIX two\r\nChPass one three\r\n");
  line.once();
  CHECK(contains(line.body(0), "New Password:[one]"));
  CHECK(contains(line.body(1), "Old Password is Invalid. ->ChPass U-BIX two"));
  CHECK(contains(line.body(2), "New Password:[three]"));
  line.mail("Help\r\n", "three");
  CHECK(line.once().answered == 1);
}

TEST_CASE("password: a wrong old one or an ill-formed new one changes nothing [F17, F18, F19]") {
  Line line;
  line.enable().mail(
      "ChPass Sitios U-BIX\r\nChPass Sitios\r\nChPass Sitios 123456789012345678901\r\nChPass U-BIX a b\r\n");
  line.once();
  CHECK(contains(line.body(0), "Old Password is Invalid. ->ChPass Sitios U-BIX\n"));
  CHECK(contains(line.body(1), "Violation on format by new password. ->ChPass Sitios\n"));
  CHECK(
      contains(line.body(2), "Violation on format by new password. ->ChPass Sitios 123456789012345678901\n"));
  CHECK(contains(line.body(3), "Violation on format by new password. ->ChPass U-BIX a b\n"));
  line.mail("Help\r\n");
  CHECK(line.once().answered == 1);
}

TEST_CASE("password: one that was set elsewhere meanwhile makes the batch be judged again [F20, F21, B21]") {
  Line line;
  line.enable().mail("ChPass U-BIX Sitios\r\n");
  // While the mail is being read, the password is set on the page.
  line.servers.fault = [&](const std::string& event) -> std::optional<Error> {
    if (event == "fetch whole 1" && line.servers.mails.size() == 1) {
      line.servers.fault = nullptr;
      line.set("reception.ce_password", "from-page");
    }
    return std::nullopt;
  };
  PollReport report = line.once();
  CHECK(report.answered == 0);
  CHECK(line.servers.sent.empty());
  CHECK(line.servers.mails.size() == 1);
  report = line.once();
  CHECK(report.illegal == 1);
  line.mail("Help\r\n", "from-page");
  CHECK(line.once().answered == 1);
}

TEST_CASE("password: one that is set elsewhere during each poll makes no polls without end [R8]") {
  Line line;
  line.enable().mail("ChPass U-BIX Sitios\r\n");
  int polls = 0;
  line.servers.fault = [&](const std::string& event) -> std::optional<Error> {
    if (event.starts_with("fetch")) line.set("reception.ce_password", "from-page-" + std::to_string(++polls));
    return std::nullopt;
  };
  int at_once = 0;
  for (int i = 0; i < 9; ++i) {
    line.mail("ChPass from-page-" + std::to_string(polls) + " Sitios\r\n",
              "from-page-" + std::to_string(polls));
    line.once();
    at_once += line.agent->status().next_poll == line.clock.now() ? 1 : 0;
  }
  CHECK(polls >= 9);
  CHECK(at_once <= 5);
}

TEST_CASE("password: no secret reaches the log, neither a Subject nor an argument [Y4]") {
  Line line;
  line.enable().mail("ChPass U-BIX Sitios\r\nChPass wrong-old secret-new\r\n");
  line.mail("Help\r\n", "guess-1");
  line.once();
  for (const char* secret : {"U-BIX", "Sitios", "wrong-old", "secret-new", "guess-1", "mailbox-password"}) {
    CAPTURE(secret);
    CHECK_FALSE(line.logger.has(secret));
    const auto records = line.agent->log(100);
    for (const LogRecord& record : *records) {
      CHECK_FALSE(contains(record.detail + record.what + record.other_side, secret));
    }
  }
}
