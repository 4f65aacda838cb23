#include "core/crypto/digest.hpp"
#include "core/text.hpp"
#include "protocol/pop3/pop3_support.hpp"

using namespace remotemail;
using namespace remotemail::pop3_test;

namespace {

const std::string kTwoMails = R"(
  C: LIST
  S: +OK 2 messages
  S: 1 120
  S: 2 2000
  S: .
  C: UIDL
  S: +OK
  S: 1 alpha
  S: 2 beta
  S: .
)";

struct Fetched {
  std::vector<RawMail> mails;
  FetchSink sink() {
    return [this](RawMail mail) {
      mails.push_back(std::move(mail));
      return true;
    };
  }
};

// Counts what is read through it.
class CountingStream final : public Stream {
 public:
  CountingStream(std::unique_ptr<Stream> inner, std::uint64_t& read)
      : inner_(std::move(inner)), read_(read) {}
  Result<std::size_t> read(std::span<char> out, const Deadline& deadline) override {
    auto count = inner_->read(out, deadline);
    if (count) read_ += *count;
    return count;
  }
  Status write(std::string_view bytes, const Deadline& deadline) override {
    return inner_->write(bytes, deadline);
  }
  Status start_tls(const TlsPolicy& policy, const Deadline& deadline) override {
    return inner_->start_tls(policy, deadline);
  }

 private:
  std::unique_ptr<Stream> inner_;
  std::uint64_t& read_;
};

// The beginning of a mail of 20 MB, as an answer to TOP brings it.
struct BeginningOfLarge {
  BeginningOfLarge(const std::string& answer, const std::string& rest) {
    ManualClock clock;
    ScriptedConnector connector(
        clock,
        {kOpened +
         "C: LIST\nS: +OK\nS: 1 20000000\nS: .\nC: UIDL\nS: +OK\nS: 1 a\nS: .\nC: TOP 1 1000\nS: +OK\n" +
         answer + rest});
    auto stream = connector.connect("mail.example.com", 110, "", {});
    REQUIRE(stream.ok());
    SystemRandom random;
    auto mailbox = open_pop3_mailbox(std::make_unique<CountingStream>(std::move(*stream), octets), account(),
                                     clock, random, {}, {});
    REQUIRE(mailbox.ok());
    REQUIRE((*mailbox)->list({}).ok());
    octets = 0;
    Fetched got;
    const std::vector<FetchRequest> requests{
        {{"pop3 copier@mail.example.com", "a"}, Part::beginning, 1000, 64 * 1024}};
    status = (*mailbox)->fetch(requests, got.sink(), {});
    REQUIRE(got.mails.size() == 1);
    mail = std::move(got.mails.front());
    if (status.ok())
      status = (*mailbox)->close({}).ok() ? Status() : make_error(Cause::internal, Step::close);
    CHECK(connector.problem() == "");
  }
  std::uint64_t octets = 0;
  RawMail mail;
  Status status;
};

std::string digest(std::string_view header) {
  return "h:" + to_hex(sha256(header));
}

}  // namespace

TEST_CASE("pop3 mailbox: the listing names account, uid and size, oldest first [R3, B28]") {
  Opened run(kOpened + R"(
    C: LIST
    S: +OK
    S: 3 30
    S: 1 120
    S: 2 2000
    S: .
    C: UIDL
    S: +OK
    S: 2 beta
    S: 1 alpha
    S: 3 gamma
    S: .
  )");
  const auto listing = run.mailbox->list({});
  REQUIRE(listing.ok());
  CHECK(listing->mailbox == "pop3 copier@mail.example.com");
  CHECK((listing->mails ==
         ListedMails{{run.key("alpha"), 120}, {run.key("beta"), 2000}, {run.key("gamma"), 30}}));
  CHECK(listing->total == 3);
  CHECK(listing->complete);
}

TEST_CASE("pop3 mailbox: parts are asked for by TOP, whole mails by RETR, each in its turn [D6]") {
  Opened run(kOpened + kTwoMails + R"(
    C: TOP 2 0
    S: +OK
    S: Subject: x
    S:
    S: .
    C: TOP 1 10
    S: +OK
    S: A: b
    S:
    S: text
    S: .
    C: RETR 1
    S: +OK
    S: A: b
    S:
    S: ..dotted
    S: .
  )");
  REQUIRE(run.mailbox->list({}).ok());
  Fetched got;
  const std::vector<FetchRequest> requests{{run.key("beta"), Part::header, 0, 1000},
                                           {run.key("unknown"), Part::whole, 0, 1000},
                                           {run.key("alpha"), Part::beginning, 10, 1000},
                                           {run.key("alpha"), Part::whole, 0, 1000}};
  CHECK(run.mailbox->fetch(requests, got.sink(), {}).ok());
  REQUIRE(got.mails.size() == 3);
  CHECK(got.mails[0].key == run.key("beta"));
  CHECK(got.mails[0].size == 2000);
  CHECK(got.mails[0].bytes == "Subject: x\r\n\r\n");
  CHECK_FALSE(got.mails[0].complete);
  CHECK(got.mails[1].bytes == "A: b\r\n\r\ntext\r\n");
  CHECK_FALSE(got.mails[1].complete);
  CHECK(got.mails[2].bytes == "A: b\r\n\r\n.dotted\r\n");
  CHECK(got.mails[2].complete);
}

TEST_CASE("pop3 mailbox: a server that sends body lines with TOP 0 changes nothing") {
  Opened run(kOpened + kTwoMails + "C: TOP 1 0\nS: +OK\nS: A: b\nS:\nS: body\nS: .\n");
  REQUIRE(run.mailbox->list({}).ok());
  Fetched got;
  const std::vector<FetchRequest> requests{{run.key("alpha"), Part::header, 0, 1000}};
  CHECK(run.mailbox->fetch(requests, got.sink(), {}).ok());
  CHECK(got.mails.at(0).bytes == "A: b\r\n\r\n");
}

TEST_CASE("pop3 mailbox: a mail beyond the limit arrives cut, and the dialogue goes on [D6]") {
  Opened run(kOpened + kTwoMails + "C: RETR 1\nS: +OK\nS: A: b\nS:\nS: 0123456789\nS: .\nC: QUIT\nS: +OK\n");
  REQUIRE(run.mailbox->list({}).ok());
  Fetched got;
  const std::vector<FetchRequest> requests{{run.key("alpha"), Part::whole, 0, 12}};
  CHECK(run.mailbox->fetch(requests, got.sink(), {}).ok());
  CHECK(got.mails.at(0).bytes == "A: b\r\n\r\n0123");
  CHECK_FALSE(got.mails.at(0).complete);
  CHECK(run.mailbox->close({}).ok());
}

TEST_CASE("pop3 mailbox: a limit that just fits leaves the mail whole") {
  Opened run(kOpened + kTwoMails + "C: RETR 1\nS: +OK\nS: 0123456789\nS: .\n");
  REQUIRE(run.mailbox->list({}).ok());
  Fetched got;
  const std::vector<FetchRequest> requests{{run.key("alpha"), Part::whole, 0, 12}};
  CHECK(run.mailbox->fetch(requests, got.sink(), {}).ok());
  CHECK(got.mails.at(0).bytes == "0123456789\r\n");
  CHECK(got.mails.at(0).complete);
}

TEST_CASE("pop3 mailbox: a line of a mail may be longer than any line of a dialogue [Y6]") {
  Opened run(kOpened + kTwoMails + "C: RETR 1\nS: +OK\nS: " + std::string(20'000, 'x') + "\nS: .\n");
  REQUIRE(run.mailbox->list({}).ok());
  Fetched got;
  const std::vector<FetchRequest> requests{{run.key("alpha"), Part::whole, 0, 40'000}};
  CHECK(run.mailbox->fetch(requests, got.sink(), {}).ok());
  CHECK(got.mails.at(0).bytes.size() == 20'002);
}

TEST_CASE("pop3 mailbox: a sink that has enough ends the fetch in good order") {
  Opened run(kOpened + kTwoMails + "C: RETR 1\nS: +OK\nS: a\nS: .\nC: QUIT\nS: +OK\n");
  REQUIRE(run.mailbox->list({}).ok());
  const std::vector<FetchRequest> requests{{run.key("alpha"), Part::whole, 0, 100},
                                           {run.key("beta"), Part::whole, 0, 100}};
  CHECK(run.mailbox->fetch(requests, [](RawMail) { return false; }, {}).ok());
  CHECK(run.mailbox->close({}).ok());
}

TEST_CASE("pop3 mailbox: a mail that is gone meanwhile is left out [fault 42]") {
  Opened run(kOpened + kTwoMails + "C: RETR 1\nS: -ERR no such message\nC: RETR 2\nS: +OK\nS: a\nS: .\n");
  REQUIRE(run.mailbox->list({}).ok());
  Fetched got;
  const std::vector<FetchRequest> requests{{run.key("alpha"), Part::whole, 0, 100},
                                           {run.key("beta"), Part::whole, 0, 100}};
  CHECK(run.mailbox->fetch(requests, got.sink(), {}).ok());
  REQUIRE(got.mails.size() == 1);
  CHECK(got.mails[0].key == run.key("beta"));
}

TEST_CASE("pop3 mailbox: mails are marked only at the close, and gone only with QUIT's +OK [R2]") {
  const std::string script = kOpened + kTwoMails + R"(
    C: DELE 2
    S: +OK
    C: DELE 1
    S: -ERR already gone
    C: QUIT
    S: +OK bye
  )";
  CHECK(testing::replay(script,
                        [](Replay& run) {
                          CAPTURE(run.name);
                          auto opened = open(run.connector, run.clock);
                          if (!opened) {
                            CHECK_FALSE(run.whole);
                            return;
                          }
                          Mailbox& mailbox = **opened;
                          if (!mailbox.list({})) {
                            CHECK_FALSE(run.whole);
                            return;
                          }
                          const MailKey alpha{"pop3 copier@mail.example.com", "alpha"};
                          const MailKey beta{"pop3 copier@mail.example.com", "beta"};
                          mailbox.remove(std::vector<Receipt>{
                              ReceiptMaker::make_receipt(beta),
                              ReceiptMaker::make_receipt({"imap x@y INBOX 1", "alpha"}),
                              ReceiptMaker::make_receipt(alpha), ReceiptMaker::make_receipt(beta),
                              ReceiptMaker::make_receipt({"pop3 copier@mail.example.com", "unknown"})});
                          CHECK(run.connector.written().find("DELE") == std::string::npos);
                          const auto gone = mailbox.close({});
                          CHECK(gone.ok() == run.whole);
                          if (gone.ok()) CHECK((*gone == std::vector<MailKey>{beta}));
                        },
                        {.after_every_octet = true}) == "");
}

TEST_CASE("pop3 mailbox: a QUIT that is refused says so, and nothing is gone for sure [fault 31]") {
  Opened run(kOpened + kTwoMails + "C: DELE 1\nS: +OK\nC: QUIT\nS: -ERR some messages not deleted\n");
  REQUIRE(run.mailbox->list({}).ok());
  run.mailbox->remove(std::vector<Receipt>{ReceiptMaker::make_receipt(run.key("alpha"))});
  const auto gone = run.mailbox->close({});
  REQUIRE_FALSE(gone.ok());
  CHECK(gone.error().step == Step::close);
  CHECK(gone.error().server_line == "-ERR some messages not deleted");
}

TEST_CASE("pop3 mailbox: destroying an open mailbox says no word more [R2]") {
  Opened run(kOpened + kTwoMails);
  REQUIRE(run.mailbox->list({}).ok());
  run.mailbox->remove(std::vector<Receipt>{ReceiptMaker::make_receipt(run.key("alpha"))});
  run.mailbox.reset();
  CHECK(run.connector.written().ends_with("UIDL\r\n"));
}

TEST_CASE("pop3 mailbox: a server that hangs up at QUIT is no trouble when nothing was to be removed") {
  Opened run(kOpened + kTwoMails + "C: QUIT\nCLOSE\n");
  REQUIRE(run.mailbox->list({}).ok());
  const auto gone = run.mailbox->close({});
  REQUIRE(gone.ok());
  CHECK(gone->empty());
}

TEST_CASE("pop3 mailbox: without UIDL the digest of the header is the uid [R3, fault 21]") {
  Opened run(R"(
    S: +OK
    C: CAPA
    S: +OK
    S: USER
    S: TOP
    S: .
    C: USER copier
    S: +OK
    C: PASS pa ss
    S: +OK
    C: LIST
    S: +OK
    S: 1 10
    S: 2 20
    S: 3 30
    S: .
    C: TOP 1 0
    S: +OK
    S: A: 1
    S:
    S: .
    C: TOP 2 0
    S: -ERR gone
    C: TOP 3 0
    S: +OK
    S: A: 3
    S:
    S: a line too many
    S: .
    C: RETR 3
    S: +OK
    S: text
    S: .
  )");
  const auto listing = run.mailbox->list({});
  REQUIRE(listing.ok());
  CHECK((uids(*listing) == std::vector{digest("A: 1\r\n\r\n"), digest("A: 3\r\n\r\n")}));
  CHECK(listing->total == 3);
  CHECK_FALSE(listing->complete);
  Fetched got;
  const std::vector<FetchRequest> requests{{run.key(digest("A: 3\r\n\r\n")), Part::whole, 0, 100}};
  CHECK(run.mailbox->fetch(requests, got.sink(), {}).ok());
  CHECK(got.mails.at(0).bytes == "text\r\n");
}

TEST_CASE(
    "pop3 mailbox: uids that are no uids or stand twice are digests, the others are not [fault 21, fault 40]") {
  Opened run(kOpened + R"(
    C: LIST
    S: +OK
    S: 1 10
    S: 2 20
    S: 3 30
    S: 4 40
    S: 5 50
    S: .
    C: UIDL
    S: +OK
    S: 1 twice
    S! 2 con\x01trol\r\n
    S: 3 fine
    S: 4 twice
    S: 77 unlisted
    S: mad
    S: .
    C: TOP 1 0
    S: +OK
    S: A: 1
    S:
    S: .
    C: TOP 2 0
    S: +OK
    S: A: 2
    S:
    S: .
    C: TOP 4 0
    S: +OK
    S: A: 4
    S:
    S: .
    C: TOP 5 0
    S: +OK
    S: A: 5
    S:
    S: .
  )");
  const auto listing = run.mailbox->list({});
  REQUIRE(listing.ok());
  CHECK((uids(*listing) == std::vector<std::string>{digest("A: 1\r\n\r\n"), digest("A: 2\r\n\r\n"), "fine",
                                                    digest("A: 4\r\n\r\n"), digest("A: 5\r\n\r\n")}));
  CHECK(listing->complete);
}

TEST_CASE("pop3 mailbox: mails with one header are copies of one and go together [R3]") {
  const std::string top = "\nS: +OK\nS: A: 1\nS:\nS: .\n";
  Opened run(kOpened + "C: LIST\nS: +OK\nS: 1 10\nS: 2 10\nS: .\nC: UIDL\nS: -ERR\nC: TOP 1 0" + top +
             "C: TOP 2 0" + top + "C: DELE 1\nS: +OK\nC: DELE 2\nS: +OK\nC: QUIT\nS: +OK\n");
  const auto listing = run.mailbox->list({});
  REQUIRE(listing.ok());
  CHECK(listing->mails.size() == 1);
  CHECK(listing->complete);
  run.mailbox->remove(std::vector<Receipt>{ReceiptMaker::make_receipt(listing->mails[0].key)});
  const auto gone = run.mailbox->close({});
  REQUIRE(gone.ok());
  CHECK(gone->size() == 1);
}

TEST_CASE("pop3 mailbox: a server with neither UIDL nor TOP is of no use [A20]") {
  const std::string list = "C: LIST\nS: +OK\nS: 1 10\nS: .\n";
  {
    Opened run("S: +OK\nC: CAPA\nS: +OK\nS: USER\nS: .\nC: USER copier\nS: +OK\nC: PASS pa ss\nS: +OK\n" +
               list);
    CHECK(run.mailbox->list({}).error().cause == Cause::capability_missing);
  }
  Opened old("S: +OK\nC: CAPA\nS: -ERR\nC: USER copier\nS: +OK\nC: PASS pa ss\nS: +OK\n" + list +
             "C: UIDL\nS: -ERR\nC: TOP 1 0\nS: -ERR\n");
  CHECK(old.mailbox->list({}).error().cause == Cause::capability_missing);
}

TEST_CASE("pop3 mailbox: without TOP a part is cut out of the whole [A20]") {
  Opened run("S: +OK\nC: CAPA\nS: -ERR\nC: USER copier\nS: +OK\nC: PASS pa ss\nS: +OK\n" + kTwoMails +
             "C: TOP 1 0\nS: -ERR\nC: RETR 1\nS: +OK\nS: A: b\nS:\nS: body\nS: .\nC: RETR 2\nS: +OK\nS: C: "
             "d\nS:\nS: .\n");
  REQUIRE(run.mailbox->list({}).ok());
  Fetched got;
  const std::vector<FetchRequest> requests{{run.key("alpha"), Part::header, 0, 100},
                                           {run.key("beta"), Part::header, 0, 100}};
  CHECK(run.mailbox->fetch(requests, got.sink(), {}).ok());
  REQUIRE(got.mails.size() == 2);
  CHECK(got.mails[0].bytes == "A: b\r\n\r\n");
  CHECK_FALSE(got.mails[1].complete);
}

TEST_CASE("pop3 mailbox: the beginning of a mail of 20 MB costs little more than its limit [D13, Y6]") {
  std::string lines = "S: A: b\nS:\n";
  for (int i = 0; i < 1000; ++i) lines += "S: " + std::string(76, 'x') + "\n";
  const BeginningOfLarge usual(lines + "S: .\n", "C: QUIT\nS: +OK\n");
  CHECK(usual.status.ok());
  CHECK(usual.mail.bytes.size() == 64 * 1024);
  CHECK_FALSE(usual.mail.complete);
  CHECK(usual.mail.size == 20'000'000);
  CHECK(usual.octets < 100'000);
  // Lines of 250 octets: four times the limit, cut and passed over, and the session goes on.
  lines = "S: A: b\nS:\n";
  for (int i = 0; i < 1000; ++i) lines += "S: " + std::string(250, 'x') + "\n";
  const BeginningOfLarge wide(lines + "S: .\n", "C: QUIT\nS: +OK\n");
  CHECK(wide.status.ok());
  CHECK(wide.mail.bytes.size() == 64 * 1024);
}

TEST_CASE("pop3 mailbox: a server that overlooks the lines of TOP does not make us load it all [D13, Y6]") {
  const BeginningOfLarge all("FLOOD " + std::string(76, 'x'), "");
  REQUIRE_FALSE(all.status.ok());
  CHECK(all.status.error().cause == Cause::answer_too_large);
  CHECK(all.mail.bytes.size() == 64 * 1024);
  CHECK_FALSE(all.mail.complete);
  CHECK(all.octets < 400'000);
}

TEST_CASE("pop3 mailbox: one mail that TOP is refused for does not make RETR of the others [D13]") {
  const std::string no_capa = "S: +OK\nC: CAPA\nS: -ERR\nC: USER copier\nS: +OK\nC: PASS pa ss\nS: +OK\n";
  Opened run(no_capa + kTwoMails + R"(
    C: TOP 1 0
    S: -ERR [SYS/PERM] corrupt
    C: RETR 1
    S: -ERR [SYS/PERM] corrupt
    C: TOP 2 0
    S: +OK
    S: A: b
    S:
    S: .
    C: TOP 1 0
    S: -ERR [SYS/PERM] corrupt
  )");
  REQUIRE(run.mailbox->list({}).ok());
  Fetched got;
  const std::vector<FetchRequest> requests{{run.key("alpha"), Part::header, 0, 1000},
                                           {run.key("beta"), Part::header, 0, 1000},
                                           {run.key("alpha"), Part::header, 0, 1000}};
  CHECK(run.mailbox->fetch(requests, got.sink(), {}).ok());
  CHECK(got.mails.size() == 1);
}
