// The first polls after a program that was killed in its work: mails that were tried come last, the most tried behind the
// others (R5), and are judged as if they had come in their own order all the same.
#include <doctest/doctest.h>

#include <algorithm>
#include <stdexcept>

#include "agent/line_fixture.hpp"
#include "remotemail/core/limits.hpp"

using namespace remotemail;
using namespace std::chrono_literals;
using remotemail::testing::Line;
using remotemail::testing::TestMail;

namespace {

struct CrashedLine : Line {
  CrashedLine() { enable(); }
  // As a program leaves it that was killed with these mails in hand.
  void killed_with(int first, int last) {
    std::vector<MailKey> keys;
    for (int uid = first; uid <= last; ++uid) keys.push_back({servers.name, std::to_string(uid)});
    REQUIRE(store->note_tries(keys));
    restart_on(std::move(store));
  }
  void mail_from(const std::string& sender, const std::string& body, const std::string& subject = "U-BIX") {
    TestMail mail;
    mail.from = sender;
    mail.body = body;
    mail.subject = subject;
    mail.message_id = std::to_string(++mails_) + "@x.example";
    servers.put(mail.bytes());
  }
  void guesses(int count) {
    for (int i = 0; i < count; ++i) mail_from("guesser@bad.example", "Help\r\n", "guess");
  }
  // Without the notices to the Manager.
  std::ptrdiff_t answers() const {
    return std::ranges::count_if(
        servers.sent, [](const OutgoingMail& sent) { return sent.recipient != "manager@example.com"; });
  }
  void breaks_off_at(int uid) {
    servers.fault = [end = " " + std::to_string(uid)](const std::string& event) -> std::optional<Error> {
      if (!event.starts_with("fetch") || !event.ends_with(end)) return std::nullopt;
      return make_error(Cause::connection_lost, Step::fetch);
    };
  }
  void each_fetch_takes(std::chrono::seconds time) {
    servers.fault = [this, time](const std::string& event) -> std::optional<Error> {
      if (event.starts_with("fetch")) clock.advance(time);
      return std::nullopt;
    };
  }

 private:
  int mails_ = 0;
};

}  // namespace

TEST_CASE(
    "after a crash: what a mail's password is does not depend on the order in which mails are tried again [R1, R5, F20]") {
  // The first was tried more often than the others, so it comes last; it is the one that makes their password right.
  CrashedLine line;
  line.mail("ChPass U-BIX Sitios\r\n");
  line.mail("GetLog Counter\r\n", "Sitios");
  line.mail("GetLog Counter\r\n", "Sitios");
  line.killed_with(1, 2);
  line.killed_with(1, 1);
  for (int i = 0; i < 3; ++i) line.once();
  CHECK(line.servers.sent.size() == 3);
  CHECK(line.servers.mails.empty());
}

TEST_CASE("after a crash: a newer mail does not change the password beneath an older one [R1, R5, F20]") {
  CrashedLine line;
  line.mail("GetLog Counter\r\n");
  line.mail("ChPass U-BIX Sitios\r\n");
  line.killed_with(1, 1);
  for (int i = 0; i < 3; ++i) line.once();
  CHECK(line.subjects() ==
        std::vector<std::string>{"Counter list [FD0000001]", "Password change [FD0000001]"});
  CHECK(line.servers.mails.empty());
}

TEST_CASE("after a crash: mails that wait for an older one are no wrong guesses [R1, R5, F20, Y8]") {
  // Tried most is the change of the password, or the mail before it that the change waits for. Behind both are more mails
  // with the new password than there are guesses an hour.
  for (const int tried_most : {1, 2}) {
    CAPTURE(tried_most);
    CrashedLine line;
    line.mail("GetLog Counter\r\n");
    line.mail("ChPass U-BIX Sitios\r\n");
    for (int i = 0; i < 15; ++i) line.mail("GetLog Counter\r\n", "Sitios");
    line.killed_with(1, 17);
    line.killed_with(tried_most, tried_most);
    for (int i = 0; i < 3; ++i) line.once(20);
    CHECK(line.servers.sent.size() == 17);
    CHECK(line.servers.mails.empty());
    CHECK(line.agent->status().wrong_passwords == 0);
  }
}

TEST_CASE("after a crash: what waited for an older mail is judged as soon as that is done [R5, F20, Y8]") {
  CrashedLine line;
  line.mail("ChPass U-BIX Sitios\r\n");
  line.mail("Help\r\n", "Sitios");
  line.guesses(1);
  line.killed_with(1, 1);
  CHECK(line.once().answered == 1);
  CHECK(line.agent->status().wrong_passwords == 0);
  CHECK(line.agent->status().next_poll == line.clock.now());
  line.agent->step({});
  CHECK(line.servers.mails.empty());
  CHECK(line.agent->status().wrong_passwords == 1);
  CHECK(line.agent->status().next_poll.value() > line.clock.now());
  line.once();
  CHECK(line.servers.sent.size() == 2);
}

TEST_CASE(
    "after a crash: one wrong password is listened to before the older mail, no further ones [R5, Y8]") {
  // Else as many could be tried behind it as come, of which none is counted yet.
  for (const bool guessed : {false, true}) {
    CAPTURE(guessed);
    CrashedLine line;
    line.mail("Help\r\n");
    line.mail("Help\r\n", guessed ? "guess" : "U-BIX");
    line.mail("GetLog Counter\r\n");
    line.killed_with(1, 1);
    CHECK(line.once().answered == (guessed ? 1 : 3));
    CHECK(line.once().answered == (guessed ? 1 : 0));
    CHECK(line.servers.mails.empty());
  }
}

TEST_CASE("after a crash: what waits behind an older mail does not keep that from its turn [R1, R5, D2]") {
  CrashedLine line;
  line.mail("GetLog Counter\r\n");
  for (int i = 0; i < 2'100; ++i) line.mail("Help\r\n", "guess");
  line.killed_with(1, 1);
  CHECK(line.once().answered == 0);  // the guesses use up the 2,000
  CHECK(line.once().answered == 1);
}

TEST_CASE(
    "after a crash: however slow the server, what waits behind an older mail comes nearer to its turn with each second poll [R1, D2]") {
  CrashedLine line;
  line.mail("Help\r\n");
  line.mail("GetLog Counter\r\n");
  line.mail("Help\r\n", "guess");
  line.mail("GetLog Counter\r\n");
  line.killed_with(1, 2);
  line.each_fetch_takes(limits::kJudgingTimePerPoll);
  for (int tried = 0; tried < 2; ++tried) {
    CHECK(line.once().answered == 0);  // the guess uses up the time
    CHECK(line.agent->status().next_poll.value() > line.clock.now());
    CHECK(line.once().answered == 1);
  }
  line.servers.fault = nullptr;
  CHECK(line.once().answered == 1);
  CHECK(line.servers.mails.empty());
}

TEST_CASE(
    "after a crash: no tried mail is judged for good before older ones that a slow server kept back [R1, F20]") {
  // A hundred mails use up the time. Of the two behind them, one changes the password and the other has it; the younger one
  // was tried, so that it has its turn though the time is up.
  for (const bool guessed : {false, true}) {
    for (const bool change_first : {false, true}) {
      CAPTURE(guessed);
      CAPTURE(change_first);
      CrashedLine line;
      line.mail("Help\r\n");
      line.once();
      if (guessed) {
        line.guesses(110);  // ten count, the others stay
      } else {
        for (int i = 0; i < 110; ++i) line.mail("Help\r\n", "this can be no password");
      }
      line.mail(change_first ? "ChPass U-BIX Sitios\r\n" : "GetLog Counter\r\n");
      line.mail(change_first ? "GetLog Counter\r\n" : "ChPass U-BIX Sitios\r\n",
                change_first ? "Sitios" : "U-BIX");
      line.killed_with(113, 113);
      line.each_fetch_takes(1s);
      line.once();
      line.servers.fault = nullptr;
      for (int i = 0; i < 3; ++i) line.once();
      CHECK(line.answers() == 3);
    }
  }
}

TEST_CASE("after a crash: a CHPASS waits for what was left behind, not only for what was tried [R1, F20]") {
  for (const bool all_tried : {false, true}) {
    CAPTURE(all_tried);
    CrashedLine line;
    line.mail("Help\r\n");
    line.guesses(1);
    line.mail("GetLog Counter\r\n");
    line.mail("ChPass U-BIX Sitios\r\n");
    if (all_tried) line.killed_with(1, 4);
    line.killed_with(1, 1);
    line.killed_with(4, 4);
    for (int i = 0; i < 3; ++i) line.once();
    CHECK(line.servers.sent.size() == 3);
    CHECK(line.servers.mails.empty());
  }
}

TEST_CASE(
    "after a crash: a CHPASS waits for what was left behind last, and stands before the others [R1, F20]") {
  CrashedLine line;
  line.mail("Help\r\n");
  line.mail("GetLog Counter\r\n");
  line.mail("ChPass U-BIX Sitios\r\n");
  line.guesses(1);
  line.killed_with(1, 3);
  line.killed_with(1, 1);
  line.killed_with(3, 3);
  for (int i = 0; i < 3; ++i) line.once();
  CHECK(line.servers.sent.size() == 3);
}

TEST_CASE("after a crash: a mail over a limit leaves none behind [R11]") {
  CrashedLine line;
  line.set("limits.replies_per_sender", "1");
  line.mail_from("a@example.com", "Help\r\n");
  line.once();
  line.mail_from("b@example.com", "Help\r\n");
  line.mail_from("a@example.com", "Help\r\n");
  line.mail_from("c@example.com", "Help\r\n");
  line.killed_with(2, 2);
  CHECK(line.once().answered == 2);
  CHECK(line.agent->status().next_poll.value() > line.clock.now());
}

TEST_CASE("after a crash: tried mails behind a CHPASS that waits are no wrong guesses [R1, F20, Y8]") {
  CrashedLine line;
  line.mail("Help\r\n");
  line.mail("ChPass U-BIX Sitios\r\n");
  for (int i = 0; i < 12; ++i) line.mail("Help\r\n", "Sitios");
  line.killed_with(1, 1);
  line.killed_with(3, 14);
  for (int i = 0; i < 3; ++i) line.once(20);
  CHECK(line.agent->status().wrong_passwords == 0);
  CHECK(line.servers.sent.size() == 14);
}

TEST_CASE(
    "after a crash: mails that waited for the limit of their senders are answered in spite of a CHPASS [R1, R11, F20]") {
  CrashedLine line;
  line.set("limits.replies_per_sender", "1");
  line.mail_from("a@example.com", "Help\r\n");
  line.once();
  line.mail_from("a@example.com", "Help\r\n");  // waits, for an hour less than the next one
  line.clock.advance(1h);
  line.mail_from("b@example.com", "Help\r\n");
  line.guesses(1);  // stays behind what waits
  line.once();
  line.mail_from("b@example.com", "GetLog Counter\r\n");  // waits
  line.once();
  CHECK(line.servers.mails.size() == 3);
  line.clock.advance(23h + 1min);
  line.mail_from("c@example.com", "ChPass U-BIX Sitios\r\n");
  line.servers.fault = [](const std::string& event) -> std::optional<Error> {
    if (event.starts_with("fetch")) throw std::runtime_error("killed");
    return std::nullopt;
  };
  CHECK_THROWS(line.once());
  line.servers.fault = nullptr;
  line.restart_on(std::move(line.store));
  line.clock.advance(1h);
  for (int i = 0; i < 3; ++i) line.once();
  CHECK(line.answers() == 5);
  CHECK(line.servers.mails.empty());
}

TEST_CASE(
    "after trouble: mails that wait for a budget and were tried cause no polls, and keep nobody waiting [R8, Y8, fault 64]") {
  for (const char* subject : {"typo", "U-BIX"}) {
    CAPTURE(subject);
    CrashedLine line;
    line.mail("Help\r\n");
    line.once();
    line.guesses(25);
    line.once();  // ten count, fifteen wait
    line.clock.advance(61min);
    line.mail("poison\r\n");  // the program lives, with all sixteen in hand
    for (int i = 0; i < 3; ++i) CHECK_THROWS(line.once());
    line.mail("ChPass U-BIX Sitios\r\n", subject);
    line.mail("GetLog Counter\r\n", subject == std::string("typo") ? "U-BIX" : "Sitios");
    int at_once = 0;
    for (int i = 0; i < 10; ++i) {
      line.once();
      at_once += line.agent->status().next_poll == line.clock.now() ? 1 : 0;
    }
    CHECK(at_once <= 1);
    CHECK(line.answers() == (subject == std::string("typo") ? 2 : 3));
  }
}

TEST_CASE("after no crash: a mail that waits makes the next poll no sooner [R11]") {
  CrashedLine line;
  line.set("limits.replies_per_sender", "1");
  line.mail("Help\r\n");
  line.mail("GetLog Counter\r\n");
  const PollReport report = line.once();
  CHECK(report.answered == 1);
  CHECK(report.left == 1);
  CHECK(line.agent->status().next_poll.value() > line.clock.now());
}

TEST_CASE("after a crash: the oldest wrong mail is refused at once, whatever stays behind it [R5, Y8, F20]") {
  CrashedLine line;
  line.guesses(2);
  line.killed_with(1, 1);
  CHECK(line.once().illegal == 1);  // nothing can make it right any more; the other waited for it
  CHECK(line.agent->status().wrong_passwords == 1);
  line.once();
  CHECK(line.agent->status().wrong_passwords == 2);
  CHECK(line.servers.mails.empty());
}

TEST_CASE("after a crash: a CHPASS that came too early for its password is not executed late [R1, F20]") {
  CrashedLine line;
  line.mail("ChPass Sitios Third\r\n", "Sitios");
  line.mail("ChPass U-BIX Sitios\r\n");
  line.guesses(1);
  line.mail("GetLog Counter\r\n", "Sitios");
  line.killed_with(1, 2);
  for (int i = 0; i < 4; ++i) line.once();
  CHECK(line.subjects() ==
        std::vector<std::string>{"Password change [FD0000001]", "Counter list [FD0000001]"});
  CHECK(line.servers.mails.empty());
}

TEST_CASE("after a crash: a guess counts once, however often the program is killed with it [R5, Y8]") {
  CrashedLine line;
  line.guesses(6);
  line.mail("Help\r\n");
  for (int kill = 0; kill < 2; ++kill) {
    line.killed_with(1, 5);
    line.once();
  }
  line.once();
  CHECK(line.agent->status().wrong_passwords == 6);
  CHECK(line.servers.mails.empty());
}

TEST_CASE(
    "after a crash: however slow the machine and however many new mails come, what was tried has its turn [R1, R5, D2]") {
  CrashedLine line;
  line.mail("Help\r\n");
  line.killed_with(1, 1);
  line.device.slow(limits::kSessionAgeToRemove + 1s);
  for (int i = 0; i < 5; ++i) line.mail("GetLog Counter\r\n");
  for (int poll = 0; poll < 2; ++poll) {
    for (std::size_t answered = line.once().answered; answered > 0; --answered)
      line.mail("GetLog Counter\r\n");
  }
  CHECK(line.servers.mails.count(1) == 0);
}

TEST_CASE(
    "after a crash: a mail that brings the program down has three tries, however many others are answered [R5]") {
  CrashedLine line;
  line.mail("poison\r\n");
  int kills = 0, polls = 0;
  for (; line.agent->status().set_aside == 0 && polls < 100; ++polls) {
    while (line.servers.mails.size() < 40) line.mail("Help\r\n");
    try {
      line.once();
    } catch (const std::exception&) {
      ++kills;
      line.restart_on(std::move(line.store));
    }
  }
  CHECK(kills == 3);
  CHECK(line.agent->status().set_aside == 1);
}

TEST_CASE(
    "after a crash: a mail at which the server breaks off keeps no tried one from its turn [R1, R5, fault 5]") {
  CrashedLine line;
  line.mail("Help\r\n");
  line.mail("GetLog Counter\r\n");
  line.killed_with(1, 1);
  line.breaks_off_at(2);
  for (int i = 0; i < 2; ++i) line.once();
  CHECK(line.answers() == 1);
}
