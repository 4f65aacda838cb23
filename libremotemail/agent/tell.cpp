// What the agent tells by itself: the Manager once a day, the administrator when an hour is over.
#include <algorithm>
#include <utility>
#include <vector>

#include "agent/agent_impl.hpp"
#include "agent/daily.hpp"
#include "agent/notice_desk.hpp"
#include "remotemail/core/limits.hpp"

namespace remotemail {
namespace {

// What a topic has to tell now; nothing: not yet, or nothing new.
Result<std::optional<Daily>> due(Recollection& memory, std::string_view topic, std::uint64_t worth_telling,
                                 WallTime now) {
  auto daily = recall_daily(memory, topic, now);
  if (!daily) return std::move(daily).error();
  const bool is_due = daily->count >= worth_telling && daily->may_tell(now);
  return is_due ? std::optional(std::move(*daily)) : std::nullopt;
}

// R11: told as long as they wait, each day anew.
Result<std::optional<Daily>> due_limits(Recollection& memory, const WaitingMails& staying, WallTime now) {
  Daily waits;
  for (const auto& [key, mail] : staying) {
    if (mail.why == WaitingMail::Why::limits) waits.add(mail.reason, now);
  }
  if (waits.count == 0) return std::optional<Daily>();
  const auto daily = recall_daily(memory, topics::kLimits, now);
  if (!daily) return daily.error();
  return daily->may_tell(now) ? std::optional(std::move(waits)) : std::nullopt;
}

struct Telling {
  std::vector<std::pair<std::string_view, Daily>> topics;
  bool summary = false;  // H2: an hour is over that has one
  HourCount guesses;     // Y8: of unknown senders, for the status
};

Result<Telling> what_to_tell(Recollection& memory, const Settings& settings, const WaitingMails& staying,
                             WallTime now) {
  Telling telling;
  const auto guesses = memory.hour(Memory::Kind::guesses, {}, now);
  if (!guesses) return guesses.error();
  telling.guesses = *guesses;
  if (!settings.transmission.manager_address.empty()) {
    // A single typing error is no attempt worth a mail: an hour's budget of them is.
    std::pair<std::string_view, Result<std::optional<Daily>>> found[] = {
        {topics::kFailures, due(memory, topics::kFailures, 1, now)},
        {topics::kLimits, due_limits(memory, staying, now)},
        {topics::kGuesses, due(memory, topics::kGuesses, limits::kGuessesPerHour, now)}};
    for (auto& [topic, daily] : found) {
      if (!daily) return std::move(daily).error();
      if (*daily) telling.topics.emplace_back(topic, std::move(**daily));
    }
  }
  if (settings.reception.notice != Notice::no) {
    const auto hour = memory.hour(Memory::Kind::notice_hour, {}, now);
    if (!hour) return hour.error();
    telling.summary = hour->over(now) && hour->further > 0;
  }
  return telling;
}

}  // namespace

bool Agent::Impl::tell(const Deadline& deadline) {
  const auto settings = snapshot();
  Batch batch;
  batch.now = ports.clock.now();
  Recollection memory(store);
  const auto telling = what_to_tell(memory, *settings, carried.waiting, batch.now);
  if (!telling) return false;
  {
    const std::lock_guard lock(mutex);
    const bool runs = !telling->guesses.over(batch.now);
    shown.wrong_passwords = runs ? telling->guesses.count : 0;
    shown.unknown_judged_from.reset();
    if (shown.wrong_passwords >= limits::kGuessesPerHour)
      shown.unknown_judged_from = telling->guesses.began + std::chrono::hours{1};
  }
  if (!telling->topics.empty() || telling->summary) {
    const auto identity =
        ports.device.identity(deadline.within(ports.clock.steady_now(), limits::kDeviceTimePerMail));
    if (!identity) return false;  // told when the machine says who it is
    const NoticeContext context{*settings, *identity, ports.sealer, batch.now};
    const auto failed = [this](const Error& error) {
      ports.logger.log(LogLevel::error, "a notice could not be made: " + describe(error));
    };
    for (const auto& [topic, daily] : telling->topics) {
      auto notice = manager_notice(topic, daily, context);
      if (notice)
        batch.notices.push_back(std::move(*notice));
      else
        failed(notice.error());
      Daily told;
      told.told = batch.now;
      put_daily(memory, topic, told, batch.now);
    }
    if (Status closed = close_notice_hour(memory, context, batch.notices); !closed) failed(closed.error());
  }
  if (!memory.dirty()) return false;  // an idle poll ends here (R8)
  batch.memories = memory.pending();
  auto committed = store.commit(batch);
  if (!committed) note_trouble(&AgentStatus::store_trouble, "state", committed.error());
  return committed.ok() && !batch.notices.empty();
}

}  // namespace remotemail
