// Rare ways through every store.
#include <doctest/doctest.h>

#include "mail_store/places.hpp"

using namespace remotemail;
using namespace remotemail::test;

namespace {

const WallTime kNow{std::chrono::milliseconds(1'800'000'000'000)};

Batch answered_mail(const std::string& uid) {
  Batch batch;
  batch.now = kNow;
  MailVerdict verdict;
  verdict.key = {"box", uid};
  verdict.fate = MailVerdict::Fate::answered;
  verdict.replies = {{"id" + uid, OutboxMail::Kind::reply, "ce@example.com", "Help", "text", false}};
  batch.verdicts.push_back(verdict);
  return batch;
}

}  // namespace

TEST_CASE_TEMPLATE(
    "store: what was never tried can be spared, an answered mail may have no digest, a bounce of what was not sent turns nothing [R3, R5, R10]",
    P, InMemory, OnSqlite) {
  P place;
  Batch batch = answered_mail("1");
  batch.spared = {{"box", "never"}, {"box", "1"}};
  REQUIRE(place.store().commit(batch));
  Batch bounce;
  bounce.now = kNow;
  for (const char* id : {"id1", "strange"}) {
    MailVerdict verdict;
    verdict.key = {"box", std::string("bounce of ") + id};
    verdict.fate = MailVerdict::Fate::bounce;
    verdict.bounced_id = id;
    bounce.verdicts.push_back(verdict);
  }
  REQUIRE(place.store().commit(bounce));
  REQUIRE(place.store().settle("id1", {Settlement::Kind::failed, kNow, {}, false, "550"}));
  bounce.verdicts[0].key.uid = "second";
  REQUIRE(place.store().commit(bounce));
  CHECK(place.store().log(10)->front().result == LogRecord::Result::failed);
}

TEST_CASE_TEMPLATE(
    "store: all keys that changed elsewhere are named, and no change is no new generation [B16]", P, InMemory,
    OnSqlite) {
  P place;
  const StoredSetting name{StoredSetting::Form::plain, Secret("x"), {}, 0, false};
  REQUIRE(place.store().save_settings(std::vector{SettingChange{"a", name}, SettingChange{"b", name}}, {}));
  const auto refused = place.store().save_settings({}, {{"a", 0}, {"b", 0}});
  REQUIRE_FALSE(refused.ok());
  CHECK(refused.error().detail == "a, b");
  CHECK(*place.store().save_settings({}, {}) == 1);
}
