// What one poll has decided, as the one durable unit it becomes (R2, design step 8).
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "remotemail/core/log_record.hpp"
#include "remotemail/core/mail.hpp"
#include "remotemail/core/password.hpp"

namespace remotemail {

// A mail for the outbox.
struct OutboxMail {
  enum class Kind { reply, copy, notice, test };
  std::string id;            // Message-ID without brackets; unique. One that is there already is kept, not doubled.
  Kind kind = Kind::reply;
  std::string recipient;
  std::string what;          // for log and outbox list: "Counter list"
  std::string message;       // complete bytes; kept sealed
  bool shows_secret = false;  // wiped from disk when sent or failed (Y3)
};

// A small fact with a lifetime. What is remembered under the same kind and key is replaced.
struct Memory {
  enum class Kind {
    answered_request,  // R3, second key: digest of a mail that was answered; put by the store for such a verdict
    known_sender,      // Y8: digest of sender and host that brought an accepted mail
    notice_hour,       // H2: how many notices this hour has seen
    told,              // R6, R11, Y8: what the Manager was told of, and is to be told of
    guesses,           // Y8: how many wrong passwords this hour has seen
  };
  static constexpr std::size_t kKinds = 5;
  Kind kind = Kind::told;
  std::string key;    // any octets
  std::string value;  // any octets; its meaning is its writer's
  bool erase = false;  // forget it instead
};

// What recall_memory() gives. `time` is that of the batch, or the settlement, which brought it.
struct Remembered {
  std::string value;
  WallTime time{};
  bool operator==(const Remembered&) const = default;
};

struct MailVerdict {
  enum class Fate { answered, illegal, unanswerable, duplicate, bounce, set_aside };
  MailKey key;
  Fate fate = Fate::answered;
  std::string digest;               // R3, second key; 32 octets, or empty: none. Kept for `answered` only
  std::vector<OutboxMail> replies;  // in the order in which they are to be sent
  std::optional<LogRecord> log;     // joined with the latest one when C7 says so
  std::string bounced_id;           // bounce: whose log line, if `sent`, becomes "not delivered" with log's detail
};

struct Batch {
  WallTime now{};
  std::vector<MailVerdict> verdicts;
  // Mails that were noted by note_tries(), brought nothing down and stay on the server all the same (R11, a device that
  // went off): their tries are forgotten, or innocent mails would be set aside.
  std::vector<MailKey> spared;
  std::vector<Memory> memories;  // in order; also without any verdict
  // Mails of ours that no verdict brings (R6's daily notice, a summary); wait behind the replies of the verdicts.
  std::vector<OutboxMail> notices;
  // CHPASS: the new hash of setting `password_key`, if that setting still has the generation the batch was judged by.
  // Judged by an older one, also without a change: commit fails with changed_elsewhere, and the mails are judged again.
  std::string password_key;
  std::uint64_t password_generation = 0;
  std::optional<PasswordHash> new_password;
};

// A mail that waits in the outbox.
struct OutboxEntry {
  OutboxMail mail;           // without `message` in listings
  WallTime created{};
  WallTime next_attempt{};   // not before this
  unsigned attempts = 0;     // how often it was tried
  bool in_doubt = false;     // an attempt broke after the final dot (R1); stays, whatever later ones say
  std::string last_trouble;  // the latest failure in words, cleaned
};

// What became of an attempt, or of an entry that is too large to be tried.
struct Settlement {
  enum class Kind {
    sent, deferred, failed,
    split,  // G: `parts` take its place
  };
  Kind kind = Kind::sent;
  WallTime now{};
  WallTime next_attempt{};   // deferred
  bool in_doubt = false;
  std::string detail;        // the server's line or the failure in words; for the log
  std::vector<OutboxMail> parts{};  // split: in their order, at least one
  std::vector<Memory> memories{};  // as Batch::memories
};

}  // namespace remotemail
