#include "web/sessions.hpp"

#include <algorithm>
#include <tuple>

#include "web/request.hpp"

namespace remotemail::web {
namespace {

constexpr std::size_t kOctets = 16;       // 128 bits nobody can guess
constexpr std::size_t kWrongPeers = 256;  // addresses whose wrong passwords are remembered
constexpr std::chrono::seconds kLongestWait{60};
constexpr std::chrono::minutes kForgiven{30};  // after the wait is over

bool has_rights(const Rights& rights) {
  return !(rights == Rights{});
}

}  // namespace

std::optional<SessionView> Sessions::find(std::string_view id, bool counts_as_use) {
  const std::lock_guard lock(mutex_);
  const SteadyTime now = clock_.steady_now();
  forget_old(now);
  const auto found = sessions_.find(id);
  if (found == sessions_.end()) return std::nullopt;
  if (counts_as_use) found->second.used = now;
  return found->second.view;
}

SessionView Sessions::begin() {
  const std::lock_guard lock(mutex_);
  const SteadyTime now = clock_.steady_now();
  forget_old(now);
  return add(now, {});
}

SessionView Sessions::log_in(std::string_view old_id, Rights added) {
  const std::lock_guard lock(mutex_);
  const SteadyTime now = clock_.steady_now();
  forget_old(now);
  Rights rights = added;
  if (const auto old = sessions_.find(old_id); old != sessions_.end()) {
    const Rights& had = old->second.view.rights;
    rights.operator_ |= had.operator_;
    rights.maintenance |= had.maintenance;
    rights.operator_must_choose |= had.operator_must_choose && !added.operator_;
    rights.maintenance_must_choose |= had.maintenance_must_choose && !added.maintenance;
    sessions_.erase(old);
  }
  return add(now, rights);
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

std::chrono::seconds Sessions::wait_of(std::string_view peer) {
  const std::lock_guard lock(mutex_);
  const auto found = wrong_.find(network_of(peer));
  const SteadyTime now = clock_.steady_now();
  if (found == wrong_.end() || found->second.until <= now) return std::chrono::seconds::zero();
  return std::chrono::ceil<std::chrono::seconds>(found->second.until - now);
}

void Sessions::password_was_wrong(std::string_view peer) {
  const std::string network = network_of(peer);
  const std::lock_guard lock(mutex_);
  const SteadyTime now = clock_.steady_now();
  std::erase_if(wrong_, [&](const auto& entry) { return entry.second.until + kForgiven <= now; });
  if (wrong_.size() >= kWrongPeers && wrong_.find(network) == wrong_.end()) {
    wrong_.erase(std::min_element(wrong_.begin(), wrong_.end(), [](const auto& a, const auto& b) {
      return a.second.until < b.second.until;
    }));
  }
  Wrong& wrong = wrong_.try_emplace(network).first->second;
  ++wrong.count;
  // Two are free: fingers slip. Then 1, 2, 4 … seconds, up to a minute.
  if (wrong.count <= 2) {
    wrong.until = now;
  } else {
    wrong.until =
        now + std::min(kLongestWait, std::chrono::seconds(1) * (1 << std::min(wrong.count - 3, 6U)));
  }
}

void Sessions::password_was_right(std::string_view peer) {
  const std::lock_guard lock(mutex_);
  if (const auto found = wrong_.find(network_of(peer)); found != wrong_.end()) wrong_.erase(found);
}

void Sessions::forget_old(SteadyTime now) {
  std::erase_if(sessions_, [&](const auto& entry) {
    return now - entry.second.used >= idle_ || now - entry.second.begun >= kAtMost;
  });
}

SessionView Sessions::add(SteadyTime now, Rights rights) {
  if (sessions_.size() >= kMost) {
    sessions_.erase(std::min_element(sessions_.begin(), sessions_.end(), [](const auto& a, const auto& b) {
      return std::make_tuple(has_rights(a.second.view.rights), a.second.used) <
             std::make_tuple(has_rights(b.second.view.rights), b.second.used);
    }));
  }
  SessionView view{random_.hex(kOctets), random_.hex(kOctets), rights};
  sessions_.emplace(view.id, Session{view, now, now});
  return view;
}

}  // namespace remotemail::web
