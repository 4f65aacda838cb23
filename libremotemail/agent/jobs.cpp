// The jobs somebody asks the worker for: each is done to its end, and answers in a JobProgress.
#include <utility>

#include "agent/agent_impl.hpp"
#include "agent/doctor.hpp"
#include "agent/execute.hpp"
#include "agent/glance.hpp"
#include "agent/set_up_test.hpp"
#include "remotemail/core/limits.hpp"

namespace remotemail {
namespace {

constexpr std::size_t kJobsRemembered = 16;
constexpr std::chrono::milliseconds kGlanceTime{5'000};  // a page's curiosity keeps no mail waiting

}  // namespace

void Agent::Impl::poll_and_send(AgentJob& job, JobProgress& progress, const Deadline& deadline) {
  if (job.request.kind == JobRequest::Kind::poll) {
    progress.report = poll(job.request.max_mails, &job, deadline);
    if (progress.report.state == "off") return;
  }
  // What failed is told in the same run: a program that does one and ends may be the only one there is.
  if (send(true, progress.report, &job, deadline)) {
    PollReport telling;
    send(false, telling, nullptr, deadline);
    progress.report.waiting = telling.waiting;
  }
}

// The text that a mail asking for the list would be answered with.
Result<std::string> Agent::Impl::preview(const JobRequest& request, const Settings& settings,
                                         const Deadline& deadline) {
  std::chrono::milliseconds busy_left = limits::kBusyWaitPerMail;
  const Deadline budget = deadline.within(ports.clock.steady_now(), limits::kDeviceTimePerMail);
  auto identity = ports.device.identity(budget);
  if (!identity) return std::move(identity).error();
  ReplyHead head;
  head.device = *identity;
  head.nickname = settings.reception.nickname;
  head.requested_by = "the command line";
  head.utc_offset = settings.utc_offset(ports.clock.now());
  Outcome outcome;
  outcome.item.kind = request.phone ? PlannedItem::Kind::phone : PlannedItem::Kind::list;
  outcome.item.list = request.list;
  outcome.item.line = "GETLOG";
  if (!request.phone) outcome.item.line += " " + std::string(word_of(request.list).option);
  auto read = read_for_reply(
      request.list, request.phone,
      {ports.device, ports.clock, ports.random, check, options.hash_cost, settings.reception.interval,
       std::nullopt, settings.reception.size_limit, settings.mask_names ? &ports.sealer : nullptr},
      busy_left, budget);
  if (!read) return std::move(read).error();
  outcome.value = std::move(*read);
  return ports.formatter.format(head, outcome).body;
}

Status Agent::Impl::drop(const std::string& id) {
  Settlement dropped;
  dropped.kind = Settlement::Kind::failed;
  dropped.now = ports.clock.now();
  dropped.detail = "dropped by the administrator";
  Status done = store.settle(id, dropped);
  schedule_send({});
  return done;
}

// For the main page. Off, the machine is not asked, and what it showed last stands.
std::optional<Error> Agent::Impl::look(const Deadline& deadline) {
  MachineGlance before;
  {
    const std::lock_guard lock(mutex);
    if (glance) before = *glance;
  }
  if (is_off(ports.device.state())) {
    before.at = ports.clock.now();
    before.error = make_error(Cause::device_off, Step::device);
  } else {
    before = look_at_machine(ports.device, ports.clock, before,
                             deadline.within(ports.clock.steady_now(), kGlanceTime));
  }
  auto seen = std::make_shared<const MachineGlance>(std::move(before));
  const std::lock_guard lock(mutex);
  glance = seen;
  return seen->error;
}

// Tests and doctor: what they find is shown as it comes.
void Agent::Impl::look_at_set_up(AgentJob& job, const Settings& settings, const Deadline& deadline) {
  set_work(AgentStatus::Work::testing);
  const SetUpContext context{
      ports, store, settings, options.client_name, observer(&job), [&](const Finding& finding) {
        note_progress(job, [&](JobProgress& progress) { progress.findings.push_back(finding); });
      }};
  std::optional<SteadyTime> login;
  if (job.request.kind == JobRequest::Kind::sending_test) {
    const auto log_in = [&]() -> std::optional<Error> {
      // The environment setup can be tested before there is a mailbox.
      if (settings.reception.account.server.host.empty()) return std::nullopt;
      return fresh_login(settings, context.observer, deadline);
    };
    run_sending_test(context, log_in, deadline);
  } else if (job.request.kind == JobRequest::Kind::round_trip_test) {
    login = run_round_trip_test(context, deadline);
  } else {
    StoredSettings present;
    {
      const std::lock_guard lock(mutex);
      present = stored;
    }
    login = run_doctor(context, present, deadline);
  }
  if (login) last_login = login;
}

// A22: with the settings that somebody is about to apply.
Status Agent::Impl::count_mailbox(AgentJob& job, JobProgress& progress, const Deadline& deadline) {
  auto imagined = imagine(job.request.texts);
  if (!imagined) return std::move(imagined).error();
  auto mailbox = ports.servers.open_mailbox(imagined->reception.account, deadline, observer(&job));
  if (!mailbox) return std::move(mailbox).error();
  auto listing = (*mailbox)->list(deadline);
  if (!listing) return std::move(listing).error();
  progress.count = listing->total;
  progress.text = enabling_question(progress.count, *imagined);
  (void)(*mailbox)->close(deadline);  // nothing was queued for removal
  return {};
}

JobProgress Agent::Impl::run_job(AgentJob& job, const Deadline& deadline) {
  using Kind = JobRequest::Kind;
  JobProgress progress;
  look_at_clock();
  const bool on = device_is_on();
  const auto settings = snapshot();
  note_settings(*settings);
  Status done;
  switch (job.request.kind) {
    case Kind::poll:
    case Kind::send:
      if (on)
        poll_and_send(job, progress, deadline);
      else
        progress.report.state = "off";
      break;
    case Kind::preview:
      if (auto text = preview(job.request, *settings, deadline))
        progress.text = std::move(*text);
      else
        done = std::move(text).error();
      break;
    case Kind::drop:
      done = drop(job.request.id);
      break;
    case Kind::sending_test:
    case Kind::round_trip_test:
      if (on)
        look_at_set_up(job, *settings, deadline);
      else
        done = make_error(Cause::device_off, Step::device);
      break;
    case Kind::check:
      look_at_set_up(job, *settings, deadline);
      break;
    case Kind::glance:
      if (auto error = look(deadline)) done = std::move(*error);
      break;
    case Kind::offered_lists:
      for (const ListWord& word : kListWords) {
        if (ports.device.supports(word.id)) progress.lists.push_back(word.id);
      }
      break;
    case Kind::count_mailbox:
      if (on)
        done = count_mailbox(job, progress, deadline);
      else
        done = make_error(Cause::device_off, Step::device);  // A8: no mailbox while it is off
      break;
  }
  if (!done) progress.error = std::move(done).error();
  progress.done = true;
  const std::lock_guard lock(mutex);
  progress.steps = job.progress.steps;
  progress.findings = job.progress.findings;
  return progress;
}

void Agent::Impl::finish_job(JobProgress progress) {
  const std::lock_guard lock(mutex);
  running->progress = std::move(progress);
  running->request.texts.clear();  // passwords
  finished.push_back(std::move(*running));
  running.reset();
  if (finished.size() > kJobsRemembered) finished.pop_front();
  changed.notify_all();
}

}  // namespace remotemail
