#include "agent/recollection.hpp"

namespace remotemail {

Result<std::optional<Remembered>> Recollection::get(Memory::Kind kind, const std::string& key) const {
  const auto fresh = fresh_.find({kind, key});
  if (fresh != fresh_.end()) return fresh->second;
  return store_.recall_memory(kind, key);
}

void Recollection::put(Memory::Kind kind, const std::string& key, std::string value, WallTime now) {
  fresh_[{kind, key}] = Remembered{std::move(value), now};
}

void Recollection::erase(Memory::Kind kind, const std::string& key) {
  fresh_[{kind, key}].reset();
}

Result<HourCount> Recollection::hour(Memory::Kind kind, const std::string& key, WallTime now) {
  const auto remembered = get(kind, key);
  if (!remembered) return remembered.error();
  HourCount hour = (remembered->has_value() ? parse_hour((*remembered)->value) : std::nullopt)
                       .value_or(HourCount{now, 0, 0});
  if (hour.began > now) {
    hour.began = now;
    put_hour(kind, key, hour, now);
  }
  return hour;
}

void Recollection::put_hour(Memory::Kind kind, const std::string& key, const HourCount& hour, WallTime now) {
  put(kind, key, format_hour(hour), now);
}

std::vector<Memory> Recollection::pending() const {
  std::vector<Memory> all;
  for (const auto& [place, fact] : fresh_) {
    all.push_back({place.first, place.second, fact ? fact->value : std::string(), !fact});
  }
  return all;
}

}  // namespace remotemail
