#include "remotemail/agent/agent.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <exception>
#include <utility>

#include "agent/agent_impl.hpp"

namespace remotemail {
namespace {

using namespace std::chrono_literals;

constexpr SteadyTime::duration kLongestWait = 5s;
constexpr std::size_t kMostJobs = 64;

bool same_server(const ServerAccount& a, const ServerAccount& b) {
  return a.host == b.host && a.port == b.port && a.security == b.security && a.user == b.user &&
         a.password.reveal() == b.password.reveal() && a.ca_file == b.ca_file && a.pin == b.pin &&
         a.dns_server == b.dns_server;
}

bool same_account(const MailboxAccount& a, const MailboxAccount& b) {
  return same_server(a.server, b.server) && a.spool == b.spool && a.mailbox == b.mailbox &&
         a.done_folder == b.done_folder;
}

}  // namespace

Status Agent::Impl::load() {
  const std::lock_guard one_at_a_time(loading);
  auto loaded = ports.settings.load_settings();
  if (!loaded) return std::move(loaded).error();
  publish(std::move(*loaded));
  return {};
}

void Agent::Impl::publish(StoredSettings fresh) {
  std::vector<std::string> warnings;
  Settings settings = make_settings(fresh, &warnings);
  for (const std::string& warning : warnings) ports.logger.log(LogLevel::warning, warning);
  const auto same = [](const auto& a, const auto& b) {
    return a.first == b.first && a.second.generation == b.second.generation;
  };
  const std::lock_guard lock(mutex);
  // A setting that was removed took its generation along: the snapshot's grows all the same.
  const bool changed_since = !std::equal(fresh.begin(), fresh.end(), stored.begin(), stored.end(), same);
  if (current)
    settings.generation = std::max(settings.generation, current->generation + (changed_since ? 1 : 0));
  stored = std::move(fresh);
  current = std::make_shared<const Settings>(std::move(settings));
  shown.enabled = current->reception.enabled;
}

// The settings as they would be with `texts` applied; nothing is saved.
Result<Settings> Agent::Impl::imagine(const SettingTexts& texts) const {
  StoredSettings imagined;
  {
    const std::lock_guard lock(mutex);
    imagined = stored;
  }
  PlannedChange planned = plan_change(imagined, texts, ports.random, options.hash_cost);
  if (!planned.errors.empty()) {
    return make_error(Cause::invalid_value, Step::settings,
                      planned.errors[0].key + ": " + planned.errors[0].message, Retry::never);
  }
  for (SettingChange& change : planned.changes) {
    if (change.value)
      imagined[change.key] = std::move(*change.value);
    else
      imagined.erase(change.key);
  }
  return make_settings(imagined);
}

std::optional<JobProgress> Agent::Impl::find_progress(std::uint64_t id) const {
  if (running && running->id == id) return running->progress;
  for (const auto* jobs : {&waiting, &finished}) {
    for (const AgentJob& job : *jobs) {
      if (job.id == id) return job.progress;
    }
  }
  return std::nullopt;
}

bool Agent::Impl::still_wanted(const Settings& before) const {
  const auto now = snapshot();
  return now->reception.enabled && same_account(now->reception.account, before.reception.account);
}

Agent::Agent(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
Agent::~Agent() = default;

Result<std::unique_ptr<Agent>> Agent::open(const AgentPorts& ports, AgentOptions options) {
  auto impl = std::make_unique<Impl>(ports, std::move(options));
  if (Status loaded = impl->load(); !loaded) return std::move(loaded).error();
  impl->schedule_send(0ms);
  return std::unique_ptr<Agent>(new Agent(std::move(impl)));
}

SteadyTime Agent::next_due() const {
  const std::lock_guard lock(impl_->mutex);
  if (!impl_->waiting.empty() || impl_->woken) return impl_->ports.clock.steady_now();
  const SteadyTime poll = impl_->current->reception.enabled ? impl_->next_poll : SteadyTime::max();
  const SteadyTime work = std::min(poll, impl_->next_send);
  // While off nothing else is due than the next look; while on, with nothing to do, there is nothing to look
  // for.
  if (is_off(impl_->shown.device)) return impl_->next_look;
  return work == SteadyTime::max() ? work : std::min(work, impl_->next_look);
}

void Agent::step(const Deadline& deadline) {
  try {
    impl_->work(deadline);
  } catch (const std::exception& exception) {
    // Out of memory, or a bug: the mail in hand stays, its try is noted (R5), the service lives (fault 64).
    bool in_job = false;
    {
      const std::lock_guard lock(impl_->mutex);
      impl_->next_poll = impl_->next_send = impl_->ports.clock.steady_now() + 1min;
      in_job = impl_->running.has_value();
    }
    try {
      impl_->ports.logger.log(LogLevel::error, exception.what());
      if (in_job) {
        JobProgress progress;
        progress.done = true;
        progress.error = make_error(Cause::internal, Step::none);
        impl_->finish_job(std::move(progress));
      }
    } catch (const std::exception&) {  // still no memory: not even for words
    }
  }
  impl_->set_work(AgentStatus::Work::idle);
}

void Agent::wait(std::stop_token stop) {
  // In pieces, by the injected clock: one that was set, or that goes on while the machine sleeps, is heeded.
  const auto in = next_due() - impl_->ports.clock.steady_now();
  if (in <= 0s) return;
  std::unique_lock lock(impl_->mutex);
  impl_->changed.wait_for(lock, stop, std::min<SteadyTime::duration>(in, kLongestWait),
                          [this] { return impl_->woken || !impl_->waiting.empty(); });
}

JobProgress Agent::perform(const JobRequest& request, const Deadline& deadline,
                           const std::function<void(const JobProgress&)>& on_progress) {
  AgentJob job;
  job.request = request;
  job.on_progress = on_progress;
  JobProgress progress = impl_->run_job(job, deadline);
  impl_->set_work(AgentStatus::Work::idle);
  return progress;
}

AgentStatus Agent::status() const {
  const DeviceState device = impl_->ports.device.state();
  const std::lock_guard lock(impl_->mutex);
  AgentStatus status = impl_->shown;
  status.device = device;
  if (status.enabled && !is_off(status.device)) {
    const auto in = impl_->next_poll - impl_->ports.clock.steady_now();
    status.next_poll =
        impl_->ports.clock.now() +
        std::max(std::chrono::duration_cast<std::chrono::milliseconds>(in), std::chrono::milliseconds(0));
  }
  return status;
}

std::shared_ptr<const MachineGlance> Agent::glance() const {
  const std::lock_guard lock(impl_->mutex);
  return impl_->glance;
}

std::shared_ptr<const Settings> Agent::settings() const {
  return impl_->snapshot();
}

StoredSettings Agent::stored_settings() const {
  const std::lock_guard lock(impl_->mutex);
  return impl_->stored;
}

ApplyReport Agent::apply(const SettingTexts& texts, const std::map<std::string, std::uint64_t>& seen) {
  ApplyReport report;
  const std::lock_guard one_at_a_time(
      impl_->applying);  // A15: what is checked together must not change in between
  const StoredSettings before = stored_settings();
  PlannedChange planned = plan_change(before, texts, impl_->ports.random, impl_->options.hash_cost);
  report.errors = std::move(planned.errors);
  if (!report.errors.empty()) return report;
  report.blanked = std::move(planned.blanked);
  if (planned.changes.empty()) return report;
  // What the checks looked at must still be so when it is saved: each changed key at its generation.
  std::map<std::string, std::uint64_t> expected = seen;
  for (const SettingChange& change : planned.changes) {
    report.changed.push_back(change.key);
    const auto was = before.find(change.key);
    expected.try_emplace(change.key, was == before.end() ? 0 : was->second.generation);
  }
  auto saved = impl_->ports.settings.save_settings(planned.changes, expected);
  Status loaded =
      saved || saved.error().cause == Cause::changed_elsewhere ? impl_->load() : Status(saved.error());
  if (!saved) {
    report.error = std::move(saved).error();
    return report;
  }
  if (!loaded) {
    report.error = std::move(loaded).error();
    return report;
  }
  const auto fresh = settings();
  {
    const std::lock_guard lock(impl_->mutex);
    const SteadyTime now = impl_->ports.clock.steady_now();
    if (fresh->reception.enabled) impl_->next_poll = now;
    impl_->next_send = std::min(impl_->next_send, impl_->shown.waiting > 0 ? now : SteadyTime::max());
    impl_->woken = true;
    impl_->changed.notify_all();
  }
  if (impl_->options.on_wake) impl_->options.on_wake();
  return report;
}

std::uint64_t Agent::request(const JobRequest& request) {
  AgentJob job;
  job.request = request;
  {
    const std::lock_guard lock(impl_->mutex);
    if (request.kind == JobRequest::Kind::glance) {
      if (impl_->running && impl_->running->request.kind == request.kind) return impl_->running->id;
      const auto same = std::ranges::find(impl_->waiting, request.kind,
                                          [](const AgentJob& each) { return each.request.kind; });
      if (same != impl_->waiting.end()) return same->id;
    }
    if (impl_->waiting.size() >= kMostJobs) return 0;
    job.id = ++impl_->last_job;
    impl_->waiting.push_back(job);
    impl_->changed.notify_all();
  }
  if (impl_->options.on_wake) impl_->options.on_wake();
  return job.id;
}

std::optional<JobProgress> Agent::progress(std::uint64_t id) const {
  const std::lock_guard lock(impl_->mutex);
  return impl_->find_progress(id);
}

std::optional<JobProgress> Agent::wait_for(std::uint64_t id, std::stop_token stop, std::size_t seen) const {
  std::unique_lock lock(impl_->mutex);
  std::optional<JobProgress> now;
  impl_->changed.wait(lock, stop, [&] {
    now = impl_->find_progress(id);
    return !now || now->done || now->steps.size() + now->findings.size() > seen;
  });
  return now;
}

Result<std::vector<LogRecord>> Agent::log(std::size_t limit) const {
  return impl_->store.log(limit, nullptr);
}
Result<std::vector<OutboxEntry>> Agent::outbox() const {
  return impl_->store.outbox();
}
Result<OutboxEntry> Agent::waiting_mail(const std::string& id) const {
  auto waiting = impl_->store.outbox();
  if (!waiting) return std::move(waiting).error();
  const auto entry = std::ranges::find(*waiting, id, [](const OutboxEntry& each) { return each.mail.id; });
  if (entry == waiting->end()) return make_error(Cause::not_found, Step::store, id, Retry::never);
  const std::string before = entry == waiting->begin() ? std::string() : std::prev(entry)->mail.id;
  auto whole = impl_->store.next_due(WallTime::max(), before);
  if (!whole) return std::move(whole).error();
  return *whole && (*whole)->mail.id == id ? std::move(**whole) : std::move(*entry);
}

}  // namespace remotemail
