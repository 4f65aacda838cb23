#include "mail_store/rules.hpp"

#include "core/text.hpp"
#include "remotemail/core/limits.hpp"

namespace remotemail::store_rules {
namespace {

// Facts of an hour or a day. Longer, so that what waits to be told outlives a week without power.
constexpr auto kShortMemory = std::chrono::days{30};
constexpr std::size_t kShortMemories = 64;

}  // namespace

Retention retention(Memory::Kind kind) {
  switch (kind) {
    case Memory::Kind::answered_request:
      return {limits::kDigestAge, limits::kDigestsKept, SIZE_MAX};
    case Memory::Kind::known_sender:
      // Whoever asks looks at the age; a clock that ran wild for a moment makes nobody unknown.
      return {limits::kSenderKnown, limits::kSendersKept, limits::kSendersKept};
    case Memory::Kind::guesses:
      return {kShortMemory, 0, limits::kSendersKept};
    default:  // notice_hour, told
      return {kShortMemory, 0, kShortMemories};
  }
}

bool joins_run(const LogRecord& latest, const LogRecord& next) {
  return latest.direction == LogRecord::Direction::received &&
         next.direction == LogRecord::Direction::received && is_junk(latest) && is_junk(next) &&
         latest.result == next.result && latest.detail == next.detail && next.time - latest.time < kRun &&
         latest.time - next.time < kRun;
}

bool is_junk(const LogRecord& record) {
  if (record.direction == LogRecord::Direction::sent) return record.what.starts_with(kNoticeMark);
  return record.result == LogRecord::Result::illegal || record.result == LogRecord::Result::unanswerable;
}

LogRecord cleaned(LogRecord record) {
  record.other_side = clean_line(record.other_side, 254);
  record.what = clean_line(record.what);
  record.detail = clean_line(record.detail);
  if (record.count == 0) record.count = 1;
  return record;
}

LogRecord sent_record(const OutboxEntry& entry, const Settlement& settlement) {
  LogRecord record;
  record.time = settlement.now;
  record.direction = LogRecord::Direction::sent;
  record.other_side = entry.mail.recipient;
  if (entry.mail.kind == OutboxMail::Kind::notice) record.what = kNoticeMark;
  if (entry.mail.kind == OutboxMail::Kind::copy) record.what = kCopyMark;
  record.what += entry.mail.what;
  record.message_id = entry.mail.id;
  record.attempts = entry.attempts + 1;
  record.detail = settlement.detail;
  switch (settlement.kind) {
    case Settlement::Kind::failed:
      record.result = LogRecord::Result::failed;
      break;
    case Settlement::Kind::sent:
      record.result = LogRecord::Result::sent;
      break;
    default:  // deferred; a split leaves no line
      record.result = LogRecord::Result::waiting;
  }
  // R1: two equal copies may have arrived, and the log has to say so.
  if (entry.in_doubt && settlement.kind != Settlement::Kind::deferred) {
    record.detail = "an earlier attempt may have arrived too; " + record.detail;
  }
  return cleaned(std::move(record));
}

LogRecord waiting_record(const OutboxEntry& entry) {
  LogRecord record = sent_record(entry, Settlement{Settlement::Kind::deferred, entry.created, {}, false, {}});
  record.attempts = entry.attempts;
  record.detail = entry.last_trouble;
  return record;
}

LogRecord bounced_record(LogRecord sent, const MailVerdict& bounce) {
  sent.result = LogRecord::Result::bounced;
  if (bounce.log && !bounce.log->detail.empty()) sent.detail = bounce.log->detail;
  return cleaned(std::move(sent));
}

Status check(const Settlement& settlement) {
  if (settlement.kind != Settlement::Kind::split || !settlement.parts.empty()) return {};
  return make_error(Cause::internal, Step::store, "a mail in no parts", Retry::never);
}

void defer(OutboxEntry& entry, const Settlement& settlement) {
  ++entry.attempts;
  entry.next_attempt = settlement.next_attempt;
  entry.in_doubt = entry.in_doubt || settlement.in_doubt;
  entry.last_trouble = clean_line(settlement.detail);
}

OutboxEntry fresh_entry(const OutboxMail& mail, WallTime now) {
  return {mail, now, now, 0, false, {}};
}

OutboxEntry part_entry(const OutboxEntry& whole, const OutboxMail& part) {
  OutboxEntry entry = fresh_entry(part, whole.created);
  entry.next_attempt = whole.next_attempt;
  entry.in_doubt = whole.in_doubt;
  entry.last_trouble = whole.last_trouble;
  entry.mail.shows_secret = part.shows_secret || whole.mail.shows_secret;
  return entry;
}

bool due(WallTime next_attempt, WallTime now) {
  return next_attempt <= now || next_attempt - now > limits::kLongestRetryWait;
}

bool still_counts(WallTime time, WallTime now) {
  return now - time < kReplyMemory && time - now < kReplyMemory;
}

std::string counted_as(std::string_view recipient) {
  return lower(recipient);
}

}  // namespace remotemail::store_rules
