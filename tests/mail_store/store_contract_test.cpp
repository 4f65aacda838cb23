// The contract of mail_store.hpp, settings_store.hpp and store.hpp, held against every implementation.
#include <doctest/doctest.h>

#include "mail_store/places.hpp"
#include "remotemail/core/limits.hpp"

using namespace remotemail;
using namespace remotemail::test;
using namespace std::chrono_literals;

#ifdef REMOTEMAIL_SQLITE
#define EVERY_STORE InMemory, OnSqlite, OnSqliteReopenedAtEachCall
#define EVERY_KIND InMemory, OnSqlite  // for long cases: each kind once
#else
#define EVERY_STORE InMemory
#define EVERY_KIND InMemory
#endif

namespace {

const WallTime kNow{std::chrono::milliseconds(1'800'000'000'000)};
const std::string kBox = "imap copier@example.com INBOX 7";

MailKey key(const std::string& uid) {
  return {kBox, uid};
}

MailboxListing listing(const std::vector<std::string>& uids, bool complete = true) {
  MailboxListing all;
  all.mailbox = kBox;
  for (const std::string& uid : uids) all.mails.push_back({key(uid), 1000});
  all.total = uids.size() + (complete ? 0 : 1);
  all.complete = complete;
  return all;
}

OutboxMail mail(const std::string& id, const std::string& to = "ce@example.com") {
  return {id,   OutboxMail::Kind::reply, to, "Counter list", "From: copier\r\n\r\nbody of " + id + "\r\n",
          false};
}

LogRecord received(LogRecord::Result result, const std::string& detail, WallTime time = kNow) {
  LogRecord record;
  record.time = time;
  record.result = result;
  record.detail = detail;
  record.other_side = "ce@example.com";
  record.what = "1 command";
  return record;
}

MailVerdict answered(const std::string& uid, const std::vector<OutboxMail>& replies = {}) {
  MailVerdict verdict;
  verdict.key = key(uid);
  verdict.digest = std::string(31, 'd') + uid.back();
  verdict.replies = replies;
  verdict.log = received(LogRecord::Result::answered, "");
  return verdict;
}

MailVerdict illegal(const std::string& uid, const std::string& reason, WallTime time = kNow) {
  MailVerdict verdict;
  verdict.key = key(uid);
  verdict.fate = MailVerdict::Fate::illegal;
  verdict.digest = std::string(32, 'i');
  verdict.log = received(LogRecord::Result::illegal, reason, time);
  return verdict;
}

Batch batch(const std::vector<MailVerdict>& verdicts, WallTime now = kNow) {
  Batch all;
  all.now = now;
  all.verdicts = verdicts;
  return all;
}

SettingChange set(const std::string& key, const std::string& text) {
  return {key, StoredSetting{StoredSetting::Form::plain, Secret(text), {}, 0, false}};
}

Settlement settlement(Settlement::Kind kind, const std::string& detail = "250 ok") {
  return {kind, kNow + 1min, kNow + 2min, false, detail};
}

template <typename Place>
KnownMail::State state_of(Place& place, const std::string& uid) {
  return place.store().recall(listing({uid}, false)).value()[0].state;
}

template <typename Place>
std::vector<std::string> waiting(Place& place) {
  std::vector<std::string> ids;
  const auto entries = place.store().outbox().value();
  for (const auto& entry : entries) ids.push_back(entry.mail.id);
  return ids;
}

template <typename Place>
bool was_answered(Place& place, const std::string& digest) {
  return place.store().recall_memory(Memory::Kind::answered_request, digest).value().has_value();
}

using State = KnownMail::State;
using Ids = std::vector<std::string>;

}  // namespace

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
  CHECK_FALSE(place.store().load_settings().value().contains("a"));
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
