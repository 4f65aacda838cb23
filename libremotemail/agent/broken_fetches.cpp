#include "agent/broken_fetches.hpp"

#include <algorithm>
#include <utility>

#include "remotemail/core/limits.hpp"

namespace remotemail {

unsigned BrokenFetches::count(const MailKey& key) const {
  const auto found = mails_.find(key);
  return found == mails_.end() ? 0 : found->second.count;
}

std::uint64_t BrokenFetches::last_break(const MailKey& key) const {
  const auto found = mails_.find(key);
  return found == mails_.end() ? 0 : found->second.last_break;
}

bool BrokenFetches::add(const MailKey& key, bool others_judged, SteadyTime now) {
  Entry& entry = mails_.try_emplace(key, Entry{0, 0, now, now}).first->second;
  if (entry.count == 0 || others_judged) ++entry.count;
  entry.last_break = ++breaks_;
  entry.last = now;
  return entry.rests(now);
}

bool BrokenFetches::Entry::rests(SteadyTime now) const {
  return count >= limits::kBrokenFetchesBeforeRest && now - last < limits::kBrokenFetchRests;
}

bool BrokenFetches::Entry::awaited(SteadyTime now) const {
  return now - first < limits::kBrokenFetchAwaited;
}

bool BrokenFetches::rests(const MailKey& key, SteadyTime now) const {
  const auto found = mails_.find(key);
  return found != mails_.end() && found->second.rests(now);
}

bool BrokenFetches::awaited(const MailKey& key, SteadyTime now) const {
  const auto found = mails_.find(key);
  return found != mails_.end() && found->second.awaited(now);
}

bool BrokenFetches::any_rests_awaited(SteadyTime now) const {
  return std::ranges::any_of(
      mails_, [now](const auto& mail) { return mail.second.rests(now) && mail.second.awaited(now); });
}

void BrokenFetches::keep_listed(const ListedMails& listed) {
  std::map<MailKey, Entry> kept;
  for (std::size_t i = 0; i < listed.size() && !mails_.empty(); ++i) {
    if (auto mail = mails_.extract(listed.key(i))) kept.insert(std::move(mail));
  }
  mails_ = std::move(kept);
}

}  // namespace remotemail
