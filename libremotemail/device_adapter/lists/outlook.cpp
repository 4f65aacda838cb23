#include "device_adapter/lists/outlook.hpp"

#include <chrono>

#include "device_adapter/lists/list_layout.hpp"

namespace remotemail {
namespace {

using std::chrono::days;
using std::chrono::hours;

constexpr std::int64_t kShortest = 14 * 24;          // hours that a pace is taken from at least
constexpr std::int64_t kFarthest = 3 * 365;          // days; beyond, nobody plans
constexpr std::int64_t kNextVisit = 42;              // days
constexpr std::uint64_t kSoon = 900, kFull = 1'000;  // in 1/10 % of the limit

}  // namespace

Use use_of_pm(const MachineLife& life) {
  const std::uint64_t count = life.counters[Counter::pm];
  return {count, kPmCycle, count, life.pm_resets.empty() ? life.birth : life.pm_resets.front().at};
}

Use use_of_part(const MachineLife& life, std::size_t part) {
  const PartLife& one = life.parts[part];
  return {one.count, kParts[part].limit, one.count, one.fitted};
}

Use use_of_toner(const MachineLife& life) {
  // As bottles are sold: in sides of A4 at 6 %.
  constexpr std::uint64_t kSide = 600 * 8, kBottle = kTonerBottle / kSide;
  const std::uint64_t used = life.toner.used / kSide;
  return {used, kBottle, life.toner.bottles * kBottle + used, life.birth};
}

std::int64_t days_left(const Use& use, WallTime now) {
  if (use.count >= use.limit) return 0;
  const std::int64_t passed = std::chrono::floor<hours>(now - use.since).count();
  if (use.done == 0 || passed < kShortest) return -1;
  const std::uint64_t left = (use.limit - use.count) * static_cast<std::uint64_t>(passed) / use.done / 24;
  return left > static_cast<std::uint64_t>(kFarthest) ? -1 : static_cast<std::int64_t>(left);
}

std::string expected_cell(const Use& use, WallTime now) {
  const std::int64_t left = days_left(use, now);
  return left < 0 ? std::string() : day_cell(now + days{left});
}

std::string_view part_need(const MachineLife& life, std::size_t part) {
  if (life.parts[part].ordered) return "ordered";
  const std::uint64_t used = life.parts[part].used(kParts[part]);
  return used >= kFull ? "due" : used >= kSoon ? "soon" : "";
}

bool bring_along(const MachineLife& life, std::size_t part) {
  const auto near = [&life](const Use& use) {
    const std::int64_t left = days_left(use, life.at);
    return left >= 0 && left <= kNextVisit;
  };
  return !part_need(life, part).empty() || near(use_of_part(life, part)) ||
         (kParts[part].fixed && life.parts[part].used(kParts[part]) >= kSparedAtPm && near(use_of_pm(life)));
}

}  // namespace remotemail
