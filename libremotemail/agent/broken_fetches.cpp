#include "agent/broken_fetches.hpp"

#include <utility>

#include "remotemail/core/limits.hpp"

namespace remotemail {

unsigned BrokenFetches::count(const MailKey& key) const {
  const auto found = mails_.find(key);
  return found == mails_.end() ? 0 : found->second.count;
}

bool BrokenFetches::add(const MailKey& key, bool others_fetched, SteadyTime now) {
  Entry& entry = mails_.try_emplace(key, Entry{0, now, now}).first->second;
  if (entry.count == 0 || others_fetched) ++entry.count;
  entry.last = now;
  return entry.count >= limits::kBrokenFetchesBeforeRest;
}

bool BrokenFetches::rests(const MailKey& key, SteadyTime now) const {
  const auto found = mails_.find(key);
  return found != mails_.end() && found->second.count >= limits::kBrokenFetchesBeforeRest &&
         now - found->second.last < limits::kBrokenFetchRests;
}

bool BrokenFetches::awaited(const MailKey& key, SteadyTime now) const {
  const auto found = mails_.find(key);
  return found != mails_.end() && now - found->second.first < limits::kBrokenFetchAwaited;
}

void BrokenFetches::keep_listed(const ListedMails& listed) {
  std::map<MailKey, Entry> kept;
  for (std::size_t i = 0; i < listed.size() && !mails_.empty(); ++i) {
    if (auto mail = mails_.extract(listed.key(i))) kept.insert(std::move(mail));
  }
  mails_ = std::move(kept);
}

}  // namespace remotemail
