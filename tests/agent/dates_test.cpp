// Dates of mails, both ways, over the whole line: the delay that is announced, and the local time of a reply.
#include <doctest/doctest.h>

#include "agent/line_fixture.hpp"
#include "core/text.hpp"

using namespace remotemail;
using namespace std::chrono;
using remotemail::testing::Line;

namespace {

constexpr const char* kNotReadable = "not known, your mail had no readable date";

void mail_dated(Line& line, const std::string& date_line) {
  static int made = 0;
  line.servers.put("From: ce@example.com\r\nSubject: U-BIX\r\n" + date_line + "Message-ID: <" +
                   std::to_string(++made) + "@example.com>\r\n\r\nHelp\r\n");
}

// The head's line of the latest reply that begins so, without that; "-": there is none.
std::string head_line(const Line& line, std::string_view name) {
  const std::string text = line.body(line.servers.sent.size() - 1);
  for (const std::string_view each : split(std::string_view(text).substr(0, text.find("\n\n")), '\n')) {
    if (each.starts_with(name)) return std::string(each.substr(name.size()));
  }
  return "-";
}

std::string date_of(const OutgoingMail& mail) {
  const std::size_t begin = mail.message.find("\r\nDate: ") + 8;
  return mail.message.substr(begin, mail.message.find("\r\n", begin) - begin);
}

}  // namespace

TEST_CASE(
    "dates: the announced delay is our receipt less the mail's Date, whatever its zone and however wrong its clock [B34, G4, G6, G7]") {
  struct {
    const char* date;
    const char* delay;
  } const cases[] = {
      {"Sat, 14 Mar 2026 11:47:55 +0000", "+0d 00h12m05s"},
      {"Sat, 14 Mar 2026 20:47:55 +0900", "+0d 00h12m05s"},
      {"Sat, 14 Mar 2026 01:47:55 -1000 (HST)", "+0d 00h12m05s"},
      {"Sun, 15 Mar 2026 02:00:00 +1400", "+0d 00h00m00s"},
      {"Sun, 15 Mar 2026 00:45:00 +1245", "+0d 00h00m00s"},
      {"Sat, 14 Mar 2026 00:00:00 -1200", "+0d 00h00m00s"},
      {"Sat, 14 Mar 2026 12:00:00 -0000", "+0d 00h00m00s"},
      // clocks that are ahead: negative, not hidden
      {"Sat, 14 Mar 2026 12:00:01 +0000", "-0d 00h00m01s"},
      {"Sun, 15 Mar 2026 13:02:03 +0000", "-1d 01h02m03s"},
      {"Sun, 14 Mar 2049 12:00:00 +0000", "-8401d 00h00m00s"},
      {"Fri, 31 Dec 9999 23:59:59 +0000", "-2912370d 11h59m59s"},
      // clocks that stand at their beginning
      {"Thu, 1 Jan 1970 00:00:00 +0000", "+20526d 12h00m00s"},
      {"Mon, 1 Jan 1900 00:00:00 +0000", "+46093d 12h00m00s"},
      // obsolete zones, and none
      {"Sat, 14 Mar 2026 07:00:00 EST", "+0d 00h00m00s"},
      {"Sat, 14 Mar 2026 08:00:00 EDT", "+0d 00h00m00s"},
      {"Sat, 14 Mar 2026 05:00:00 pdt", "+0d 00h00m00s"},
      {"Sat, 14 Mar 2026 11:00:00 UT", "+0d 01h00m00s"},
      {"Sat, 14 Mar 2026 11:00:00 Z", "+0d 01h00m00s"},
      {"Sat, 14 Mar 2026 11:00:00 M", "+0d 01h00m00s"},
      {"Sat, 14 Mar 2026 11:00:00 j", "+0d 01h00m00s"},
      {"Sat, 14 Mar 2026 13:00:00 CET", "-0d 01h00m00s"},
      {"Sat, 14 Mar 2026 11:00:00", "+0d 01h00m00s"},
      {"Sat, 14 Mar 2026 13:00:00 GMT+0100 (Mitteleurop\xC3\xA4ische Zeit)", "+0d 00h00m00s"},
      {"Sat, 14 Mar 2026 10:00:00 UTC-0200", "+0d 00h00m00s"},
      {"Sun, 15 Mar 2026 12:00:00 +2400", "+0d 00h00m00s"},
      // forms
      {"14 Mar 26 11:00 +0000", "+0d 01h00m00s"},
      {"14 Mar 99 12:00 +0000", "+9862d 00h00m00s"},
      {"Sat, 14 Mar 126 11:00:00 +0000", "+0d 01h00m00s"},
      {"Mon, 14 Mar 2026 11:00:00 +0000", "+0d 01h00m00s"},
      {"Sat (Sabbath), 14 (Pi) Mar (\\(x) 2026 11:00:00 +0000 (UTC (Zulu))", "+0d 01h00m00s"},
      {"Sat,\r\n 14 Mar 2026\r\n\t11:00:00 +0000", "+0d 01h00m00s"},
      {"Fri, 13 Mar 2026 23:59:60 +0000", "+0d 12h00m00s"},
      // no date
      {"31 Feb 2026 11:00:00 +0000", kNotReadable},
      {"29 Feb 2026 11:00:00 +0000", kNotReadable},
      {"Sat, 14 Mar 2026 24:00:00 +0000", kNotReadable},
      {"Sat, 14 Mar 2026 11:60:00 +0000", kNotReadable},
      {"Sat, 14 Mar 2026 01:00:00 PM +0000", kNotReadable},
      {"Sat, 14 Mar 2026 11:00:00 +0060", kNotReadable},
      {"Sat, 14 Mar 20266 11:00:00 +0000", kNotReadable},
      {"Sam., 14 M\xC3\xA4rz 2026 11:00:00 +0100", kNotReadable},
      {"2026\xE5\xB9\xB4"
       "3\xE6\x9C\x88"
       "14\xE6\x97\xA5 12:00:00 +0900",
       kNotReadable},
      {"14.03.2026 11:00:00", kNotReadable},
      {"03/14/2026 11:00 AM", kNotReadable},
      {"2026-03-14T11:00:00Z", kNotReadable},
      {"1773486000", kNotReadable},
      {"=?utf-8?q?Sat,_14_Mar_2026_11:00:00_+0000?=", kNotReadable},
      {"today", kNotReadable},
      {"", kNotReadable},
  };
  Line line;
  line.clock.set_now(sys_days(year(2026) / 3 / 14) + 12h);
  line.enable();
  line.set("limits.replies_per_sender", "0");
  line.set("reception.announce_delay", "yes");
  const WallTime noon = line.clock.now();
  for (const auto& [date, delay] : cases) {
    CAPTURE(std::string(date));
    line.clock.set_now(noon);
    mail_dated(line, "Date: " + std::string(date) + "\r\n");
    REQUIRE(line.once().answered == 1);
    CHECK(head_line(line, "Delay time: ") == delay);
  }
  line.clock.set_now(noon);
  mail_dated(line, "");
  line.once();
  CHECK(head_line(line, "Delay time: ") == kNotReadable);
  // Without the setting nobody is told.
  line.set("reception.announce_delay", "no");
  mail_dated(line, "Date: Sat, 14 Mar 2026 11:47:55 +0000\r\n");
  line.once();
  CHECK(head_line(line, "Delay time: ") == "-");
}

TEST_CASE("dates: a reply's Date is local time with the time difference [B12, B13, B14, G11]") {
  struct {
    const char* difference;
    const char* date;
  } const cases[] = {
      {"0", "Sat, 14 Mar 2026 12:00:00 +0000"},     {"-0", "Sat, 14 Mar 2026 12:00:00 +0000"},
      {"9", "Sat, 14 Mar 2026 21:00:00 +0900"},     {"1200", "Sun, 15 Mar 2026 00:00:00 +1200"},
      {"-1200", "Sat, 14 Mar 2026 00:00:00 -1200"}, {"+530", "Sat, 14 Mar 2026 17:30:00 +0530"},
      {"-0930", "Sat, 14 Mar 2026 02:30:00 -0930"}, {"545", "Sat, 14 Mar 2026 17:45:00 +0545"},
      {"-30", "Sat, 14 Mar 2026 12:00:00 +0000"},  // thirty hours are refused; the default stays
  };
  for (const auto& [difference, date] : cases) {
    CAPTURE(std::string(difference));
    Line line;
    line.clock.set_now(sys_days(year(2026) / 3 / 14) + 12h);
    line.enable();
    line.set("transmission.time_difference", difference);
    line.mail("Help\r\n");
    line.once();
    REQUIRE(line.servers.sent.size() == 1);
    CHECK(date_of(line.servers.sent[0]) == date);
    CHECK(Line::parsed(line.servers.sent[0]).date->utc == sys_days(year(2026) / 3 / 14) + 12h);
  }
}

#ifdef REMOTEMAIL_TIME_ZONES
TEST_CASE(
    "dates: a reply's Date follows the zone to the second in which its clocks change [B12, B13, B14, G11]") {
  struct {
    const char* zone;
    sys_seconds utc;
    const char* date;
  } const cases[] = {
      {"Europe/Berlin", sys_days(year(2026) / 3 / 29) + 59min + 59s, "Sun, 29 Mar 2026 01:59:59 +0100"},
      {"Europe/Berlin", sys_days(year(2026) / 3 / 29) + 1h, "Sun, 29 Mar 2026 03:00:00 +0200"},
      {"Europe/Berlin", sys_days(year(2026) / 10 / 25) + 59min + 59s, "Sun, 25 Oct 2026 02:59:59 +0200"},
      {"Europe/Berlin", sys_days(year(2026) / 10 / 25) + 1h, "Sun, 25 Oct 2026 02:00:00 +0100"},
      {"America/St_Johns", sys_days(year(2026) / 7 / 1), "Tue, 30 Jun 2026 21:30:00 -0230"},
      {"America/St_Johns", sys_days(year(2026) / 1 / 1), "Wed, 31 Dec 2025 20:30:00 -0330"},
      {"Pacific/Kiritimati", sys_days(year(2026) / 12 / 31) + 10h, "Fri, 01 Jan 2027 00:00:00 +1400"},
      {"Pacific/Chatham", sys_days(year(2026) / 7 / 1), "Wed, 01 Jul 2026 12:45:00 +1245"},
      {"Pacific/Chatham", sys_days(year(2026) / 1 / 1), "Thu, 01 Jan 2026 13:45:00 +1345"},
      {"Asia/Kathmandu", sys_days(year(2026) / 1 / 1), "Thu, 01 Jan 2026 05:45:00 +0545"},
      {"Australia/Lord_Howe", sys_days(year(2026) / 4 / 4) + 14h + 59min, "Sun, 05 Apr 2026 01:59:00 +1100"},
      {"Australia/Lord_Howe", sys_days(year(2026) / 4 / 4) + 15h, "Sun, 05 Apr 2026 01:30:00 +1030"},
      {"Etc/GMT+12", sys_days(year(2026) / 1 / 1), "Wed, 31 Dec 2025 12:00:00 -1200"},
  };
  for (const auto& [zone, utc, date] : cases) {
    CAPTURE(std::string(zone));
    CAPTURE(std::string(date));
    Line line;
    line.clock.set_now(utc);
    line.enable();
    REQUIRE(line.set("transmission.time_zone", zone).ok());
    line.mail("Help\r\n");
    line.once();
    REQUIRE(line.servers.sent.size() == 1);
    CHECK(date_of(line.servers.sent[0]) == date);
    CHECK(Line::parsed(line.servers.sent[0]).date->utc == utc);
  }
}
#endif

TEST_CASE(
    "dates: a reply that waits over a change of clocks keeps the Date it was composed with [R1, R4, G11]") {
  Line line;
  line.enable();
  line.set("transmission.time_difference", "100");
  line.mail("Help\r\n");
  line.servers.send_outcome = [](const OutgoingMail&) {
    return SendOutcome{
        SendOutcome::Kind::deferred, true, {}, make_error(Cause::connection_lost, Step::confirmation)};
  };
  line.once();
  line.servers.send_outcome = nullptr;
  line.set("transmission.time_difference", "200");
  line.clock.advance(2h);
  line.once();
  REQUIRE(line.servers.sent.size() == 2);
  CHECK(line.servers.sent[0].message == line.servers.sent[1].message);
}

TEST_CASE(
    "reply head: whatever a machine calls itself, its replies are composed, and its name arrives [G3]") {
  struct {
    DeviceIdentity identity;
    std::string name, shown;  // in From, in the Subject
  } const cases[] = {
      {{"FD-1", "FD0000001"}, "FD-1 FD0000001", "FD0000001"},
      {{"K\xC3\xB6nig \xE6\xA9\x9F \xF0\x9F\x96\xA8", "\xE7\xAC\xAC 7"},
       "K\xC3\xB6nig \xE6\xA9\x9F \xF0\x9F\x96\xA8 \xE7\xAC\xAC 7",
       "\xE7\xAC\xAC 7"},
      {{"A\r\nBcc: x@example.com", "1\t2"}, "A  Bcc: x@example.com 1 2", "1 2"},
      {{"\x1B[31m", std::string("a\0b", 3)}, "[31m a b", "a b"},
      {{"latin \xE4\xF6", "\xFF\xFE"}, "latin ?? ??", "??"},
      {{"\xC2\x85\xC2\x9B", "7"}, "7", "7"},
      {{"\"quoted\" \\ (x) <y>", "7"}, "\"quoted\" \\ (x) <y> 7", "7"},
      {{std::string(5000, 'm'), std::string(5000, 's')}, std::string(96, 'm'), std::string(96, 's')},
      {{"", ""}, "", ""},
  };
  for (const auto& [identity, name, shown] : cases) {
    CAPTURE(name);
    Line line;
    line.device.set_identity(identity);
    line.enable().mail("Help\r\n");
    line.once();
    REQUIRE(line.servers.sent.size() == 1);
    const Mail mail = Line::parsed(line.servers.sent[0]);
    CHECK(mail.from->display_name == name);
    CHECK(mail.from->address == "copier@example.com");
    CHECK(mail.subject == "Help [" + shown + "]");
    CHECK(line.servers.sent[0].message.find("\nBcc") == std::string::npos);
  }
}

TEST_CASE(
    "reply head: whatever a machine calls itself, notices and test mails are composed too [G3, H2, C1]") {
  for (const DeviceIdentity& identity :
       {DeviceIdentity{"latin \xE4\xF6", "\xFF\xFE"}, DeviceIdentity{"A\r\nBcc: x@example.com", "1\r\n2"}}) {
    Line line;
    line.device.set_identity(identity);
    line.enable();
    SettingTexts texts;
    texts.emplace("reception.notice", Secret("illegal"));
    texts.emplace("reception.administrator_address", Secret("admin@example.com"));
    REQUIRE(line.agent->apply(texts).ok());
    line.mail("Help\r\n", "wrong");
    line.once();
    JobRequest test;
    test.kind = JobRequest::Kind::sending_test;
    const JobProgress tested = line.agent->perform(test, {});
    REQUIRE(tested.findings.size() == 1);
    CHECK(tested.findings[0].kind == Finding::Kind::passed);
    REQUIRE(line.servers.sent.size() == 2);
    for (const OutgoingMail& sent : line.servers.sent) {
      CAPTURE(sent.recipient);
      CHECK(sent.message.find("\nBcc") == std::string::npos);
      const Mail mail = Line::parsed(sent);
      CHECK(mail.from->address == "copier@example.com");
      CHECK(mail.text.find("\nBcc") == std::string::npos);
      CHECK(mail.text.find("\n2") == std::string::npos);
    }
  }
}
