// The store's memories as a round of work sees them: what it puts counts for it at once, and becomes durable with the
// round's next batch.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "agent/hour_count.hpp"
#include "remotemail/mail_store/mail_store.hpp"

namespace remotemail {

class Recollection {
 public:
  // What waits for its batch, by kind and key; nothing: to be forgotten.
  using Fresh = std::map<std::pair<Memory::Kind, std::string>, std::optional<Remembered>>;

  explicit Recollection(MailStore& store) : store_(store) {}

  Result<std::optional<Remembered>> get(Memory::Kind kind, const std::string& key) const;
  void put(Memory::Kind kind, const std::string& key, std::string value, WallTime now);
  void erase(Memory::Kind kind, const std::string& key);

  // A count of the hour; none yet, or unreadable: one that begins now. One that began in the future, by a clock that
  // was wrong then, counts as begun now, and is put so.
  Result<HourCount> hour(Memory::Kind kind, const std::string& key, WallTime now);
  void put_hour(Memory::Kind kind, const std::string& key, const HourCount& hour, WallTime now);

  std::vector<Memory> pending() const;  // for Batch::memories
  bool dirty() const { return !fresh_.empty(); }
  void became_durable() { fresh_.clear(); }

  // To go back to when a batch failed.
  const Fresh& mark() const { return fresh_; }
  void back_to(Fresh mark) { fresh_ = std::move(mark); }

 private:
  MailStore& store_;
  Fresh fresh_;
};

}  // namespace remotemail
