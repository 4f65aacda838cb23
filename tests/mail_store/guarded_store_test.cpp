#include "remotemail/mail_store/guarded_store.hpp"

#include <doctest/doctest.h>

#include "remotemail/mail_store/memory_store.hpp"
#include "remotemail/testing/failing_store.hpp"
#include "remotemail/testing/manual_clock.hpp"

using namespace remotemail;
using namespace std::chrono_literals;

TEST_CASE("guarded store: one that failed is opened anew after a while, and asked nothing before [R9, fault 56, fault 57]") {
  testing::ManualClock clock;
  const auto disk = make_memory_store();
  int opened = 0;
  bool medium_works = false;
  auto first = std::make_unique<testing::FailingStore>(*disk);
  first->fail_at(1, Cause::store_failed);
  GuardedStore guarded(
      std::move(first),
      [&]() -> Result<std::unique_ptr<Store>> {
        ++opened;
        if (!medium_works) return make_error(Cause::store_damaged, Step::store, "state.db");
        return std::unique_ptr<Store>(std::make_unique<testing::FailingStore>(*disk));
      },
      clock);
  const std::vector<MailKey> keys{{"box", "1"}};
  CHECK(guarded.note_tries(keys).error().cause == Cause::store_failed);
  CHECK(guarded.outbox().error().cause == Cause::store_failed);
  CHECK(opened == 0);
  clock.advance(61s);
  CHECK(guarded.outbox().error().cause == Cause::store_damaged);
  CHECK(guarded.outbox().error().cause == Cause::store_damaged);
  CHECK(opened == 1);
  medium_works = true;
  clock.advance(61s);
  CHECK(guarded.outbox().ok());
  CHECK(guarded.note_tries(keys).ok());
  CHECK(opened == 2);
}

TEST_CASE("guarded store: a full disk and a refused change are no failure of the store [R9]") {
  testing::ManualClock clock;
  const auto disk = make_memory_store();
  auto store = std::make_unique<testing::FailingStore>(*disk);
  store->fail_at(1, Cause::store_full);
  GuardedStore guarded(
      std::move(store),
      [&]() -> Result<std::unique_ptr<Store>> { return make_error(Cause::internal, Step::store); }, clock);
  const std::vector<MailKey> keys{{"box", "1"}};
  CHECK(guarded.note_tries(keys).error().cause == Cause::store_full);
  CHECK(guarded.note_tries(keys).ok());
}
