// The worker's face: what is due is done here, in the one thread that touches network and device. What somebody asked
// for stands in jobs.cpp.
#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "agent/agent_impl.hpp"
#include "agent/poll_round.hpp"
#include "agent/send_round.hpp"
#include "remotemail/core/limits.hpp"

namespace remotemail {
namespace {

using namespace std::chrono_literals;

constexpr auto kDeviceLook =
    5s;  // how often an idle agent looks whether the device went off or came back (A14)
constexpr std::chrono::milliseconds kSendBackOff = 1min;  // the shortest, after a sending round that failed

}  // namespace

void Agent::Impl::note_trouble(std::optional<Error> AgentStatus::*place, std::string_view who,
                               const std::optional<Error>& error) {
  if (error && error->cause == Cause::stopped) return;
  bool began = false, ended = false;
  {
    const std::lock_guard lock(mutex);
    std::optional<Error>& now = shown.*place;
    // R7: each cause once a trouble, though a bad line shows another one at every try.
    began = error && told[who].insert(error->cause).second;
    ended = !error && now;
    if (!error) told.erase(who);
    now = error;
  }
  if (began) ports.logger.log(LogLevel::warning, fmt::format("{}: {}", who, describe(*error)));
  if (ended) ports.logger.log(LogLevel::notice, fmt::format("{}: works again", who));
}

// A full disk can be read: it is full until something was written.
void Agent::Impl::note_store(const std::optional<Error>& error, bool wrote) {
  if (!error && !wrote) {
    const std::lock_guard lock(mutex);
    if (shown.store_trouble && shown.store_trouble->cause == Cause::store_full) return;
  }
  note_trouble(&AgentStatus::store_trouble, "state", error);
}

// `job` is the worker's own; others read it under the mutex meanwhile.
void Agent::Impl::note_progress(AgentJob& job, const std::function<void(JobProgress&)>& note) {
  {
    const std::lock_guard lock(mutex);
    note(job.progress);
    changed.notify_all();
  }
  if (job.on_progress) job.on_progress(job.progress);
}

StepObserver Agent::Impl::observer(AgentJob* job) {
  if (!job) return {};
  return [this, job](Step step) {
    note_progress(*job, [step](JobProgress& progress) { progress.steps.push_back(step); });
  };
}

// One round; and more, on new settings then, while the connection ends at mails and the others gain by it.
PollResult Agent::Impl::poll_rounds(std::shared_ptr<const Settings>& settings, std::size_t max_mails,
                                    AgentJob* job, const Deadline& deadline) {
  std::optional<WallTime> last_poll;
  {
    const std::lock_guard lock(mutex);
    last_poll = shown.last_poll;
  }
  const auto run_round = [&](const PollReport& so_far) {
    PollRound round(ports, store, *settings, check, options.hash_cost, last_poll, carried,
                    [this, settings] { return still_wanted(*settings); });
    return round.run(max_mails, so_far, observer(job), deadline);
  };
  const SteadyTime begin = ports.clock.steady_now();
  PollResult result = run_round({});
  for (unsigned sessions = 1; sessions < limits::kSessionsPerPoll; ++sessions) {
    if (!result.broke_off || result.store_error || result.report.answered >= max_mails || deadline.stopping())
      break;
    // Servers that end a connection by saying nothing take their time; what waits to be sent has to wait meanwhile.
    if (sessions > 1 && ports.clock.steady_now() - begin > limits::kJudgingTimePerPoll) break;
    note_trouble(&AgentStatus::mailbox_trouble, "receiving mail server", result.mailbox_error);
    if (Status loaded = load(); !loaded) note_trouble(&AgentStatus::store_trouble, "state", loaded.error());
    auto now_valid = snapshot();
    if (!now_valid->reception.enabled) break;
    settings = std::move(now_valid);  // a CHPASS may have changed them
    PollResult next = run_round(result.report);
    next.go_on_from(result);
    result = std::move(next);
  }
  return result;
}

PollReport Agent::Impl::poll(std::size_t max_mails, AgentJob* job, const Deadline& deadline) {
  auto settings = snapshot();
  if (!settings->reception.enabled) {
    PollReport report;
    report.state = "disabled";
    return report;
  }
  set_work(AgentStatus::Work::polling);
  PollResult result = poll_rounds(settings, max_mails, job, deadline);
  const SteadyTime now = ports.clock.steady_now();
  if (result.login) last_login = result.login;
  if (result.report.state == "off") was_on = false;  // however short it was: it polls when it comes back
  note_trouble(&AgentStatus::mailbox_trouble, "receiving mail server", result.mailbox_error);
  note_store(result.store_error, result.report.fetched > 0);
  if (result.vanished > 0 && !told_of_sharing) {
    told_of_sharing = true;
    ports.logger.log(
        LogLevel::warning,
        "mails vanished between listing and fetching: another program uses this mailbox, too; give "
        "each copier a mailbox of its own");
  }
  if (result.device_error ? !device_trouble : device_trouble && result.login) {
    device_trouble = result.device_error.has_value();
    ports.logger.log(device_trouble ? LogLevel::warning : LogLevel::notice,
                     device_trouble ? describe(*result.device_error) : "the machine: works again");
  }

  std::optional<Error> error = result.mailbox_error ? result.mailbox_error : result.store_error;
  if (!error) error = result.device_error;
  const bool stopped = error && error->cause == Cause::stopped;
  // R7 is for servers that are down: here all but one mail had its turn.
  const bool works = stopped || (result.at_suspect && !result.store_error && !result.device_error);
  auto wait =
      wait_after(mailbox_trouble, works ? std::nullopt : error, settings->reception.interval, ports.random);
  // A round that ended early goes on at once, with what it left of the five (D2); not a third time without having done
  // anything (R8).
  const PollReport& report = result.report;
  const bool idle = report.answered + report.illegal + report.unanswerable == 0;
  const bool continued = result.again && !error && report.answered < max_mails && !(idle && continues_idle);
  continues_idle = continued && idle;
  left_of_five = continued ? max_mails - result.report.answered : limits::kMailsExecutedPerPoll;
  if (continued) wait = 0ms;
  // A CHPASS of this poll changed the settings beneath our snapshot.
  if (result.report.answered > 0 || result.again) {
    if (Status loaded = load(); !loaded) note_trouble(&AgentStatus::store_trouble, "state", loaded.error());
  }
  result.report.error = std::move(error);
  bool more_set_aside = false;
  {
    const std::lock_guard lock(mutex);
    if (result.login) {
      shown.last_poll = ports.clock.now();
      more_set_aside = result.set_aside > shown.set_aside;
      shown.set_aside = result.set_aside;
      shown.unlisted = result.unlisted;
      shown.limited = 0;
      shown.unjudged = result.resting;
      for (const auto& [key, mail] : carried.waiting) {
        if (mail.why == WaitingMail::Why::turn) continue;  // D2: the next poll has it
        ++(mail.why == WaitingMail::Why::limits ? shown.limited : shown.unjudged);
      }
    }
    next_poll = now + wait;
  }
  const bool told = result.report.state != "off" && !result.store_error && tell(deadline);
  // A commit that failed may be whole all the same once the store was opened anew: what waits then is looked for.
  if (result.posted || told || result.store_error) {
    const std::lock_guard lock(mutex);
    next_send = now;
  }
  if (more_set_aside) {
    ports.logger.log(
        LogLevel::error,
        fmt::format("{} mails are set aside: they brought the program down; they stay on the server",
                    result.set_aside));
  }
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

bool Agent::Impl::send(bool everything, PollReport& report, AgentJob* job, const Deadline& deadline) {
  const std::string only =
      job && job->request.kind == JobRequest::Kind::send ? job->request.id : std::string();
  const auto settings = snapshot();
  set_work(AgentStatus::Work::sending);
  const StepObserver watch = observer(job);
  const SendResult result = send_round(
      {ports, store, *settings, options.client_name, unnoted,
       [&] { return fresh_login(*settings, watch, deadline); }, watch, clock_watch.in_doubt(), only},
      everything, deadline);
  const bool tried = result.sent + result.deferred + result.failed > 0;
  if (result.login_error)
    note_trouble(&AgentStatus::mailbox_trouble, "receiving mail server", result.login_error);
  if (result.smtp_error || tried)
    note_trouble(&AgentStatus::smtp_trouble, "SMTP server",
                 result.login_error ? std::nullopt : result.smtp_error);
  note_store(result.store_error, tried);
  report.sent += result.sent;
  report.failed += result.failed;
  const std::optional<Error> error = result.login_error  ? result.login_error
                                     : result.smtp_error ? result.smtp_error
                                                         : result.store_error;
  auto wait = 0ms;
  if (error && error->cause != Cause::stopped) {
    wait = std::chrono::duration_cast<std::chrono::milliseconds>(
        wait_after(smtp_trouble, error, kSendBackOff, ports.random));
    if (!report.error) report.error = error;
    if (report.state == "done") report.state = "failed";
  } else if (tried) {
    smtp_trouble = {};
  } else {
    wait = kSendBackOff;  // nothing could be tried: what is due stays so, and is looked at again in a while
  }
  const bool told = !result.store_error && tell(deadline);
  schedule_send(wait);
  const std::lock_guard lock(mutex);
  report.waiting = shown.waiting;
  return told;
}

// next_send is when the earliest waiting reply is due, but not before `at_least` from now.
void Agent::Impl::schedule_send(std::chrono::milliseconds at_least) {
  const auto waiting_mails = store.outbox();
  const WallTime now = ports.clock.now();
  const SteadyTime steady = ports.clock.steady_now();
  const std::lock_guard lock(mutex);
  if (!waiting_mails) {
    next_send = steady + std::max(at_least, kSendBackOff);
    return;
  }
  shown.waiting = waiting_mails->size();
  next_send = SteadyTime::max();
  for (const OutboxEntry& entry : *waiting_mails) {
    const auto in = std::clamp<std::chrono::milliseconds>(entry.next_attempt - now, 0ms, 1h);
    next_send = std::min(next_send, steady + std::max(in, at_least));
  }
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

void Agent::Impl::look_at_clock() {
  const auto moved = clock_watch.look();
  if (!moved) return;
  const auto minutes = std::chrono::duration_cast<std::chrono::minutes>(std::chrono::abs(*moved)).count();
  ports.logger.log(LogLevel::notice, fmt::format("the clock was moved {} by {} days {} h {} min",
                                                 moved->count() > 0 ? "forward" : "back", minutes / (24 * 60),
                                                 minutes / 60 % 24, minutes % 60));
}

// A18, R7: a change of settings is a reason to try at once, whatever the troubles were before.
void Agent::Impl::note_settings(const Settings& settings) {
  if (settings.generation != seen_generation) {
    mailbox_trouble = smtp_trouble = {};
    told_of_sharing = false;
    last_login.reset();  // D11: it may have been another server's
  }
  seen_generation = settings.generation;
  if (settings.reception.enabled != was_enabled) {
    ports.logger.log(LogLevel::notice, settings.reception.enabled ? "E-mail notification is enabled"
                                                                  : "E-mail notification is disabled");
  }
  was_enabled = settings.reception.enabled;
  const bool in_clear =
      settings.reception.enabled && (settings.reception.account.server.security == Security::none ||
                                     settings.transmission.smtp.security == Security::none);
  if (in_clear && !was_in_clear) {
    ports.logger.log(LogLevel::warning,
                     "a mail server is used without TLS: passwords and lists can be read on the way");
  }
  was_in_clear = in_clear;
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
  look_at_clock();
  if (!device_is_on()) return;
  SteadyTime poll_at, send_at;
  {
    const std::lock_guard lock(mutex);
    poll_at = next_poll;
    send_at = next_send;
  }
  const SteadyTime now = ports.clock.steady_now();
  if (settings->reception.enabled && now >= poll_at) {
    poll(left_of_five, nullptr, deadline);
  } else if (now >= send_at) {
    PollReport report;
    send(false, report, nullptr, deadline);
  }
}

}  // namespace remotemail
