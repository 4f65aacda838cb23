// Servers that want to hurt: bounds and deadlines in every state.
#include <doctest/doctest.h>

#include <algorithm>

#include "protocol/imap/imap_dialogue.hpp"
#include "protocol/imap/imap_mailbox.hpp"
#include "protocol/imap/session.hpp"

using namespace remotemail;
using namespace remotemail::test;
using Part = FetchRequest::Part;

namespace {

constexpr std::string_view kOpened = R"(
  S: * PREAUTH [CAPABILITY IMAP4rev1 UIDPLUS] hi
  C: $s SELECT INBOX
  S: * 9 EXISTS
  S: * OK [UIDVALIDITY 42] valid
  S: $s OK [READ-WRITE] done
)";

std::string opened(std::string_view rest) {
  return std::string(kOpened) + std::string(rest);
}

const Use kFetchTwice = [](LoggedMailbox& mailbox) {
  mailbox.fetch({"3"}, Part::whole, 100);
  mailbox.fetch({"4"}, Part::whole, 100);
  mailbox.remove({"3"});
  mailbox.close();
};

// Says the same line for ever, once a command has come.
class FloodStream final : public Stream {
 public:
  FloodStream(std::string greeting, std::string line, std::size_t& said)
      : greeting_(std::move(greeting)), line_(std::move(line)), said_(said) {}
  Result<std::size_t> read(std::span<char> out, const Deadline&) override {
    const std::string& text = greeting_.empty() ? line_ : greeting_;
    const std::size_t count = std::min(out.size(), text.size() - begin_);
    std::copy_n(text.begin() + static_cast<std::ptrdiff_t>(begin_), count, out.begin());
    begin_ += count;
    if (begin_ == text.size()) {
      greeting_.clear();
      begin_ = 0;
    }
    said_ += count;
    return count;
  }
  Status write(std::string_view, const Deadline&) override { return {}; }
  Status start_tls(const TlsPolicy&, const Deadline&) override { return {}; }

 private:
  std::string greeting_;
  std::string line_;
  std::size_t begin_ = 0;
  std::size_t& said_;
};

Cause cause_of_flood(const std::string& greeting, const std::string& line, std::size_t& said) {
  SystemClock clock;
  SystemRandom random;
  said = 0;
  const auto mailbox = open_imap_mailbox(std::make_unique<FloodStream>(greeting, line, said), account(),
                                         clock, random, {}, {});
  REQUIRE_FALSE(mailbox.ok());
  return mailbox.error().cause;
}

class MovedClock final : public Clock {
 public:
  WallTime now() const override { return {}; }
  SteadyTime steady_now() const override { return time; }
  SteadyTime time{std::chrono::hours{1000}};
};

// Plays a script and notes by when each read was to be done.
class WatchedStream final : public Stream {
 public:
  WatchedStream(std::unique_ptr<Stream> inner, SteadyTime& latest)
      : inner_(std::move(inner)), latest_(latest) {}
  Result<std::size_t> read(std::span<char> out, const Deadline& deadline) override {
    latest_ = deadline.at;
    return inner_->read(out, deadline);
  }
  Status write(std::string_view bytes, const Deadline& deadline) override {
    return inner_->write(bytes, deadline);
  }
  Status start_tls(const TlsPolicy& policy, const Deadline& deadline) override {
    return inner_->start_tls(policy, deadline);
  }

 private:
  std::unique_ptr<Stream> inner_;
  SteadyTime& latest_;
};

}  // namespace

TEST_CASE("imap: a literal beyond what was asked for ends the session unread, and nothing is said after it [fault 27] [fault 34] [Y6]") {
  for (const std::string size : {"2150", "10241", "4294967295", "9223372036854775807"}) {
    CAPTURE(size);
    const auto outcome = play_once(opened("C: $f UID FETCH 3 (RFC822.SIZE BODY.PEEK[]<0.101>)\n"
                                          "S: * 1 FETCH (UID 3 BODY[]<0> {" +
                                          size + "}\n"),
                                   account(), kFetchTwice);
    const std::string error = "the server's answer is larger than allowed @fetching [later] a literal of " +
                              size + " octets (* 1 FETCH (UID 3 BODY[]<0> {" + size + "})";
    CHECK(outcome.log == "fetch: " + error + "\nfetch: " + error + "\nclose: " + error + "\n");
    CHECK(outcome.played.problem == "");
  }
}

TEST_CASE("imap: a server that ignores how much was asked for may send a little more, which is cut [Y6]") {
  CHECK(play(opened(R"(
    C: $f UID FETCH 3 (RFC822.SIZE BODY.PEEK[]<0.5>)
    S: * 1 FETCH (UID 3 RFC822.SIZE 20 BODY[] "0123456789abcdefghij")
    S: $f OK done
  )"),
             account(),
             [](LoggedMailbox& mailbox) { mailbox.fetch({"3"}, Part::whole, 4); }) == "3 20 cut '0123'\n");
}

TEST_CASE("imap: a literal nobody asked for is bounded in every state [Y6]") {
  CHECK(play_once(opened(R"(
    C: $l FETCH 1:9 (UID RFC822.SIZE)
    S: * 1 FETCH (UID 3 RFC822.SIZE 1 BODY[] {8193}
  )"),
                  account(), [](LoggedMailbox& mailbox) { mailbox.list(); })
            .log ==
        "list: the server's answer is larger than allowed @listing [later] a literal of 8193 octets "
        "(* 1 FETCH (UID 3 RFC822.SIZE 1 BODY[] {8193})\n");
}

TEST_CASE("imap: endless untagged responses end at their budget in every state [fault 35] [Y6]") {
  std::size_t said = 0;
  const std::string line = "* 5 EXISTS\r\n";
  for (const std::string greeting :
       {"* OK hi\r\n", "* OK [CAPABILITY IMAP4rev1] hi\r\n", "* PREAUTH [CAPABILITY IMAP4rev1] hi\r\n"}) {
    CAPTURE(greeting);
    CHECK(cause_of_flood(greeting, line, said) == Cause::answer_too_large);
    CHECK(said <= greeting.size() + line.size() * (imap::kResponsesPerCommand + 1) + 16 * 1024);
  }
  const std::string no_end(16 * 1024, 'x');
  CHECK(cause_of_flood(no_end, no_end, said) == Cause::answer_too_large);
  CHECK(cause_of_flood("* OK hi\r\n", no_end, said) == Cause::answer_too_large);
  CHECK(said <= 4 * no_end.size());
  CHECK(cause_of_flood("* OK hi\r\n", "+ go on\r\n", said) == Cause::protocol_violation);
  CHECK(cause_of_flood("* OK hi\r\n", "a OK CAPABILITY completed\r\n", said) == Cause::protocol_violation);
}

TEST_CASE("imap: every command has its own time, the session has one in all [fault 12] [Y6]") {
  MovedClock clock;
  SystemRandom random;
  SteadyTime latest{};
  auto played = std::make_shared<Played>();
  const SteadyTime start = clock.time;
  auto mailbox = open_imap_mailbox(std::make_unique<WatchedStream>(make_scripted_stream(opened(R"(
        C: $a UID FETCH 3 (RFC822.SIZE BODY.PEEK[]<0.11>)
        S: $a OK done
        C: $b UID FETCH 3 (RFC822.SIZE BODY.PEEK[]<0.11>)
        S: $b OK done
        C: $z LOGOUT
        S: $z OK done
      )"),
                                                                                        {}, played),
                                                                   latest),
                                   account(), clock, random, {}, {});
  REQUIRE(mailbox.ok());
  CHECK(latest == start + limits::kCommandTime);
  const FetchRequest request{{"imap bob@mail.example.com INBOX 42", "3"}, Part::whole, 0, 10};
  const auto fetch = [&] { return (*mailbox)->fetch({&request, 1}, [](RawMail) { return true; }, {}).ok(); };
  clock.time = start + std::chrono::seconds{100};
  CHECK(fetch());
  CHECK(latest == clock.time + limits::kCommandTime);
  clock.time = start + limits::kMailboxSessionTime - std::chrono::seconds{10};
  CHECK(fetch());
  CHECK(latest == start + limits::kMailboxSessionTime);
  clock.time = start + std::chrono::seconds{1};
  CHECK((*mailbox)->close({}).ok());
  CHECK(latest < clock.time + std::chrono::seconds{11});
  CHECK(played->problem == "");
}

TEST_CASE("imap: a stop request ends whatever is under way [fault 74]") {
  SystemClock clock;
  SystemRandom random;
  std::stop_source stop;
  auto played = std::make_shared<Played>();
  auto mailbox =
      open_imap_mailbox(make_scripted_stream(kOpened, {}, played), account(), clock, random, {}, {});
  REQUIRE(mailbox.ok());
  stop.request_stop();
  const auto listing = (*mailbox)->list({SteadyTime::max(), stop.get_token()});
  REQUIRE_FALSE(listing.ok());
  CHECK(listing.error().cause == Cause::stopped);
  CHECK(listing.error().step == Step::list);
}

TEST_CASE("imap: a BYE in the middle of the work explains the lost line [fault 33] [fault 5]") {
  CHECK(play_once(opened(R"(
    C: $f UID FETCH 3 (RFC822.SIZE BODY.PEEK[]<0.101>)
    S: * BYE Disconnected for inactivity.
    EOF
  )"),
                  account(), [](LoggedMailbox& mailbox) { mailbox.fetch({"3"}, Part::whole, 100); })
            .log ==
        "fetch: connection lost @fetching [later] closed by the server (BYE Disconnected for inactivity.)\n");
  CHECK(play_once(opened(R"(
    C: $f UID FETCH 3 (RFC822.SIZE BODY.PEEK[]<0.101>)
    S: * 1 FETCH (UID 3 BODY[]<0> {100}
    S: half a mail
    EOF
  )"),
                  account(), [](LoggedMailbox& mailbox) { mailbox.fetch({"3"}, Part::whole, 100); })
            .log == "fetch: connection lost @fetching [later] closed by the server\n");
}

TEST_CASE("imap: no piece of a mail stands in an error, wherever the server lost count [Y4]") {
  for (const std::string answer : {
           "S: * 1 FETCH (UID 3 BODY[] {4}\nS: Subject: geheim\nS: )",
           "S: * 1 FETCH (UID 3 BODY[] {0}\nS: )\nS: Subject: geheim",
           "S: * 1 FETCH (UID 3 BODY[] \"Subject: geheim\" x)",
           "S: * 1 FETCH (UID 3 BODY[] \"Subject: geheim",
           "S: * LIST () NIL {2}\nS: xxSubject: geheim\nS: Subject: geheim",
       }) {
    CAPTURE(answer);
    const auto outcome =
        play_once(opened("C: $f UID FETCH 3 (RFC822.SIZE BODY.PEEK[]<0.101>)\n" + answer), account(),
                  [](LoggedMailbox& mailbox) { mailbox.fetch({"3"}, Part::whole, 100); });
    CHECK(outcome.log.substr(0, 34) == "fetch: the server broke the protoc");
    CHECK(outcome.log.find("geheim") == std::string::npos);
  }
}

TEST_CASE("imap: a password never stands in an error [Y4]") {
  const auto outcome = play_once(R"(
    S: * OK [CAPABILITY IMAP4rev1] ready
    C: $a LOGIN bob secret
    S: nonsense
  )",
                                 account(), {});
  CHECK(outcome.log.find("secret") == std::string::npos);
  CHECK(outcome.log.find("open: the server broke the protocol @log-in") != std::string::npos);
}
