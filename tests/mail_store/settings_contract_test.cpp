// The contract of the stores: settings, passwords, and what a panel has to remember.
#include <doctest/doctest.h>

#include "mail_store/store_contract.hpp"

using namespace remotemail;
using namespace remotemail::test;
using namespace remotemail::test::contract;
using namespace std::chrono_literals;

TEST_CASE_TEMPLATE("store: settings are kept by key with growing generations, all or none [B16, B17]", P,
                   EVERY_STORE) {
  P place;
  CHECK(place.store().load_settings().value().empty());
  const auto first =
      place.store().save_settings(std::vector{set("a", "1"), set("b", "")}, {{"a", 0}}).value();
  const auto second = place.store().save_settings(std::vector{set("a", "2")}, {{"a", first}}).value();
  CHECK(second > first);
  const auto refused =
      place.store().save_settings(std::vector{set("a", "3"), set("c", "3")}, {{"a", first}, {"b", first}});
  REQUIRE_FALSE(refused.ok());
  CHECK(refused.error().cause == Cause::changed_elsewhere);
  CHECK(refused.error().detail == "a");
  auto all = place.store().load_settings().value();
  CHECK(all.size() == 2);
  CHECK(all["a"].text.reveal() == "2");
  CHECK(all["a"].generation == second);
  CHECK(all["b"].text.empty());
  CHECK(all["b"].generation == first);
  REQUIRE(place.store().save_settings(std::vector{SettingChange{"a", {}}}, {}));
  all = place.store().load_settings().value();
  CHECK_FALSE(all.contains("a"));
  CHECK(all.contains("b"));
  CHECK(place.store().save_settings(std::vector{set("a", "4")}, {{"a", second}}).error().cause ==
        Cause::changed_elsewhere);
  CHECK(place.store().save_settings(std::vector{set("a", "4")}, {{"a", 0}}).value() > second + 1);
}

TEST_CASE_TEMPLATE("store: sealed and hashed settings come back as they were given [Y3, Y4]", P,
                   EVERY_STORE) {
  P place;
  StoredSetting sealed{StoredSetting::Form::sealed, Secret(std::string("pass\0word", 9)), "host|995", 0,
                       false};
  StoredSetting hashed{StoredSetting::Form::hashed, Secret("scrypt$1"), {}, 0, false};
  REQUIRE(
      place.store().save_settings(std::vector{SettingChange{"p", sealed}, SettingChange{"h", hashed}}, {}));
  auto all = place.store().load_settings().value();
  CHECK(all["p"].text.reveal() == std::string_view("pass\0word", 9));
  CHECK(all["p"].bound_to == "host|995");
  CHECK(all["p"].form == StoredSetting::Form::sealed);
  CHECK_FALSE(all["p"].unreadable);
  CHECK(all["h"].form == StoredSetting::Form::hashed);
  CHECK(all["h"].text.reveal() == "scrypt$1");
}

TEST_CASE_TEMPLATE("store: a new password stands in the same unit as its reply [F16, fault 73]", P,
                   EVERY_STORE) {
  P place;
  const auto first = place.store().save_settings(std::vector{set("ce", "old")}, {}).value();
  Batch change = batch({answered("1", {mail("a")})});
  change.password_key = "ce";
  change.password_generation = first;
  change.new_password = PasswordHash{"scrypt$new"};
  REQUIRE(place.store().commit(change));
  auto all = place.store().load_settings().value();
  CHECK(all["ce"].text.reveal() == "scrypt$new");
  CHECK(all["ce"].form == StoredSetting::Form::hashed);
  CHECK(all["ce"].generation > first);
  CHECK(waiting(place) == Ids{"a"});
}

TEST_CASE_TEMPLATE(
    "store: a batch judged by a password that changed meanwhile leaves nothing behind [F20, B16]", P,
    EVERY_STORE) {
  P place;
  const auto first = place.store().save_settings(std::vector{set("ce", "old")}, {}).value();
  REQUIRE(place.store().save_settings(std::vector{set("ce", "page")}, {}));
  for (const bool changes : {true, false}) {
    Batch judged = batch({answered("1", {mail("a")})});
    judged.password_key = "ce";
    judged.password_generation = first;
    if (changes) judged.new_password = PasswordHash{"scrypt$new"};
    const auto refused = place.store().commit(judged);
    REQUIRE_FALSE(refused.ok());
    CHECK(refused.error().cause == Cause::changed_elsewhere);
    CHECK(place.store().load_settings().value()["ce"].text.reveal() == "page");
    CHECK(waiting(place).empty());
    CHECK(state_of(place, "1") == State::unknown);
    CHECK(place.store().log(10).value().empty());
  }
}

TEST_CASE_TEMPLATE("store: what a panel has to remember comes back in order, byte for byte [B1]", P,
                   EVERY_STORE) {
  P place;
  CHECK(place.store().device_records().value().empty());
  const std::vector<std::string> records = {"one", std::string("\0\xFF", 2), ""};
  for (const auto& record : records) REQUIRE(place.store().append_device_record(record));
  CHECK(place.store().device_records().value() == records);
}
