// The whole line on SQLite on a disk that loses power at every single operation (R1): nothing lost, nothing
// executed twice, CHPASS never in between. Exhaustive pairs belong to the soak.
#include <doctest/doctest.h>

#include <map>
#include <optional>
#include <set>

#include "agent/line_fixture.hpp"
#include "agent/long_list.hpp"
#include "remotemail/mail_store/sqlite_store.hpp"
#include "remotemail/testing/power_loss_vfs.hpp"

using namespace remotemail;
using namespace std::chrono_literals;
using remotemail::testing::Line;
using remotemail::testing::PowerLossDisk;

namespace {

constexpr auto kModes = {PowerLossDisk::Unsynced::lost, PowerLossDisk::Unsynced::kept,
                         PowerLossDisk::Unsynced::every_other, PowerLossDisk::Unsynced::torn};

struct PoweredLine {
  PowerLossDisk disk{"line"};
  SystemRandom random;
  Sealer sealer{Secret(std::string(32, 'k')), random};
  std::optional<Line> line;

  std::unique_ptr<Store> open_store() {
    auto store = open_sqlite_store({"state.db", disk.name(), ""}, sealer);
    if (!store) FAIL(describe(store.error()));
    return std::move(*store);
  }

  PoweredLine() {
    line.emplace(open_store());
    REQUIRE(line->agent->apply(Line::usual_settings()).ok());
  }
  ~PoweredLine() { line.reset(); }

  // Mails of all fates, as the CE and the rest of the world send them.
  void fill_mailbox() {
    line->mail("GetLog Counter\r\nbogus\r\n");
    line->mail("ChPass U-BIX Sitios\r\nHelp\r\n");
    line->mail("GetLog Job\r\n", "U-BIX");  // illegal by now
    line->mail("GetLog\r\n", "Sitios");
    line->mail("buy\r\n", "great offers");
  }

  // Rounds until nothing is left to do; the clock goes on, so that waiting replies become due.
  void finish() {
    for (int i = 0; i < 6; ++i) {
      line->once();
      line->clock.advance(2h);
    }
  }

  // Each reply of the story once; copies only of a mail whose sending the cut interrupted, the same bytes.
  void check_story(bool copies_allowed) {
    const std::multiset<std::string> expected{"Counter list [FD0000001]", "Command errors [FD0000001]",
                                              "Password change [FD0000001]", "Help [FD0000001]",
                                              "Counter list (phone) [FD0000001]"};
    std::map<std::string, std::string> by_id;
    std::multiset<std::string> subjects;
    for (const OutgoingMail& sent : line->servers.sent) {
      const auto [earlier, fresh] = by_id.emplace(sent.id, sent.message);
      if (fresh) subjects.insert(Line::parsed(sent).subject);
      if (!fresh) {
        CHECK(copies_allowed);
        CHECK(earlier->second == sent.message);
      }
    }
    CHECK(subjects == expected);
    CHECK(line->servers.sent.size() <= expected.size() + 1);
    CHECK(line->servers.mails.empty());
    CHECK(line->agent->outbox()->empty());
    for (const auto& [id, message] : by_id) {
      if (message.find("Subject: Password change") == std::string::npos) continue;
      CHECK(message.find("was changed successfully") != std::string::npos);
    }
    // Once executed, the change holds: the old password is out, the new one in.
    line->mail("Help\r\n", "U-BIX");
    line->mail("GetLog\r\n", "Sitios");
    const PollReport report = line->once();
    CHECK(report.illegal == 1);
    CHECK(report.answered == 1);
  }
};

}  // namespace

TEST_CASE(
    "power: a cut at every write and sync of the line loses nothing and executes nothing twice [R1, R2, R4, F20, fault 70, fault 73]") {
  std::uint64_t operations = 0;
  {
    PoweredLine whole;
    whole.fill_mailbox();
    whole.disk.reset_counters();
    whole.line->once();
    operations = whole.disk.counters().operations();
    whole.finish();
    whole.check_story(false);
  }
  REQUIRE(operations > 20);
  for (const PowerLossDisk::Unsynced mode : kModes) {
    for (std::uint64_t n = 1; n <= operations; ++n) {
      CAPTURE(n);
      CAPTURE(static_cast<int>(mode));
      PoweredLine cut;
      cut.fill_mailbox();
      cut.disk.fail_at(n, PowerLossDisk::Fault::power_cut);
      cut.line->once();
      cut.line->agent.reset();
      cut.line->store.reset();
      cut.disk.restore_power(mode);
      cut.line->restart_on(cut.open_store());
      cut.finish();
      cut.check_story(true);
    }
  }
}

TEST_CASE(
    "power: a full disk at the n-th write fetches and removes nothing that is not durable, and goes on when there is room [R9, fault 55]") {
  for (std::uint64_t n = 1; n <= 12; ++n) {
    CAPTURE(n);
    PoweredLine full;
    full.fill_mailbox();
    full.disk.fail_at(n, PowerLossDisk::Fault::disk_full, true);
    for (int i = 0; i < 4; ++i) full.line->once();
    full.disk.heal();
    full.finish();
    full.check_story(true);
  }
}

TEST_CASE("power: an idle poll writes nothing to disk [R8]") {
  PoweredLine idle;
  idle.line->mail("Help\r\n");
  idle.finish();
  idle.disk.reset_counters();
  for (int i = 0; i < 100; ++i) idle.line->once();
  CHECK(idle.disk.counters().operations() == 0);
  CHECK(idle.disk.counters().bytes_written == 0);
}

TEST_CASE("power: an answered mail costs at most four syncs [R2]") {
  PoweredLine counted;
  counted.line->mail("GetLog Counter\r\n");
  counted.disk.reset_counters();
  counted.line->once();
  MESSAGE("syncs for one answered mail: " << counted.disk.counters().syncs);
  CHECK(counted.disk.counters().syncs <= 4);
}

TEST_CASE(
    "power: a cut at every write and sync while a reply is split and its parts are sent loses and doubles none [G, R1, R4, fault 49]") {
  std::string whole;
  std::uint64_t operations = 0;
  const auto start = [](PoweredLine& powered) {
    powered.line->device.set_list(remotemail::testing::long_list(120));
    powered.line->servers.size_limit = 6'144;
    powered.line->mail("GetLog Counter\r\nHelp\r\n");
  };
  // Each part once, in its order; copies only of the mail whose sending the cut interrupted, the same bytes.
  const auto check = [&whole](PoweredLine& powered, std::size_t copies_allowed) {
    std::map<std::string, std::string> by_id;
    std::string together;
    for (const OutgoingMail& sent : powered.line->servers.sent) {
      const auto [earlier, fresh] = by_id.emplace(sent.id, sent.message);
      CHECK(earlier->second == sent.message);
      if (fresh) together += remotemail::testing::below_head(Line::parsed(sent).text);
    }
    if (whole.empty()) whole = together;
    CHECK(together == whole);
    CHECK(powered.line->servers.sent.size() <= by_id.size() + copies_allowed);
    CHECK(powered.line->agent->outbox()->empty());
  };
  {
    PoweredLine powered;
    start(powered);
    powered.disk.reset_counters();
    powered.line->once();
    operations = powered.disk.counters().operations();
    powered.finish();
    check(powered, 0);
    CHECK(powered.line->servers.sent.size() > 4);
  }
  for (const PowerLossDisk::Unsynced mode : kModes) {
    for (std::uint64_t n = 1; n <= operations; ++n) {
      CAPTURE(n);
      CAPTURE(static_cast<int>(mode));
      PoweredLine cut;
      start(cut);
      cut.disk.fail_at(n, PowerLossDisk::Fault::power_cut);
      cut.line->once();
      cut.line->agent.reset();
      cut.line->store.reset();
      cut.disk.restore_power(mode);
      cut.line->restart_on(cut.open_store());
      cut.finish();
      check(cut, 1);
    }
  }
}
