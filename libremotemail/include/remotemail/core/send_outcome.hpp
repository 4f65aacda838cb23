// What became of one mail that was handed to the SMTP server.
#pragma once

#include <optional>
#include <string>

#include "remotemail/core/result.hpp"

namespace remotemail {

struct SendOutcome {
  enum class Kind {
    sent,      // the server has confirmed it: never send again
    deferred,  // 4xx, timeout, lost line, or a set-up fault (5xx before RCPT): try again by schedule (R6)
    failed,    // 5xx at RCPT, DATA or after the data: never try again
  };
  Kind kind = Kind::deferred;
  bool in_doubt = false;       // the line broke after the final dot: the server may have it (R1)
  std::string server_line;     // its last answer, cleaned; for `sent` it often holds the queue id
  std::optional<Error> error;  // for deferred and failed
};

}  // namespace remotemail
