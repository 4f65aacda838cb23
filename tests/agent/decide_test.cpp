// One mail and the right of the moment: every way a decision can go, with ports that say what they are told to.
#include "agent/decide.hpp"

#include <doctest/doctest.h>

#include <stop_token>

#include "agent/line_fixture.hpp"
#include "core/text.hpp"

using namespace remotemail;
using namespace std::chrono_literals;
using remotemail::testing::FakeDevice;
using remotemail::testing::LineLogger;
using remotemail::testing::ManualClock;
using remotemail::testing::MemoryMailServers;

namespace {

// The store in memory, of which one kind of question fails.
class RefusingStore final : public MailStore {
 public:
  enum class Question {
    none,
    memory_of_request,
    memory_of_sender,
    memory_of_guesses,
    memory_of_told,
    sent,
    replies
  };
  Question refused = Question::none;
  int answered_first = 0;  // so many of them are answered before
  std::unique_ptr<Store> inner = make_memory_store();

  Result<std::vector<KnownMail>> recall(const MailboxListing& listing) override {
    return inner->recall(listing);
  }
  Result<std::optional<Remembered>> recall_memory(Memory::Kind kind, std::string_view key) override {
    const Question asked = kind == Memory::Kind::answered_request ? Question::memory_of_request
                           : kind == Memory::Kind::known_sender   ? Question::memory_of_sender
                           : kind == Memory::Kind::guesses        ? Question::memory_of_guesses
                                                                  : Question::memory_of_told;
    if (refuses(asked)) return trouble();
    return inner->recall_memory(kind, key);
  }
  Result<std::optional<LogRecord>> find_sent(std::string_view id) override {
    if (refuses(Question::sent)) return trouble();
    return inner->find_sent(id);
  }
  Result<std::uint64_t> count_replies(WallTime from, std::string_view recipient) override {
    if (refuses(Question::replies)) return trouble();
    return inner->count_replies(from, recipient);
  }
  Status note_tries(std::span<const MailKey> keys) override { return inner->note_tries(keys); }
  Result<std::vector<Receipt>> commit(const Batch& batch) override { return inner->commit(batch); }
  Result<std::vector<OutboxEntry>> outbox() override { return inner->outbox(); }
  Result<std::optional<OutboxEntry>> next_due(WallTime now, std::string_view after) override {
    return inner->next_due(now, after);
  }
  Status settle(std::string_view id, const Settlement& settlement) override {
    return inner->settle(id, settlement);
  }
  Result<std::vector<LogRecord>> log(std::size_t limit, const LogRecord* record) override {
    return inner->log(limit, record);
  }

 private:
  bool refuses(Question asked) { return asked == refused && answered_first-- <= 0; }
  static Error trouble() { return make_error(Cause::store_failed, Step::store, "as planned"); }
};

// Says what it was told to, after asking what it was told to ask.
class ToldAuthenticator final : public Authenticator {
 public:
  Verdict verdict = Accepted{"ce@example.com"};
  std::vector<std::string> bounced;
  std::optional<std::string> password;
  mutable std::vector<bool> heard;

  Verdict judge(const Mail&, std::uint64_t, bool, const AccessRules& rules) const override {
    heard.clear();
    for (const std::string& id : bounced) heard.push_back(rules.is_ours(id));
    if (password) heard.push_back(rules.password_matches(*password));
    return verdict;
  }
};

// Whose n-th text cannot be composed.
class ToldFormatter final : public ListFormatter {
 public:
  int bad_from = -1;
  mutable int made = 0;
  ReplyText format(const ReplyHead& head, const Outcome& outcome) const override {
    ReplyText text = PlainTextFormatter().format(head, outcome);
    if (bad_from >= 0 && made++ >= bad_from) text.topic = "a topic\r\nwith a line end";
    return text;
  }
};

struct Desk {
  ManualClock clock;
  SystemRandom random;
  Sealer sealer{Secret(std::string(32, 'k')), random};
  RefusingStore store;
  std::unique_ptr<Store> settings_store = make_memory_store();
  MemoryMailServers servers;
  FakeDevice device{clock, [this](std::chrono::milliseconds time) { clock.advance(time); }};
  ManualCommandParser parser;
  ToldAuthenticator authenticator;
  ToldFormatter formatter;
  LineLogger logger;
  AgentPorts ports{servers,   store,  *settings_store, device, parser, authenticator,
                   formatter, sealer, clock,           random, logger};
  Settings settings;
  DeviceIdentity identity{"FD-1", "FD0000001"};
  Batch undurable;
  Recollection memory{store};
  PasswordCheck check{random};
  Right right;
  Candidate candidate;
  bool password_is_final = true, older_waits = false, may_execute = true, guess_counted = false;
  Deadline deadline;

  Desk() {
    right.hash = hash_password("U-BIX", random, {4, 8, 1});
    settings.reception.address = "copier@example.com";
    candidate.listing = {{"pop3 copier@mail.example.com", "1"}, 900};
    candidate.mail.from = MailAddress{"ce@example.com", ""};
    candidate.mail.message_id = "1@example.com";
    candidate.mail.subject = "U-BIX";
    candidate.mail.text = "HELP\n";
    candidate.fetched = candidate.whole = true;
  }
  Desk(const Desk&) = delete;

  Result<Decision> decided() {
    const ExecutionContext execution{device, clock, random, check, {4, 8, 1}, 10min, {}, 10'240, nullptr};
    const DecisionContext context{
        ports,       store,       settings,      identity, undurable, password_is_final,
        older_waits, may_execute, guess_counted, memory,   execution};
    return decide(candidate, right, context, deadline);
  }
  std::optional<Judged> judged() {
    auto decision = decided();
    if (!decision || !std::holds_alternative<Judged>(*decision)) return std::nullopt;
    return std::get<Judged>(std::move(*decision));
  }
  std::optional<Stays> stays() {
    auto decision = decided();
    if (!decision || !std::holds_alternative<Stays>(*decision)) return std::nullopt;
    return std::get<Stays>(std::move(*decision));
  }
};

}  // namespace

TEST_CASE("decide: every verdict of an authenticator has its fate and its line of the log [D12, D13, R10]") {
  using Fate = MailVerdict::Fate;
  const struct {
    Verdict verdict;
    Fate fate;
    std::string detail, what;
  } rows[] = {
      {Illegal{Illegal::Reason::wrong_password, {}}, Fate::illegal, "wrong password", "mail"},
      {Illegal{Illegal::Reason::malformed, "no From"}, Fate::illegal, "malformed: no From", "mail"},
      {Illegal{Illegal::Reason::not_a_password, {}}, Fate::illegal, "the Subject is no password", "mail"},
      {Illegal{Illegal::Reason::too_large, "12,345 bytes"}, Fate::illegal, "too large",
       "mail of 12,345 bytes"},
      {Unanswerable{"automatic mail"}, Fate::unanswerable, "automatic mail", "mail"},
      {OwnTest{"token"}, Fate::unanswerable, "our own test mail", "mail"},
      {Bounce{}, Fate::bounce, "a reply was not delivered:", "mail"},
  };
  for (const auto& row : rows) {
    Desk desk;
    desk.authenticator.verdict = row.verdict;
    const auto judged = desk.judged();
    REQUIRE(judged);
    CHECK(judged->verdict.fate == row.fate);
    CHECK(trim(judged->verdict.log->detail) == row.detail);
    CHECK(judged->verdict.log->what == row.what);
    CHECK(judged->illegal.has_value() == std::holds_alternative<Illegal>(row.verdict));
    CHECK(judged->verdict.replies.empty());
  }
  Desk desk;
  desk.authenticator.verdict = Undecided{700};
  const auto more = desk.decided();
  REQUIRE(std::holds_alternative<NeedsMore>(*more));
  CHECK(std::get<NeedsMore>(*more).bytes == 700);
}

TEST_CASE("decide: a mail without a From leaves a line without a sender [D13]") {
  Desk desk;
  desk.candidate.mail.from.reset();
  desk.authenticator.verdict = Illegal{Illegal::Reason::malformed, "no From"};
  CHECK(desk.judged()->verdict.log->other_side.empty());
}

TEST_CASE("decide: a bounce names the first of its mails that is ours [R10]") {
  Desk desk;
  Batch batch;
  batch.now = desk.clock.now();
  for (const char* id : {"first@copier", "second@copier"})
    batch.notices.push_back({id, OutboxMail::Kind::reply, "ce@example.com", "list", "text", false});
  REQUIRE(desk.store.commit(batch));
  desk.authenticator.bounced = {"strange@elsewhere", "first@copier", "second@copier"};
  desk.authenticator.verdict = Bounce{};
  CHECK(desk.judged()->verdict.bounced_id == "first@copier");
  CHECK(desk.authenticator.heard == std::vector<bool>{false, true, true});
}

TEST_CASE(
    "decide: an accepted mail is executed, answered and its sender remembered; the log counts the replies [D3, Y8]") {
  Desk desk;
  auto judged = desk.judged();
  REQUIRE(judged);
  CHECK(judged->verdict.fate == MailVerdict::Fate::answered);
  CHECK(judged->verdict.log->what == "1 reply");
  CHECK(desk.memory.pending().size() == 1);
  desk.candidate.mail.text = "HELP\nGETLOG COUNTER\n";
  judged = desk.judged();
  CHECK(judged->verdict.log->what == "2 replies");
  CHECK(judged->verdict.log->detail == "Help, Counter list");
}

TEST_CASE(
    "decide: the same mail under another key is a duplicate, in the store or earlier in the bunch; without date and Message-ID nothing tells [R3]") {
  Desk desk;
  const auto first = desk.judged();
  desk.undurable.verdicts.push_back(MailVerdict{});
  desk.undurable.verdicts.push_back(first->verdict);
  CHECK(desk.judged()->verdict.fate == MailVerdict::Fate::duplicate);
  Batch batch = desk.undurable;
  batch.now = desk.clock.now();
  REQUIRE(desk.store.commit(batch));
  desk.undurable = {};
  CHECK(desk.judged()->verdict.fate == MailVerdict::Fate::duplicate);
  desk.candidate.mail.message_id.clear();
  CHECK(desk.judged()->verdict.fate == MailVerdict::Fate::answered);
  CHECK(desk.judged()->verdict.digest.empty());
}

TEST_CASE("decide: replies beyond a limit leave the mail where it is, with who and how many [R11]") {
  Desk desk;
  desk.settings.replies_per_sender = 1;
  desk.candidate.mail.text = "HELP\nGETLOG COUNTER\n";
  const auto stays = desk.stays();
  REQUIRE(stays);
  CHECK(stays->why == WaitingMail::Why::limits);
  CHECK(stays->sender == "ce@example.com");
  CHECK(stays->replies == 2);
}

TEST_CASE(
    "decide: all mails to the administrator are copies of the replies, and one that fails does not hold them up [H3]") {
  Desk desk;
  desk.settings.reception.notice = Notice::all;
  desk.settings.reception.administrator_address = "admin@example.com";
  const auto judged = desk.judged();
  REQUIRE(judged->verdict.replies.size() == 2);
  CHECK(judged->verdict.replies[1].recipient == "admin@example.com");
  desk.formatter.bad_from = 1;
  const auto without = desk.judged();
  CHECK(without->verdict.replies.size() == 1);
  CHECK(desk.logger.has("no copy to the administrator"));
}

TEST_CASE(
    "decide: a reply that cannot be composed, and a stop amid the reading, leave the mail undecided [Y7, fault 74]") {
  Desk desk;
  desk.formatter.bad_from = 0;
  CHECK_FALSE(desk.decided().ok());
  std::stop_source stopping;
  stopping.request_stop();
  desk.deadline.stop = stopping.get_token();
  desk.candidate.mail.text = "GETLOG\n";
  const auto stopped = desk.decided();
  REQUIRE_FALSE(stopped.ok());
  CHECK(stopped.error().cause == Cause::stopped);
}

TEST_CASE(
    "decide: whatever the store cannot answer is an error, and the mail stays as it is [R9, fault 56]") {
  using Question = RefusingStore::Question;
  const Verdict wrong = Illegal{Illegal::Reason::wrong_password, {}};
  const struct {
    const char* name;
    Question refused;
    Verdict verdict;
    std::string password;  // compared, if there is one
    std::vector<std::string> bounced;
    int answered_first;
  } rows[] = {
      {"answered before", Question::memory_of_request, Accepted{"ce@example.com"}, "", {}, 0},
      {"replies of the day", Question::replies, Accepted{"ce@example.com"}, "", {}, 0},
      {"known sender", Question::memory_of_sender, Accepted{"ce@example.com"}, "U-BIX", {}, 0},
      {"guesses", Question::memory_of_guesses, Accepted{"ce@example.com"}, "U-BIX", {}, 0},
      {"guesses, when one is counted", Question::memory_of_guesses, wrong, "wrong", {}, 1},
      {"told of guesses", Question::memory_of_told, wrong, "wrong", {}, 0},
      {"sent", Question::sent, Bounce{}, "", {"a@copier"}, 0},
      {"sent, asked twice", Question::sent, Bounce{}, "", {"a@copier", "b@copier"}, 0},
  };
  for (const auto& row : rows) {
    CAPTURE(row.name);
    Desk desk;
    desk.store.refused = row.refused;
    desk.store.answered_first = row.answered_first;
    desk.authenticator.verdict = row.verdict;
    desk.authenticator.bounced = row.bounced;
    if (!row.password.empty()) desk.authenticator.password = row.password;
    const auto decision = desk.decided();
    REQUIRE_FALSE(decision.ok());
    CHECK(decision.error().cause == Cause::store_failed);
  }
}

TEST_CASE("decide: passwords are compared as long as there is a budget, and counted once a mail [Y8]") {
  Desk desk;
  desk.authenticator.password = "U-BIX";
  CHECK(desk.judged()->verdict.fate == MailVerdict::Fate::answered);
  CHECK(desk.authenticator.heard == std::vector<bool>{true});

  Desk guessed;
  guessed.authenticator.password = "wrong";
  guessed.authenticator.verdict = Illegal{Illegal::Reason::wrong_password, {}};
  for (unsigned i = 0; i < limits::kGuessesPerHour; ++i) CHECK(guessed.judged());
  const auto spent = guessed.stays();
  REQUIRE(spent);
  CHECK(spent->why == WaitingMail::Why::guesses);
  CHECK(spent->budget.empty());
  // A mail whose guess was counted before it had to wait is judged all the same, and not counted again.
  guessed.guess_counted = true;
  CHECK(guessed.judged());
  guessed.authenticator.password = "U-BIX";
  guessed.authenticator.verdict = Accepted{"ce@example.com"};
  CHECK(guessed.judged());
}

TEST_CASE(
    "decide: behind a mail that waits no password is wrong for good, and none is compared for nothing [F20, Y8]") {
  Desk desk;
  desk.password_is_final = false;
  desk.authenticator.password = "wrong";
  desk.authenticator.verdict = Illegal{Illegal::Reason::wrong_password, {}};
  const auto order = desk.stays();
  REQUIRE(order);
  CHECK(order->why == WaitingMail::Why::order);
  CHECK(order->counted);

  for (const bool counted : {false, true}) {
    for (const bool behind_tried : {false, true}) {
      Desk later;
      later.may_execute = false;
      later.password_is_final = behind_tried;
      later.older_waits = behind_tried;
      later.guess_counted = counted;
      later.authenticator.password = "U-BIX";
      const auto turn = later.stays();
      REQUIRE(turn);
      CHECK(turn->why == WaitingMail::Why::turn);
      CHECK(turn->counted == counted);
      CHECK(later.authenticator.heard == std::vector<bool>{false});
    }
  }
  // With all before it settled, what is wrong is wrong, five executed or not.
  Desk last;
  last.may_execute = false;
  last.authenticator.password = "wrong";
  last.authenticator.verdict = Illegal{Illegal::Reason::wrong_password, {}};
  CHECK(last.judged()->verdict.fate == MailVerdict::Fate::illegal);
}

TEST_CASE(
    "decide: before an older mail that was tried is done, a wrong password is no guess yet [F20, R5, Y8]") {
  for (const bool counted : {false, true}) {
    Desk desk;
    desk.older_waits = true;
    desk.guess_counted = counted;
    desk.authenticator.password = "wrong";
    desk.authenticator.verdict = Illegal{Illegal::Reason::wrong_password, {}};
    const auto turn = desk.stays();
    REQUIRE(turn);
    CHECK(turn->why == WaitingMail::Why::turn);
    CHECK(turn->counted == counted);
    CHECK(desk.authenticator.heard == std::vector<bool>{false});
    CHECK_FALSE(desk.memory.dirty());
  }
}

TEST_CASE(
    "decide: a CHPASS waits for an older mail that was tried and is not done, other commands do not [F20, R1, R5]") {
  Desk desk;
  desk.older_waits = true;
  desk.candidate.mail.text = "CHPASS U-BIX Sitios\n";
  CHECK(desk.stays().has_value());
  desk.candidate.mail.text = "HELP\n";
  CHECK(desk.judged().has_value());
  desk.older_waits = false;
  desk.candidate.mail.text = "CHPASS U-BIX Sitios\n";
  CHECK(desk.judged().has_value());
}
