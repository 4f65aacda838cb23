// Who is logged in (Y5): random ids, new at each log-in, ten idle minutes, eight hours at most; and the delay that grows
// with each wrong password of an address, without ever locking anybody out for good. Who is not logged in costs no memory:
// no flood of visitors ends another's session, nor makes the form stale that somebody is filling in.
#pragma once

#include <algorithm>
#include <chrono>
#include <deque>
#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "remotemail/core/clock.hpp"
#include "remotemail/core/password.hpp"
#include "remotemail/core/random.hpp"
#include "remotemail/core/secret.hpp"

namespace remotemail::web {

enum class Door { environment, maintenance };  // operator password, maintenance password

// What a session may do. Maintenance may not do what the operator may, nor the other way: two passwords, two rights.
struct Rights {
  bool operator_ = false;    // Environment setup (B4–B7)
  bool maintenance = false;  // Extension for maintenance (B23–B24)
  // Logged in with a factory password from elsewhere: only the page that chooses new ones (Y1).
  bool operator_must_choose = false, maintenance_must_choose = false;
  bool operator==(const Rights&) const = default;
};

// The passwords that opened the doors, as they were stored then; empty: the factory value. Another one stored since, by
// page, panel or command line: the right is over (Y5).
struct OpenedBy {
  PasswordHash operator_, maintenance;
};

struct SessionView {
  std::string id;          // the cookie's value
  std::string form_token;  // stands in each form of the session, never in an address
  Rights rights;
  OpenedBy opened_by;
};

// Any thread.
class Sessions {
 public:
  static constexpr std::chrono::minutes kIdle{10};  // at most
  static constexpr std::chrono::hours kAtMost{8};
  static constexpr std::size_t kMost =
      64;  // logged in; the longest idle one that may only choose a password makes room, then the longest idle

  Sessions(const Clock& clock, Random& random, std::chrono::seconds idle = kIdle)
      : clock_(clock),
        random_(random),
        idle_(std::min<std::chrono::seconds>(idle, kIdle)),
        visitors_key_(random.hex(kKeyOctets)) {}

  // Counts as use, unless it is a page's own question for news.
  std::optional<SessionView> find(std::string_view id, bool counts_as_use = true);
  // Of a visitor nobody knows yet: id and token prove each other under a key of this run, and nothing is kept of them.
  SessionView begin();
  // After a right password: a new id and a new form token, the old ones are dead; the rights are added to what it had, and
  // those of `opened_by` that go with them.
  SessionView log_in(std::string_view old_id, Rights added, OpenedBy opened_by = {});
  void set_rights(std::string_view id, Rights rights);
  void end(std::string_view id);
  // A password was changed: everybody who had logged in with it has to do so again, but `except`.
  void end_all(bool operator_, bool maintenance, std::string_view except = {});

  // How long `peer` has to wait before its next password for this door is looked at; zero: not at all. Door by door: who
  // knows one password must not guess the other one without delay.
  std::chrono::seconds wait_of(std::string_view peer, Door door);
  void password_was_wrong(std::string_view peer, Door door);
  void password_was_right(std::string_view peer, Door door);

 private:
  static constexpr std::size_t kKeyOctets = 32;
  struct Session {
    SessionView view;
    SteadyTime begun, used;
  };
  struct Wrong {
    unsigned count = 0;
    SteadyTime until{};
  };
  void forget_old(SteadyTime now);  // mutex_ is held
  SessionView add(SteadyTime now, Rights rights, OpenedBy opened_by);
  SessionView visitor(std::string_view nonce) const;
  std::optional<SessionView> known_visitor(std::string_view id) const;  // mutex_ is held

  const Clock& clock_;
  Random& random_;
  const std::chrono::seconds idle_;
  const Secret visitors_key_;
  std::mutex mutex_;
  std::map<std::string, Session, std::less<>> sessions_;
  std::deque<std::string> left_behind_;  // visitors' ids that were logged in with: they are dead
  std::map<std::pair<std::string, Door>, Wrong> wrong_;
};

}  // namespace remotemail::web
