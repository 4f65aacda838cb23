// The port to the copier's mailbox, POP3 or IMAP alike.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <vector>

#include "remotemail/core/clock.hpp"
#include "remotemail/core/mail.hpp"
#include "remotemail/core/receipt.hpp"
#include "remotemail/core/result.hpp"
#include "remotemail/protocol/stream.hpp"

namespace remotemail {

struct FetchRequest {
  enum class Part {
    header,     // the header block with its empty line
    beginning,  // header and the first `lines` lines of the body (POP3 TOP n; IMAP by octets)
    whole,
  };
  MailKey key;
  Part part = Part::whole;
  unsigned lines = 0;
  std::size_t byte_limit = 0;  // what is longer arrives cut, with complete = false; never 0
};

// Takes one mail at a time; false ends the fetch in good order.
using FetchSink = std::function<bool(RawMail)>;

// An open, logged-in mailbox; one session, one thread. After any error but not_found the session is over: only
// destroying it makes sense. Destroying an open mailbox cuts the line and removes nothing.
class Mailbox {
 public:
  virtual ~Mailbox() = default;

  // All mails, oldest first; rows beyond limits::kListedMails are counted, not kept.
  virtual Result<MailboxListing> list(const Deadline&) = 0;

  // Mails reach the sink in the order asked for. One that is gone meanwhile, or that the server will not
  // give, is left out. On an error what had arrived complete has been handed over. Requests name mails of the latest
  // list(). The caller keeps the sum of byte limits of one call within limits::kFetchedBytesAtOnce, or asks
  // for one mail.
  virtual Status fetch(std::span<const FetchRequest>, const FetchSink&, const Deadline&) = 0;

  // Queues removal; close() makes it final. Receipts of another mailbox are ignored.
  virtual void remove(std::span<const Receipt>) = 0;

  // Ends the session (POP3 QUIT and its +OK; IMAP EXPUNGE, LOGOUT). Says which of the queued mails are gone for
  // sure; on an error some may be.
  virtual Result<std::vector<MailKey>> close(const Deadline&) = 0;

  // For the doctor (`check`).
  virtual SessionInfo session() const { return {}; }
  // How many mails another mail program has marked as read: we mark none. None: the protocol does not tell (POP3).
  virtual Result<std::optional<std::uint64_t>> read_elsewhere(const Deadline&) { return std::optional<std::uint64_t>(); }
};

}  // namespace remotemail
