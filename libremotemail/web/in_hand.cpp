#include "web/in_hand.hpp"

#include <algorithm>
#include <utility>

#include "web/sessions.hpp"

namespace remotemail::web {
namespace {

constexpr std::size_t kJobsKept = 16;  // as many as the agent remembers

}  // namespace

void InHand::keep(const std::string& session, Enabling enabling) {
  const std::lock_guard lock(mutex_);
  entry(session).enabling = std::move(enabling);
}

std::optional<Enabling> InHand::enabling(const std::string& session) {
  const std::lock_guard lock(mutex_);
  forget_old();
  const auto found = entries_.find(session);
  return found == entries_.end() ? std::nullopt : found->second.enabling;
}

void InHand::drop_enabling(const std::string& session) {
  const std::lock_guard lock(mutex_);
  if (const auto found = entries_.find(session); found != entries_.end()) found->second.enabling.reset();
}

void InHand::tell(const std::string& session, std::string_view page, ApplyReport report) {
  const std::lock_guard lock(mutex_);
  Entry& own = entry(session);
  own.told_on = page;
  own.told = std::move(report);
}

std::optional<ApplyReport> InHand::told(const std::string& session, std::string_view page) {
  const std::lock_guard lock(mutex_);
  forget_old();
  const auto found = entries_.find(session);
  if (found == entries_.end() || found->second.told_on != page) return std::nullopt;
  return std::exchange(found->second.told, std::nullopt);
}

void InHand::note_job(std::string_view page, std::uint64_t id) {
  const std::lock_guard lock(mutex_);
  jobs_.push_back({std::string(page), id});
  if (jobs_.size() > kJobsKept) jobs_.pop_front();
}

bool InHand::began(std::string_view page, std::uint64_t id) {
  const std::lock_guard lock(mutex_);
  return std::any_of(jobs_.begin(), jobs_.end(),
                     [&](const Job& job) { return job.id == id && job.page == page; });
}

std::uint64_t InHand::latest_job(std::string_view page) {
  const std::lock_guard lock(mutex_);
  const auto found =
      std::find_if(jobs_.rbegin(), jobs_.rend(), [&](const Job& job) { return job.page == page; });
  return found == jobs_.rend() ? 0 : found->id;
}

InHand::Entry& InHand::entry(const std::string& session) {
  forget_old();
  if (entries_.size() >= Sessions::kMost && !entries_.contains(session)) {
    entries_.erase(std::min_element(entries_.begin(), entries_.end(),
                                    [](const auto& a, const auto& b) { return a.second.at < b.second.at; }));
  }
  Entry& own = entries_[session];
  own.at = clock_.steady_now();
  return own;
}

void InHand::forget_old() {
  const SteadyTime now = clock_.steady_now();
  std::erase_if(entries_, [&](const auto& each) { return now - each.second.at >= Sessions::kIdle; });
}

}  // namespace remotemail::web
