// What every store decides alike, free of any medium: runs in the log, due times, the line a settlement
// leaves.
#pragma once

#include <chrono>
#include <string>
#include <string_view>

#include "remotemail/core/limits.hpp"
#include "remotemail/core/log_record.hpp"
#include "remotemail/core/result.hpp"
#include "remotemail/mail_store/batch.hpp"

namespace remotemail::store_rules {

using namespace std::chrono_literals;

inline constexpr auto kRun = 1h;           // C7: a run of illegal mails
inline constexpr auto kReplyMemory = 25h;  // R11 counts over 24 h; the hour is for clocks that are set

// How long, and how many of, a kind of memory is kept.
struct Retention {
  std::chrono::milliseconds age;  // what is older is forgotten …
  std::size_t at_least;           // … but for the latest so many
  std::size_t at_most;            // more are never kept
};
Retention retention(Memory::Kind kind);

// C7: whether `next` is one more of the run whose record is `latest`, the newest record of a received mail: illegal
// mails with one reason within an hour, and automatic ones likewise (R10).
bool joins_run(const LogRecord& latest, const LogRecord& next);

// A record that anybody who knows the address can cause: of an illegal or an automatic mail, or of a notice. Of a full
// log such records hold at most kJunkKept lines; beyond, the oldest of them makes room, so that no flood of junk pushes out what
// was answered.
bool is_junk(const LogRecord& record);
inline constexpr std::size_t kJunkKept = limits::kLogKept / 2;

// Texts as the log keeps them, whatever the caller did: one printable line each.
LogRecord cleaned(LogRecord record);

// The log line of a mail that was tried once more; says so when a second copy may have arrived (R1).
LogRecord sent_record(const OutboxEntry& entry, const Settlement& settlement);

// The log line a mail of the outbox would have that was not tried yet.
LogRecord waiting_record(const OutboxEntry& entry);

// The line of a sent mail whose bounce came back (R10), with the reason when the bounce's own record names
// one.
LogRecord bounced_record(LogRecord sent, const MailVerdict& bounce);

// A split without parts would lose the mail: Cause::internal.
Status check(const Settlement& settlement);

// The entry after an attempt that was put off.
void defer(OutboxEntry& entry, const Settlement& settlement);

// An entry that was committed now.
OutboxEntry fresh_entry(const OutboxMail& mail, WallTime now);

// The entry that a part of `whole` makes: as old and as doubtful as that, but not tried yet.
OutboxEntry part_entry(const OutboxEntry& whole, const OutboxMail& part);

bool due(WallTime next_attempt, WallTime now);

// Whether a reply committed at `time` still matters for R11; false also for times the clock was set back
// behind.
bool still_counts(WallTime time, WallTime now);

// Two spellings of one address count as one sender (R11).
std::string counted_as(std::string_view recipient);

}  // namespace remotemail::store_rules
