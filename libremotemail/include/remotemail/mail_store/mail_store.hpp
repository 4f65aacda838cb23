// The port to what must not be lost: mails done, replies waiting, mail log. Ten calls; implementable on other media.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "remotemail/core/receipt.hpp"
#include "remotemail/core/result.hpp"
#include "remotemail/mail_store/batch.hpp"

namespace remotemail {

// What the store remembers of one listed mail.
struct KnownMail {
  enum class State {
    unknown,
    tried,      // noted by note_tries(), never committed: it, or one beside it, brought us down (R5)
    set_aside,  // after limits::kTriesBeforeSetAside tries
    done,       // R3: only to be removed again, with `receipt`
  };
  State state = State::unknown;
  unsigned tries = 0;
  std::optional<Receipt> receipt;
};

// Power-loss contract: when a call that writes returns ok, what it wrote survives any loss of power; when it returns
// an error or power fails meanwhile, either all of that call's writes are there afterwards or none. After
// Cause::store_failed the store believes nothing: every call fails until it was opened anew (R9).
// Errors: store_full (nothing written, may work later), store_failed, store_damaged. Not thread-safe: see
// GuardedStore. A listing or a read writes nothing (R8), but for the forgetting in recall().
class MailStore {
 public:
  virtual ~MailStore() = default;

  // For each mail of the listing, in its order, what is known. When the listing is complete, done-keys of this mailbox
  // that it lacks are forgotten, so that a uid may be used anew (R3); writes only when there is something to forget.
  virtual Result<std::vector<KnownMail>> recall(const MailboxListing&) = 0;

  // R3, second key: whether a mail with this digest was answered within limits::kDigestAge or among the latest
  // limits::kDigestsKept.
  virtual Result<bool> answered(std::string_view digest) = 0;

  // The log record of a mail we sent, by Message-ID: for bounces (R10). None: not ours, or too long ago.
  virtual Result<std::optional<LogRecord>> find_sent(std::string_view message_id) = 0;

  // Replies (no copies, notices, tests) committed since `from`, to `recipient` or, when that is empty, to all (R11).
  virtual Result<std::uint64_t> count_replies(WallTime from, std::string_view recipient) = 0;

  // Design step 1b: durably, one write for all, that these mails are about to be parsed (R5).
  virtual Status note_tries(std::span<const MailKey>) = 0;

  // Design step 8: everything of the batch or nothing. One receipt a verdict, in order, none for `set_aside`.
  // changed_elsewhere: see Batch.
  virtual Result<std::vector<Receipt>> commit(const Batch&) = 0;

  // What waits, oldest first, without the messages.
  virtual Result<std::vector<OutboxEntry>> outbox() = 0;

  // The first entry behind the one with id `after` ("": from the start) whose next_attempt is not after `now`, with
  // its message. none: nothing (more) is due.
  virtual Result<std::optional<OutboxEntry>> next_due(WallTime now, std::string_view after) = 0;

  // Notes what became of an attempt; `sent` and `failed` take the entry out and wipe what it showed (Y3). With the
  // log line, in one durable unit. not_found: no such entry.
  virtual Status settle(std::string_view id, const Settlement&) = 0;

  // The latest `limit` log records, newest first; `record`, when given, is appended before.
  virtual Result<std::vector<LogRecord>> log(std::size_t limit, const LogRecord* record = nullptr) = 0;

 protected:
  static Receipt make_receipt(MailKey key) { return Receipt(std::move(key)); }
};

}  // namespace remotemail
