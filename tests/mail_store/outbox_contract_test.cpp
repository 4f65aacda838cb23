// The contract of the stores: what waits to be sent.
#include <doctest/doctest.h>

#include "mail_store/store_contract.hpp"

using namespace remotemail;
using namespace remotemail::test;
using namespace remotemail::test::contract;
using namespace std::chrono_literals;

TEST_CASE_TEMPLATE("store: replies wait in the order in which they were committed, with their bytes [R2, R4]",
                   P, EVERY_STORE) {
  P place;
  OutboxMail secret = mail("b");
  secret.shows_secret = true;
  secret.kind = OutboxMail::Kind::copy;
  REQUIRE(place.store().commit(batch({answered("1", {mail("c"), secret}), answered("2", {mail("a")})})));
  const auto all = place.store().outbox().value();
  REQUIRE(waiting(place) == Ids{"c", "b", "a"});
  CHECK(all[0].mail.message.empty());
  CHECK(all[0].created == kNow);
  CHECK(all[1].mail.shows_secret);
  CHECK(all[1].mail.kind == OutboxMail::Kind::copy);
  CHECK(all[1].mail.recipient == "ce@example.com");
  const auto due = place.store().next_due(kNow, "c").value();
  REQUIRE(due);
  CHECK(due->mail.id == "b");
  CHECK(due->mail.message == mail("b").message);
}

TEST_CASE_TEMPLATE("store: a notice that no verdict brings waits behind the replies [R6]", P, EVERY_STORE) {
  P place;
  Batch all = batch({answered("1", {mail("a")})});
  all.notices = {mail("n"), mail("a")};
  all.notices[0].kind = OutboxMail::Kind::notice;
  REQUIRE(place.store().commit(all));
  CHECK(waiting(place) == Ids{"a", "n"});
  CHECK(place.store().count_replies(kNow, "").value() == 1);
}

TEST_CASE_TEMPLATE("store: an id that waits already is kept as it is, not doubled [R4]", P, EVERY_STORE) {
  P place;
  REQUIRE(place.store().commit(batch({answered("1", {mail("a")})})));
  OutboxMail other = mail("a", "else@example.com");
  REQUIRE(place.store().commit(batch({answered("2", {other, mail("b")})})));
  CHECK(waiting(place) == Ids{"a", "b"});
  CHECK(place.store().outbox().value()[0].mail.recipient == "ce@example.com");
  CHECK(place.store().count_replies(kNow, "else@example.com").value() == 0);
}

TEST_CASE_TEMPLATE("store: what is deferred is due at its time, and the ones behind it are not held up [R6]",
                   P, EVERY_STORE) {
  P place;
  REQUIRE(place.store().commit(batch({answered("1", {mail("a"), mail("b")})})));
  Settlement later = settlement(Settlement::Kind::deferred, "451 greylisted\r\n");
  later.in_doubt = true;
  REQUIRE(place.store().settle("a", later));
  CHECK(place.store().next_due(kNow + 2min - 1ms, "").value()->mail.id == "b");
  CHECK(place.store().next_due(kNow + 2min, "").value()->mail.id == "a");
  CHECK_FALSE(place.store().next_due(kNow + 2min, "b").value());
  const auto entry = place.store().outbox().value()[0];
  CHECK(entry.attempts == 1);
  CHECK(entry.in_doubt);
  CHECK(entry.last_trouble.starts_with("451 greylisted"));
  later.in_doubt = false;
  REQUIRE(place.store().settle("a", later));
  CHECK(place.store().outbox().value()[0].in_doubt);
}

TEST_CASE_TEMPLATE("store: a clock that was set back does not hold a reply for years [fault 66]", P,
                   EVERY_STORE) {
  P place;
  REQUIRE(place.store().commit(batch({answered("1", {mail("a")})})));
  REQUIRE(place.store().next_due(kNow - std::chrono::days{7000}, "").value());
}

TEST_CASE_TEMPLATE("store: sent and failed take a mail out and leave one log line [R6, C5]", P, EVERY_STORE) {
  P place;
  REQUIRE(place.store().commit(batch({answered("1", {mail("a"), mail("b")})})));
  REQUIRE(place.store().settle("a", settlement(Settlement::Kind::deferred, "451 later")));
  REQUIRE(place.store().settle("a", settlement(Settlement::Kind::deferred, "451 later still")));
  auto log = place.store().log(10).value();
  REQUIRE(log.size() == 2);
  CHECK(log[0].result == LogRecord::Result::waiting);
  CHECK(log[0].attempts == 1);
  REQUIRE(place.store().settle("b", settlement(Settlement::Kind::failed, "550 no\r\nsuch \x80 user")));
  REQUIRE(place.store().settle("a", settlement(Settlement::Kind::sent, "250 queued as 1")));
  CHECK(waiting(place).empty());
  log = place.store().log(10).value();
  REQUIRE(log.size() == 3);
  CHECK(log[0].direction == LogRecord::Direction::sent);
  CHECK(log[0].result == LogRecord::Result::sent);
  CHECK(log[0].other_side == "ce@example.com");
  CHECK(log[0].what == "Counter list");
  CHECK(log[0].detail == "250 queued as 1");
  CHECK(log[0].message_id == "a");
  CHECK(log[0].attempts == 3);
  CHECK(log[0].time == kNow + 1min);
  CHECK(log[1].result == LogRecord::Result::failed);
  CHECK(log[1].detail.find('\n') == std::string::npos);
  CHECK(log[0].number > log[1].number);
  CHECK(place.store().settle("a", settlement(Settlement::Kind::sent)).error().cause == Cause::not_found);
}

TEST_CASE_TEMPLATE(
    "store: a mail that is split is replaced by its parts at its place, as old and as doubtful [G, R1, R4, R6, fault 49]",
    P, EVERY_STORE) {
  P place;
  OutboxMail whole = mail("b");
  whole.shows_secret = true;
  REQUIRE(place.store().commit(batch({answered("1", {mail("a"), whole, mail("c"), mail("d")})})));
  Settlement doubt = settlement(Settlement::Kind::deferred, "lost");
  doubt.in_doubt = true;
  doubt.next_attempt = kNow;
  REQUIRE(place.store().settle("b", doubt));
  REQUIRE(place.store().settle("c", settlement(Settlement::Kind::deferred, "451 later")));
  Settlement split = settlement(Settlement::Kind::split);
  split.parts = {mail("b.2"), mail("b.1"), mail("b.3")};
  split.parts[1].what = "Counter list (2/3)";
  REQUIRE(place.store().settle("b", split));
  REQUIRE(waiting(place) == Ids{"a", "b.2", "b.1", "b.3", "c", "d"});
  const auto entries = place.store().outbox().value();
  for (const std::size_t part : {1U, 2U, 3U}) {
    CHECK(entries[part].created == kNow);
    CHECK(entries[part].next_attempt == kNow);
    CHECK(entries[part].attempts == 0);
    CHECK(entries[part].in_doubt);
    CHECK(entries[part].mail.shows_secret);
  }
  CHECK(entries[2].mail.what == "Counter list (2/3)");
  CHECK(entries[4].attempts == 1);
  // The bytes of all, those behind it, too.
  std::string after;
  for (const std::string& id : Ids{"a", "b.2", "b.1", "b.3", "c", "d"}) {
    const auto due = place.store().next_due(kNow + 2min, after).value();
    REQUIRE(due);
    CHECK(due->mail.id == id);
    CHECK(due->mail.message == mail(id).message);
    after = id;
  }
  // No line of its own, none that waits for ever, no replies more.
  const auto log = place.store().log(10).value();
  CHECK(std::count_if(log.begin(), log.end(), [](const LogRecord& line) { return line.message_id == "b"; }) ==
        0);
  CHECK(place.store().count_replies(kNow, "").value() == 4);
  CHECK(place.store().settle("b", settlement(Settlement::Kind::sent)).error().cause == Cause::not_found);
  // Each goes its own way, and the log says of each that a copy may have arrived.
  REQUIRE(place.store().settle("b.1", settlement(Settlement::Kind::sent)));
  CHECK(waiting(place) == Ids{"a", "b.2", "b.3", "c", "d"});
  CHECK(place.store().log(1).value()[0].detail.starts_with("an earlier attempt may have arrived too; "));
  // A later mail waits behind them all.
  REQUIRE(place.store().commit(batch({answered("2", {mail("e")})})));
  CHECK(waiting(place) == Ids{"a", "b.2", "b.3", "c", "d", "e"});
}

TEST_CASE_TEMPLATE(
    "store: a split keeps a part that waits already, and a mail in no parts stays whole [R1, R4]", P,
    EVERY_STORE) {
  P place;
  REQUIRE(place.store().commit(batch({answered("1", {mail("a"), mail("b"), mail("c")})})));
  Settlement split = settlement(Settlement::Kind::split);
  CHECK(place.store().settle("a", split).error().cause == Cause::internal);
  CHECK(waiting(place) == Ids{"a", "b", "c"});
  split.parts = {mail("a.1", "else@example.com"), mail("b", "else@example.com")};
  REQUIRE(place.store().settle("a", split));
  CHECK(waiting(place) == Ids{"a.1", "b", "c"});
  CHECK(place.store().outbox().value()[1].mail.recipient == "ce@example.com");
  // Even one that keeps the name of the whole is not lost.
  split.parts = {mail("b"), mail("b.2")};
  REQUIRE(place.store().settle("b", split));
  CHECK(waiting(place) == Ids{"a.1", "b", "b.2", "c"});
}

TEST_CASE_TEMPLATE("store: replies are counted by sender and in all, notices and copies are not [R11]", P,
                   EVERY_STORE) {
  P place;
  OutboxMail notice = mail("n");
  notice.kind = OutboxMail::Kind::notice;
  OutboxMail copy = mail("k");
  copy.kind = OutboxMail::Kind::copy;
  REQUIRE(
      place.store().commit(batch({answered("1", {mail("a"), mail("b", "CE@Example.com"), notice, copy})})));
  REQUIRE(place.store().settle("a", settlement(Settlement::Kind::sent)));
  REQUIRE(place.store().commit(batch({answered("2", {mail("c", "other@example.com")})}, kNow + 24h)));
  CHECK(place.store().count_replies(kNow, "").value() == 3);
  CHECK(place.store().count_replies(kNow, "ce@example.com").value() == 2);
  CHECK(place.store().count_replies(kNow + 1ms, "").value() == 1);
  REQUIRE(place.store().commit(batch({answered("3")}, kNow - std::chrono::days{3000})));  // a clock set back
  CHECK(place.store().count_replies(kNow - std::chrono::days{3001}, "").value() == 0);
}
