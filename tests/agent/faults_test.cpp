// Faults of network, servers, disk, clock and machine over the whole line: what becomes of the mail, and what an
// administrator reads of it.
#include <doctest/doctest.h>

#include "agent/fault_support.hpp"
#include "remotemail/core/limits.hpp"

using namespace remotemail;
using namespace std::chrono_literals;
using namespace remotemail::testing;

TEST_CASE(
    "faults: a receiving server in trouble for hours is waited for: one line when it starts, one when it ends, nothing lost [R7, fault 1, fault 2, fault 3, fault 12, fault 13, fault 17, fault 19, fault 20, fault 29, fault 30, fault 39, fault 50]") {
  const struct {
    Cause cause;
    Step step;
    Retry retry;
    const char* line;  // what an administrator reads
  } cases[] = {
      {Cause::connection_refused, Step::connect, Retry::later, "connection refused; check server and port"},
      {Cause::timed_out, Step::connect, Retry::later, "no answer in time"},
      {Cause::name_not_found, Step::resolve, Retry::later,
       "name look-up mail.example.com:995: name not found"},
      {Cause::resolver_failed, Step::resolve, Retry::later, "the name server does not answer"},
      {Cause::connection_lost, Step::fetch, Retry::later, "connection lost"},
      {Cause::timed_out, Step::tls, Retry::later, ": no answer in time"},
      {Cause::certificate_expired, Step::tls, Retry::after_setup_change, "has expired"},
      {Cause::certificate_not_yet_valid, Step::tls, Retry::after_setup_change, "by this machine's clock"},
      {Cause::mailbox_in_use, Step::login, Retry::later, "in use by another session"},
      {Cause::login_refused, Step::login, Retry::after_setup_change, "refused user name or password"},
      {Cause::not_this_protocol, Step::greeting, Retry::after_setup_change,
       "the server speaks another protocol"},
      {Cause::tls_not_offered, Step::tls, Retry::after_setup_change, "does not offer STARTTLS"},
  };
  for (const auto& [cause, step, retry, words_of_line] : cases) {
    CAPTURE(std::string(words(cause)));
    Line line;
    line.enable().mail("Help\r\n");
    line.servers.fault = always("open mailbox", make_error(cause, step, "mail.example.com:995", retry));
    run_for(line, 8h, 30s);
    const long tries = count_of(line, "open mailbox");
    CHECK(tries >= 3);
    CHECK(tries <= 8 * 60 / 5);  // never more often than half the interval
    if (retry == Retry::after_setup_change) CHECK(tries <= 5);
    const auto began = lines_with(line, "receiving mail server");
    REQUIRE(began.size() == 1);
    CHECK(began[0].find(words_of_line) != std::string::npos);
    CHECK(began[0].find("mail.example.com:995") != std::string::npos);
    CHECK(line.servers.mails.size() == 1);
    CHECK(line.servers.sent.empty());
    line.servers.fault = nullptr;
    run_for(line, 7h, 30s);
    REQUIRE(lines_with(line, "receiving mail server").size() == 2);
    CHECK(lines_with(line, "receiving mail server")[1] == "receiving mail server: works again");
    CHECK(line.servers.sent.size() == 1);
    CHECK(line.servers.mails.empty());
  }
}

TEST_CASE(
    "faults: an SMTP server in trouble for hours is waited for: the replies wait, one line when it starts, one when it ends [R6, R7, fault 1, fault 2, fault 3, fault 12, fault 13, fault 17, fault 19, fault 44, fault 45, fault 46, fault 48, fault 50]") {
  const struct {
    Cause cause;
    Step step;
    Retry retry;
    const char* line;
  } cases[] = {
      {Cause::connection_refused, Step::connect, Retry::later, "connection refused; check server and port"},
      {Cause::timed_out, Step::connect, Retry::later, "no answer in time"},
      {Cause::name_not_found, Step::resolve, Retry::later, "name not found"},
      {Cause::timed_out, Step::tls, Retry::later, ": no answer in time"},
      {Cause::certificate_expired, Step::tls, Retry::after_setup_change, "has expired"},
      {Cause::refused_for_now, Step::greeting, Retry::later, "refused for now"},
      {Cause::refused, Step::greeting, Retry::after_setup_change, "refused"},
      {Cause::login_refused, Step::login, Retry::after_setup_change, "refused user name or password"},
      {Cause::protocol_violation, Step::greeting, Retry::later, "broke the protocol"},
      {Cause::tls_not_offered, Step::tls, Retry::after_setup_change, "does not offer STARTTLS"},
  };
  for (const auto& [cause, step, retry, words_of_line] : cases) {
    CAPTURE(std::string(words(cause)));
    Line line;
    line.enable().mail("Help\r\nGetLog\r\n");
    line.servers.fault = always("open sender", make_error(cause, step, "smtp.example.com:465", retry));
    run_for(line, 8h, 30s);
    const long tries = count_of(line, "open sender");
    CHECK(tries >= 3);
    CHECK(tries <= 20);
    const auto began = lines_with(line, "SMTP server");
    REQUIRE(began.size() == 1);
    CHECK(began[0].find(words_of_line) != std::string::npos);
    CHECK(began[0].find("smtp.example.com:465") != std::string::npos);
    CHECK(line.agent->outbox()->size() == 2);
    line.servers.fault = nullptr;
    run_for(line, 14h, 30s);
    REQUIRE(lines_with(line, "SMTP server").size() == 2);
    CHECK(lines_with(line, "SMTP server")[1] == "SMTP server: works again");
    CHECK(line.servers.sent.size() == 2);
    CHECK(line.agent->outbox()->empty());
  }
}

TEST_CASE(
    "faults: a line that breaks in ever other ways is told of once for each way, not at each try [R7, fault 5, fault 15]") {
  Line line;
  line.enable().mail("Help\r\n");
  int tries = 0;
  line.servers.fault = [&](const std::string& event) -> std::optional<Error> {
    if (event != "open mailbox") return std::nullopt;
    return make_error(++tries % 2 == 0 ? Cause::timed_out : Cause::connection_lost, Step::connect,
                      "mail.example.com:995");
  };
  run_for(line, 12h, 30s);
  CHECK(tries > 10);
  CHECK(lines_with(line, "receiving mail server").size() == 2);
  line.servers.fault = nullptr;
  run_for(line, 2h, 30s);
  CHECK(lines_with(line, "receiving mail server").size() == 3);
  CHECK(lines_with(line, "works again").size() == 1);
  // The next trouble is told of anew.
  line.servers.fault = always("open mailbox", make_error(Cause::timed_out, Step::connect));
  run_for(line, 2h, 30s);
  CHECK(lines_with(line, "receiving mail server").size() == 4);
}

TEST_CASE(
    "faults: a machine that gives unusable answers is told of once, and once when it works again [R7, fault 78]") {
  Line line;
  line.enable().mail("Help\r\n");
  line.device.fail_identity(Cause::device_broken);
  run_for(line, 5h, 30s);
  CHECK(lines_with(line, "the machine").size() == 1);
  CHECK(line.servers.mails.size() == 1);
  line.device.fail_identity(std::nullopt);
  run_for(line, 2h, 30s);
  CHECK(lines_with(line, "the machine").size() == 2);
  CHECK(line.servers.sent.size() == 1);
}

TEST_CASE("faults: a reply that waits for days is no line of the log at each try [R7, fault 44, fault 51]") {
  Line line;
  line.enable().mail("Help\r\n");
  line.servers.send_outcome = [](const OutgoingMail&) {
    return SendOutcome{SendOutcome::Kind::deferred, false, "451 4.7.1 greylisted",
                       make_error(Cause::refused_for_now, Step::recipient, "451 4.7.1 greylisted")};
  };
  run_for(line, 40min, 10s);
  line.servers.send_outcome = nullptr;
  run_for(line, 3h, 30s);
  CHECK(line.servers.sent.size() == 1);
  const auto waits = lines_with(line, " waits: ");
  REQUIRE(waits.size() >= 1);
  CHECK(waits[0].find("greylisted") != std::string::npos);
  CHECK(waits.size() == 1);
  CHECK(lines_with(line, "sent Help to ce@example.com").size() == 1);
}

TEST_CASE(
    "faults: a server that deletes what it hands out: answered once, and no trouble is told of [R1, fault 26]") {
  Line line;
  line.enable().mail("Help\r\n");
  line.servers.fault = [&](const std::string& event) -> std::optional<Error> {
    if (event == "remove 1") line.servers.mails.clear();  // it went with RETR
    return std::nullopt;
  };
  CHECK(line.once().answered == 1);
  for (int i = 0; i < 3; ++i) line.once();
  CHECK(line.servers.sent.size() == 1);
  CHECK(lines_with(line, "receiving mail server").empty());
  CHECK(lines_with(line, "mail from ce@example.com: answered").size() == 1);
}

TEST_CASE("faults: a command behind 10,000 junk mails is answered by the fifth poll [D2, D12, fault 43]") {
  Line line;
  line.enable();
  for (int i = 0; i < 10'000; ++i) line.mail("buy\r\n", "great offer");
  line.mail("Help\r\n");
  for (int i = 0; i < 4; ++i) CHECK(line.once().answered == 0);
  CHECK(line.once().answered == 1);
  CHECK(line.servers.mails.empty());
}

TEST_CASE(
    "faults: a mailbox full of junk is emptied, and the command behind the junk is answered [D2, D12, fault 41, fault 43]") {
  Line line;
  line.enable();
  for (int i = 0; i < 3000; ++i) line.mail("buy\r\n", "great offer");
  line.mail("Help\r\n");
  CHECK(line.once().illegal == 2005);
  CHECK(line.servers.mails.size() == 996);
  CHECK(line.once().answered == 1);
  CHECK(line.servers.mails.empty());
  CHECK(line.servers.sent.size() == 1);
  const auto log = line.agent->log(10);
  REQUIRE(log->size() >= 2);
  // C7: one record with a count, not 3,000.
  CHECK(std::count_if(log->begin(), log->end(), [](const LogRecord& record) {
          return record.result == LogRecord::Result::illegal;
        }) == 1);
}

TEST_CASE(
    "faults: a quota that keeps mails from being moved or deleted is told in words, and nothing is answered twice [R3, fault 41]") {
  Line line;
  line.enable().mail("Help\r\n");
  Error full = make_error(Cause::refused_for_now, Step::remove, "mail.example.com:995");
  full.server_line = "NO [OVERQUOTA] not enough space";
  line.servers.fault = always("remove 1", full);
  for (int i = 0; i < 4; ++i) line.once();
  CHECK(line.servers.sent.size() == 1);
  const auto said = lines_with(line, "receiving mail server");
  REQUIRE(said.size() == 1);
  CHECK(said[0].find("the mailbox is full: delete mail there") != std::string::npos);
  line.servers.fault = nullptr;
  line.once();
  CHECK(line.servers.mails.empty());
  CHECK(line.servers.sent.size() == 1);
  CHECK(lines_with(line, "receiving mail server").size() == 2);
}

TEST_CASE(
    "faults: the replies of a poll leave within a POP-before-SMTP window of 30 s, though the machine is slow [D11, B35, fault 52]") {
  for (const auto slowness : {0s, 20s, 28s, 40s, 90s}) {
    CAPTURE(slowness.count());
    Line line;
    line.enable();
    line.device.slow(slowness);
    line.mail("GetLog Counter\r\n");
    line.mail("Help\r\n");
    SteadyTime login{};
    line.servers.fault = [&](const std::string& event) -> std::optional<Error> {
      if (event == "open mailbox") login = line.clock.steady_now();
      if (event == "open sender" && line.clock.steady_now() - login > 30s) {
        return make_error(Cause::refused, Step::greeting, "554 log in to your mailbox first",
                          Retry::after_setup_change);
      }
      return std::nullopt;
    };
    line.once();
    CHECK(line.servers.sent.size() == 2);
    CHECK(lines_with(line, "SMTP server").empty());
  }
}

TEST_CASE(
    "faults: a server that hands the message on twice: both copies have one Message-ID, and our log has one line [R4, fault 53]") {
  Line line;
  line.enable().mail("Help\r\n");
  std::vector<std::string> arrived;  // behind the proxy
  line.servers.send_outcome = [&](const OutgoingMail& mail) {
    arrived.push_back(mail.message);
    arrived.push_back(mail.message);
    return SendOutcome{SendOutcome::Kind::sent, false, "250 ok", std::nullopt};
  };
  for (int i = 0; i < 3; ++i) line.once();
  REQUIRE(arrived.size() == 2);
  CHECK(arrived[0] == arrived[1]);
  CHECK(Line::parsed(line.servers.sent[0]).message_id == line.servers.sent[0].id);
  CHECK(lines_with(line, "sent Help").size() == 1);
  // A report on the second copy finds its reply as one on the first does.
  const std::string report =
      "Return-Path: <>\r\nFrom: MAILER-DAEMON@example.com\r\nSubject: failure\r\nMessage-ID: "
      "<b@example.com>\r\nContent-Type: multipart/report; report-type=delivery-status; boundary=b\r\n\r\n"
      "--b\r\nContent-Type: message/delivery-status\r\n\r\nReporting-MTA: dns; example.com\r\n\r\n"
      "Final-Recipient: rfc822; ce@example.com\r\nAction: failed\r\nStatus: 5.2.2\r\n\r\n--b\r\n"
      "Content-Type: message/rfc822\r\n\r\n" +
      arrived[1] + "\r\n--b--\r\n";
  line.servers.put(report);
  CHECK(line.once().unanswerable == 1);
  CHECK(line.agent->log(10)->at(1).result == LogRecord::Result::bounced);
  CHECK(line.servers.sent.size() == 1);
}

TEST_CASE(
    "faults: what is left on the server when the state was lost or is an older copy is answered again, never half [R1, fault 62]") {
  Line line;
  line.enable().mail("Help\r\n");
  line.mail("GetLog\r\n");
  // The mails are answered, their removal fails.
  line.servers.fault = always("remove 1", make_error(Cause::connection_lost, Step::remove));
  line.once();
  CHECK(line.servers.sent.size() == 2);
  line.servers.fault = nullptr;
  line.restart_on(make_memory_store());  // nothing is left
  CHECK(line.once().state == "disabled");
  CHECK(line.servers.mails.size() == 2);  // and nothing is touched before it is set up anew
  line.enable();
  CHECK(line.once().answered == 2);
  CHECK(line.servers.mails.empty());
  REQUIRE(line.servers.sent.size() == 4);
  // The same requests under the same key: the same Message-IDs, so programs show them once.
  CHECK(line.servers.sent[0].id == line.servers.sent[2].id);
  CHECK(line.servers.sent[1].id == line.servers.sent[3].id);
}

TEST_CASE("faults: the longest, oddest and changing offsets move no poll [B12, B14, D1, fault 67]") {
  for (const char* offset :
       {"-1200", "-0930", "-0330", "+0545", "+1200", "zone America/St_Johns", "zone Pacific/Kiritimati",
        "zone Pacific/Chatham", "zone Australia/Lord_Howe", "zone Europe/Berlin", "zone Etc/GMT+12"}) {
    CAPTURE(std::string(offset));
    Line line;
    // An hour before Berlin's clocks go back, Lord Howe's half an hour went forward hours ago.
    line.clock.set_now(std::chrono::sys_days(std::chrono::year(2026) / 10 / 25) + 30min);
    line.enable();
    const std::string text = offset;
    if (text.starts_with("zone ")) {
#ifdef REMOTEMAIL_TIME_ZONES
      REQUIRE(line.set("transmission.time_zone", text.substr(5)).ok());
#else
      continue;
#endif
    } else {
      REQUIRE(line.set("transmission.time_difference", text).ok());
    }
    line.servers.events.clear();
    line.agent->step({});
    run_for(line, 2h + 5s, 1s);
    CHECK(count_of(line, "list") == 13);  // at once, and every ten minutes for two hours
    line.mail("Help\r\n");
    line.once();
    REQUIRE(line.servers.sent.size() == 1);
    const auto date = Line::parsed(line.servers.sent[0]).date;
    REQUIRE(date);
    CHECK(date->utc == std::chrono::floor<std::chrono::seconds>(line.clock.now()));
  }
}

TEST_CASE(
    "faults: three days of sleep are followed by one poll, not by those that were missed [D1, fault 69]") {
  Line line;
  line.enable();
  line.servers.send_outcome = [](const OutgoingMail&) {
    return SendOutcome{SendOutcome::Kind::deferred, false, "451 later",
                       make_error(Cause::refused_for_now, Step::recipient)};
  };
  line.mail("Help\r\n");
  line.once();
  run_for(line, 15min);
  line.servers.send_outcome = nullptr;
  line.servers.events.clear();
  const auto lines_before = line.logger.lines.size();
  line.clock.advance(72h);
  line.mail("GetLog\r\n");
  run_for(line, 5min);
  CHECK(count_of(line, "list") == 1);
  CHECK(count_of(line, "open sender") <= 2);
  CHECK(line.servers.sent.size() == 2);
  CHECK(line.agent->outbox()->empty());
  CHECK(line.logger.lines.size() - lines_before <= 4);
}

TEST_CASE(
    "faults: mails that another client takes between listing and fetching are warned of once, and are no trouble [R3, fault 42]") {
  Line line;
  line.enable();
  for (int i = 0; i < 3; ++i) {
    line.mail("Help\r\n");
    line.servers.fault = [&](const std::string& event) -> std::optional<Error> {
      if (event.starts_with("fetch")) line.servers.mails.clear();
      return std::nullopt;
    };
    const PollReport report = line.once();
    CHECK(report.answered == 0);
    CHECK_FALSE(report.error);
  }
  line.servers.fault = nullptr;
  line.mail("GetLog\r\n");
  CHECK(line.once().answered == 1);
  CHECK(line.servers.sent.size() == 1);
  CHECK(lines_with(line, "another program").size() == 1);
  CHECK(lines_with(line, "receiving mail server").empty());
  CHECK(line.agent->status().set_aside == 0);
}

TEST_CASE(
    "faults: a disk that is full, broken or damaged: nothing is fetched or deleted, one line when it starts, one when it ends [R7, R9, fault 55, fault 56, fault 57, fault 63]") {
  for (const Cause cause : {Cause::store_full, Cause::store_failed, Cause::store_damaged}) {
    CAPTURE(std::string(words(cause)));
    FailingLine line;
    auto& disk = line.disk;
    line.enable();
    line.once();
    line.mail("ChPass U-BIX Sitios\r\n");
    for (int i = 0; i < 6; ++i) {
      disk.fail_at(1, cause);
      line.once();
      disk.heal();
    }
    CHECK(line.servers.mails.size() == 1);
    CHECK(line.servers.sent.empty());
    const auto said = lines_with(line, "state: ");
    REQUIRE(said.size() == 1);
    CHECK(said[0].find(words(cause)) != std::string::npos);
    line.once();
    CHECK(lines_with(line, "state: works again").size() == 1);
    CHECK(line.servers.sent.size() == 1);
    CHECK(line.body(0).find("successfully") != std::string::npos);
    CHECK(line.servers.mails.empty());
  }
}
