// Notices, copies, budgets and the Manager's mails on a disk that loses power at every single operation.
#include <doctest/doctest.h>

#include <map>
#include <optional>
#include <set>

#include "agent/line_fixture.hpp"
#include "remotemail/mail_store/sqlite_store.hpp"
#include "remotemail/testing/power_loss_vfs.hpp"

using namespace remotemail;
using namespace std::chrono_literals;
using remotemail::testing::Line;
using remotemail::testing::PowerLossDisk;

namespace {

struct NoticedPowerLine {
  PowerLossDisk disk{"notices"};
  SystemRandom random;
  Sealer sealer{Secret(std::string(32, 'k')), random};
  std::optional<Line> line;

  std::unique_ptr<Store> open_store() {
    auto store = open_sqlite_store({"state.db", disk.name(), ""}, sealer);
    if (!store) FAIL(describe(store.error()));
    return std::move(*store);
  }

  NoticedPowerLine() {
    line.emplace(open_store());
    SettingTexts texts = Line::usual_settings();
    texts.emplace("reception.notice", Secret("all"));
    texts.emplace("reception.administrator_address", Secret("admin@example.com"));
    REQUIRE(line->agent->apply(texts).ok());
    line->mail("ChPass U-BIX Sitios\r\n");
    for (int i = 0; i < 21; ++i) line->mail("buy\r\n", "a great offer");
    for (int i = 0; i < 11; ++i) line->mail("GetLog\r\n", "guess" + std::to_string(i));
    line->mail("Help\r\n", "Sitios");
    line->servers.send_outcome = [](const OutgoingMail& mail) {
      if (mail.recipient == "ce@example.com" && mail.message.find("Subject: Help") != std::string::npos) {
        return SendOutcome{SendOutcome::Kind::failed, false, "550 5.1.1 no such user",
                           make_error(Cause::recipient_refused, Step::recipient, {}, Retry::never)};
      }
      return SendOutcome{SendOutcome::Kind::sent, false, "250 ok", {}};
    };
  }
  ~NoticedPowerLine() { line.reset(); }

  void finish() {
    for (int i = 0; i < 6; ++i) {
      line->once();
      line->clock.advance(30min);
    }
  }

  // What was sent, by recipient and Subject; copies of one id are the same bytes and count once.
  std::map<std::string, int> story() const {
    std::map<std::string, std::string> by_id;
    std::map<std::string, int> all;
    for (const OutgoingMail& sent : line->servers.sent) {
      const auto [earlier, fresh] = by_id.emplace(sent.id, sent.message);
      if (fresh) ++all[sent.recipient + " " + Line::parsed(sent).subject];
      if (!fresh) CHECK(earlier->second == sent.message);
    }
    return all;
  }
};

}  // namespace

TEST_CASE(
    "power: cut at every write, each notice, copy and summary is sent once and no budget is filled up again [H2, H3, R6, R8, Y8]") {
  std::uint64_t operations = 0;
  std::map<std::string, int> expected;
  {
    NoticedPowerLine whole;
    whole.disk.reset_counters();
    whole.line->once();
    operations = whole.disk.counters().operations();
    whole.finish();
    expected = whole.story();
    whole.disk.reset_counters();
    for (int i = 0; i < 50; ++i) {
      whole.line->once();
      whole.line->clock.advance(30min);
    }
    CHECK(whole.disk.counters().operations() == 0);  // R8

    CHECK(expected == std::map<std::string, int>{{"admin@example.com Illegal mail [FD0000001]", 21},
                                                 {"admin@example.com Illegal mails [FD0000001]", 1},
                                                 {"admin@example.com Password change [FD0000001]", 1},
                                                 {"admin@example.com Help [FD0000001]", 1},
                                                 {"ce@example.com Password change [FD0000001]", 1},
                                                 {"manager@example.com Replies not delivered [FD0000001]", 1},
                                                 {"manager@example.com Wrong passwords [FD0000001]", 1}});
  }
  for (std::uint64_t n = 1; n <= operations; n += n < 40 || operations - n < 40 ? 1 : 5) {
    CAPTURE(n);
    NoticedPowerLine cut;
    cut.disk.fail_at(n, PowerLossDisk::Fault::power_cut);
    cut.line->once();
    cut.line->agent.reset();
    cut.line->store.reset();
    cut.disk.restore_power(n % 2 == 0 ? PowerLossDisk::Unsynced::lost : PowerLossDisk::Unsynced::torn);
    cut.line->restart_on(cut.open_store());
    cut.finish();
    CHECK(cut.story() == expected);
    CHECK(cut.line->servers.mails.empty());
    CHECK(cut.line->agent->outbox()->empty());
  }
}
