// Who is logged in (Y5): random ids, new at each log-in, ten idle minutes, eight hours at most; and the delay that grows
// with each wrong password of an address, without ever locking anybody out for good.
#pragma once

#include <algorithm>
#include <chrono>
#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>

#include "remotemail/core/clock.hpp"
#include "remotemail/core/random.hpp"

namespace remotemail::web {

// What a session may do. Maintenance may not do what the operator may, nor the other way: two passwords, two rights.
struct Rights {
  bool operator_ = false;    // Environment setup (B4–B7)
  bool maintenance = false;  // Extension for maintenance (B23–B24)
  // Logged in with a factory password from elsewhere: only the page that chooses new ones (Y1).
  bool operator_must_choose = false, maintenance_must_choose = false;
  bool operator==(const Rights&) const = default;
};

struct SessionView {
  std::string id;          // the cookie's value
  std::string form_token;  // stands in each form of the session, never in an address
  Rights rights;
};

// Any thread.
class Sessions {
 public:
  static constexpr std::chrono::minutes kIdle{10};  // at most
  static constexpr std::chrono::hours kAtMost{8};
  static constexpr std::size_t kMost =
      64;  // the longest idle one without rights makes room, then the longest idle

  Sessions(const Clock& clock, Random& random, std::chrono::seconds idle = kIdle)
      : clock_(clock), random_(random), idle_(std::min<std::chrono::seconds>(idle, kIdle)) {}

  // Counts as use, unless it is a page's own question for news.
  std::optional<SessionView> find(std::string_view id, bool counts_as_use = true);
  SessionView begin();  // of a visitor nobody knows yet
  // After a right password: a new id and a new form token, the old ones are dead; the rights are added to what it had.
  SessionView log_in(std::string_view old_id, Rights added);
  void set_rights(std::string_view id, Rights rights);
  void end(std::string_view id);
  // A password was changed: everybody who had logged in with it has to do so again, but `except`.
  void end_all(bool operator_, bool maintenance, std::string_view except = {});

  // How long `peer` has to wait before its next password is looked at; zero: not at all.
  std::chrono::seconds wait_of(std::string_view peer);
  void password_was_wrong(std::string_view peer);
  void password_was_right(std::string_view peer);

 private:
  struct Session {
    SessionView view;
    SteadyTime begun, used;
  };
  struct Wrong {
    unsigned count = 0;
    SteadyTime until{};
  };
  void forget_old(SteadyTime now);  // mutex_ is held
  SessionView add(SteadyTime now, Rights rights);

  const Clock& clock_;
  Random& random_;
  const std::chrono::seconds idle_;
  std::mutex mutex_;
  std::map<std::string, Session, std::less<>> sessions_;
  std::map<std::string, Wrong, std::less<>> wrong_;
};

}  // namespace remotemail::web
