// The port to the SMTP server.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>

#include "remotemail/core/clock.hpp"
#include "remotemail/core/mail.hpp"
#include "remotemail/core/result.hpp"
#include "remotemail/core/send_outcome.hpp"
#include "remotemail/protocol/stream.hpp"

namespace remotemail {

// Where the sender pulls its mails from. Called from the sender's thread only.
class OutgoingQueue {
 public:
  virtual ~OutgoingQueue() = default;
  // The next mail; none: the session ends. One may be asked for before the one before it is settled.
  virtual std::optional<OutgoingMail> next() = 0;
  // Called as soon as the server's answer is read and before another final dot leaves; returns when it is durable.
  // An error ends the session at once: what cannot be noted must not be sent.
  virtual Status settled(const OutgoingMail& mail, const SendOutcome& outcome) = 0;
};

// An open, logged-in submission session.
class MailSender {
 public:
  virtual ~MailSender() = default;
  // Sends until the queue is empty, the line breaks or the deadline's stop is requested (then no new DATA is begun,
  // and the answer to a final dot is waited for at most limits::kStopPatience). Each mail given by next() is settled
  // exactly once. limits::kSendingSessionTime after the opening no further mail is begun (timed_out). An error means
  // the rest was not tried; a set-up fault is also the settled outcome of the mail in hand.
  virtual Status send(OutgoingQueue& queue, const Deadline& deadline) = 0;
  // The largest message the server takes (RFC 1870), 0: it does not say.
  virtual std::uint64_t size_limit() const { return 0; }

  // For the doctor (`check`): asks whether the server takes this sender and recipient; no mail is sent. Before send().
  virtual Status try_envelope(const std::string& from, const std::string& to, const Deadline& deadline) = 0;
  virtual SessionInfo session() const { return {}; }
};

}  // namespace remotemail
