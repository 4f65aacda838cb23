// One IMAP connection: commands out, responses in, with every bound and deadline. It knows no mails.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "protocol/dialogue.hpp"
#include "protocol/imap/imap_strings.hpp"
#include "protocol/imap/imap_wire.hpp"
#include "protocol/line_channel.hpp"
#include "remotemail/core/random.hpp"

namespace remotemail::imap {

// Given every untagged response of one command, after the dialogue has noted what concerns itself.
using OnResponse = std::function<void(Response&)>;

// The responses one command may draw before the session is given up: a whole listing, and what other clients
// do meanwhile (Y6).
inline constexpr std::size_t kResponsesPerCommand = limits::kListedMails + 1000;

// One session, one thread. The first error ends it: every later command fails with the same error, nothing is
// sent. Tags are unguessable, so an answer written before its command was sent is never taken for one.
class Dialogue {
 public:
  Dialogue(std::unique_ptr<Stream>, const ServerAccount&, const Clock&, Random&);

  // The server's first response. not_this_protocol when it is no IMAP greeting, refused_for_now for BYE.
  Result<StatusText> greeting(const Deadline&);

  // Sends the command and reads up to its tagged answer, within limits::kCommandTime and what is left of
  // limits::kMailboxSessionTime. NO and BAD are no errors here; see refusal().
  Result<StatusText> run(const Command&, Step, const Deadline&, const OnResponse& = {},
                         const ResponseLimits& = {});

  // TLS, and everything the server said before is forgotten (RFC 2595 3.1).
  Status start_tls(const TlsPolicy&, const Deadline&);
  bool under_tls() { return channel_.stream().tls().active; }

  // Asks for the capabilities unless the server has told them since they were forgotten.
  Status learn_capabilities(const Deadline&);
  void forget_capabilities() { capabilities_.reset(); }
  std::size_t capabilities_told() const { return capabilities_told_; }  // how often, so far
  bool has(std::string_view capability) const;                          // upper case

  // RFC 3501 5.2: the mailbox as of the latest response.
  std::uint64_t exists() const { return exists_; }
  std::uint64_t expunged() const { return expunged_; }  // how many mails vanished during the session

  const Clock& clock() const { return channel_.clock(); }
  SessionInfo info() const { return channel_.info(); }

  // The error a NO, BAD or BYE stands for. RFC 5530's codes decide where they do (UNAVAILABLE, SERVERBUG,
  // LIMIT: refused_for_now; INUSE: mailbox_in_use; both to be tried later), else `cause` and `retry`.
  Error refusal(const StatusText&, Step, Cause cause, Retry retry, std::string detail = {}) const;

 private:
  std::string shown(const StatusText&) const;
  Error unreadable(Error) const;  // the grammar's error, fit to be shown
  Deadline bounded(const Deadline&, std::chrono::milliseconds) const;
  Result<StatusText> exchange(const Command&, const Deadline&, const OnResponse&, const ResponseLimits&);
  Status note(const Response&);
  Status note(const StatusText&);
  Error failed(Error, Step);  // makes the error the session's last word

  LineChannel channel_;
  Scrubber scrubber_;
  Random& random_;
  SteadyTime session_end_;
  std::optional<Error> failure_;
  std::optional<StatusText> bye_;
  std::string alert_;  // RFC 3501 7.1: to be shown to people; it goes along with the next error
  std::optional<std::vector<std::string>> capabilities_;
  std::size_t capabilities_told_ = 0;
  std::uint64_t exists_ = 0;
  std::uint64_t expunged_ = 0;
};

}  // namespace remotemail::imap
