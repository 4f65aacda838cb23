// The port to what must not be lost: mails done, replies waiting, mail log. Ten calls; implementable on other media.
#pragma once

#include <cstdint>
#include <memory>
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
  std::shared_ptr<const Receipt> receipt{};  // of a done one; of most of a long listing there is none
};

// Power-loss contract: when a call that writes returns ok, what it wrote survives any loss of power; when it returns
// an error or power fails meanwhile, either all of that call's writes are there afterwards or none. After
// Cause::store_failed or store_damaged the store believes nothing: every call fails until it was opened anew (R9).
// Errors: store_full (nothing written, may work later), store_failed, store_damaged; from what seals: key_missing. Not
// thread-safe: see GuardedStore. A listing or a read writes nothing (R8), but for the forgetting in recall().
class MailStore {
 public:
  virtual ~MailStore() = default;

  // For each mail of the listing, in its order, what is known. When the listing is complete, what is known of mails of
  // this mailbox that it lacks is forgotten, so that a uid may be used anew (R3); writes only when there is something
  // to forget; while the listing has mails that are not known, the forgetting may wait for the next call that writes.
  virtual Result<std::vector<KnownMail>> recall(const MailboxListing&) = 0;

  // What a batch or a settlement left under this kind and key. Kept are: answered requests for limits::kDigestAge, and
  // the latest limits::kDigestsKept for ever (R3); the latest limits::kSendersKept known senders, however old; the
  // rest for a month. commit() forgets what is beyond, by the batch's time; a clock that was set back forgets nothing.
  virtual Result<std::optional<Remembered>> recall_memory(Memory::Kind, std::string_view key) = 0;

  // The log record of a mail we sent, or of one that waits (as `waiting`), by Message-ID: for bounces (R10). None: not
  // ours, or pushed out of the log.
  virtual Result<std::optional<LogRecord>> find_sent(std::string_view message_id) = 0;

  // Replies (no copies, notices, tests) committed since `from`, to `recipient` (in any case of its letters) or, when
  // that is empty, to all (R11). Looks back 24 hours at least.
  virtual Result<std::uint64_t> count_replies(WallTime from, std::string_view recipient) = 0;

  // Design step 1b: durably, one write for all, that these mails are about to be parsed (R5).
  virtual Status note_tries(std::span<const MailKey>) = 0;

  // Design step 8: everything of the batch or nothing. One receipt a verdict, in order, none for `set_aside`. A verdict
  // on a mail that is done already, or set aside already, leaves nothing but the receipt: it may be repeated.
  // changed_elsewhere: see Batch.
  virtual Result<std::vector<Receipt>> commit(const Batch&) = 0;

  // What waits, oldest first, without the messages.
  virtual Result<std::vector<OutboxEntry>> outbox() = 0;

  // The first entry behind the one with id `after` ("", or an id that is gone: from the start) whose next_attempt is not
  // after `now`, with its message. None: nothing (more) is due. A wait of more than limits::kLongestRetryWait counts as
  // over: the clock was set back. An entry whose message cannot be unsealed is never due; it fails by its age (R6).
  virtual Result<std::optional<OutboxEntry>> next_due(WallTime now, std::string_view after) = 0;

  // Notes what became of an attempt; `sent` and `failed` take the entry out and wipe what it showed (Y3). With the
  // log line, in one durable unit: the first deferral leaves a `waiting` line, which the final result takes the place
  // of, as the newest. After an attempt in doubt the final line says that two copies may have arrived (R1).
  // `split` puts the parts where the entry stood, before what waits behind it: created, due and in doubt as it was, not
  // tried yet, and no replies more for count_replies(). The entry and its waiting line are gone, without a line of its own.
  // not_found: no such entry.
  virtual Status settle(std::string_view id, const Settlement&) = 0;

  // The latest `limit` log records, newest first; `record`, when given, is appended (or joined, C7) before. Texts are
  // kept as clean lines.
  virtual Result<std::vector<LogRecord>> log(std::size_t limit, const LogRecord* record = nullptr) = 0;

 protected:
  static Receipt make_receipt(MailKey key) { return Receipt(std::move(key)); }
};

}  // namespace remotemail
