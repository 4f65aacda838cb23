#include "agent/waiting_mails.hpp"

#include <fmt/format.h>

#include <chrono>
#include <utility>

#include "agent/guesses.hpp"
#include "core/text.hpp"
#include "remotemail/core/limits.hpp"

namespace remotemail {
namespace {

constexpr std::chrono::hours kLimitWindow{24};  // R11

std::uint64_t replies_in(const Batch& batch, const std::string& recipient) {
  std::uint64_t count = 0;
  for (const MailVerdict& verdict : batch.verdicts) {
    for (const OutboxMail& reply : verdict.replies) {
      if (reply.kind != OutboxMail::Kind::reply) continue;
      count += recipient.empty() || equal_ignoring_case(reply.recipient, recipient) ? 1U : 0U;
    }
  }
  return count;
}

}  // namespace

Result<std::string> limit_passed(const std::string& sender, std::size_t replies, const Settings& settings,
                                 MailStore& store, const Batch& undurable, WallTime now) {
  const struct {
    std::uint64_t limit;
    std::string recipient;
    const char* words;
  } checks[] = {{settings.replies_per_sender, sender, "limits.replies_per_sender"},
                {settings.replies, "", "limits.replies"}};
  for (const auto& check : checks) {
    if (check.limit == 0) continue;
    auto count = store.count_replies(now - kLimitWindow, check.recipient);
    if (!count) return std::move(count).error();
    *count += replies_in(undurable, check.recipient);
    if (*count + replies <= check.limit) continue;
    return fmt::format("{} {} to {}: {} went out in 24 hours, {} is {}", replies,
                       replies == 1 ? "reply" : "replies", clean_line(sender), *count, check.words,
                       check.limit);
  }
  return std::string();
}

void remember(WaitingMails& waiting, const MailKey& key, WaitingMail mail) {
  const auto place = waiting.find(key);
  if (mail.why == WaitingMail::Why::turn && !mail.counted) {
    if (place != waiting.end()) waiting.erase(place);
  } else if (place != waiting.end()) {
    place->second = std::move(mail);
  } else if (waiting.size() < limits::kWaitingMailsRemembered) {
    waiting.emplace(key, std::move(mail));
  }
}

Result<bool> reason_lasts(const WaitingMail& mail, const Settings& settings, Recollection& memory,
                          MailStore& store, WallTime now) {
  switch (mail.why) {
    case WaitingMail::Why::limits: {
      const auto passed = limit_passed(mail.sender, mail.replies, settings, store, {}, now);
      if (!passed) return passed.error();
      return !passed->empty();
    }
    case WaitingMail::Why::guesses:
      return budget_spent(memory, mail.budget, now);
    case WaitingMail::Why::order:
    case WaitingMail::Why::turn:
      break;
  }
  return false;
}

}  // namespace remotemail
