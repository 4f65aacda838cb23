#include "service.hpp"

#include <fmt/format.h>
#include <poll.h>
#include <sys/signalfd.h>
#include <unistd.h>

#include <cerrno>
#include <chrono>
#include <csignal>
#include <cstring>
#include <functional>
#include <thread>

#ifdef __GLIBC__
#include <malloc.h>
#endif

#include "commands/commands.hpp"
#include "configuration.hpp"
#include "control_server.hpp"
#include "exit_status.hpp"
#include "journal_logger.hpp"
#include "machine.hpp"
#include "pages.hpp"
#include "systemd_notify.hpp"

namespace remotemaild {
namespace {

using remotemail::LogLevel;
using remotemail::Status;

sigset_t our_signals() {
  sigset_t set;
  sigemptyset(&set);
  sigaddset(&set, SIGTERM);
  sigaddset(&set, SIGINT);
  sigaddset(&set, SIGHUP);
  return set;
}

void read_again(const ConfigurationFile& file, const Configuration& before, Pages& pages,
                JournalLogger& logger) {
  tell_systemd("RELOADING=1");
  const auto fresh = read_configuration(file);
  if (!fresh) {
    logger.log(LogLevel::error, "the configuration stays as it was: " + describe(fresh.error()));
  } else {
    logger.set_level(fresh->log_level);
    logger.log(LogLevel::notice, "the configuration was read again");
    if (Status followed = pages.follow(*fresh); !followed) {
      logger.log(LogLevel::error,
                 fmt::format("the pages {}: {}", pages.are_open() ? "stay as they were" : "stay closed",
                             describe(followed.error())));
    }
    if (fresh->device_seed != before.device_seed || fresh->device_birth != before.device_birth) {
      logger.log(LogLevel::warning, "another [device] counts after a restart: it would be another machine");
    }
  }
  tell_systemd("READY=1");
}

// The loop of the main thread: signals, the control socket and, for `is_well`, systemd's watchdog.
void serve(ControlServer& control, int signals, const ConfigurationFile& config,
           const Configuration& configuration, Pages& pages, JournalLogger& logger,
           const std::function<bool()>& is_well) {
  using Clock = std::chrono::steady_clock;
  const std::chrono::milliseconds interval = watchdog_interval();
  Clock::time_point next_word = Clock::now();
  for (;;) {
    int patience = -1;
    if (interval.count() > 0) {
      const auto now = Clock::now();
      if (now >= next_word) {
        if (is_well()) tell_systemd("WATCHDOG=1");
        next_word = now + interval;
      }
      patience = static_cast<int>(std::chrono::ceil<std::chrono::milliseconds>(next_word - now).count());
    }
    pollfd waiting[] = {{signals, POLLIN, 0}, {control.descriptor(), POLLIN, 0}};
    if (::poll(waiting, 2, patience) < 0 && errno != EINTR) return;
    if ((waiting[1].revents & POLLIN) != 0) control.accept();
    if ((waiting[0].revents & POLLIN) == 0) continue;
    signalfd_siginfo info{};
    if (::read(signals, &info, sizeof info) != sizeof info) continue;
    if (info.ssi_signo == SIGHUP) {
      read_again(config, configuration, pages, logger);
      continue;
    }
    logger.log(LogLevel::notice, "stopping");
    tell_systemd("STOPPING=1");
    return;
  }
}

// glibc gives each thread a heap of its own, and keeps the more the larger a block once was: after a poll over a full
// mailbox the service would hold what that took for good.
void give_memory_back() {
#ifdef __GLIBC__
  constexpr int kKept = 128 * 1024;
  ::mallopt(M_ARENA_MAX, 1);
  ::mallopt(M_MMAP_THRESHOLD, kKept);
  ::mallopt(M_TRIM_THRESHOLD, kKept);
#endif
}

}  // namespace

void block_signals() {
  const sigset_t set = our_signals();
  ::pthread_sigmask(SIG_BLOCK, &set, nullptr);
  std::signal(SIGPIPE, SIG_IGN);
}

int run_service(const std::string& directory, const ConfigurationFile& config, Output& output) {
  give_memory_back();
  auto configuration = read_configuration(config);
  if (!configuration) return complain(output, configuration.error());
  JournalLogger logger(configuration->log_level);
  auto machine = Machine::open(directory, *configuration, logger);
  if (!machine) return complain(output, machine.error());
  remotemail::Agent& agent = (*machine)->agent();

  std::stop_source stopping;
  const DoJob do_job = [&agent, stop = stopping.get_token()](const remotemail::JobRequest& request,
                                                             const OnProgress& on_progress) {
    const std::uint64_t id = agent.request(request);
    for (std::size_t seen = 0; !stop.stop_requested();) {
      const auto progress = agent.wait_for(id, stop, on_progress ? seen : SIZE_MAX);
      if (!progress) break;
      if (on_progress && progress->steps.size() + progress->findings.size() > seen) on_progress(*progress);
      seen = progress->steps.size() + progress->findings.size();
      if (progress->done) return *progress;
    }
    remotemail::JobProgress stopped;
    stopped.error = make_error(remotemail::Cause::stopped, remotemail::Step::none, "the service is stopping");
    return stopped;
  };
  auto control = ControlServer::open(directory, [&](const Invocation& invocation, Output& to) {
    Session session{agent,
                    (*machine)->panel(),
                    do_job,
                    true,
                    directory,
                    [&](const std::string& path, bool with_key) { return (*machine)->back_up(path, with_key); }};
    return run_command(invocation, session, to);
  });
  if (!control) return complain(output, control.error());

  const sigset_t set = our_signals();
  const int signals = ::signalfd(-1, &set, SFD_CLOEXEC | SFD_NONBLOCK);
  if (signals < 0) {
    output.err(fmt::format("remotemaild: signalfd: {}\n", std::strerror(errno)));
    return kFailed;
  }
  WorkerPulse pulse;
  std::jthread worker([&agent, &pulse, stop = stopping.get_token()] {
    while (!stop.stop_requested()) {
      pulse.step_begins(std::chrono::steady_clock::now());
      agent.step({remotemail::SteadyTime::max(), stop});
      pulse.step_ended();
      agent.wait(stop);
    }
  });
  const auto settings = agent.settings();
  logger.log(LogLevel::notice, fmt::format("ready; state in {}; E-mail notification is {}", directory,
                                           settings->reception.enabled ? "enabled" : "disabled"));
  if (::geteuid() == 0) {
    logger.log(LogLevel::warning,
               fmt::format("running as root: give {} to a user of its own (chown), and commands and "
                           "service become that user",
                           directory));
  }
  Pages pages(**machine, directory, logger);
  if (Status opened = pages.follow(*configuration); !opened) {
    // Mail is answered without pages too: what keeps them from opening is told, and looked at again at a reload.
    logger.log(LogLevel::error, "no pages: " + describe(opened.error()));
  }
  tell_systemd("READY=1");
  serve(**control, signals, config, *configuration, pages, logger, [&] {
    (void)agent.status();  // takes the agent's locks: a deadlock is silence too
    return !pulse.hangs(std::chrono::steady_clock::now());
  });
  stopping.request_stop();
  worker.join();
  control->reset();
  ::close(signals);
  logger.log(LogLevel::notice, "stopped");
  return kDone;
}

}  // namespace remotemaild
