// One whole reply, headers and body: what the README shows.
#include <doctest/doctest.h>

#include "agent/line_fixture.hpp"
#include "remotemail/device_adapter/simulated_copier.hpp"
#include "support/golden.hpp"

using namespace remotemail;
using namespace remotemail::testing;

namespace {

class MorningClock final : public Clock {
 public:
  WallTime now() const override {
    return std::chrono::sys_days{std::chrono::year{2026} / 1 / 12} + std::chrono::hours(8);
  }
  SteadyTime steady_now() const override { return {}; }
};

class UntouchedPanel final : public PanelMemory {
 public:
  Result<std::vector<std::string>> load() override { return std::vector<std::string>(); }
  Status append(const std::string&) override { return {}; }
};

// The simulated copier's answer to `body`, mailed from Berlin five minutes ago; LF line ends.
std::string answer_to(const std::string& body) {
  MorningClock clock;
  SystemRandom random;
  LineLogger logger;
  UntouchedPanel panel;
  MemoryMailServers servers;
  const auto store = make_memory_store();
  const Sealer sealer(Secret(std::string(32, 'k')), random);
  const auto copier =
      SimulatedCopier::open({7145, std::chrono::sys_days{std::chrono::year{2024} / 1 / 8}}, panel, clock)
          .value();
  const ManualCommandParser parser;
  const SubjectAuthenticator authenticator;
  const PlainTextFormatter formatter;
  AgentOptions options;
  options.hash_cost = {4, 8, 1};
  const auto agent = Agent::open(
      {servers, *store, *store, *copier, parser, authenticator, formatter, sealer, clock, random, logger},
      options);
  REQUIRE(agent.ok());
  SettingTexts settings = Line::usual_settings();
  settings.insert_or_assign("reception.nickname", Secret("2nd-floor"));
  settings.insert_or_assign("reception.announce_delay", Secret("yes"));
  settings.insert_or_assign("transmission.time_difference", Secret("+0100"));
  REQUIRE((*agent)->apply(settings).ok());
  servers.put(
      "From: engineer@example.com\r\nTo: copier@example.com\r\nSubject: U-BIX\r\n"
      "Date: Mon, 12 Jan 2026 08:54:48 +0100\r\nMessage-ID: <0815@example.com>\r\n\r\n" +
      body);
  (*agent)->perform({}, {});
  REQUIRE(servers.sent.size() == 1);
  std::string message = servers.sent[0].message;
  std::erase(message, '\r');
  return message;
}

}  // namespace

TEST_CASE("reply: the README shows a whole one, headers and body, as it leaves the copier [G3-G10]") {
  CHECK(test::golden_block_fault("README.md", "```eml", answer_to("GetLog\r\n")) == "");
}
