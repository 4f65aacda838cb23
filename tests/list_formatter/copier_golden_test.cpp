// Every list of the simulated copier as it is mailed: one machine, installed on 8 January 2024, two years later.
// golden/copier/ has a file for each list it offers and one for the phone, and no other.
#include <doctest/doctest.h>

#include <set>

#include "core/text.hpp"
#include "list_formatter/samples.hpp"
#include "remotemail/device_adapter/simulated_copier.hpp"
#include "remotemail/list_formatter/list_formatter.hpp"
#include "support/golden.hpp"

using namespace remotemail;

namespace {

namespace fs = std::filesystem;

constexpr const char* kFolder = "list_formatter/golden/copier/";

class StandingClock final : public Clock {
 public:
  WallTime now() const override {
    return std::chrono::sys_days{std::chrono::year{2026} / 1 / 12} + std::chrono::hours(10);
  }
  SteadyTime steady_now() const override { return {}; }
};

class UntouchedPanel final : public PanelMemory {
 public:
  Result<std::vector<std::string>> load() override { return std::vector<std::string>(); }
  Status append(const std::string&) override { return {}; }
};

struct Copier {
  StandingClock clock;
  UntouchedPanel memory;
  std::unique_ptr<SimulatedCopier> device =
      SimulatedCopier::open({7145, std::chrono::sys_days{std::chrono::year{2024} / 1 / 8}}, memory, clock)
          .value();

  // What `line` would be answered with.
  std::string reply(ListId id, bool phone, std::string line) {
    ReplyHead head;
    head.device = device->identity({}).value();
    head.nickname = "2nd-floor";
    head.requested_by = "engineer@example.com";
    Outcome outcome;
    outcome.item.line = std::move(line);
    outcome.value = ListRead{device->read_list(id, {}).value(), phone};
    return PlainTextFormatter().format(head, outcome).body;
  }
  std::string phone_reply() { return reply(ListId::counter, true, "GetLog"); }
};

std::string name_of(const ListWord& word) {
  return lower(word.option) + ".txt";
}

}  // namespace

TEST_CASE("copier: each list it offers is mailed as its golden text says [L] [G9]") {
  Copier copier;
  for (const ListWord& word : kListWords) {
    if (!copier.device->supports(word.id)) continue;
    CAPTURE(word.option);
    const std::string body = copier.reply(word.id, false, "GetLog " + std::string(word.option));
    CHECK(test::golden_fault(kFolder + name_of(word), body) == "");
    CHECK(samples::fault_of(body) == "");
    CHECK(body.find("[The list is longer") == std::string::npos);
  }
}

TEST_CASE("copier: the phone gets the counters that matter, in 20 lines of 24 characters [G10] [F13]") {
  const std::string body = Copier().phone_reply();
  CHECK(test::golden_fault(std::string(kFolder) + "phone.txt", body) == "");
  CHECK(samples::fault_of(body, 24, 20) == "");
}

TEST_CASE("copier: no golden text is left over from a list that it no longer has [L]") {
  Copier copier;
  std::set<std::string> expected{"phone.txt"}, found;
  for (const ListWord& word : kListWords) {
    if (copier.device->supports(word.id)) expected.insert(name_of(word));
  }
  for (const auto& entry : fs::directory_iterator(fs::path(REMOTEMAIL_SOURCE_DIR) / "tests" / kFolder))
    found.insert(entry.path().filename().string());
  CHECK((found == expected));
}
