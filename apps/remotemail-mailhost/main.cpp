// remotemail-mailhost: the memory mail host as a program. See command_line.cpp for its help.
#include <signal.h>

#include <cstdio>
#include <iostream>
#include <mutex>
#include <optional>

#include "command_line.hpp"
#include "remotemail/testing/memory_mail_host.hpp"
#include "spool.hpp"

namespace {

using remotemail::testing::MailHostPorts;
using remotemail::testing::MemoryMailHost;
using namespace remotemail_mailhost;

constexpr int kFailed = 1, kWrongUse = 2;
constexpr long kLookEvery = 200'000'000;  // nanoseconds, at the spool

// Lines whole, whoever prints them; at once, for a script that waits for one.
void print(const std::string& line) {
  static std::mutex mutex;
  const std::lock_guard lock(mutex);
  std::cout << line << '\n' << std::flush;
}

int complain(const std::string& line, int status) {
  std::cerr << "remotemail-mailhost: " << line << '\n';
  return status;
}

std::string port_lines(const MailHostPorts& ports) {
  std::string lines;
  const auto add = [&](const char* name, unsigned port) {
    if (port != 0) lines += std::string(name) + ' ' + std::to_string(port) + '\n';
  };
  add("pop3", ports.pop3);
  add("pop3s", ports.pop3s);
  add("imap", ports.imap);
  add("imaps", ports.imaps);
  add("smtp", ports.smtp);
  add("smtps", ports.smtps);
  return lines;
}

int run(CommandLine line) {
  std::vector<std::string> users;
  for (const auto& user : line.host.users) users.push_back(user.name);

  line.host.on_event = print;
  if (line.verbose) line.host.on_dialogue = print;
  std::optional<Spool> spool;
  line.host.on_delivery = [&spool](const std::string& user, std::uint32_t uid, const std::string& bytes) {
    if (!spool) return;
    if (const auto written = spool->write(user, uid, bytes); !written)
      print(remotemail::describe(written.error()));
  };

  // Before the first thread, so that all inherit it: sigtimedwait() below takes them.
  sigset_t ending;
  sigemptyset(&ending);
  sigaddset(&ending, SIGTERM);
  sigaddset(&ending, SIGINT);
  pthread_sigmask(SIG_BLOCK, &ending, nullptr);

  MemoryMailHost host(line.host);
  if (const auto started = host.start(); !started) {
    const bool use = started.error().cause == remotemail::Cause::invalid_value;
    return complain(use ? started.error().detail : remotemail::describe(started.error()),
                    use ? kWrongUse : kFailed);
  }
  if (!line.spool.empty()) {
    auto opened = Spool::open(line.spool, users);
    if (!opened) return complain(remotemail::describe(opened.error()), kFailed);
    spool = std::move(*opened);
  }
  for (const auto& [user, file] : line.deliver) {
    auto bytes = read_mail_file(file);
    if (!bytes) return complain(remotemail::describe(bytes.error()), kFailed);
    if (const auto delivered = host.deliver(user, std::move(*bytes)); !delivered)
      return complain("--deliver: " + remotemail::describe(delivered.error()), kFailed);
  }
  if (!line.ca_file.empty()) {
    if (const auto written = write_whole(line.ca_file, host.ca_certificate()); !written)
      return complain(remotemail::describe(written.error()), kFailed);
  }
  const std::string ports = port_lines(host.ports());
  // Last, so that whoever waits for the file finds the rest done.
  if (!line.port_file.empty()) {
    if (const auto written = write_whole(line.port_file, ports); !written)
      return complain(remotemail::describe(written.error()), kFailed);
  }
  print(ports + "ready");

  const timespec look{0, kLookEvery};
  while (sigtimedwait(&ending, nullptr, &look) < 0) {
    if (!spool) continue;
    spool->collect(
        [&](const std::string& user, std::string bytes) -> remotemail::Status {
          const auto delivered = host.deliver(user, std::move(bytes));
          if (!delivered) return delivered.error();
          return {};
        },
        print);
  }
  host.stop();
  print("ended");
  return 0;
}

}  // namespace

int main(int argc, char* argv[]) {
  auto line = parse_command_line(argc, argv);
  if (!line) return complain(line.error().detail + " (--help says more)", kWrongUse);
  if (line->help) return std::cout << help_text() << std::flush, 0;
  if (line->version) return std::cout << "remotemail-mailhost " REMOTEMAIL_VERSION << std::endl, 0;
  return run(std::move(*line));
}
