#include "web/log_in.hpp"

#include <arpa/inet.h>
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

// Who waits after wrong passwords: an address; of IPv6 its network, for within that a guesser has as many as he likes.
std::string who_waits(std::string_view peer) {
  constexpr std::size_t kNetwork = 8;
  in6_addr address{};
  const std::string text(peer);
  if (peer.find('.') != std::string_view::npos || inet_pton(AF_INET6, text.c_str(), &address) != 1)
    return text;
  return to_hex({reinterpret_cast<const char*>(address.s6_addr), kNetwork});
}

}  // namespace

std::string_view password_key(Door door) noexcept {
  return door == Door::environment ? "security.operator_password" : "security.maintenance_password";
}

bool LogIn::factory_counts(Door door) const {
  return hash_of(*agent_.settings(), door).empty();
}

Knock LogIn::knock(Door door, std::string_view address, std::string_view password) {
  Knock knock;
  const std::string peer = who_waits(address);
  knock.wait = sessions_.wait_of(peer);
  if (knock.wait.count() == 0) {
    const std::lock_guard lock(one_at_a_time_);
    knock.wait = sessions_.wait_of(peer);  // of those that waited here with us, one may have been wrong
    if (knock.wait.count() == 0) {
      const PasswordHash hash = hash_of(*agent_.settings(), door);
      knock.factory = hash.empty();
      const bool right = knock.factory ? equal_in_constant_time(password, factory_value(door))
                                       : verify_password(hash, password);
      if (right) {
        sessions_.password_was_right(peer);
        knock.result = Knock::Result::right;
        return knock;
      }
      sessions_.password_was_wrong(peer);
      knock.factory = false;
      knock.wait = sessions_.wait_of(peer);
      // The first slips are nobody's business; of what goes on the log hears, at the pace of the delay.
      if (knock.wait.count() > 0) {
        logger_.log(LogLevel::notice, fmt::format("pages: a wrong {} password again from {}",
                                                  door == Door::environment ? "operator" : "maintenance",
                                                  clean_line(address, 60)));
      }
      return knock;
    }
  }
  knock.result = Knock::Result::too_early;
  return knock;
}

}  // namespace remotemail::web
