// What every store does alike, as tables.
#include "mail_store/rules.hpp"

#include <doctest/doctest.h>

using namespace remotemail;
using namespace remotemail::store_rules;
using namespace std::chrono_literals;

namespace {

const WallTime kNow{std::chrono::milliseconds(1'800'000'000'000)};

LogRecord junk() {
  LogRecord record;
  record.time = kNow;
  record.direction = LogRecord::Direction::received;
  record.result = LogRecord::Result::illegal;
  record.detail = "wrong password";
  return record;
}

OutboxEntry waiting_entry() {
  OutboxEntry entry;
  entry.mail = {"id", OutboxMail::Kind::reply, "ce@example.com", "Help", "bytes", false};
  entry.created = kNow;
  return entry;
}

}  // namespace

TEST_CASE(
    "store rules: a run is of junk alone, of one result and one reason, within an hour either way [C7]") {
  CHECK(joins_run(junk(), junk()));
  const struct {
    const char* name;
    void (*change)(LogRecord&);
  } rows[] = {
      {"sent", [](LogRecord& r) { r.direction = LogRecord::Direction::sent; }},
      {"answered", [](LogRecord& r) { r.result = LogRecord::Result::answered; }},
      {"another result", [](LogRecord& r) { r.result = LogRecord::Result::unanswerable; }},
      {"another reason", [](LogRecord& r) { r.detail = "too large"; }},
      {"an hour later", [](LogRecord& r) { r.time += 1h; }},
      {"an hour earlier", [](LogRecord& r) { r.time -= 1h; }},
  };
  for (const auto& row : rows) {
    CAPTURE(std::string(row.name));
    LogRecord other = junk();
    row.change(other);
    CHECK_FALSE(joins_run(junk(), other));
    CHECK_FALSE(joins_run(other, junk()));
  }
  LogRecord near = junk();
  near.time += 59min;
  CHECK(joins_run(junk(), near));
  CHECK(joins_run(near, junk()));
  LogRecord automatic = junk();
  automatic.result = LogRecord::Result::unanswerable;
  CHECK(joins_run(automatic, automatic));
  LogRecord notice = junk();
  notice.direction = LogRecord::Direction::sent;
  notice.what = std::string(kNoticeMark) + "illegal mail";
  CHECK(is_junk(notice));
  notice.what = "Help";
  CHECK_FALSE(is_junk(notice));
}

TEST_CASE(
    "store rules: a settlement makes one line, which says what was sent, how often and in what doubt [C5, R1]") {
  using Kind = Settlement::Kind;
  const struct {
    Kind kind;
    LogRecord::Result result;
    bool doubt_is_told;
  } rows[] = {{Kind::sent, LogRecord::Result::sent, true},
              {Kind::failed, LogRecord::Result::failed, true},
              {Kind::split, LogRecord::Result::waiting, true},
              {Kind::deferred, LogRecord::Result::waiting, false}};
  for (const auto& row : rows) {
    for (const bool in_doubt : {false, true}) {
      OutboxEntry entry = waiting_entry();
      entry.in_doubt = in_doubt;
      entry.attempts = 2;
      const LogRecord record = sent_record(entry, Settlement{row.kind, kNow, {}, false, "250 ok"});
      CHECK(record.result == row.result);
      CHECK(record.attempts == 3);
      CHECK((record.detail.find("may have arrived") != std::string::npos) == (in_doubt && row.doubt_is_told));
    }
  }
  OutboxEntry entry = waiting_entry();
  const Settlement sent{Kind::sent, kNow, {}, false, {}};
  CHECK(sent_record(entry, sent).what == "Help");
  entry.mail.kind = OutboxMail::Kind::copy;
  CHECK(sent_record(entry, sent).what == std::string(kCopyMark) + "Help");
  entry.mail.kind = OutboxMail::Kind::notice;
  CHECK(sent_record(entry, sent).what == std::string(kNoticeMark) + "Help");
}

TEST_CASE("store rules: a bounce turns the line, and keeps its words when the bounce has none [R10]") {
  LogRecord sent = junk();
  sent.detail = "250 ok";
  MailVerdict bounce;
  CHECK(bounced_record(sent, bounce).result == LogRecord::Result::bounced);
  CHECK(bounced_record(sent, bounce).detail == "250 ok");
  bounce.log = LogRecord{};
  CHECK(bounced_record(sent, bounce).detail == "250 ok");
  bounce.log->detail = "550 no such user";
  CHECK(bounced_record(sent, bounce).detail == "550 no such user");
}

TEST_CASE("store rules: doubt and a shown password stay with a mail and its parts [R1, Y3]") {
  for (const bool before : {false, true}) {
    for (const bool now : {false, true}) {
      OutboxEntry entry = waiting_entry();
      entry.in_doubt = before;
      defer(entry, Settlement{Settlement::Kind::deferred, kNow, kNow, now, "451"});
      CHECK(entry.in_doubt == (before || now));
      OutboxEntry whole = waiting_entry();
      whole.mail.shows_secret = before;
      OutboxMail part = whole.mail;
      part.shows_secret = now;
      CHECK(part_entry(whole, part).mail.shows_secret == (before || now));
    }
  }
}

TEST_CASE(
    "store rules: a clock that was wrong neither hides a due mail nor counts a reply for ever [R11, fault 66]") {
  CHECK(due(kNow, kNow));
  CHECK_FALSE(due(kNow + 1min, kNow));
  CHECK_FALSE(due(kNow + limits::kLongestRetryWait, kNow));
  CHECK(due(kNow + limits::kLongestRetryWait + 1ms, kNow));
  CHECK(still_counts(kNow, kNow));
  CHECK_FALSE(still_counts(kNow - kReplyMemory, kNow));
  CHECK_FALSE(still_counts(kNow + kReplyMemory, kNow));
  CHECK(cleaned(LogRecord{}).count == 1);
  LogRecord three;
  three.count = 3;
  CHECK(cleaned(three).count == 3);
}

TEST_CASE("store rules: a split in no parts is refused, and every memory has its age [R1, R3, Y8]") {
  CHECK(check(Settlement{}).ok());
  Settlement split{Settlement::Kind::split, kNow, {}, false, {}};
  CHECK_FALSE(check(split).ok());
  split.parts.push_back(waiting_entry().mail);
  CHECK(check(split).ok());
  for (std::size_t kind = 0; kind < Memory::kKinds; ++kind)
    CHECK(retention(static_cast<Memory::Kind>(kind)).age > 23h);
}
