#include <doctest/doctest.h>

#include "remotemail/protocol/message.hpp"

using namespace remotemail;
using namespace std::chrono;

namespace {
const sys_seconds kMoment = sys_days(year(2026) / 11 / 22) + 17h + 52min;
}

TEST_CASE("date: RFC 5322, its obsolete forms and what programs write are read [G4]") {
  struct {
    const char* text;
    sys_seconds utc;
    minutes offset;
  } const cases[] = {
      {"Sun, 22 Nov 2026 18:52:00 +0100", kMoment, 60min},
      {" Sun, 22 Nov 2026 18:52:07 +0100", kMoment + 7s, 60min},
      {"22 Nov 2026 18:52 +0100", kMoment, 60min},
      {"Mon, 23 Nov 2026 02:52 +0900", kMoment, 540min},
      {"Sun, 22 Nov 2026 12:22:00 -0530", kMoment, -330min},
      {"Sun, 22 Nov 2026 17:52:00 -0000", kMoment, 0min},
      {"Sun, 22 Nov 2026 11:52:00 -600", kMoment, -360min},
      {"Sun, 22 Nov 2026 23:22:00 +05:30", kMoment, 330min},
      {"Sun, 22 Nov 2026 18:52:00 +1:00", kMoment, 60min},
      {"Sun, 22 Nov 2026 17:52:00 GMT", kMoment, 0min},
      {"Sun, 22 Nov 2026 17:52:00 UT", kMoment, 0min},
      {"Sun, 22 Nov 2026 17:52:00 Z", kMoment, 0min},
      {"Sun, 22 Nov 2026 17:52:00 A", kMoment, 0min},
      {"Sun, 22 Nov 2026 17:52:00 JST", kMoment, 0min},
      {"Sun, 22 Nov 2026 12:52:00 EST", kMoment, -300min},
      {"Sun, 22 Nov 2026 10:52:00 pdt", kMoment, -420min},
      {"Sun, 22 Nov 2026 17:52:00", kMoment, 0min},
      {"Sun, 22 Nov 26 17:52:00 +0000", kMoment, 0min},
      {"Sun, 22 Nov 126 17:52:00 +0000", kMoment, 0min},
      {"Sun,22 Nov 2026 17:52:00 +0000 (UTC (really))", kMoment, 0min},
      {"Sun, (a) 22 (b) Nov\n 2026 17 : 52 : 00 +0000", kMoment, 0min},
      {"Monday, 22 November 2026 17:52:00 +0000", kMoment, 0min},
      {"sun, 22 NOV 2026 17:52:00 +0000", kMoment, 0min},
      {"1 Jan 49 00:00 +0000", sys_days(year(2049) / 1 / 1), 0min},
      {"1 Jan 50 00:00 +0000", sys_days(year(1950) / 1 / 1), 0min},
      {"29 Feb 2028 00:00:00 +0000", sys_days(year(2028) / 2 / 29), 0min},
      {"31 Dec 2016 23:59:60 +0000", sys_days(year(2017) / 1 / 1), 0min},
  };
  for (const auto& c : cases) {
    CAPTURE(c.text);
    const auto got = parse_date(c.text);
    REQUIRE(got);
    CHECK(got->utc == c.utc);
    CHECK(got->offset == c.offset);
  }
}

TEST_CASE("date: what is no date is none [G4]") {
  for (const char* bad : {"",
                          "yesterday",
                          "Sun, 22 Nov",
                          "32 Nov 2026 10:00 +0000",
                          "0 Nov 2026 10:00 +0000",
                          "29 Feb 2027 10:00 +0000",
                          "22 Nox 2026 10:00 +0000",
                          "22 Nov 2026 24:00 +0000",
                          "22 Nov 2026 10:60 +0000",
                          "22 Nov 2026 10:00:61 +0000",
                          "22 Nov 2026 10:00 +0960",
                          "22 Nov 2026 10:00 +60:",
                          "22 Nov 2026 10:00 +1:5",
                          "22 Nov 2026 10:00 +9",
                          "22 Nov 20261 10:00 +0000",
                          "22 Nov 1899 10:00 +0000",
                          "2026-11-22T17:52:00Z",
                          "22 Nov 2026 10",
                          "22 Nov 2026 10:",
                          "22 No 2026 10:00"}) {
    CAPTURE(bad);
    CHECK_FALSE(parse_date(bad));
  }
}

TEST_CASE("date: a mail's Date is local time with the offset of the copier [B12] [G11]") {
  CHECK(format_date(kMoment, 60min) == "Sun, 22 Nov 2026 18:52:00 +0100");
  CHECK(format_date(kMoment + 999ms, 0min) == "Sun, 22 Nov 2026 17:52:00 +0000");
  CHECK(format_date(kMoment, -330min) == "Sun, 22 Nov 2026 12:22:00 -0530");
  CHECK(format_date(kMoment, 840min) == "Mon, 23 Nov 2026 07:52:00 +1400");
  CHECK(format_date(WallTime(-1ms), 0min) == "Wed, 31 Dec 1969 23:59:59 +0000");
}

TEST_CASE("date: what is written is read again as the same moment and offset") {
  for (int i = 0; i < 4000; ++i) {
    const sys_seconds moment = sys_days(year(1970) / 1 / 1) + seconds(i * 991'337L);
    const minutes offset(i % 1681 - 840);
    const auto again = parse_date(format_date(moment, offset));
    REQUIRE(again);
    CHECK(again->utc == moment);
    CHECK(again->offset == offset);
  }
}
