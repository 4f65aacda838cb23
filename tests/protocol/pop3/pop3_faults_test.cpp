#include "core/text.hpp"
#include "protocol/pop3/pop3_support.hpp"

using namespace remotemail;
using namespace remotemail::pop3_test;
using namespace std::chrono_literals;

namespace {

const std::string kOneMail = "C: LIST\nS: +OK\nS: 1 100\nS: .\nC: UIDL\nS: +OK\nS: 1 alpha\nS: .\n";

std::vector<FetchRequest> whole(std::size_t limit) {
  return {{{"pop3 copier@mail.example.com", "alpha"}, Part::whole, 0, limit}};
}

// The error of list() when LIST is answered so.
Error list_error(const std::string& answer) {
  Opened run(kOpened + "C: LIST\n" + answer);
  const auto listing = run.mailbox->list({});
  REQUIRE_FALSE(listing.ok());
  return listing.error();
}

}  // namespace

TEST_CASE("pop3 faults: a line lost anywhere in a mail never yields a mail [fault 5, fault 18]") {
  const std::string script =
      kOpened + kOneMail + "C: RETR 1\nS: +OK\nS: Subject: x\nS:\nS: GetLog Counter\nS: ..\nS: .\n";
  std::size_t cut = 0;
  CHECK(testing::replay(script,
                        [&](Replay& run) {
                          CAPTURE(run.name);
                          cut += run.whole ? 0 : 1;
                          auto opened = open(run.connector, run.clock);
                          if (!opened || !(*opened)->list({})) {
                            CHECK_FALSE(run.whole);
                            return;
                          }
                          std::vector<RawMail> mails;
                          const Status fetched = (*opened)->fetch(whole(1000),
                                                                  [&](RawMail mail) {
                                                                    mails.push_back(std::move(mail));
                                                                    return true;
                                                                  },
                                                                  {});
                          CHECK(fetched.ok() == run.whole);
                          CHECK(mails.size() == (run.whole ? 1U : 0U));
                          if (run.whole) CHECK(mails[0].bytes == "Subject: x\r\n\r\nGetLog Counter\r\n.\r\n");
                        },
                        {.after_every_octet = true}) == "");
  CHECK(cut > 100);
}

TEST_CASE("pop3 faults: a listing that is cut is no listing [fault 5]") {
  const std::string script =
      kOpened + "C: LIST\nS: +OK\nS: 1 100\nS: 2 200\nS: .\nC: UIDL\nS: +OK\nS: 1 a\nS: 2 b\nS: .\n";
  CHECK(testing::replay(script,
                        [](Replay& run) {
                          CAPTURE(run.name);
                          auto opened = open(run.connector, run.clock);
                          if (!opened) {
                            CHECK_FALSE(run.whole);
                            return;
                          }
                          CHECK((*opened)->list({}).ok() == run.whole);
                        },
                        {.after_every_octet = true}) == "");
}

TEST_CASE("pop3 faults: a mail that never ends is handed over cut and the session given up [fault 27]") {
  ManualClock clock;
  ScriptedConnector connector(clock,
                              {kOpened + kOneMail + "C: RETR 1\nS: +OK\nFLOOD " + std::string(1000, 'x')});
  auto opened = open(connector, clock);
  REQUIRE(opened.ok());
  REQUIRE((*opened)->list({}).ok());
  std::vector<RawMail> mails;
  const Status fetched = (*opened)->fetch(whole(10'240),
                                          [&](RawMail mail) {
                                            mails.push_back(std::move(mail));
                                            return true;
                                          },
                                          {});
  REQUIRE_FALSE(fetched.ok());
  CHECK(fetched.error().cause == Cause::answer_too_large);
  REQUIRE(mails.size() == 1);
  CHECK(mails[0].bytes.size() == 10'240);
  CHECK(mails[0].bytes.capacity() < 64 * 1024);
  CHECK_FALSE(mails[0].complete);
  // The dialogue is out of step now: nothing more may be said in it.
  const auto said = connector.written().size();
  CHECK_FALSE((*opened)->list({}).ok());
  CHECK((*opened)->close({}).ok());
  CHECK(connector.written().size() == said);
}

TEST_CASE("pop3 faults: one octet at a time ends with the time of a command [fault 12]") {
  ManualClock clock;
  ScriptedConnector connector(clock, {kOpened + kOneMail + "C: RETR 1\nS: +OK\nS: beginning\nSILENT"});
  auto opened = open(connector, clock);
  REQUIRE(opened.ok());
  REQUIRE((*opened)->list({}).ok());
  const SteadyTime before = clock.steady_now();
  const Status fetched = (*opened)->fetch(whole(1000), [](RawMail) { return true; }, {});
  REQUIRE_FALSE(fetched.ok());
  CHECK(fetched.error().cause == Cause::timed_out);
  CHECK(clock.steady_now() == before + limits::kCommandTime);
}

TEST_CASE("pop3 faults: a session has its time, whatever each command needs [fault 12]") {
  Opened run(kOpened + kOneMail + "SILENT");
  REQUIRE(run.mailbox->list({}).ok());
  run.clock.advance(limits::kMailboxSessionTime - 10s);
  const SteadyTime before = run.clock.steady_now();
  const auto closed = run.mailbox->close({});
  REQUIRE_FALSE(closed.ok());
  CHECK(closed.error().cause == Cause::timed_out);
  CHECK(run.clock.steady_now() == before + 10s);
}

TEST_CASE("pop3 faults: sizes that cannot be are larger than any limit [fault 28]") {
  Opened run(kOpened + "C: LIST\nS: +OK\nS: 1 18446744073709551616\nS: 2 -7\nS: 3 abc\nS: 4 5\nS: .\n" +
             "C: UIDL\nS: +OK\nS: 1 a\nS: 2 b\nS: 3 c\nS: 4 d\nS: .\n");
  const auto listing = run.mailbox->list({});
  REQUIRE(listing.ok());
  REQUIRE(listing->mails.size() == 4);
  for (const std::size_t i : {0U, 1U, 2U}) CHECK(listing->mails[i].size == UINT64_MAX);
  CHECK(listing->mails[3].size == 5);
}

TEST_CASE("pop3 faults: rows that are none, and rows that stand twice [fault 28]") {
  Opened run(kOpened + "C: LIST\nS: +OK\nS: 1 10\nS: mad\nS: 0 5\nS: 2 20\nS: 1 99\nS: .\n" +
             "C: UIDL\nS: +OK\nS: 1 a\nS: 2 b\nS: 1 z\nS: .\n");
  const auto listing = run.mailbox->list({});
  REQUIRE(listing.ok());
  CHECK((uids(*listing) == std::vector<std::string>{"a", "b"}));
  CHECK(listing->mails[0].size == 10);
  CHECK_FALSE(listing->complete);  // what could not be read may be a mail
}

TEST_CASE("pop3 faults: a listing beyond all bounds is given up, one beyond ours is counted [Y6, fault 43]") {
  {
    ManualClock clock;
    ScriptedConnector connector(clock, {kOpened + "C: LIST\nS: +OK\nFLOOD 1 100"});
    auto opened = open(connector, clock);
    REQUIRE(opened.ok());
    CHECK((*opened)->list({}).error().cause == Cause::answer_too_large);
  }
  std::string list = "C: LIST\nS: +OK\n";
  std::string uidl = "C: UIDL\nS: +OK\n";
  for (std::size_t n = 1; n <= limits::kListedMails + 5; ++n) {
    list += "S: " + std::to_string(n) + " 100\n";
    uidl += "S: " + std::to_string(n) + " uid" + std::to_string(n) + "\n";
  }
  Opened run(kOpened + list + "S: .\n" + uidl + "S: .\n");
  const auto listing = run.mailbox->list({});
  REQUIRE(listing.ok());
  CHECK(listing->mails.size() == limits::kListedMails);
  CHECK(listing->total == limits::kListedMails + 5);
  CHECK_FALSE(listing->complete);
  CHECK(listing->mails[0].key.uid == "uid1");
}

TEST_CASE("pop3 faults: refusals amid a session keep their meaning [fault 29]") {
  CHECK(list_error("S: -ERR [IN-USE] taken over").cause == Cause::mailbox_in_use);
  CHECK(list_error("S: -ERR [SYS/TEMP] disk").cause == Cause::refused_for_now);
  CHECK(list_error("S: -ERR").cause == Cause::refused_for_now);
  CHECK(list_error("S: garbage").cause == Cause::protocol_violation);
  CHECK(list_error("S: +OK\nS: " + std::string(2000, '1')).cause == Cause::answer_too_large);
}

TEST_CASE(
    "pop3 faults: a mail that the server will not give is left out, the others arrive [fault 29, fault 42]") {
  const std::string two =
      "C: LIST\nS: +OK\nS: 1 100\nS: 2 100\nS: .\nC: UIDL\nS: +OK\nS: 1 a\nS: 2 b\nS: .\n";
  for (const std::string answer :
       {"-ERR", "-ERR [SYS/TEMP] disk", "-ERR [SYS/PERM] corrupt", "-ERR [IN-USE] x"}) {
    CAPTURE(answer);
    for (const Part part : {Part::whole, Part::header}) {
      const bool whole = part == Part::whole;
      Opened run(kOpened + two + (whole ? "C: RETR 1\nS: " : "C: TOP 1 0\nS: ") + answer +
                 (whole ? "\nC: RETR 2\n" : "\nC: TOP 2 0\n") +
                 "S: +OK\nS: A: b\nS:\nS: .\nC: QUIT\nS: +OK\n");
      const auto listing = run.mailbox->list({});
      REQUIRE(listing.ok());
      std::vector<std::string> got;
      const std::vector<FetchRequest> requests{{run.key("a"), part, 0, 1000}, {run.key("b"), part, 0, 1000}};
      CHECK(run.mailbox
                ->fetch(requests,
                        [&](RawMail mail) {
                          got.push_back(mail.key.uid);
                          return true;
                        },
                        {})
                .ok());
      CHECK((got == std::vector<std::string>{"b"}));
      const auto gone = run.mailbox->close({});
      REQUIRE(gone.ok());
      CHECK(gone->empty());
    }
  }
}

TEST_CASE("pop3 faults: a mail whose header cannot be had is not listed, the others are [fault 29, R3]") {
  Opened run(kOpened + "C: LIST\nS: +OK\nS: 1 100\nS: 2 100\nS: .\nC: UIDL\nS: -ERR no\n" +
             "C: TOP 1 0\nS: -ERR [SYS/PERM] corrupt\nC: TOP 2 0\nS: +OK\nS: A: b\nS:\nS: .\n");
  const auto listing = run.mailbox->list({});
  REQUIRE(listing.ok());
  CHECK(listing->mails.size() == 1);
  CHECK(listing->total == 2);
  CHECK_FALSE(listing->complete);
}

TEST_CASE("pop3 faults: a stop request between DELE and QUIT removes nothing for sure [R2]") {
  ManualClock clock;
  ScriptedConnector connector(clock, {kOpened + kOneMail + "C: DELE 1\nSTOP\nS: +OK\nC: QUIT\nS: +OK"});
  auto opened = open(connector, clock);
  REQUIRE(opened.ok());
  REQUIRE((*opened)->list({}).ok());
  (*opened)->remove(
      std::vector<Receipt>{ReceiptMaker::make_receipt({"pop3 copier@mail.example.com", "alpha"})});
  Deadline deadline;
  deadline.stop = connector.stop_token();
  const auto gone = (*opened)->close(deadline);
  REQUIRE_FALSE(gone.ok());
  CHECK(gone.error().cause == Cause::stopped);
}

TEST_CASE("pop3 faults: NUL and other octets of a mail arrive as they are [fault 40]") {
  Opened run(kOpened + kOneMail + R"(C: RETR 1
    S: +OK
    S! A: \0\xFF\x80\r\n.\r\n
  )");
  REQUIRE(run.mailbox->list({}).ok());
  std::string bytes;
  CHECK(run.mailbox
            ->fetch(whole(1000),
                    [&](RawMail mail) {
                      bytes = mail.bytes;
                      return true;
                    },
                    {})
            .ok());
  CHECK(bytes == std::string("A: \0\xFF\x80\r\n", 8));
}
