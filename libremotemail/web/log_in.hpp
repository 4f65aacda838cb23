// The two passwords that open pages (B6, B23), their factory values (Y1), and the delay after wrong ones (Y5).
#pragma once

#include <chrono>
#include <mutex>
#include <string_view>

#include "remotemail/agent/agent.hpp"
#include "remotemail/core/logger.hpp"
#include "web/sessions.hpp"

namespace remotemail::web {

struct Knock {
  enum class Result { right, wrong, too_early };
  Result result = Result::wrong;
  bool factory = false;          // right, and it was the factory value
  PasswordHash opened_by;        // right: what it was compared with
  std::chrono::seconds wait{0};  // before the next password is looked at
};

// Any thread. One password is looked at at a time: its hash is slow and large on purpose, and a row of guesses sent at
// once must not get past the delay.
class LogIn {
 public:
  LogIn(Agent& agent, Sessions& sessions, Logger& logger)
      : agent_(agent), sessions_(sessions), logger_(logger) {}

  Knock knock(Door, std::string_view peer, std::string_view password);
  bool factory_counts(Door) const;  // nobody has chosen another one yet
  OpenedBy passwords() const;       // as they are stored now
  // Takes away what was opened with a password that is no longer the one (Y5): whoever changes it, wherever, means it.
  void narrow(SessionView&) const;

 private:
  Agent& agent_;
  Sessions& sessions_;
  Logger& logger_;
  std::mutex one_at_a_time_;
};

// The setting behind a door: "security.operator_password".
std::string_view password_key(Door) noexcept;

}  // namespace remotemail::web
