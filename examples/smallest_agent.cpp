// The smallest agent: answers what lies in one mailbox, once, and ends.
//   smallest_agent                 servers in memory, with one mail: shows the reply
//   smallest_agent SETTINGS-FILE   real servers; lines key=value as `remotemaild settings export` writes, passwords added
// It keeps nothing: what could not be sent at once is lost when it ends. firmware_loop.cpp keeps its promises.
//
// Outside of this tree:
//   g++ -std=c++20 smallest_agent.cpp $(pkg-config --static --cflags --libs remotemail-stream remotemail-testing)
#include <cstdio>
#include <fstream>
#include <iterator>

#include "remotemail/agent/agent.hpp"
#include "remotemail/device_adapter/simulated_copier.hpp"
#include "remotemail/mail_store/memory_store.hpp"
#include "remotemail/protocol/poco_connector.hpp"
#include "remotemail/testing/memory_mail_servers.hpp"

using namespace remotemail;

namespace {

constexpr const char* kSettings =
    "transmission.manager_address=manager@example.com\n"
    "transmission.smtp_server=smtp.example.com\n"
    "reception.server=mail.example.com\n"
    "reception.user=copier\n"
    "reception.password=mailbox password\n"
    "reception.address=copier@example.com\n"
    "reception.ce_password=U-BIX\n"
    "reception.enabled=yes\n";

constexpr const char* kMail =
    "From: engineer@example.com\r\nSubject: U-BIX\r\nDate: Sat, 14 Mar 2026 09:00:00 +0100\r\n"
    "Message-ID: <1@example.com>\r\n\r\nGetLog Counter\r\n";

// A copier whose panel nobody touches has nothing to remember.
class NoPanel final : public PanelMemory {
  Result<std::vector<std::string>> load() override { return std::vector<std::string>(); }
  Status append(const std::string&) override { return {}; }
};

class StandardError final : public Logger {
  void log(LogLevel, std::string_view line) override {
    std::fprintf(stderr, "%.*s\n", static_cast<int>(line.size()), line.data());
  }
};

int complain(const Error& error) {
  std::fprintf(stderr, "%s\n", describe(error).c_str());
  return 1;
}

}  // namespace

int main(int count, char** words) {
  SystemClock clock;
  SystemRandom random;
  StandardError logger;
  const Sealer sealer(Secret(random.hex(16)), random);  // a real device keeps its key: see SealingKey
  const auto store = make_memory_store();
  NoPanel panel;
  const auto copier =
      SimulatedCopier::open({7145, std::chrono::sys_days{std::chrono::year{2024} / 1 / 1}}, panel, clock);
  if (!copier) return complain(copier.error());

  testing::MemoryMailServers memory;
  const auto connector = make_poco_connector(clock);
  const auto real = make_mail_servers(*connector, clock, random);
  std::string settings_file = kSettings;
  if (count > 1) {
    std::ifstream in(words[1], std::ios::binary);
    if (!in) {
      std::fprintf(stderr, "%s: cannot be read\n", words[1]);
      return 1;
    }
    settings_file.assign(std::istreambuf_iterator<char>(in), {});
  } else {
    memory.put(kMail);
  }
  MailServers& servers = count > 1 ? *real : static_cast<MailServers&>(memory);

  const ManualCommandParser parser;
  const SubjectAuthenticator authenticator;
  const PlainTextFormatter formatter;
  const auto agent = Agent::open(
      {servers, *store, *store, **copier, parser, authenticator, formatter, sealer, clock, random, logger});
  if (!agent) return complain(agent.error());
  const auto texts = parse_import(settings_file);
  if (!texts) return complain(texts.error());
  const ApplyReport applied = (*agent)->apply(*texts);
  for (const FieldError& error : applied.errors) std::fprintf(stderr, "%s\n", describe(error).c_str());
  if (!applied.ok()) return 1;

  const PollReport report = (*agent)->perform({}, {}).report;
  std::printf("%s: %u answered, %u sent\n", report.state.c_str(), static_cast<unsigned>(report.answered),
              static_cast<unsigned>(report.sent));
  for (const OutgoingMail& reply : memory.sent) std::printf("\n%s", reply.message.c_str());
  if (report.error) return complain(*report.error);
  return report.state == "done" && (count > 1 || memory.sent.size() == 1) ? 0 : 1;
}
