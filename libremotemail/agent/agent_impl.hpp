// The agent's inside: what its two faces share. The worker's half stands in worker.cpp (what is due) and jobs.cpp (what
// was asked for), the rest in agent.cpp.
#pragma once

#include <condition_variable>
#include <deque>
#include <map>
#include <mutex>
#include <set>

#include "agent/clock_watch.hpp"
#include "agent/poll_round.hpp"
#include "agent/schedule.hpp"
#include "agent/send_round.hpp"
#include "remotemail/agent/agent.hpp"
#include "remotemail/core/limits.hpp"

namespace remotemail {

struct AgentJob {
  std::uint64_t id = 0;
  JobRequest request;
  JobProgress progress;
  std::function<void(const JobProgress&)> on_progress{};  // perform()'s
};

struct Agent::Impl {
  Impl(const AgentPorts& given, AgentOptions chosen)
      : ports(given), options(std::move(chosen)), store(given.mails), check(given.random) {
    if (options.client_name.empty()) options.client_name = "[127.0.0.1]";
    const SteadyTime now = ports.clock.steady_now();
    next_poll = now + first_poll_delay(ports.random);
    next_look = now;
    next_send = now;
  }

  // --- settings ---
  Status load();  // reads and publishes; one at a time, so that an older reading never replaces a newer
  void publish(StoredSettings stored);
  Result<Settings> imagine(const SettingTexts& texts) const;
  bool still_wanted(const Settings& snapshot) const;
  std::optional<JobProgress> find_progress(std::uint64_t id) const;  // under `mutex`

  // --- the worker ---
  void work(const Deadline& deadline);
  bool device_is_on();
  void look_at_clock();
  void note_settings(const Settings& settings);
  PollReport poll(std::size_t max_mails, AgentJob* job, const Deadline& deadline);
  PollResult poll_rounds(std::shared_ptr<const Settings>& settings, std::size_t max_mails, AgentJob* job,
                         const Deadline& deadline);
  // The mails that nobody asked for: what the Manager is told once a day, and the administrator when an hour is over
  // (H2, R6, R11, Y8). True: something went into the outbox.
  bool tell(const Deadline& deadline);
  // True: there is something new to be sent.
  bool send(bool everything, PollReport& report, AgentJob* job, const Deadline& deadline);
  std::optional<Error> fresh_login(const Settings& snapshot, const StepObserver& observer,
                                   const Deadline& deadline);
  // Does it; what was begun is noted in `job` meanwhile. The result is the caller's to publish.
  JobProgress run_job(AgentJob& job, const Deadline& deadline);
  void poll_and_send(AgentJob& job, JobProgress& progress, const Deadline& deadline);
  Result<std::string> preview(const JobRequest& request, const Settings& settings, const Deadline& deadline);
  Status drop(const std::string& id);
  std::optional<Error> look(const Deadline& deadline);
  Status count_mailbox(AgentJob& job, JobProgress& progress, const Deadline& deadline);
  void look_at_set_up(AgentJob& job, const Settings& settings, const Deadline& deadline);
  void finish_job(JobProgress progress);
  void schedule_send(std::chrono::milliseconds at_least);
  void note_trouble(std::optional<Error> AgentStatus::*place, std::string_view who,
                    const std::optional<Error>& error);
  void note_store(const std::optional<Error>& error, bool wrote);
  StepObserver observer(AgentJob* job);
  void note_progress(AgentJob& job, const std::function<void(JobProgress&)>& note);
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
  MailStore& store;     // thread-safe, like ports.settings
  PasswordCheck check;  // worker only

  std::mutex applying;         // held by apply() from its checks to its publishing
  std::mutex loading;          // held by load()
  CarriedOver carried;         // worker only: see PollRound
  std::map<std::string_view, std::set<Cause>>
      told;                      // worker only: what the log says of the trouble under way
  bool told_of_sharing = false;  // worker only: with these settings
  bool device_trouble = false;   // worker only: as the log says
  mutable std::mutex mutex;      // all below; never held over network, device or disk
  mutable std::condition_variable_any changed;
  bool woken = false;
  StoredSettings stored;
  std::shared_ptr<const Settings> current;
  AgentStatus shown;
  std::shared_ptr<const MachineGlance> glance;
  std::deque<AgentJob> waiting;
  std::deque<AgentJob> finished;
  std::optional<AgentJob> running;
  std::uint64_t last_job = 0;
  SteadyTime next_poll{}, next_send{}, next_look{};

  // worker only
  std::optional<SteadyTime> last_login;
  ClockWatch clock_watch{ports.clock};
  Trouble mailbox_trouble, smtp_trouble;
  Unnoted unnoted;
  std::size_t left_of_five = limits::kMailsExecutedPerPoll;  // D2: a round that ended early and goes on
  bool continues_idle = false;                               // and did nothing before it ended
  bool was_on = true, was_enabled = false, was_in_clear = false;
  std::uint64_t seen_generation = 0;
};

}  // namespace remotemail
