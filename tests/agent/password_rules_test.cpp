// Every form of a CHPASS line, each in a mail of its own.
#include <doctest/doctest.h>

#include "agent/line_fixture.hpp"

using namespace remotemail;
using remotemail::testing::Line;

namespace {

const std::string kHead = "Serial number: FD0000001\nRequested by: ce@example.com\n\n";
const std::string kTwenty = "abcdefghijklmnopqrst";

std::string changed(const std::string& to) {
  return "SE's Password was changed successfully. -> New Password:[" + to + "]\n";
}
std::string wrong(const std::string& line) {
  return "Old Password is Invalid. ->" + line + "\n";
}
std::string violation(const std::string& line) {
  return "Violation on format by new password. ->" + line + "\n";
}

struct ChangeLine {
  std::string line, reply, password_afterwards;
};

}  // namespace

TEST_CASE(
    "password: each form of a CHPASS line has its answer, and only the right one changes anything [F14, F15, F16, F17, F18, F19, E9, E12]") {
  const ChangeLine rows[] = {
      {"ChPass U-BIX Sitios", changed("Sitios"), "Sitios"},
      {"c u-bix Sitios", wrong("c u-bix Sitios"), "U-BIX"},  // case counts
      {"CHPASS\tU-BIX   Sitios  ", changed("Sitios"), "Sitios"},
      {"ChPass U-BIX U-BIX", changed("U-BIX"), "U-BIX"},
      {"ChPass U-BIX x", changed("x"), "x"},
      {"ChPass U-BIX " + kTwenty, changed(kTwenty), kTwenty},
      {"ChPass U-BIX " + kTwenty + "u", violation("ChPass U-BIX " + kTwenty + "u"), "U-BIX"},
      {"ChPass U-BIX ~!@#$%^&*()_+{}|", changed("~!@#$%^&*()_+{}|"), "~!@#$%^&*()_+{}|"},
      {"ChPass", violation("ChPass"), "U-BIX"},
      {"ChPass U-BIX", violation("ChPass U-BIX"), "U-BIX"},
      {"ChPass U-BIX new one", violation("ChPass U-BIX new one"), "U-BIX"},
      {"ChPass wrong Sitios", wrong("ChPass wrong Sitios"), "U-BIX"},
      {"ChPass " + kTwenty + kTwenty + " Sitios", wrong("ChPass " + kTwenty + kTwenty + " Sitios"), "U-BIX"},
      // the form of the new one is judged before the old one is compared
      {"ChPass wrong " + kTwenty + "u", violation("ChPass wrong " + kTwenty + "u"), "U-BIX"},
      {"ChPass wrong", violation("ChPass wrong"), "U-BIX"},
      // a line with any other character is no command
      {"ChPass U-BIX Siti\xC3\xB6s", "Command Not Found -> ChPass U-BIX Siti?s\n", "U-BIX"},
      {"ChPass U-BIX \xEF\xBC\xA1", "Command Not Found -> ChPass U-BIX ?\n", "U-BIX"},
      {"ChPasswd U-BIX Sitios", "Command Not Found -> ChPasswd U-BIX Sitios\n", "U-BIX"},
  };
  for (const ChangeLine& row : rows) {
    CAPTURE(row.line);
    Line line;
    line.enable().mail(row.line + "\r\n");
    line.once();
    REQUIRE(line.servers.sent.size() == 1);
    CHECK(line.body(0) == kHead + row.reply);
    line.mail("GETLOG\r\n", row.password_afterwards);
    CHECK(line.once().answered == 1);
  }
}
