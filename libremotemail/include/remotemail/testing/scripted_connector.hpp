// A network that follows a script: the dialogue tests of our own clients, and of an integrator's.
//
// A script is text, one step a line; blanks before a step, empty lines and lines with `#` do not count:
//
//   S: +OK ready          the server says this line and CRLF
//   S! +OK\x00\n          the server says exactly this; escapes \r \n \t \0 \\ \xHH, no line end of its own
//   C: AUTH PLAIN *       the client must say this line and CRLF; `*` stands for any run of characters
//   C: {tag} NOOP         a name in braces stands for a run of non-blanks, and is remembered ...
//   S: {tag} OK           ... for later steps; braces around anything else are plain text
//   TLS                   the client must start TLS, which succeeds
//   TLS FAILS             ... which fails with certificate_untrusted
//   SILENT                the server says no more: the clock moves to the reader's deadline, then timed_out
//   WAIT 59s              the server thinks: the clock moves by as much, or to the reader's deadline, then timed_out
//   CLOSE                 the server closes in order
//   LOST                  the line breaks
//   STOP                  as soon as the step before is over, a stop is requested of stop_token(); reading
//                         and writing then fail with Cause::stopped for a deadline with that token
//   FLOOD text            the server says this line and CRLF for ever
//
// After the last step the server has closed. The client may not speak while lines of the server are unread: a
// dialogue that relies on it is not the one that stands in the script.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <stop_token>
#include <string>
#include <string_view>
#include <vector>

#include "remotemail/protocol/stream.hpp"
#include "remotemail/testing/manual_clock.hpp"

namespace remotemail::testing {

// How a script is played.
struct Playing {
  enum class End { none, closed, lost, broken, silent };  // broken: as lost, and writing fails as well
  bool byte_by_byte = false;                              // the client reads one octet at a time
  End end = End::none;                                    // how the line is cut ...
  std::size_t after_steps = SIZE_MAX;                     // ... after so many steps of the (first) script ...
  std::size_t and_octets = 0;                             // ... and so many octets of the step behind
};

// Plays one script a connection, in order; one more connection is refused. One thread.
class ScriptedConnector final : public Connector {
 public:
  // `clock` must outlive the connector and its streams. A script that cannot be read stands in problem().
  explicit ScriptedConnector(ManualClock& clock, std::vector<std::string> scripts = {}, Playing playing = {});
  ~ScriptedConnector() override;

  Result<std::unique_ptr<Stream>> connect(const std::string& host, std::uint16_t port,
                                          const std::string& dns_server, const Deadline& deadline) override;

  // Empty, or where client and script parted: the step expected and what came.
  std::string problem() const;
  // True when every step of every script has been taken.
  bool finished() const;
  // Every octet the clients wrote, and the part of it that was not under TLS.
  std::string written() const;
  std::string written_in_clear() const;
  // The octets of each single write().
  std::vector<std::string> writes() const;
  // "host:port" of each connect(), and what each start_tls() asked for.
  std::vector<std::string> connections() const;
  std::vector<TlsPolicy> tls_policies() const;
  // The token that STOP sets off.
  std::stop_token stop_token() const;

  struct State;

 private:
  std::shared_ptr<State> state_;
};

// One run of replay().
struct Replay {
  std::string name;  // "whole", "byte by byte", "lost after step 7 (S: +OK)"
  bool whole;        // false: the line was cut somewhere
  ScriptedConnector& connector;
  ManualClock& clock;
};

struct ReplayOptions {
  bool after_every_octet = false;  // cut there too, not only after every step
};

// Plays `script` whole, byte by byte, and cut after every step in every way. `dialogue` runs the client
// against replay.connector and checks what came of it: for whole runs the outcome, for cut ones that nothing
// is taken for success. Returns what went against the script, one line each, or nothing; a whole run must
// take every step.
std::string replay(std::string_view script, const std::function<void(Replay&)>& dialogue,
                   ReplayOptions options = {});

}  // namespace remotemail::testing
