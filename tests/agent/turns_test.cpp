#include "agent/turns.hpp"

#include <doctest/doctest.h>

using remotemail::Turns;

namespace {

std::vector<std::uint32_t> taken(std::span<const std::uint32_t> places) {
  return {places.begin(), places.end()};
}

}  // namespace

TEST_CASE("turns: fresh mails come in their order, then tried ones, the most tried last [R5]") {
  Turns turns;
  turns.add_tried(0, 2);
  turns.add_fresh(1);
  turns.add_tried(2, 1);
  turns.add_fresh(3);
  turns.add_tried(4, 1);
  turns.add_fresh(5);
  CHECK(turns.size() == 6);
  CHECK(turns.tried_wait());
  CHECK(taken(turns.next_fresh(2)) == std::vector<std::uint32_t>{1, 3});
  CHECK(taken(turns.next_fresh(2)) == std::vector<std::uint32_t>{5});
  CHECK(turns.next_fresh(2).empty());
  CHECK(turns.next_tried() == 2U);
  CHECK(turns.next_tried() == 4U);
  CHECK(turns.tried_wait());
  CHECK(turns.next_tried() == 0U);
  CHECK_FALSE(turns.tried_wait());
  CHECK_FALSE(turns.next_tried());
}

TEST_CASE(
    "turns: of suspects the one comes first whose last break is the longest ago; a CHPASS waits for all [F20]") {
  Turns turns;
  turns.add_suspect(0, 9);
  turns.add_suspect(2, 7);
  CHECK(turns.size() == 2);
  CHECK_FALSE(turns.tried_wait());
  CHECK(turns.older_waits(1));
  CHECK_FALSE(turns.any_behind());
  turns.leave_behind(1);
  CHECK(turns.any_behind());
  CHECK(turns.next_suspect() == 2U);
  CHECK(turns.older_waits(1));
  CHECK_FALSE(turns.wants_another_round());
  CHECK(turns.next_suspect() == 0U);
  CHECK_FALSE(turns.older_waits(1));
  CHECK_FALSE(turns.next_suspect());
  CHECK(turns.wants_another_round());
}

TEST_CASE("turns: an older mail waits until it has had its turn [R5, F20]") {
  Turns turns;
  turns.add_tried(1, 1);
  turns.add_fresh(2);
  turns.add_fresh(3);
  CHECK_FALSE(turns.older_waits(1));
  CHECK(turns.older_waits(2));
  (void)turns.next_fresh(1);
  (void)turns.next_tried();
  CHECK_FALSE(turns.older_waits(2));
  CHECK_FALSE(turns.older_waits(3));
  CHECK(turns.older_waits(4));  // the third has not
  (void)turns.next_fresh(1);
  CHECK_FALSE(turns.older_waits(4));
}

TEST_CASE("turns: what was left behind waits as well, until another round brings it on [F20, Y8]") {
  Turns turns;
  turns.add_tried(1, 1);
  for (const std::uint32_t place : {2U, 3U, 4U}) turns.add_fresh(place);
  (void)turns.next_fresh(2);
  CHECK_FALSE(turns.stays_behind(3));
  turns.leave_behind(3);
  CHECK(turns.stays_behind(2));  // behind the first that has not had its turn, so not listened to either
  (void)turns.next_tried();
  CHECK_FALSE(turns.older_waits(3));
  CHECK(turns.stays_behind(4));
  CHECK_FALSE(turns.wants_another_round());
  (void)turns.next_fresh(1);
  CHECK(turns.wants_another_round());
  turns.leave_behind(2);
  CHECK(turns.older_waits(3));
  turns.leave_behind(4);
  CHECK(turns.older_waits(3));
}

TEST_CASE("turns: a listing of which nothing stayed wants no other round [R8]") {
  Turns turns;
  CHECK_FALSE(turns.wants_another_round());
  turns.add_fresh(0);
  (void)turns.next_fresh(9);
  CHECK_FALSE(turns.wants_another_round());
}
