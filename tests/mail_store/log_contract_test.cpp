// The contract of the stores: the mail log.
#include <doctest/doctest.h>

#include "mail_store/store_contract.hpp"

using namespace remotemail;
using namespace remotemail::test;
using namespace remotemail::test::contract;
using namespace std::chrono_literals;

TEST_CASE_TEMPLATE("store: the log says so when a second copy may have arrived [R1]", P, EVERY_STORE) {
  P place;
  REQUIRE(place.store().commit(batch({answered("1", {mail("a")})})));
  Settlement doubt = settlement(Settlement::Kind::deferred, "lost");
  doubt.in_doubt = true;
  REQUIRE(place.store().settle("a", doubt));
  REQUIRE(place.store().settle("a", settlement(Settlement::Kind::sent)));
  CHECK(place.store().log(1).value()[0].detail == "an earlier attempt may have arrived too; 250 ok");
}

TEST_CASE_TEMPLATE("store: a run of illegal mails with one reason within an hour is one record [C7]", P,
                   EVERY_STORE) {
  P place;
  REQUIRE(place.store().commit(
      batch({illegal("1", "wrong password"), illegal("2", "wrong password"), answered("3", {mail("a")})})));
  REQUIRE(place.store().commit(batch({illegal("4", "too large"), illegal("5", "wrong password", kNow)})));
  REQUIRE(place.store().settle("a", settlement(Settlement::Kind::sent)));  // a sent mail ends no run
  REQUIRE(place.store().commit(batch({illegal("6", "wrong password", kNow + 1h - 1ms)})));
  REQUIRE(place.store().commit(batch({illegal("7", "wrong password", kNow + 1h)})));
  std::string runs;
  const auto log = place.store().log(10).value();
  for (const auto& record : log) {
    if (record.direction == LogRecord::Direction::received)
      runs += record.detail + std::to_string(record.count) + " ";
  }
  CHECK(runs == "wrong password1 wrong password2 too large1 1 wrong password2 ");
}

TEST_CASE_TEMPLATE("store: the latest 1,000 log records are kept, newest first [C5]", P, EVERY_KIND) {
  P place;
  std::vector<MailVerdict> verdicts;
  for (std::size_t i = 0; i < limits::kLogKept + 5; ++i)
    verdicts.push_back(illegal(std::to_string(i), std::to_string(i)));
  REQUIRE(place.store().commit(batch(verdicts)));
  const auto log = place.store().log(5000).value();
  REQUIRE(log.size() == limits::kLogKept);
  CHECK(log.front().detail == "1004");
  CHECK(log.back().detail == "5");
  CHECK(place.store().log(3).value().size() == 3);
  CHECK(place.store().log(0).value().empty());
}

TEST_CASE_TEMPLATE("store: a run of automatic mails is one record too [C7, R10]", P, EVERY_STORE) {
  P place;
  for (const char* uid : {"1", "2", "3"}) {
    MailVerdict automatic = illegal(uid, "mailing list");
    automatic.fate = MailVerdict::Fate::unanswerable;
    automatic.log->result = LogRecord::Result::unanswerable;
    REQUIRE(place.store().commit(batch({automatic})));
  }
  REQUIRE(place.store().commit(batch({illegal("4", "mailing list")})));
  const auto log = place.store().log(10).value();
  REQUIRE(log.size() == 2);
  CHECK(log[0].count == 1);
  CHECK(log[1].count == 3);
}

TEST_CASE_TEMPLATE("store: junk pushes out no more than half of the log, its own oldest first [C5, C7]", P,
                   EVERY_KIND) {
  P place;
  std::vector<MailVerdict> verdicts;
  for (std::size_t i = 0; i < limits::kLogKept; ++i) {
    verdicts.push_back(answered("a" + std::to_string(i)));
    verdicts.back().log->detail = std::to_string(i);
  }
  for (std::size_t i = 0; i < 2 * limits::kLogKept; ++i)
    verdicts.push_back(illegal("i" + std::to_string(i), "reason " + std::to_string(i)));
  REQUIRE(place.store().commit(batch(verdicts)));
  const auto log = place.store().log(5000).value();
  REQUIRE(log.size() == limits::kLogKept);
  CHECK(log.front().detail == "reason 1999");
  CHECK(log[499].detail == "reason 1500");
  CHECK(log[500].detail == "999");
  CHECK(log.back().detail == "500");
}

TEST_CASE_TEMPLATE("store: the log names notices and copies as such, and counts notices as junk [C5, H2, H3]",
                   P, EVERY_KIND) {
  P place;
  OutboxMail copy = mail("c"), notice = mail("n");
  copy.kind = OutboxMail::Kind::copy;
  notice.kind = OutboxMail::Kind::notice;
  REQUIRE(place.store().commit(batch({answered("0", {mail("a"), copy, notice})})));
  for (const char* id : {"a", "c", "n"})
    REQUIRE(place.store().settle(id, settlement(Settlement::Kind::sent)));
  auto log = place.store().log(3).value();
  CHECK(log[0].what == "notice: Counter list");
  CHECK(log[1].what == "copy: Counter list");
  CHECK(log[2].what == "Counter list");
  Batch flood = batch({});
  for (std::size_t i = 0; i < limits::kLogKept; ++i) {
    flood.notices.push_back(mail("n" + std::to_string(i)));
    flood.notices.back().kind = OutboxMail::Kind::notice;
  }
  for (std::size_t i = 0; i < limits::kLogKept; ++i)
    flood.verdicts.push_back(answered("v" + std::to_string(i)));
  REQUIRE(place.store().commit(flood));
  for (std::size_t i = 0; i < limits::kLogKept; ++i)
    REQUIRE(place.store().settle("n" + std::to_string(i), settlement(Settlement::Kind::sent)));
  log = place.store().log(limits::kLogKept).value();
  CHECK(std::ranges::count(log, LogRecord::Result::answered, &LogRecord::result) == limits::kLogKept / 2);
}

TEST_CASE_TEMPLATE("store: a record can be appended to the log by itself, and is cleaned [C5, Y4]", P,
                   EVERY_STORE) {
  P place;
  LogRecord record = received(LogRecord::Result::set_aside, "a\r\nb");
  record.other_side = "x\x1b[1m";
  const auto log = place.store().log(10, &record).value();
  REQUIRE(log.size() == 1);
  CHECK(log[0].detail.find('\r') == std::string::npos);
  CHECK(log[0].other_side == "x?[1m");
  CHECK(log[0].number > 0);
  CHECK(place.store().log(10).value().size() == 1);
}

TEST_CASE_TEMPLATE("store: a bounce turns the log line of our mail into not delivered [R10]", P,
                   EVERY_STORE) {
  P place;
  REQUIRE(place.store().commit(batch({answered("1", {mail("a")})})));
  CHECK(place.store().find_sent("a").value()->result == LogRecord::Result::waiting);
  REQUIRE(place.store().settle("a", settlement(Settlement::Kind::sent)));
  CHECK(place.store().find_sent("a").value()->result == LogRecord::Result::sent);
  CHECK_FALSE(place.store().find_sent("b").value());
  MailVerdict bounce;
  bounce.key = key("2");
  bounce.fate = MailVerdict::Fate::bounce;
  bounce.bounced_id = "a";
  bounce.log = received(LogRecord::Result::unanswerable, "5.1.1 mailbox unknown");
  REQUIRE(place.store().commit(batch({bounce})));
  const auto sent = place.store().find_sent("a").value();
  CHECK(sent->result == LogRecord::Result::bounced);
  CHECK(sent->detail == "5.1.1 mailbox unknown");
  CHECK(sent->other_side == "ce@example.com");
}
