// What the worker's thread needs while it works over TLS: stack, descriptors, memory. The mail host is
// another process.
#include <pthread.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <filesystem>
#include <functional>
#include <vector>

#include "bench_agent.hpp"
#include "measure.hpp"
#include "remotemail/mail_store/sqlite_store.hpp"
#include "remotemail/protocol/poco_connector.hpp"
#include "remotemail/testing/memory_mail_host.hpp"

using namespace remotemail;

namespace {

std::size_t descriptors() {
  const std::filesystem::directory_iterator all("/proc/self/fd"), end;
  return static_cast<std::size_t>(std::distance(all, end)) - 1;  // the listing's own
}

// Asked before every step that touches the network: looks how many descriptors are open then.
class WatchingDevice final : public testing::FakeDevice {
 public:
  using FakeDevice::FakeDevice;
  DeviceState state() override {
    most = std::max(most, descriptors());
    return FakeDevice::state();
  }
  Result<DeviceList> read_list(ListId id, const Deadline& deadline) override {
    most = std::max(most, descriptors());
    return FakeDevice::read_list(id, deadline);
  }
  std::size_t most = 0;
};

// Runs `work` on a thread whose stack was painted before, and tells how much of it was used.
std::size_t stack_used(const std::function<void()>& work) {
  constexpr std::size_t kSize = 1024 * 1024;
  constexpr char kPaint = '\x5A';
  alignas(4096) static char stack[kSize];
  std::fill(std::begin(stack), std::end(stack), kPaint);
  pthread_attr_t attributes;
  pthread_attr_init(&attributes);
  pthread_attr_setstack(&attributes, stack, kSize);
  pthread_t thread{};
  const auto body = [](void* job) -> void* {
    (*static_cast<const std::function<void()>*>(job))();
    return nullptr;
  };
  if (pthread_create(&thread, &attributes, body, const_cast<std::function<void()>*>(&work)) != 0) {
    bench::give_up(make_error(Cause::internal, Step::none, "pthread_create"));
  }
  pthread_join(thread, nullptr);
  const char* lowest = std::find_if(std::begin(stack), std::end(stack), [](char c) { return c != kPaint; });
  return static_cast<std::size_t>(std::end(stack) - lowest);
}

std::vector<std::string> mails() {
  std::string html = bench::mail_of_1_kib("3", "<p>");
  html.replace(html.find("text/plain"), 10, "text/html");
  return {bench::mail_of_1_kib("1", "GetLog All"),
          bench::mail_of_1_kib("2", "GetLog\r\nHelp\r\nGetLog Nonsense"), html,
          bench::mail_of_1_kib("4", "ChPass U-BIX Sitios")};
}

// The child's life: a mail host that tells its ports and lives until it is ended.
[[noreturn]] void be_mail_host(int tell, const std::string& ca_file) {
  testing::MailHostOptions options;
  options.users = {{"copier", "secret"}};
  options.domain = "example.net";
  options.keep_foreign = true;
  testing::MemoryMailHost host(options);
  if (const Status started = host.start(); !started) bench::give_up(started.error());
  if (const Status written = host.write_ca_file(ca_file); !written) bench::give_up(written.error());
  for (const std::string& mail : mails()) (void)host.deliver("copier", mail);
  const testing::MailHostPorts ports = host.ports();
  if (::write(tell, &ports, sizeof ports) != sizeof ports) ::_exit(1);
  for (;;) ::pause();
}

}  // namespace

int main() {
  const bench::BenchFolder folder;
  const std::string ca_file = std::filesystem::absolute(folder.file("ca.pem")).string();
  int pipe[2];
  if (::pipe(pipe) != 0) return 1;
  const pid_t host = ::fork();
  if (host == 0) be_mail_host(pipe[1], ca_file);
  ::close(pipe[1]);
  testing::MailHostPorts ports;
  if (::read(pipe[0], &ports, sizeof ports) != sizeof ports) return 1;
  ::close(pipe[0]);

  const std::size_t before = descriptors();
  SystemClock clock;
  SystemRandom random;
  bench::QuietLogger logger;
  const auto store = open_sqlite_store({folder.file("state.db"), "", ""}, bench::bench_sealer());
  if (!store) bench::give_up(store.error());
  WatchingDevice device(clock);
  const auto connector = make_poco_connector(clock);
  const auto servers = make_mail_servers(*connector, clock, random);
  const ManualCommandParser parser;
  const SubjectAuthenticator authenticator;
  const PlainTextFormatter formatter;
  const auto agent = Agent::open({*servers, **store, **store, device, parser, authenticator, formatter,
                                  bench::bench_sealer(), clock, random, logger});
  if (!agent) bench::give_up(agent.error());
  SettingTexts texts;
  const auto set = [&texts](const char* key, const std::string& value) { texts.emplace(key, Secret(value)); };
  set("transmission.manager_address", "manager@example.net");
  set("transmission.smtp_server", "localhost");
  set("transmission.smtp_port", std::to_string(ports.smtps));
  set("reception.server", "localhost");
  set("reception.spool", "imap");
  set("reception.port", std::to_string(ports.imaps));
  set("reception.user", "copier");
  set("reception.password", "secret");
  set("reception.address", "copier@example.net");
  set("reception.ce_password", "U-BIX");
  set("reception.enabled", "yes");
  set("security.ca_file", ca_file);
  if (!(*agent)->apply(texts).ok()) return 1;
  const std::size_t open = descriptors();

  PollReport report;
  const std::size_t used = stack_used([&] { report = (*agent)->perform({}, {}).report; });
  ::kill(host, SIGKILL);
  ::waitpid(host, nullptr, 0);
  if (report.error) bench::give_up(*report.error);
  std::printf("%-44s %12llu of %llu mails\n", "over IMAP and SMTP with TLS",
              static_cast<unsigned long long>(report.answered),
              static_cast<unsigned long long>(mails().size()));
  std::printf("%-44s %12zu KiB\n", "stack of the worker's thread", (used + 1023) / 1024);
  std::printf("%-44s %12zu\n", "descriptors, idle", open - before);
  std::printf("%-44s %12zu\n", "descriptors, polling", device.most - before);
  return report.answered == mails().size() ? 0 : 1;
}
