// What seldom meets in a store: ids that come again, mails that are done already, values that are too long.
#include <doctest/doctest.h>

#include "mail_store/places.hpp"
#include "mail_store/rules.hpp"

using namespace remotemail;
using namespace remotemail::test;
using namespace std::chrono_literals;

namespace {

const WallTime kNow{std::chrono::milliseconds(1'800'000'000'000)};

Batch answered_mail(const std::string& uid, const std::string& id) {
  Batch batch;
  batch.now = kNow;
  MailVerdict verdict;
  verdict.key = {"box", uid};
  verdict.fate = MailVerdict::Fate::answered;
  verdict.replies = {{id, OutboxMail::Kind::reply, "ce@example.com", "Help", "text", false}};
  batch.verdicts.push_back(verdict);
  return batch;
}

}  // namespace

TEST_CASE_TEMPLATE("store: a reply whose id was sent before leaves the earlier line as it is [C5]", P,
                   InMemory, OnSqlite) {
  P place;
  Store& store = place.store();
  for (const char* uid : {"1", "2"}) {
    REQUIRE(store.commit(answered_mail(uid, "id")));
    REQUIRE(store.settle("id", {Settlement::Kind::sent, kNow, {}, false, std::string("250 ") + uid}));
  }
  const auto log = store.log(10);
  REQUIRE(log);
  REQUIRE(log->size() == 2);
  CHECK((*log)[0].detail == "250 2");
  CHECK((*log)[1].detail == "250 1");
  CHECK(store.find_sent("id").value()->detail == "250 2");
}

TEST_CASE_TEMPLATE("store: a reply is counted until it is as old as a store looks back, and no longer [R11]",
                   P, InMemory, OnSqlite) {
  P place;
  Store& store = place.store();
  for (const auto age : {0ms, std::chrono::milliseconds(store_rules::kReplyMemory) - 1ms}) {
    Batch batch = answered_mail(age == 0ms ? "1" : "2", age == 0ms ? "first" : "second");
    batch.now = kNow + age;
    REQUIRE(store.commit(batch));
  }
  CHECK(store.count_replies(kNow, "").value() == 2);
  Batch batch = answered_mail("3", "third");
  batch.now = kNow + store_rules::kReplyMemory;
  REQUIRE(store.commit(batch));
  CHECK(store.count_replies(kNow, "").value() == 2);
  // A clock that is set back: what it counted so far ahead was wrong.
  batch = answered_mail("4", "fourth");
  batch.now = kNow;
  REQUIRE(store.commit(batch));
  CHECK(store.count_replies(kNow, "").value() == 2);
}

TEST_CASE_TEMPLATE("store: a try of a mail that is done changes nothing [R3, R5]", P, InMemory, OnSqlite) {
  P place;
  Store& store = place.store();
  REQUIRE(store.commit(answered_mail("1", "id")));
  REQUIRE(store.note_tries(std::vector<MailKey>{{"box", "1"}}));
  const auto known = store.recall({"box", {{{"box", "1"}, 500}}, 1, true});
  REQUIRE(known);
  CHECK(known->front().state == KnownMail::State::done);
  CHECK(known->front().tries == 0);
  CHECK(known->front().receipt);
}

TEST_CASE("store rules: a line of the log stands for one mail at least [C7]") {
  LogRecord record;
  record.count = 0;
  CHECK(store_rules::cleaned(record).count == 1);
}
