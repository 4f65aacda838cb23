// The POP3 dialogue: one command and its answer at a time. Knows nothing of keys, receipts and mails.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "protocol/dialogue.hpp"
#include "protocol/line_channel.hpp"
#include "protocol/pop3/pop3_wire.hpp"
#include "remotemail/core/server_account.hpp"
#include "remotemail/protocol/mail_servers.hpp"

namespace remotemail::pop3 {

// What RETR or TOP brought.
struct Retrieved {
  std::string bytes;            // unstuffed, at most the limit asked for
  bool cut = false;             // there was more
  std::optional<Error> ending;  // the server sent so much more that the session was given up
};

// One thread. After an error the session is over: every later call fails at once and says nothing to the
// server.
class Session {
 public:
  Session(std::unique_ptr<Stream> stream, const ServerAccount& account, const Clock& clock);

  // Greeting, CAPA, TLS, CAPA again, log-in.
  Status open(const Deadline&, const StepObserver&);

  SessionInfo info() const { return channel_.info(); }

  // None: the server has no CAPA.
  const std::optional<Capabilities>& capabilities() const { return capabilities_; }

  // LIST or UIDL: each line of the answer goes to `row`. False: the server answered -ERR.
  Result<bool> rows(std::string_view command, const std::function<void(std::string_view)>& row,
                    const Deadline&);

  // RETR (no `lines`) or TOP. Keeps `limit` octets, reads on for `allowance` octets in all. None: -ERR, with
  // whatever code.
  Result<std::optional<Retrieved>> retrieve(std::uint32_t number, std::optional<unsigned> lines,
                                            std::size_t limit, std::uint64_t allowance, const Deadline&);

  // False: -ERR.
  Result<bool> dele(std::uint32_t number, const Deadline&);

  // Ends the session; good only with the server's +OK.
  Status quit(const Deadline&);

 private:
  Status greet(const Deadline&);
  Status ask_capabilities(const Deadline&);
  Status start_tls(const Deadline&);
  Status log_in(const Deadline&);
  Result<StatusLine> authenticate_plain(const Deadline&);
  Result<StatusLine> user_and_pass(const Deadline&);
  Result<StatusLine> command(std::initializer_list<std::string_view> pieces, Step, const Deadline&);
  Result<StatusLine> read_status(Step, const Deadline&);
  Result<Retrieved> read_body(std::size_t limit, std::uint64_t allowance, const Deadline&);
  std::optional<StatusLine> take_status(std::string_view line);
  Error refusal(const StatusLine& latest, Cause otherwise, Step) const;
  Error no_status(Cause, Step, Retry, std::string_view line);  // the session is over
  Error end(Error error, Step step);                           // the session is over; `error` with its place
  Deadline bounded(const Deadline&) const;

  LineChannel channel_;
  ServerAccount account_;
  std::string place_;
  Scrubber scrubber_;
  std::string status_shown_;  // the latest status line, without secrets
  SteadyTime last_moment_;    // limits::kMailboxSessionTime after the start
  std::optional<Capabilities> capabilities_;
  bool over_ = false;
};

}  // namespace remotemail::pop3
