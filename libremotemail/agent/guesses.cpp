#include "agent/guesses.hpp"

#include "agent/daily.hpp"
#include "core/crypto/digest.hpp"
#include "core/text.hpp"
#include "remotemail/core/limits.hpp"

namespace remotemail {

std::string sender_key(const Mail& mail, const Sealer& sealer) {
  std::string data;
  append_field(data, mail.from ? lower(mail.from->address) : std::string());
  append_field(data, mail.top_received_host);
  return sealer.keyed_digest("known sender", data);
}

Result<std::string> guess_budget(Recollection& memory, const std::string& sender, WallTime now) {
  const auto known = memory.get(Memory::Kind::known_sender, sender);
  if (!known) return known.error();
  const bool counts = known->has_value() && now - (*known)->time <= limits::kSenderKnown;
  return counts ? sender : std::string();
}

Result<bool> budget_spent(Recollection& memory, const std::string& budget, WallTime now) {
  const auto hour = memory.hour(Memory::Kind::guesses, budget, now);
  if (!hour) return hour.error();
  return !hour->over(now) && hour->count >= limits::kGuessesPerHour;
}

Status spend_guess(Recollection& memory, const std::string& budget, WallTime now) {
  auto hour = memory.hour(Memory::Kind::guesses, budget, now);
  if (!hour) return std::move(hour).error();
  if (hour->over(now)) *hour = {now, 0, 0};
  ++hour->count;
  auto daily = recall_daily(memory, topics::kGuesses, now);
  if (!daily) return std::move(daily).error();
  daily->add({}, now);
  memory.put_hour(Memory::Kind::guesses, budget, *hour, now);
  put_daily(memory, topics::kGuesses, *daily, now);
  return {};
}

void remember_sender(Recollection& memory, const std::string& sender, WallTime now) {
  memory.put(Memory::Kind::known_sender, sender, {}, now);
}

}  // namespace remotemail
