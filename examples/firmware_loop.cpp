// The agent inside a firmware: a thread of its own beside the main loop, which never waits for the network
// and reads status(). The store is on disk, its sealing key in a place of the firmware, the machine is the
// firmware's own. Here the main loop runs until one mail has been answered, and stops cleanly.
//
// Outside of this tree:
//   g++ -std=c++20 firmware_loop.cpp $(pkg-config --static --cflags --libs remotemail-sqlite remotemail-testing)
#include <atomic>
#include <chrono>
#include <cstdio>
#include <filesystem>
#include <thread>

#include "remotemail/agent/agent.hpp"
#include "remotemail/mail_store/guarded_store.hpp"
#include "remotemail/mail_store/sqlite_store.hpp"
#include "remotemail/testing/memory_mail_servers.hpp"

using namespace remotemail;
using namespace std::chrono_literals;

namespace {

// What the firmware knows of its machine. The main loop counts, the worker reads.
struct Registers {
  std::atomic<unsigned long> total{120'000};
  std::atomic<DeviceState> state{DeviceState::ready};
};

class OwnMachine final : public DeviceAdapter {
 public:
  explicit OwnMachine(const Registers& registers) : registers_(registers) {}

  Result<DeviceIdentity> identity(const Deadline&) override { return DeviceIdentity{"Model 7", "7-0001"}; }
  DeviceState state() override { return registers_.state; }
  bool supports(ListId id) const override { return id == ListId::counter; }
  Result<DeviceList> read_list(ListId id, const Deadline&) override {
    if (!supports(id)) return make_error(Cause::device_unsupported, Step::device);
    Section section;
    section.columns = {{"Counter"}, {"Count", Column::Kind::count}, {"What it counts"}};
    const std::string total = std::to_string(registers_.total.load());
    section.rows.push_back({"C-01", {"Total", total, "every sheet fed"}, true, 1, "Total", total});
    return DeviceList{id, {section}};
  }

 private:
  const Registers& registers_;
};

// Where this board keeps 32 random octets: a fuse, a TPM, a secure element. They are made once, in the
// factory, and never leave the board; with another key the stored passwords and waiting replies cannot be
// read.
class SecureElement final : public SealingKey {
 public:
  Result<Secret> key() override { return Secret("32 octets from the board's fuses"); }
  std::string description() const override { return "fuses"; }
};

// A firmware's ring buffer; any thread.
class Ring final : public Logger {
  void log(LogLevel, std::string_view line) override {
    std::printf("log: %.*s\n", static_cast<int>(line.size()), line.data());
  }
};

SettingTexts factory_settings() {
  SettingTexts texts;
  const auto set = [&texts](const char* key, const char* value) { texts.emplace(key, Secret(value)); };
  set("transmission.manager_address", "manager@example.com");
  set("transmission.smtp_server", "smtp.example.com");
  set("reception.server", "mail.example.com");
  set("reception.user", "copier");
  set("reception.password", "mailbox password");
  set("reception.address", "copier@example.com");
  set("reception.ce_password", "U-BIX");
  set("reception.enabled", "yes");
  return texts;
}

bool was_answered(const Agent& agent) {
  const auto log = agent.log(10);
  if (!log) return false;
  for (const LogRecord& record : *log) {
    if (record.direction == LogRecord::Direction::sent && record.result == LogRecord::Result::sent)
      return true;
  }
  return false;
}

int run(const std::string& state_file) {
  // Ports first, agent last: it must die before them.
  SystemClock clock;
  SystemRandom random;
  Ring logger;
  SecureElement element;
  auto key = element.key();
  if (!key) return 1;
  const Sealer sealer(std::move(*key), random);
  const auto store = open_sqlite_store({state_file, "", ""}, sealer);
  if (!store) {
    std::printf("%s\n", describe(store.error()).c_str());
    return 1;
  }
  GuardedStore guarded(**store);  // worker and main loop both ask
  Registers registers;
  OwnMachine machine(registers);
  testing::MemoryMailServers
      servers;  // yours: make_mail_servers(), over your Connector or make_poco_connector()
  servers.put(
      "From: engineer@example.com\r\nSubject: U-BIX\r\nMessage-ID: <1@example.com>\r\n\r\nGetLog "
      "Counter\r\n");
  const ManualCommandParser parser;
  const SubjectAuthenticator authenticator;
  const PlainTextFormatter formatter;
  const auto opened = Agent::open(
      {servers, guarded, guarded, machine, parser, authenticator, formatter, sealer, clock, random, logger});
  if (!opened) return 1;
  Agent& agent = **opened;

  std::jthread worker([&agent](std::stop_token stop) {
    while (!stop.stop_requested()) {
      agent.step({SteadyTime::max(), stop});
      agent.wait(stop);
    }
  });
  if (!agent.apply(factory_settings()).ok()) return 1;  // saved before it returns, and wakes the worker

  // The firmware's main loop: it feeds paper, and its panel shows what the agent is at.
  bool answered = false;
  for (int cycle = 0; cycle < 3000 && !answered; ++cycle) {
    ++registers.total;
    const AgentStatus status = agent.status();
    if (status.store_trouble) registers.state = DeviceState::service_call;
    answered = status.waiting == 0 && was_answered(agent);
    std::this_thread::sleep_for(10ms);
  }
  // A step ends within 100 ms, plus a commit or a device call under way.
  worker.request_stop();
  worker.join();

  std::printf("%s, %zu left in the mailbox\n", answered ? "answered" : "no answer", servers.mails.size());
  return answered && servers.sent.size() == 1 && servers.mails.empty() ? 0 : 1;
}

}  // namespace

int main() {
  SystemRandom random;
  const auto folder = std::filesystem::temp_directory_path() / ("remotemail-firmware-" + random.hex(8));
  std::filesystem::create_directory(folder);
  const int status = run((folder / "state.db").string());
  std::filesystem::remove_all(folder);
  return status;
}
