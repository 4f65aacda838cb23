#include "web/log_in.hpp"

#include <fmt/format.h>

#include "core/text.hpp"

namespace remotemail::web {
namespace {

std::string_view factory_value(Door door) {
  return door == Door::environment ? "0000" : "9272";
}

PasswordHash hash_of(const Settings& settings, Door door) {
  return door == Door::environment ? settings.operator_password : settings.maintenance_password;
}

}  // namespace

std::string_view password_key(Door door) noexcept {
  return door == Door::environment ? "security.operator_password" : "security.maintenance_password";
}

bool LogIn::factory_counts(Door door) const {
  return hash_of(*agent_.settings(), door).empty();
}

OpenedBy LogIn::passwords() const {
  const auto settings = agent_.settings();
  return {settings->operator_password, settings->maintenance_password};
}

void LogIn::narrow(SessionView& session) const {
  Rights& rights = session.rights;
  if (rights == Rights{}) return;
  const OpenedBy now = passwords();
  if (!(session.opened_by.operator_ == now.operator_)) rights.operator_ = rights.operator_must_choose = false;
  if (!(session.opened_by.maintenance == now.maintenance))
    rights.maintenance = rights.maintenance_must_choose = false;
}

Knock LogIn::knock(Door door, std::string_view peer, std::string_view password) {
  Knock knock;
  knock.wait = sessions_.wait_of(peer, door);
  if (knock.wait.count() == 0) {
    const std::lock_guard lock(one_at_a_time_);
    knock.wait = sessions_.wait_of(peer, door);  // of those that waited here with us, one may have been wrong
    if (knock.wait.count() == 0) {
      const PasswordHash hash = hash_of(*agent_.settings(), door);
      knock.factory = hash.empty();
      const bool right = knock.factory ? equal_in_constant_time(password, factory_value(door))
                                       : verify_password(hash, password);
      if (right) {
        sessions_.password_was_right(peer, door);
        knock.result = Knock::Result::right;
        knock.opened_by = hash;
        return knock;
      }
      sessions_.password_was_wrong(peer, door);
      knock.factory = false;
      knock.wait = sessions_.wait_of(peer, door);
      // The first slips are nobody's business; of what goes on the log hears, at the pace of the delay.
      if (knock.wait.count() > 0) {
        logger_.log(LogLevel::notice, fmt::format("pages: a wrong {} password again from {}",
                                                  door == Door::environment ? "operator" : "maintenance",
                                                  clean_line(peer, 60)));
      }
      return knock;
    }
  }
  knock.result = Knock::Result::too_early;
  return knock;
}

}  // namespace remotemail::web
