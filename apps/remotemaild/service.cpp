#include "service.hpp"

#include <fmt/format.h>
#include <poll.h>
#include <sys/signalfd.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>
#include <cstdlib>
#include <cstring>
#include <thread>

#include "commands/commands.hpp"
#include "configuration.hpp"
#include "control_server.hpp"
#include "exit_status.hpp"
#include "journal_logger.hpp"
#include "machine.hpp"

namespace remotemaild {
namespace {

using remotemail::LogLevel;

sigset_t our_signals() {
  sigset_t set;
  sigemptyset(&set);
  sigaddset(&set, SIGTERM);
  sigaddset(&set, SIGINT);
  sigaddset(&set, SIGHUP);
  return set;
}

// sd_notify(3) without libsystemd: one datagram to $NOTIFY_SOCKET.
void tell_systemd(const std::string& state) {
  const char* path = std::getenv("NOTIFY_SOCKET");
  if (path == nullptr || (path[0] != '/' && path[0] != '@')) return;
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  const std::size_t length = std::strlen(path);
  if (length >= sizeof address.sun_path) return;
  std::memcpy(address.sun_path, path, length);
  if (path[0] == '@') address.sun_path[0] = '\0';  // an abstract socket
  const int socket = ::socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
  if (socket < 0) return;
  ::sendto(socket, state.data(), state.size(), MSG_NOSIGNAL, reinterpret_cast<const sockaddr*>(&address),
           static_cast<socklen_t>(offsetof(sockaddr_un, sun_path) + length));
  ::close(socket);
}

void read_again(const std::string& path, const Configuration& before, JournalLogger& logger) {
  tell_systemd("RELOADING=1");
  const auto fresh = read_configuration(path);
  if (!fresh) {
    logger.log(LogLevel::error, "the configuration stays as it was: " + describe(fresh.error()));
  } else {
    logger.set_level(fresh->log_level);
    logger.log(LogLevel::notice, "the configuration was read again");
    if (fresh->device_seed != before.device_seed || fresh->device_birth != before.device_birth) {
      logger.log(LogLevel::warning, "another [device] counts after a restart: it would be another machine");
    }
  }
  tell_systemd("READY=1");
}

// The loop of the main thread: signals and the control socket.
void serve(ControlServer& control, int signals, const std::string& config, const Configuration& configuration,
           JournalLogger& logger) {
  for (;;) {
    pollfd waiting[] = {{signals, POLLIN, 0}, {control.descriptor(), POLLIN, 0}};
    if (::poll(waiting, 2, -1) < 0 && errno != EINTR) return;
    if ((waiting[1].revents & POLLIN) != 0) control.accept();
    if ((waiting[0].revents & POLLIN) == 0) continue;
    signalfd_siginfo info{};
    if (::read(signals, &info, sizeof info) != sizeof info) continue;
    if (info.ssi_signo == SIGHUP) {
      read_again(config, configuration, logger);
      continue;
    }
    logger.log(LogLevel::notice, "stopping");
    tell_systemd("STOPPING=1");
    return;
  }
}

}  // namespace

void block_signals() {
  const sigset_t set = our_signals();
  ::pthread_sigmask(SIG_BLOCK, &set, nullptr);
  std::signal(SIGPIPE, SIG_IGN);
}

int run_service(const std::string& directory, const std::string& config, Output& output) {
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
    Session session{agent, (*machine)->panel(), do_job, true, directory,
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
  std::jthread worker([&agent, stop = stopping.get_token()] {
    while (!stop.stop_requested()) {
      agent.step({remotemail::SteadyTime::max(), stop});
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
  if (!configuration->web_listen.empty()) {
    logger.log(LogLevel::warning, "[web] listen: this program was built without the pages");
  }
  tell_systemd("READY=1");
  serve(**control, signals, config, *configuration, logger);
  stopping.request_stop();
  worker.join();
  control->reset();
  ::close(signals);
  logger.log(LogLevel::notice, "stopped");
  return kDone;
}

}  // namespace remotemaild
