#include "agent/turns.hpp"

#include <algorithm>

namespace remotemail {

void Turns::add_fresh(std::uint32_t place) {
  fresh_.push_back(place);
}

void Turns::add_tried(std::uint32_t place, unsigned tries) {
  tried_.emplace(tries, place);
  to_come_.insert(place);
}

void Turns::add_suspect(std::uint32_t place, std::uint64_t last_break) {
  suspects_.emplace(last_break, place);
  to_come_.insert(place);
}

std::span<const std::uint32_t> Turns::next_fresh(std::size_t most) {
  const auto rest = std::span<const std::uint32_t>(fresh_).subspan(next_fresh_);
  const auto taken = rest.first(std::min(most, rest.size()));
  next_fresh_ += taken.size();
  return taken;
}

std::optional<std::uint32_t> Turns::next_tried() {
  if (tried_.empty()) return std::nullopt;
  const std::uint32_t place = tried_.begin()->second;
  tried_.erase(tried_.begin());
  to_come_.erase(place);
  return place;
}

std::optional<std::uint32_t> Turns::next_suspect() {
  if (suspects_.empty()) return std::nullopt;
  const std::uint32_t place = suspects_.begin()->second;
  suspects_.erase(suspects_.begin());
  to_come_.erase(place);
  return place;
}

bool Turns::older_waits(std::size_t place) const {
  return (!to_come_.empty() && *to_come_.begin() < place) ||
         (next_fresh_ < fresh_.size() && fresh_[next_fresh_] < place) ||
         (first_behind_ && *first_behind_ < place);
}

void Turns::leave_behind(std::size_t place) {
  first_behind_ = std::min(first_behind_.value_or(place), place);
}

bool Turns::wants_another_round() const {
  return first_behind_ && to_come_.empty() && next_fresh_ == fresh_.size();
}

}  // namespace remotemail
