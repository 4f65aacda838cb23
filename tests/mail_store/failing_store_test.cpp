#include "remotemail/testing/failing_store.hpp"

#include <doctest/doctest.h>

#include "remotemail/mail_store/memory_store.hpp"

using namespace remotemail;
using testing::FailingStore;

TEST_CASE("failing store: a full store fails one call, a failed one every call until it is healed [R9]") {
  const auto inner = make_memory_store();
  FailingStore store(*inner);
  store.fail_at(2, Cause::store_full);
  REQUIRE(store.append_device_record("1"));
  CHECK(store.append_device_record("2").error().cause == Cause::store_full);
  REQUIRE(store.append_device_record("3"));
  store.fail_at(1, Cause::store_failed);
  CHECK(store.append_device_record("4").error().cause == Cause::store_failed);
  CHECK_FALSE(store.outbox().ok());
  store.heal();
  CHECK(store.device_records().value() == std::vector<std::string>{"1", "3"});
  CHECK(store.writing_calls() == 4);
}

TEST_CASE("failing store: a call can have done its work though it says it failed [R1]") {
  const auto inner = make_memory_store();
  FailingStore store(*inner);
  store.fail_at(1, Cause::store_failed, FailingStore::Work::done);
  CHECK_FALSE(store.append_device_record("1").ok());
  CHECK(inner->device_records()->size() == 1);
}
