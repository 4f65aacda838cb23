#include "web/sessions.hpp"

#include <algorithm>
#include <tuple>

#include "core/crypto/digest.hpp"
#include "core/text.hpp"
#include "web/request.hpp"

namespace remotemail::web {
namespace {

constexpr std::size_t kOctets = 16;       // 128 bits nobody can guess
constexpr std::size_t kWrongPeers = 512;  // addresses and doors whose wrong passwords are remembered
constexpr std::chrono::seconds kLongestWait{60};
constexpr std::chrono::minutes kForgiven{30};  // after the wait is over

std::string digits(std::string_view key, std::string_view what, std::string_view nonce) {
  std::string data;
  append_field(data, what);
  append_field(data, nonce);
  return to_hex(hmac_sha256(key, data).substr(0, kOctets));
}

bool opens_a_door(const Rights& rights) {
  return rights.operator_ || rights.maintenance;
}

}  // namespace

std::optional<SessionView> Sessions::find(std::string_view id, bool counts_as_use) {
  const std::lock_guard lock(mutex_);
  const SteadyTime now = clock_.steady_now();
  forget_old(now);
  const auto found = sessions_.find(id);
  if (found == sessions_.end()) return known_visitor(id);
  if (counts_as_use) found->second.used = now;
  return found->second.view;
}

SessionView Sessions::begin() {
  return visitor(random_.hex(kOctets));
}

SessionView Sessions::visitor(std::string_view nonce) const {
  const std::string_view key = visitors_key_.reveal();
  return {std::string(nonce) + digits(key, "id", nonce), digits(key, "form", nonce), {}, {}};
}

std::optional<SessionView> Sessions::known_visitor(std::string_view id) const {
  constexpr std::size_t kNonce = 2 * kOctets;
  if (id.size() != 2 * kNonce) return std::nullopt;
  SessionView view = visitor(id.substr(0, kNonce));
  if (!equal_in_constant_time(id, view.id)) return std::nullopt;
  if (std::find(left_behind_.begin(), left_behind_.end(), id) != left_behind_.end()) return std::nullopt;
  return view;
}

SessionView Sessions::log_in(std::string_view old_id, Rights added, OpenedBy opened_by) {
  const std::lock_guard lock(mutex_);
  const SteadyTime now = clock_.steady_now();
  forget_old(now);
  Rights rights = added;
  if (const auto old = sessions_.find(old_id); old != sessions_.end()) {
    const SessionView& had = old->second.view;
    if (!added.operator_ && !added.operator_must_choose) {
      rights.operator_ = had.rights.operator_;
      rights.operator_must_choose = had.rights.operator_must_choose;
      opened_by.operator_ = had.opened_by.operator_;
    }
    if (!added.maintenance && !added.maintenance_must_choose) {
      rights.maintenance = had.rights.maintenance;
      rights.maintenance_must_choose = had.rights.maintenance_must_choose;
      opened_by.maintenance = had.opened_by.maintenance;
    }
    sessions_.erase(old);
  } else if (known_visitor(old_id)) {
    left_behind_.emplace_back(old_id);
    if (left_behind_.size() > kMost) left_behind_.pop_front();
  }
  return add(now, rights, std::move(opened_by));
}

void Sessions::set_rights(std::string_view id, Rights rights) {
  const std::lock_guard lock(mutex_);
  if (const auto found = sessions_.find(id); found != sessions_.end()) found->second.view.rights = rights;
}

void Sessions::end(std::string_view id) {
  const std::lock_guard lock(mutex_);
  if (const auto found = sessions_.find(id); found != sessions_.end()) sessions_.erase(found);
}

void Sessions::end_all(bool operator_, bool maintenance, std::string_view except) {
  const std::lock_guard lock(mutex_);
  std::erase_if(sessions_, [&](const auto& entry) {
    const Rights& rights = entry.second.view.rights;
    return entry.first != except && ((operator_ && (rights.operator_ || rights.operator_must_choose)) ||
                                     (maintenance && (rights.maintenance || rights.maintenance_must_choose)));
  });
}

std::chrono::seconds Sessions::wait_of(std::string_view peer, Door door) {
  const std::lock_guard lock(mutex_);
  const auto found = wrong_.find({network_of(peer), door});
  const SteadyTime now = clock_.steady_now();
  if (found == wrong_.end() || found->second.until <= now) return std::chrono::seconds::zero();
  return std::chrono::ceil<std::chrono::seconds>(found->second.until - now);
}

void Sessions::password_was_wrong(std::string_view peer, Door door) {
  const std::pair guesser(network_of(peer), door);
  const std::lock_guard lock(mutex_);
  const SteadyTime now = clock_.steady_now();
  std::erase_if(wrong_, [&](const auto& entry) { return entry.second.until + kForgiven <= now; });
  if (wrong_.size() >= kWrongPeers && !wrong_.contains(guesser)) {
    wrong_.erase(std::min_element(wrong_.begin(), wrong_.end(), [](const auto& a, const auto& b) {
      return a.second.until < b.second.until;
    }));
  }
  Wrong& wrong = wrong_.try_emplace(guesser).first->second;
  ++wrong.count;
  // Two are free: fingers slip. Then 1, 2, 4 … seconds, up to a minute.
  if (wrong.count <= 2) {
    wrong.until = now;
  } else {
    wrong.until =
        now + std::min(kLongestWait, std::chrono::seconds(1) * (1 << std::min(wrong.count - 3, 6U)));
  }
}

void Sessions::password_was_right(std::string_view peer, Door door) {
  const std::lock_guard lock(mutex_);
  wrong_.erase({network_of(peer), door});
}

void Sessions::forget_old(SteadyTime now) {
  std::erase_if(sessions_, [&](const auto& entry) {
    return now - entry.second.used >= idle_ || now - entry.second.begun >= kAtMost;
  });
}

SessionView Sessions::add(SteadyTime now, Rights rights, OpenedBy opened_by) {
  if (sessions_.size() >= kMost) {
    sessions_.erase(std::min_element(sessions_.begin(), sessions_.end(), [](const auto& a, const auto& b) {
      return std::make_tuple(opens_a_door(a.second.view.rights), a.second.used) <
             std::make_tuple(opens_a_door(b.second.view.rights), b.second.used);
    }));
  }
  SessionView view{random_.hex(kOctets), random_.hex(kOctets), rights, std::move(opened_by)};
  sessions_.emplace(view.id, Session{view, now, now});
  return view;
}

}  // namespace remotemail::web
