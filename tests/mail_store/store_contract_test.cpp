// The contract of the stores: which mails are known, and what is remembered.
#include <doctest/doctest.h>

#include "mail_store/store_contract.hpp"

using namespace remotemail;
using namespace remotemail::test;
using namespace remotemail::test::contract;
using namespace std::chrono_literals;

TEST_CASE_TEMPLATE("store: a mail is unknown, tried, done, in the order of the listing [R3, R5]", P,
                   EVERY_STORE) {
  P place;
  REQUIRE(place.store().note_tries(std::vector{key("2"), key("3")}));
  REQUIRE(place.store().commit(batch({answered("3")})));
  const auto known = place.store().recall(listing({"1", "2", "3"})).value();
  REQUIRE(known.size() == 3);
  CHECK(known[0].state == State::unknown);
  CHECK_FALSE(known[0].receipt);
  CHECK(known[1].state == State::tried);
  CHECK(known[1].tries == 1);
  CHECK(known[2].state == State::done);
  REQUIRE(known[2].receipt);
  CHECK(known[2].receipt->key() == key("3"));
}

TEST_CASE_TEMPLATE("store: a mail of another mailbox with the same uid is another mail [R3]", P,
                   EVERY_STORE) {
  P place;
  REQUIRE(place.store().commit(batch({answered("1")})));
  const std::string name = "imap copier@example.com INBOX 8";
  const MailboxListing other{name, {{{name, "1"}, 1000}}, 1, true};
  CHECK(place.store().recall(other).value()[0].state == State::unknown);
  CHECK(state_of(place, "1") == State::done);
}

TEST_CASE_TEMPLATE("store: a done key ends with the first complete listing without it, never before [R3]", P,
                   EVERY_STORE) {
  P place;
  REQUIRE(place.store().commit(batch({answered("1"), answered("2")})));
  REQUIRE(place.store().recall(listing({"5"}, false)));
  CHECK(state_of(place, "1") == State::done);
  REQUIRE(place.store().recall(listing({"2"})));
  CHECK(state_of(place, "1") == State::unknown);
  CHECK(state_of(place, "2") == State::done);
}

TEST_CASE_TEMPLATE("store: a key that stays listed is never pruned, however old [R3]", P, EVERY_STORE) {
  P place;
  REQUIRE(place.store().commit(batch({answered("1")})));
  REQUIRE(place.store().commit(batch({answered("2")}, kNow + std::chrono::days{2000})));
  REQUIRE(place.store().recall(listing({"1", "2"})));
  CHECK(state_of(place, "1") == State::done);
}

TEST_CASE_TEMPLATE("store: after the third try a mail is set aside, and logged once [R5]", P, EVERY_STORE) {
  P place;
  for (unsigned tries = 1; tries <= limits::kTriesBeforeSetAside; ++tries) {
    CHECK(state_of(place, "1") == (tries == 1 ? State::unknown : State::tried));
    REQUIRE(place.store().note_tries(std::vector{key("1")}));
  }
  CHECK(state_of(place, "1") == State::set_aside);
  MailVerdict aside;
  aside.key = key("1");
  aside.fate = MailVerdict::Fate::set_aside;
  aside.log = received(LogRecord::Result::set_aside, "brought the program down");
  for (int poll = 0; poll < 3; ++poll) CHECK(place.store().commit(batch({aside})).value().empty());
  CHECK(state_of(place, "1") == State::set_aside);
  CHECK(place.store().log(10).value().size() == 1);
  REQUIRE(place.store().note_tries(std::vector{key("1")}));
  CHECK(state_of(place, "1") == State::set_aside);
}

TEST_CASE_TEMPLATE("store: a mail that was spared loses its tries, a done one stays done [R5, R11]", P,
                   EVERY_STORE) {
  P place;
  REQUIRE(place.store().note_tries(std::vector{key("1"), key("2")}));
  Batch spare = batch({answered("2")});
  spare.spared = {key("1"), key("2")};
  REQUIRE(place.store().commit(spare));
  CHECK(state_of(place, "1") == State::unknown);
  CHECK(state_of(place, "2") == State::done);
}

TEST_CASE_TEMPLATE("store: a commit gives one receipt a verdict, in order, none for a mail set aside [R2]", P,
                   EVERY_STORE) {
  P place;
  MailVerdict aside = answered("2");
  aside.fate = MailVerdict::Fate::set_aside;
  const auto receipts = place.store().commit(batch({answered("1"), aside, illegal("3", "wrong")})).value();
  REQUIRE(receipts.size() == 2);
  CHECK(receipts[0].key() == key("1"));
  CHECK(receipts[1].key() == key("3"));
}

TEST_CASE_TEMPLATE("store: a mail that is done is not done again, though it is committed once more [R1]", P,
                   EVERY_STORE) {
  P place;
  REQUIRE(place.store().commit(batch({answered("1", {mail("a")})})));
  REQUIRE(place.store().settle("a", settlement(Settlement::Kind::sent)));
  CHECK(place.store().commit(batch({answered("1", {mail("a")})})).value().size() == 1);
  CHECK(waiting(place).empty());
  CHECK(place.store().count_replies(kNow, "").value() == 1);
  CHECK(place.store().log(10).value().size() == 2);
}

TEST_CASE_TEMPLATE("store: the digest of an answered mail is remembered, that of an illegal one is not [R3]",
                   P, EVERY_STORE) {
  P place;
  CHECK_FALSE(was_answered(place, answered("1").digest));
  REQUIRE(place.store().commit(batch({answered("1"), illegal("2", "wrong")})));
  CHECK(was_answered(place, answered("1").digest));
  CHECK_FALSE(was_answered(place, illegal("2", "").digest));
  CHECK_FALSE(was_answered(place, ""));
}

TEST_CASE_TEMPLATE("store: digests count for 400 days, and the latest 4,096 for ever [R3]", P, EVERY_KIND) {
  P place;
  const auto many = [&](char mark, std::size_t count) {
    std::vector<MailVerdict> verdicts(count);
    for (std::size_t i = 0; i < count; ++i) {
      verdicts[i].key = key(mark + std::to_string(i));
      verdicts[i].digest = std::string(24, mark) + std::to_string(10'000'000 + i);
    }
    return verdicts;
  };
  const auto old = many('o', limits::kDigestsKept + 10);
  REQUIRE(place.store().commit(batch(old)));
  CHECK(was_answered(place, old[0].digest));
  REQUIRE(place.store().commit(batch(many('y', 1), kNow + limits::kDigestAge)));
  CHECK(was_answered(place, old[0].digest));  // not yet older than 400 days
  const auto late = many('z', 1);
  REQUIRE(place.store().commit(batch(late, kNow + limits::kDigestAge + 1s)));
  CHECK_FALSE(was_answered(place, old[11].digest));
  CHECK(was_answered(place, old[12].digest));
  CHECK(was_answered(place, late[0].digest));
}

TEST_CASE_TEMPLATE(
    "store: a memory is kept by kind and key, any octets, with its time; the latest counts [Y8, H2]", P,
    EVERY_STORE) {
  P place;
  const std::string odd("\0'\xFF", 3);
  Batch first = batch({});
  first.memories = {
      {Memory::Kind::told, odd, odd}, {Memory::Kind::told, "", "old"}, {Memory::Kind::told, "", "x"}};
  REQUIRE(place.store().commit(first));
  CHECK(place.store().recall_memory(Memory::Kind::told, odd).value() == Remembered{odd, kNow});
  CHECK(place.store().recall_memory(Memory::Kind::told, "").value() == Remembered{"x", kNow});
  CHECK_FALSE(place.store().recall_memory(Memory::Kind::guesses, "").value());
  Batch second = batch({}, kNow + 1s);
  second.memories = {{Memory::Kind::told, "", "y"}, {Memory::Kind::told, odd, {}, true}};
  REQUIRE(place.store().commit(second));
  CHECK(place.store().recall_memory(Memory::Kind::told, "").value() == Remembered{"y", kNow + 1s});
  CHECK_FALSE(place.store().recall_memory(Memory::Kind::told, odd).value());
}

TEST_CASE_TEMPLATE(
    "store: memories stand in one unit with the batch, or with the settlement, that brings them [R2]", P,
    EVERY_STORE) {
  P place;
  const auto generation = place.store().save_settings(std::vector{set("ce", "old")}, {}).value();
  Batch refused = batch({answered("1", {mail("a")})});
  refused.memories = {{Memory::Kind::known_sender, "k", "v"}};
  refused.password_key = "ce";
  refused.password_generation = generation + 1;
  CHECK_FALSE(place.store().commit(refused));
  CHECK_FALSE(place.store().recall_memory(Memory::Kind::known_sender, "k").value());
  refused.password_generation = generation;
  REQUIRE(place.store().commit(refused));
  CHECK(place.store().recall_memory(Memory::Kind::known_sender, "k").value());
  Settlement failed = settlement(Settlement::Kind::failed, "550");
  failed.memories = {{Memory::Kind::told, "failures", "a"}};
  CHECK_FALSE(place.store().settle("unknown", failed));
  CHECK_FALSE(place.store().recall_memory(Memory::Kind::told, "failures").value());
  REQUIRE(place.store().settle("a", failed));
  CHECK(place.store().recall_memory(Memory::Kind::told, "failures").value() == Remembered{"a", failed.now});
}

TEST_CASE_TEMPLATE(
    "store: the latest 1,024 known senders are kept, whatever the clock; what is of the day goes [Y8]", P,
    EVERY_KIND) {
  P place;
  const auto known = [&](const std::string& sender) {
    return place.store().recall_memory(Memory::Kind::known_sender, sender).value().has_value();
  };
  Batch many = batch({});
  for (std::size_t i = 0; i < limits::kSendersKept; ++i)
    many.memories.push_back({Memory::Kind::known_sender, std::to_string(i), {}});
  many.memories.push_back({Memory::Kind::known_sender, "0", {}});  // the newest by now
  many.memories.push_back({Memory::Kind::guesses, "", "10"});
  REQUIRE(place.store().commit(many));
  CHECK(known("1"));
  Batch one = batch({}, kNow + 24h);
  one.memories = {{Memory::Kind::known_sender, "new", {}}};
  REQUIRE(place.store().commit(one));
  CHECK_FALSE(known("1"));
  CHECK(known("0"));
  CHECK(known("2"));
  CHECK(place.store().recall_memory(Memory::Kind::guesses, "").value());
  // A clock that was set back makes nothing old.
  REQUIRE(place.store().commit(batch({}, kNow - std::chrono::days{5000})));
  CHECK(known("2"));
  REQUIRE(place.store().commit(batch({}, kNow + limits::kSenderKnown)));
  CHECK(known("2"));
  CHECK_FALSE(place.store().recall_memory(Memory::Kind::guesses, "").value());
}
