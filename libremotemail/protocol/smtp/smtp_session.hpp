// The opening of an SMTP dialogue, and one command and its reply at a time. Knows nothing of mails and
// queues.
#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "protocol/dialogue.hpp"
#include "protocol/line_channel.hpp"
#include "protocol/smtp/smtp_wire.hpp"
#include "remotemail/core/server_account.hpp"
#include "remotemail/protocol/mail_servers.hpp"

namespace remotemail::smtp {

// One thread. After an error of its own a session is of no further use.
class Session {
 public:
  Session(std::unique_ptr<Stream> stream, const ServerAccount& account, const std::string& client_name,
          const Clock& clock);

  // Greeting, EHLO, TLS and EHLO again, log-in.
  Status open(const Deadline&, const StepObserver&);
  const Capabilities& capabilities() const { return capabilities_; }
  const std::string& place() const { return place_; }
  SessionInfo info() const { return channel_.info(); }
  // What of a reply may be shown and kept.
  std::string shown(const Reply& reply) const { return scrubber_.shown(reply.text()); }
  // An error that the reply tells of.
  Error told(Cause, Step, Retry, const Reply&) const;
  const Clock& clock() const { return channel_.clock(); }

  // limits::kSendingSessionTime is over, counted from the connection: a server that dribbles must not keep
  // the one worker for hours. All but the final dot, its reply and QUIT ends there.
  bool out_of_time() const { return channel_.clock().steady_now() >= last_moment_; }

  // One line and the reply to it, within limits::kCommandTime.
  Result<Reply> command(std::initializer_list<std::string_view> pieces, Step, const Deadline&);
  // Writes what was made line by line already.
  Status write(std::string_view bytes, Step, const Deadline&);
  // Until the server's system has all that was written: a line that breaks before that leaves no doubt (R1). Given up
  // when nothing more of it has arrived for limits::kCommandTime.
  Status wait_until_arrived(Step, const Deadline&);
  // The final dot, which neither a stop nor the session's time cuts.
  Status write_final_dot(const Deadline&);
  // The reply to it, within limits::kFinalDotTime; a stop shortens the rest to
  // limits::kStopPatience.
  Result<Reply> confirmation(const Deadline&);
  // QUIT; what comes of it does not matter.
  void quit(const Deadline&);

 private:
  Status greet(const Deadline&);
  Status say_hello(const Deadline&);
  Status start_tls(const Deadline&);
  Status log_in(const Deadline&);
  Result<Reply> authenticate_plain(const Deadline&);
  Result<Reply> authenticate_login(const Deadline&);
  Result<Reply> answer_challenge(std::string_view response, const Deadline&);
  Result<Reply> read_reply(Step, const Deadline&);
  Result<bool> take(ReplyReader&, std::string_view line, Step) const;
  Error refusal(const Reply&, Cause if_permanent, Step) const;
  Deadline bounded(const Deadline&) const;

  LineChannel channel_;
  ServerAccount account_;
  std::string client_name_;
  std::string place_;
  Scrubber scrubber_;
  SteadyTime last_moment_;  // limits::kSendingSessionTime after the start
  Capabilities capabilities_;
};

}  // namespace remotemail::smtp
