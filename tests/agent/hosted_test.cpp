#include <doctest/doctest.h>

#include <set>
#include <thread>

#include "agent/hosted_line.hpp"
#include "agent/long_list.hpp"

using namespace remotemail;
using remotemail::testing::HostedLine;
using remotemail::testing::MailHostOptions;
using remotemail::testing::usual_host;

namespace {
const std::vector<std::string> kExpected{"Counter list [FD0000001]", "Password change [FD0000001]",
                                         "Help [FD0000001]"};

void fill(HostedLine& line) {
  line.mail("GetLog Counter\r\n");
  line.mail("buy\r\n", "great offers");
  line.mail("ChPass U-BIX Sitios\r\n");
  line.mail("Help\r\n", "Sitios");
}
}  // namespace

TEST_CASE(
    "hosted: both spools in all three modes of TLS, by name and by address [A3, A4, A5, A6, A20, B10, B25, B26, Y2]") {
  for (const std::string spool : {"pop3", "imap"}) {
    for (const std::string security : {"tls", "starttls", "none"}) {
      for (const std::string server : {"localhost", "127.0.0.1"}) {
        CAPTURE(spool);
        CAPTURE(security);
        CAPTURE(server);
        HostedLine line;
        line.enable(line.settings(spool, security, server));
        fill(line);
        const PollReport report = line.once();
        if (report.error) FAIL_CHECK(describe(*report.error));
        CHECK(report.answered == 3);
        CHECK(report.illegal == 1);
        CHECK(line.subjects() == kExpected);
        CHECK(line.host.mails("copier").empty());
        for (const auto& accepted : line.host.accepted()) CHECK(accepted.tls == (security != "none"));
        CHECK(line.logger.has("without TLS") == (security == "none"));
      }
    }
  }
}

TEST_CASE("hosted: servers that lack what is optional serve all the same [A20, A21, fault 21, fault 54]") {
  const std::vector<std::set<std::string>> lacks{{"UIDL"},
                                                 {"SASL"},
                                                 {"UIDPLUS"},
                                                 {"UIDPLUS", "MOVE", "SASL-IR", "IDLE"},
                                                 {"SIZE", "PIPELINING", "8BITMIME"},
                                                 {"PLAIN"},
                                                 {"LOGIN"}};
  for (const std::string spool : {"pop3", "imap"}) {
    for (const auto& lacking : lacks) {
      CAPTURE(spool);
      CAPTURE(*lacking.begin());
      MailHostOptions options = usual_host();
      options.lacks = lacking;
      HostedLine line(options);
      line.enable(line.settings(spool));
      fill(line);
      line.once();
      line.once();
      CHECK(line.subjects() == kExpected);
      CHECK(line.host.mails("copier").empty());
    }
  }
}

TEST_CASE(
    "hosted: a line cut at any step loses nothing and answers nothing twice [R1, R2, R3, fault 5, fault 6, fault 7, fault 8]") {
  const char* const faults[] = {
      "pop3 UIDL close", "pop3 LIST half",        "pop3 RETR half",     "pop3 RETR close", "pop3 DELE close",
      "pop3 QUIT close", "pop3 QUIT close-after", "smtp EHLO close",    "smtp AUTH close", "smtp MAIL close",
      "smtp RCPT close", "smtp DATA close",       "smtp dot 451 later", "smtp QUIT close"};
  for (const std::string fault : faults) {
    CAPTURE(fault);
    HostedLine line;
    line.enable(line.settings("pop3"));
    fill(line);
    std::string once = fault;
    once.insert(once.find(' ', once.find(' ') + 1), " 1");
    REQUIRE(line.host.add_fault(once).ok());
    for (int i = 0; i < 3; ++i) line.once();
    // A deferred one goes behind the others.
    const auto subjects = line.subjects();
    CHECK(std::multiset<std::string>(subjects.begin(), subjects.end()) ==
          std::multiset<std::string>(kExpected.begin(), kExpected.end()));
    CHECK(line.host.mails("copier").empty());
  }
}

TEST_CASE("hosted: the same over IMAP [R1, R2, R3, fault 5, fault 6]") {
  for (const char* fault :
       {"imap SELECT 1 close", "imap FETCH 1 half", "imap FETCH 2 close", "imap STORE 1 close",
        "imap EXPUNGE 1 close", "imap EXPUNGE 1 close-after", "imap LOGOUT 1 close"}) {
    CAPTURE(fault);
    HostedLine line;
    line.enable(line.settings("imap"));
    fill(line);
    REQUIRE(line.host.add_fault(fault).ok());
    for (int i = 0; i < 3; ++i) line.once();
    CHECK(line.subjects() == kExpected);
    CHECK(line.host.mails("copier").empty());
  }
}

TEST_CASE(
    "hosted: a line cut between the final dot and its answer may give a second copy, the same bytes, and the log says so [R1, R4, fault 9]") {
  HostedLine line;
  line.enable(line.settings());
  line.mail("Help\r\n");
  REQUIRE(line.host.add_fault("smtp dot 1 close-after").ok());
  line.once();
  line.once();
  const auto mails = line.host.mails("ce");
  REQUIRE(mails.size() == 2);
  const auto without_trace = [](const std::string& bytes) { return bytes.substr(bytes.find("Message-ID:")); };
  CHECK(without_trace(mails[0].bytes) == without_trace(mails[1].bytes));
  CHECK(line.logger.has("in doubt"));
}

TEST_CASE("hosted: UIDVALIDITY that changes makes nothing be answered twice [R3, fault 23]") {
  HostedLine line;
  line.enable(line.settings("imap"));
  line.mail("Help\r\n");
  REQUIRE(line.host.add_fault("imap EXPUNGE 1 close").ok());
  line.once();
  line.host.change_uidvalidity("copier");
  line.once();
  line.once();
  CHECK(line.subjects().size() == 1);
  CHECK(line.host.mails("copier").empty());
}

TEST_CASE("hosted: done mails are moved to the folder for them, where one is set [B26]") {
  HostedLine line;
  SettingTexts texts = line.settings("imap");
  texts.insert_or_assign("reception.done_folder", Secret("Processed"));
  line.enable(texts);
  line.mail("Help\r\n");
  line.once();
  CHECK(line.host.mails("copier").empty());
  CHECK(line.host.mails("copier", "Processed").size() == 1);
}

TEST_CASE(
    "hosted: a refused log-in, a foreign or expired certificate, no STARTTLS: each is named with its cure, nothing is lost [Y2, fault 19, fault 30, fault 50]") {
  struct Wrong {
    const char* name;
    std::function<void(MailHostOptions&)> host;
    std::function<void(SettingTexts&)> settings;
    Cause cause;
  };
  const auto nothing = [](auto&) {};
  const std::string security = "tls";
  const Wrong cases[] = {
      {"expired", [](MailHostOptions& o) { o.certificate = MailHostOptions::Certificate::expired; }, nothing,
       Cause::certificate_expired},
      {"other name", [](MailHostOptions& o) { o.certificate = MailHostOptions::Certificate::other_name; },
       nothing, Cause::certificate_name_mismatch},
      {"unknown authority", nothing,
       [](SettingTexts& t) { t.insert_or_assign("security.ca_file", Secret()); },
       Cause::certificate_untrusted},
      {"password", nothing,
       [](SettingTexts& t) { t.insert_or_assign("reception.password", Secret("wrong")); },
       Cause::login_refused},
      {"pin", nothing,
       [](SettingTexts& t) { t.insert_or_assign("reception.pin", Secret(std::string(64, 'a'))); },
       Cause::pin_mismatch},
      {"name", nothing,
       [](SettingTexts& t) { t.insert_or_assign("reception.server", Secret("no-such-host.invalid")); },
       Cause::name_not_found},
      {"port", nothing, [](SettingTexts& t) { t.insert_or_assign("reception.port", Secret("1")); },
       Cause::connection_refused},
  };
  for (const Wrong& wrong : cases) {
    CAPTURE(wrong.name);
    MailHostOptions options = usual_host();
    wrong.host(options);
    HostedLine line(options);
    SettingTexts texts = line.settings("imap");
    wrong.settings(texts);
    line.enable(texts);
    line.mail("Help\r\n");
    const PollReport report = line.once();
    REQUIRE(report.error);
    CHECK(words(report.error->cause) == words(wrong.cause));
    CHECK_FALSE(cure(report.error->cause).empty());
    CHECK(line.host.mails("copier").size() == 1);
    CHECK(line.host.counters().imap.logins == 0);
  }
}

TEST_CASE(
    "hosted: STARTTLS that is not offered is an error, never a fallback, and no password has left [Y2, fault 50]") {
  for (const std::string spool : {"pop3", "imap"}) {
    MailHostOptions options = usual_host();
    options.pop3_tls = options.imap_tls = MailHostOptions::Tls::none;
    HostedLine line(options);
    line.enable(line.settings(spool, "starttls"));
    line.mail("Help\r\n");
    const PollReport report = line.once();
    REQUIRE(report.error);
    CHECK(report.error->cause == Cause::tls_not_offered);
    CHECK_FALSE(line.was_said("C: PASS"));
    CHECK_FALSE(line.was_said(" LOGIN \""));
    CHECK_FALSE(line.was_said(" LOGIN c"));
    CHECK_FALSE(line.was_said("C: AUTH"));
    CHECK_FALSE(line.was_said(" AUTHENTICATE "));
    CHECK(line.host.counters().imap.logins + line.host.counters().pop3.logins == 0);
  }
}

TEST_CASE("hosted: another protocol on the port is recognised [fault 39]") {
  HostedLine line;
  SettingTexts texts = line.settings("pop3", "none");
  texts.insert_or_assign("reception.port", Secret(std::to_string(line.host.ports().smtp)));
  line.enable(texts);
  CHECK(line.once().error->cause == Cause::not_this_protocol);
}

TEST_CASE("hosted: a stop ends a poll that hangs, and nothing is lost [fault 74]") {
  HostedLine line;
  line.enable(line.settings("imap"));
  line.mail("Help\r\n");
  REQUIRE(line.host.add_fault("imap FETCH 1 stall").ok());
  std::stop_source stop;
  std::jthread later([&] {
    while (!line.was_said("FETCH")) std::this_thread::sleep_for(std::chrono::milliseconds(5));
    stop.request_stop();
  });
  const PollReport report = line.agent->perform({}, {SteadyTime::max(), stop.get_token()}).report;
  later.join();
  CHECK(report.answered == 0);
  line.host.clear_faults();
  CHECK(line.once().answered == 1);
  CHECK(line.subjects().size() == 1);
}

TEST_CASE(
    "hosted: SIZE 10240 and a reply of 60 kB: it comes in parts that the server takes, also over a line that is cut between them [G, R1, fault 49]") {
  for (const char* fault : {"", "smtp MAIL 3 close", "smtp DATA 2 close", "smtp dot 4 close",
                            "smtp dot 2 451 later", "smtp dot 3 close-after"}) {
    CAPTURE(fault);
    MailHostOptions options = usual_host();
    options.size_limit = 10'240;
    HostedLine line(options);
    line.device.set_list(remotemail::testing::long_list());
    line.enable(line.settings());
    line.mail("GetLog Counter\r\n");
    if (*fault != '\0') REQUIRE(line.host.add_fault(fault).ok());
    line.once();
    line.once();
    CHECK(line.agent->outbox()->empty());
    std::set<std::string> subjects;
    for (const std::string& subject : line.subjects()) subjects.insert(subject);
    CHECK(subjects.size() == 8);
    CHECK(subjects.count("Counter list [FD0000001] (8/8)") == 1);
    CHECK(line.subjects().size() == (std::string(fault).ends_with("close-after") ? 9 : 8));
    for (const auto& accepted : line.host.accepted()) CHECK(accepted.bytes.size() <= 10'240);
    CHECK_FALSE(line.was_said("S: 552"));
  }
}

TEST_CASE(
    "hosted: a server that takes less than it says refuses for good, and the log says why [R6, fault 45]") {
  MailHostOptions options = usual_host();
  options.size_limit = 10'240;
  options.lacks = {"SIZE"};
  HostedLine line(options);
  line.device.set_list(remotemail::testing::long_list());
  line.enable(line.settings());
  line.mail("GetLog Counter\r\n");
  CHECK(line.once().failed == 1);
  CHECK(line.agent->outbox()->empty());
  CHECK(line.logger.has("552"));
  CHECK(line.logger.has("allow larger mails (SIZE)"));
}
TEST_CASE("hosted: a notice quotes the beginning of a long text that POP3 and IMAP give in part, and sends it once [H2, D2]") {
  for (const std::string spool : {"pop3", "imap"}) {
    CAPTURE(spool);
    HostedLine line;
    SettingTexts texts = line.settings(spool);
    texts.insert_or_assign("reception.notice", Secret("illegal"));
    texts.insert_or_assign("reception.administrator_address", Secret("manager@example.com"));
    texts.insert_or_assign("reception.size_limit", Secret("100"));
    line.enable(texts);
    std::string text;
    for (int i = 0; i < 1500; ++i) text += "line " + std::to_string(i) + " of a long letter\r\n";
    for (int i = 0; i < 6; ++i) line.mail(text, i == 0 ? "Wrong" : "a great offer");
    const PollReport report = line.once();
    if (report.error) FAIL_CHECK(describe(*report.error));
    CHECK(report.illegal == 6);
    CHECK(line.host.mails("copier").empty());
    const auto got = line.host.mails("manager");
    REQUIRE(got.size() == 6);
    const std::string& notice = got[0].bytes;
    CHECK(notice.find("\r\n> line 0 of a long letter\r\n") != std::string::npos);
    CHECK(notice.find("\r\n> line 9 of a long letter\r\n") != std::string::npos);
    CHECK(notice.find("line 10 of") == std::string::npos);
    CHECK_FALSE(line.was_said("line 1499 of"));
  }
}
