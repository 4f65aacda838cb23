#include "remotemail/agent/agent.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <condition_variable>
#include <deque>
#include <exception>
#include <mutex>
#include <utility>

#include "agent/execute.hpp"
#include "agent/guarded_store.hpp"
#include "agent/poll_round.hpp"
#include "agent/schedule.hpp"
#include "agent/send_round.hpp"
#include "remotemail/core/limits.hpp"

namespace remotemail {
namespace {

using namespace std::chrono_literals;

constexpr auto kDeviceLook =
    5s;  // how often an idle agent looks whether the device went off or came back (A14)
constexpr std::size_t kJobsRemembered = 16;

struct Job {
  std::uint64_t id = 0;
  JobRequest request;
  JobProgress progress;
};

bool same_account(const ServerAccount& a, const ServerAccount& b) {
  return a.host == b.host && a.port == b.port && a.security == b.security && a.user == b.user &&
         a.password.reveal() == b.password.reveal();
}

}  // namespace

struct Agent::Impl {
  Impl(const AgentPorts& given, AgentOptions chosen)
      : ports(given), options(std::move(chosen)), store(given.mails, store_mutex), check(given.random) {
    if (options.client_name.empty()) options.client_name = "[127.0.0.1]";
    const SteadyTime now = ports.clock.steady_now();
    next_poll = now + first_poll_delay(ports.random);
    next_look = now;
    next_send = now;
  }

  // --- settings ---
  Status load();
  void publish(StoredSettings stored);
  Result<Settings> imagine(const SettingTexts& texts) const;
  bool still_wanted(const Settings& snapshot) const;

  // --- the worker ---
  void work(const Deadline& deadline);
  bool device_is_on();
  void note_settings(const Settings& settings);
  PollReport poll(std::size_t max_mails, Job* job, const Deadline& deadline);
  void send(bool everything, PollReport& report, Job* job, const Deadline& deadline);
  std::optional<Error> fresh_login(const Settings& snapshot, const StepObserver& observer,
                                   const Deadline& deadline);
  // Does it; what was begun is noted in `job` meanwhile. The result is the caller's to publish.
  JobProgress run_job(Job& job, const Deadline& deadline);
  void finish_job(JobProgress progress);
  void schedule_send();
  void note_trouble(std::optional<Error> AgentStatus::*place, std::string_view who,
                    const std::optional<Error>& error);
  StepObserver observer(Job* job);
  std::shared_ptr<const Settings> snapshot() const {
    const std::lock_guard lock(mutex);
    return current;
  }
  void set_work(AgentStatus::Work work_now) {
    const std::lock_guard lock(mutex);
    shown.work = work_now;
  }

  AgentPorts ports;
  AgentOptions options;
  mutable std::mutex store_mutex;  // around every call of either store
  GuardedStore store;
  PasswordCheck check;  // worker only

  mutable std::mutex mutex;  // all below; never held over network, device or disk
  mutable std::condition_variable_any changed;
  bool woken = false;
  StoredSettings stored;
  std::shared_ptr<const Settings> current;
  AgentStatus shown;
  std::deque<Job> waiting;
  std::deque<Job> finished;
  std::optional<Job> running;
  std::uint64_t last_job = 0;
  SteadyTime next_poll{}, next_send{}, next_look{};

  // worker only
  std::optional<SteadyTime> last_login;
  Trouble mailbox_trouble, smtp_trouble;
  bool was_on = true, was_enabled = false;
  std::uint64_t seen_generation = 0;
};

// --- settings
// ---------------------------------------------------------------------------------------------------------

Status Agent::Impl::load() {
  Result<StoredSettings> loaded = [this] {
    const std::lock_guard lock(store_mutex);
    return ports.settings.load_settings();
  }();
  if (!loaded) return std::move(loaded).error();
  publish(std::move(*loaded));
  return {};
}

void Agent::Impl::publish(StoredSettings fresh) {
  std::vector<std::string> warnings;
  auto settings = std::make_shared<const Settings>(make_settings(fresh, &warnings));
  for (const std::string& warning : warnings) ports.logger.log(LogLevel::warning, warning);
  const std::lock_guard lock(mutex);
  stored = std::move(fresh);
  current = std::move(settings);
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

bool Agent::Impl::still_wanted(const Settings& before) const {
  const auto now = snapshot();
  return now->reception.enabled &&
         same_account(now->reception.account.server, before.reception.account.server) &&
         now->reception.account.mailbox == before.reception.account.mailbox;
}

// --- the worker
// -------------------------------------------------------------------------------------------------------

void Agent::Impl::note_trouble(std::optional<Error> AgentStatus::*place, std::string_view who,
                               const std::optional<Error>& error) {
  if (error && error->cause == Cause::stopped) return;
  bool began = false, ended = false;
  {
    const std::lock_guard lock(mutex);
    std::optional<Error>& now = shown.*place;
    began = error && (!now || now->cause != error->cause);
    ended = !error && now;
    now = error;
  }
  if (began) ports.logger.log(LogLevel::warning, fmt::format("{}: {}", who, describe(*error)));
  if (ended) ports.logger.log(LogLevel::notice, fmt::format("{}: works again", who));
}

StepObserver Agent::Impl::observer(Job* job) {
  if (!job) return {};
  return [this, job](Step step) {
    const std::lock_guard lock(mutex);
    job->progress.steps.push_back(step);
    changed.notify_all();
  };
}

PollReport Agent::Impl::poll(std::size_t max_mails, Job* job, const Deadline& deadline) {
  const auto settings = snapshot();
  if (!settings->reception.enabled) {
    PollReport report;
    report.state = "disabled";
    return report;
  }
  set_work(AgentStatus::Work::polling);
  std::optional<WallTime> last_poll;
  {
    const std::lock_guard lock(mutex);
    last_poll = shown.last_poll;
  }
  PollRound round(ports, store, *settings, check, options.hash_cost, last_poll,
                  [this, settings] { return still_wanted(*settings); });
  PollResult result = round.run(max_mails, observer(job), deadline);
  const SteadyTime now = ports.clock.steady_now();
  if (result.login) last_login = result.login;
  if (result.report.state == "off") was_on = false;  // however short it was: it polls when it comes back
  note_trouble(&AgentStatus::mailbox_trouble, "receiving mail server", result.mailbox_error);
  note_trouble(&AgentStatus::store_trouble, "state", result.store_error);
  if (result.device_error) ports.logger.log(LogLevel::warning, describe(*result.device_error));

  std::optional<Error> error = result.mailbox_error ? result.mailbox_error : result.store_error;
  if (!error) error = result.device_error;
  const bool stopped = error && error->cause == Cause::stopped;
  auto wait =
      wait_after(mailbox_trouble, stopped ? std::nullopt : error, settings->reception.interval, ports.random);
  if (result.again && !error) wait = 0ms;
  // A CHPASS of this poll changed the settings beneath our snapshot.
  if (result.report.answered > 0 || result.again) {
    if (Status loaded = load(); !loaded) note_trouble(&AgentStatus::store_trouble, "state", loaded.error());
  }
  result.report.error = std::move(error);
  const std::lock_guard lock(mutex);
  if (result.login) {
    shown.last_poll = ports.clock.now();
    shown.set_aside = result.set_aside;
  }
  next_poll = now + wait;
  if (result.report.answered > 0) next_send = now;
  return std::move(result.report);
}

// D11: a mailbox log-in not older than 60 s precedes every sending.
std::optional<Error> Agent::Impl::fresh_login(const Settings& settings, const StepObserver& observer,
                                              const Deadline& deadline) {
  if (!settings.reception.pop_before_smtp) return std::nullopt;
  if (last_login && ports.clock.steady_now() - *last_login < limits::kLoginFreshness) return std::nullopt;
  auto mailbox = ports.servers.open_mailbox(settings.reception.account, deadline, observer);
  if (!mailbox) return std::move(mailbox).error();
  last_login = ports.clock.steady_now();
  (void)(*mailbox)->close(deadline);  // the log-in is all that was wanted
  return std::nullopt;
}

void Agent::Impl::send(bool everything, PollReport& report, Job* job, const Deadline& deadline) {
  const auto settings = snapshot();
  const WallTime due = everything ? WallTime::max() : ports.clock.now();
  auto entry = store.next_due(due, "");
  if (!entry) note_trouble(&AgentStatus::store_trouble, "state", entry.error());
  if (entry && *entry) {
    set_work(AgentStatus::Work::sending);
    SendResult result;
    const StepObserver watch = observer(job);
    std::optional<Error> login_error = fresh_login(*settings, watch, deadline);
    if (login_error) {
      note_trouble(&AgentStatus::mailbox_trouble, "receiving mail server", login_error);
    } else {
      result = send_round(ports, store, *settings, options.client_name, everything, watch, deadline);
      note_trouble(&AgentStatus::smtp_trouble, "SMTP server", result.smtp_error);
      note_trouble(&AgentStatus::store_trouble, "state", result.store_error);
    }
    report.sent += result.sent;
    report.failed += result.failed;
    std::optional<Error> error = login_error         ? login_error
                                 : result.smtp_error ? result.smtp_error
                                                     : result.store_error;
    const bool stopped = error && error->cause == Cause::stopped;
    const auto wait = wait_after(smtp_trouble, stopped ? std::nullopt : error, 1min, ports.random);
    if (error && !report.error) report.error = error;
    const std::lock_guard lock(mutex);
    next_send = ports.clock.steady_now() + (error ? wait : 0ms);
  }
  schedule_send();
  const std::lock_guard lock(mutex);
  report.waiting = shown.waiting;
}

// next_send is when the earliest waiting reply is due, but not before a back-off of the server has passed.
void Agent::Impl::schedule_send() {
  auto waiting_mails = store.outbox();
  if (!waiting_mails) return;
  const WallTime now = ports.clock.now();
  const SteadyTime steady = ports.clock.steady_now();
  std::optional<WallTime> earliest;
  for (const OutboxEntry& entry : *waiting_mails) {
    if (!earliest || entry.next_attempt < *earliest) earliest = entry.next_attempt;
  }
  const std::lock_guard lock(mutex);
  shown.waiting = waiting_mails->size();
  if (!earliest) {
    next_send = SteadyTime::max();
    return;
  }
  const auto in = std::clamp<std::chrono::milliseconds>(*earliest - now, 0ms, 1h);
  next_send = std::max(next_send == SteadyTime::max() ? steady : next_send, steady + in);
}

bool Agent::Impl::device_is_on() {
  const DeviceState state = ports.device.state();
  const bool on = !is_off(state);
  const SteadyTime now = ports.clock.steady_now();
  const std::lock_guard lock(mutex);
  shown.device = state;
  next_look = now + kDeviceLook;
  if (on && !was_on) next_poll = now;  // A14
  was_on = on;
  return on;
}

// A18, R7: an apply that enables the function or changes its server is acted upon at once.
void Agent::Impl::note_settings(const Settings& settings) {
  if (settings.generation != seen_generation) mailbox_trouble = smtp_trouble = {};
  seen_generation = settings.generation;
  if (settings.reception.enabled && !was_enabled) {
    ports.logger.log(LogLevel::notice, "E-mail notification is enabled");
    if (settings.reception.account.server.security == Security::none ||
        settings.transmission.smtp.security == Security::none) {
      ports.logger.log(LogLevel::warning,
                       "a mail server is used without TLS: passwords and lists can be read on the way");
    }
  }
  if (!settings.reception.enabled && was_enabled)
    ports.logger.log(LogLevel::notice, "E-mail notification is disabled");
  was_enabled = settings.reception.enabled;
}

JobProgress Agent::Impl::run_job(Job& job, const Deadline& deadline) {
  JobProgress progress;
  const bool on = device_is_on();
  const auto settings = snapshot();
  switch (job.request.kind) {
    case JobRequest::Kind::poll:
    case JobRequest::Kind::send:
      if (!on) {
        progress.report.state = "off";
        break;
      }
      if (job.request.kind == JobRequest::Kind::poll) {
        progress.report = poll(job.request.max_mails, &job, deadline);
        if (progress.report.state == "off") break;
      }
      send(true, progress.report, &job, deadline);
      break;
    case JobRequest::Kind::preview: {
      std::chrono::milliseconds busy_left = limits::kBusyWaitPerMail;
      const Deadline budget = deadline.within(ports.clock.steady_now(), limits::kDeviceTimePerMail);
      auto identity = ports.device.identity(budget);
      if (!identity) {
        progress.error = std::move(identity).error();
        break;
      }
      ReplyHead head;
      head.device = *identity;
      head.nickname = settings->reception.nickname;
      head.requested_by = "the command line";
      head.utc_offset = settings->utc_offset(ports.clock.now());
      Outcome outcome;
      outcome.item.kind = job.request.phone ? PlannedItem::Kind::phone : PlannedItem::Kind::list;
      outcome.item.list = job.request.list;
      outcome.item.line = "GETLOG";
      if (!job.request.phone) outcome.item.line += " " + std::string(word_of(job.request.list).option);
      outcome.value = read_for_reply(job.request.list, job.request.phone,
                                     {ports.device, ports.clock, ports.random, check, options.hash_cost,
                                      settings->reception.interval, std::nullopt},
                                     busy_left, budget);
      progress.text = ports.formatter.format(head, outcome).body;
      break;
    }
    case JobRequest::Kind::count_mailbox: {
      auto imagined = imagine(job.request.texts);
      if (!imagined) {
        progress.error = std::move(imagined).error();
        break;
      }
      auto mailbox = ports.servers.open_mailbox(imagined->reception.account, deadline, observer(&job));
      if (!mailbox) {
        progress.error = std::move(mailbox).error();
        break;
      }
      auto listing = (*mailbox)->list(deadline);
      if (listing)
        progress.count = listing->total;
      else
        progress.error = std::move(listing).error();
      if (listing) (void)(*mailbox)->close(deadline);
      break;
    }
  }
  progress.done = true;
  const std::lock_guard lock(mutex);
  progress.steps = job.progress.steps;
  return progress;
}

void Agent::Impl::finish_job(JobProgress progress) {
  const std::lock_guard lock(mutex);
  running->progress = std::move(progress);
  finished.push_back(std::move(*running));
  running.reset();
  if (finished.size() > kJobsRemembered) finished.pop_front();
  changed.notify_all();
}

void Agent::Impl::work(const Deadline& deadline) {
  const auto settings = snapshot();
  note_settings(*settings);
  bool has_job = false;
  {
    const std::lock_guard lock(mutex);
    woken = false;
    if (!waiting.empty()) {
      running = std::move(waiting.front());
      waiting.pop_front();
      has_job = true;
    }
  }
  if (has_job) {
    finish_job(run_job(*running, deadline));
    return;
  }
  if (!device_is_on()) return;
  SteadyTime poll_at, send_at;
  {
    const std::lock_guard lock(mutex);
    poll_at = next_poll;
    send_at = next_send;
  }
  const SteadyTime now = ports.clock.steady_now();
  if (settings->reception.enabled && now >= poll_at) {
    poll(limits::kMailsExecutedPerPoll, nullptr, deadline);
  } else if (now >= send_at) {
    PollReport report;
    send(false, report, nullptr, deadline);
  }
}

// --- the two faces
// ----------------------------------------------------------------------------------------------------

Agent::Agent(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
Agent::~Agent() = default;

Result<std::unique_ptr<Agent>> Agent::open(const AgentPorts& ports, AgentOptions options) {
  auto impl = std::make_unique<Impl>(ports, std::move(options));
  if (Status loaded = impl->load(); !loaded) return std::move(loaded).error();
  impl->schedule_send();
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
    impl_->ports.logger.log(LogLevel::error, fmt::format("internal error: {}", exception.what()));
    bool in_job = false;
    {
      const std::lock_guard lock(impl_->mutex);
      impl_->next_poll = impl_->next_send = impl_->ports.clock.steady_now() + 1min;
      in_job = impl_->running.has_value();
    }
    if (in_job) {
      JobProgress progress;
      progress.done = true;
      progress.error = make_error(Cause::internal, Step::none);
      impl_->finish_job(std::move(progress));
    }
  }
  impl_->set_work(AgentStatus::Work::idle);
}

void Agent::wait(std::stop_token stop) {
  const SteadyTime due = next_due();
  std::unique_lock lock(impl_->mutex);
  const auto called = [this] { return impl_->woken || !impl_->waiting.empty(); };
  if (due == SteadyTime::max())
    impl_->changed.wait(lock, stop, called);
  else
    impl_->changed.wait_until(lock, stop, due, called);
}

JobProgress Agent::perform(const JobRequest& request, const Deadline& deadline) {
  Job job;
  job.request = request;
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

std::shared_ptr<const Settings> Agent::settings() const {
  return impl_->snapshot();
}

StoredSettings Agent::stored_settings() const {
  const std::lock_guard lock(impl_->mutex);
  return impl_->stored;
}

ApplyReport Agent::apply(const SettingTexts& texts, const std::map<std::string, std::uint64_t>& seen) {
  ApplyReport report;
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
  const auto old = settings();
  Result<std::uint64_t> saved = [&] {
    const std::lock_guard lock(impl_->store_mutex);
    return impl_->ports.settings.save_settings(planned.changes, expected);
  }();
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
  const std::lock_guard lock(impl_->mutex);
  const SteadyTime now = impl_->ports.clock.steady_now();
  if (fresh->reception.enabled && (!old->reception.enabled || fresh->generation != old->generation))
    impl_->next_poll = now;
  impl_->next_send = std::min(impl_->next_send, impl_->shown.waiting > 0 ? now : SteadyTime::max());
  impl_->woken = true;
  impl_->changed.notify_all();
  return report;
}

std::uint64_t Agent::request(const JobRequest& request) {
  const std::lock_guard lock(impl_->mutex);
  Job job;
  job.id = ++impl_->last_job;
  job.request = request;
  impl_->waiting.push_back(std::move(job));
  impl_->changed.notify_all();
  return impl_->last_job;
}

std::optional<JobProgress> Agent::progress(std::uint64_t id) const {
  const std::lock_guard lock(impl_->mutex);
  if (impl_->running && impl_->running->id == id) return impl_->running->progress;
  for (const auto* jobs : {&impl_->waiting, &impl_->finished}) {
    for (const Job& job : *jobs) {
      if (job.id == id) return job.progress;
    }
  }
  return std::nullopt;
}

std::optional<JobProgress> Agent::wait_for(std::uint64_t id, std::stop_token stop) const {
  for (;;) {
    auto now = progress(id);
    if (!now || now->done || stop.stop_requested()) return now;
    std::unique_lock lock(impl_->mutex);
    impl_->changed.wait_for(lock, stop, 100ms, [] { return false; });
  }
}

Result<std::vector<LogRecord>> Agent::log(std::size_t limit) const {
  return impl_->store.log(limit, nullptr);
}
Result<std::vector<OutboxEntry>> Agent::outbox() const {
  return impl_->store.outbox();
}

}  // namespace remotemail
