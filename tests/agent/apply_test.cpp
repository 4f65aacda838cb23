// Everybody's face: settings, jobs, status; and both faces at once.
#include <doctest/doctest.h>

#include <atomic>
#include <thread>

#include "agent/line_fixture.hpp"
#include "remotemail/mail_store/guarded_store.hpp"

using namespace remotemail;
using namespace std::chrono_literals;
using remotemail::testing::Line;

TEST_CASE("apply: what was applied is in the store before apply returns, and counts at once [A18, B17]") {
  Line line;
  const ApplyReport report = line.agent->apply(Line::usual_settings());
  REQUIRE(report.ok());
  CHECK(line.store->load_settings()->at("reception.enabled").text.reveal() == "yes");
  CHECK(line.agent->settings()->reception.enabled);
  line.mail("Help\r\n");
  line.agent->step({});
  CHECK(line.agent->outbox()->size() == 1);
}

TEST_CASE("apply: a bad value is named, and nothing of the page is applied [B20]") {
  Line line;
  SettingTexts texts = Line::usual_settings();
  texts.insert_or_assign("reception.interval", Secret("61"));
  const ApplyReport report = line.agent->apply(texts);
  REQUIRE(report.errors.size() == 1);
  CHECK(report.errors[0].key == "reception.interval");
  CHECK(line.store->load_settings()->empty());
}

TEST_CASE("apply: enabling names all that is missing at once [A15, A16]") {
  Line line;
  const ApplyReport report = line.set("reception.enabled", "yes");
  CHECK(report.errors.size() >= 6);
}

TEST_CASE("apply: a page applied after a value on it changed elsewhere is refused [B16, B21]") {
  Line line;
  line.enable();
  const StoredSettings before = line.agent->stored_settings();
  line.set("reception.nickname", "by-the-panel");
  SettingTexts texts;
  texts.emplace("reception.nickname", Secret("by-the-page"));
  std::map<std::string, std::uint64_t> seen{{"reception.nickname", 0}};
  const ApplyReport report = line.agent->apply(texts, seen);
  REQUIRE(report.error);
  CHECK(report.error->cause == Cause::changed_elsewhere);
  CHECK(line.agent->settings()->reception.nickname == "by-the-panel");
  // The password was changed by CHPASS meanwhile: the page that still shows the old state is refused as well.
  line.mail("ChPass U-BIX Sitios\r\n");
  line.once();
  SettingTexts password;
  password.emplace("reception.ce_password", Secret("other"));
  const auto generation = before.at("reception.ce_password").generation;
  CHECK(line.agent->apply(password, {{"reception.ce_password", generation}}).error->cause ==
        Cause::changed_elsewhere);
}

TEST_CASE("apply: a changed server blanks the stored password, so that it never goes to the new place [Y3]") {
  Line line;
  line.enable().set("reception.enabled", "no");
  const ApplyReport report = line.set("reception.server", "evil.example.com");
  REQUIRE(report.ok());
  CHECK(report.blanked == std::vector<std::string>{"reception.password"});
  CHECK(line.agent->settings()->reception.account.server.password.empty());
}

TEST_CASE(
    "jobs: the mails of a mailbox are counted before enabling, with the settings as they would be [A22]") {
  Line line;
  for (int i = 0; i < 21; ++i) line.mail("x\r\n");
  JobRequest request;
  request.kind = JobRequest::Kind::count_mailbox;
  request.texts = Line::usual_settings();
  CHECK(line.agent->perform(request, {}).count == 21);
  CHECK(line.servers.mails.size() == 21);
  CHECK(line.store->load_settings()->empty());
}

TEST_CASE("jobs: a preview is what a mail would contain, and nothing is sent or logged [G12]") {
  Line line;
  line.enable().mail("GetLog Counter\r\n");
  line.once();
  JobRequest request;
  request.kind = JobRequest::Kind::preview;
  const std::string text = line.agent->perform(request, {}).text;
  // The lists agree from their title on; only the head names who asked.
  const std::string mailed = line.body(0);
  const auto title = text.find("Counter list");
  REQUIRE(title != std::string::npos);
  CHECK(mailed.find(text.substr(title)) != std::string::npos);
  CHECK(line.servers.sent.size() == 1);
}

TEST_CASE("agent: pages may ask and apply while the worker works, and a stop ends it [A18, fault 74]") {
  Line line;
  GuardedStore guarded(*line.store);
  AgentOptions options;
  options.hash_cost = {4, 8, 1};
  SystemClock clock;
  testing::FakeDevice device(clock);
  auto agent =
      std::move(*Agent::open({line.servers, guarded, guarded, device, line.parser, line.authenticator,
                              line.formatter, line.sealer, clock, line.random, line.logger},
                             options));
  for (int i = 0; i < 20; ++i) line.mail("GetLog Counter\r\n");
  REQUIRE(agent->apply(Line::usual_settings()).ok());
  std::jthread worker([&](std::stop_token stop) {
    while (!stop.stop_requested()) {
      agent->step({SteadyTime::max(), stop});
      agent->wait(stop);
    }
  });
  std::vector<std::jthread> pages;
  for (int page = 0; page < 3; ++page) {
    pages.emplace_back([&, page] {
      for (int i = 0; i < 20; ++i) {
        (void)agent->status();
        (void)agent->log(5);
        SettingTexts texts;
        texts.emplace("reception.nickname", Secret("page-" + std::to_string(page) + "-" + std::to_string(i)));
        (void)agent->apply(texts);
        const auto done = agent->wait_for(agent->request({}), {});
        // On a busy machine 16 jobs of the other pages may be done before this thread looks again.
        CHECK((!done || done->done));
      }
    });
  }
  pages.clear();
  worker.request_stop();
  worker.join();
  CHECK(line.servers.mails.empty());
  CHECK(line.servers.sent.size() == 20);
}

TEST_CASE("apply: choosing no TLS is told in the log whenever it takes effect, by whatever path [Y2]") {
  Line line;
  line.enable().once();
  CHECK_FALSE(line.logger.has("without TLS"));
  line.set("transmission.smtp_security", "none");
  line.agent->step({});
  CHECK(line.logger.has("without TLS"));
}

TEST_CASE("apply: a setting that goes back to its default counts at once too [A18, R7]") {
  Line line;
  line.enable();
  line.set("reception.nickname", "x");
  const auto before = line.agent->settings()->generation;
  line.set("reception.nickname", "");
  CHECK(line.agent->settings()->generation > before);
}

TEST_CASE("apply: a loop of its own is woken when there is something to do") {
  Line line;
  int woken = 0;
  AgentOptions options;
  options.on_wake = [&woken] { ++woken; };
  auto agent = std::move(
      *Agent::open({line.servers, *line.store, *line.store, line.device, line.parser, line.authenticator,
                    line.formatter, line.sealer, line.clock, line.random, line.logger},
                   options));
  agent->request({});
  CHECK(woken == 1);
  CHECK(agent->next_due() <= line.clock.steady_now());
  for (int i = 0; i < 100; ++i) (void)agent->request({});
  CHECK(agent->request({}) == 0);
}
