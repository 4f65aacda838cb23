// Notices and copies to the administrator (H, B32, B33).
#include <doctest/doctest.h>

#include "agent/line_fixture.hpp"
#include "agent/notice_desk.hpp"
#include "remotemail/core/limits.hpp"
#include "remotemail/testing/failing_store.hpp"

using namespace remotemail;
using namespace std::chrono_literals;
using remotemail::testing::Line;
using remotemail::testing::TestMail;

namespace {

struct NoticedLine : Line {
  explicit NoticedLine(const char* notice = "illegal") {
    enable();
    SettingTexts texts;
    texts.emplace("reception.notice", Secret(notice));
    texts.emplace("reception.administrator_address", Secret("admin@example.com"));
    REQUIRE(agent->apply(texts).ok());
  }
  // What the administrator got, in order.
  std::vector<OutgoingMail> noticed() const {
    std::vector<OutgoingMail> all;
    for (const OutgoingMail& mail : servers.sent) {
      if (mail.recipient == "admin@example.com") all.push_back(mail);
    }
    return all;
  }
  std::string notice_text(std::size_t index) const { return parsed(noticed().at(index)).text; }
  void junk(int count) {
    for (int i = 0; i < count; ++i) mail("buy\r\n", "a great offer");
  }
};

bool contains(std::string_view text, std::string_view part) {
  return text.find(part) != std::string_view::npos;
}

std::string head_of(const OutgoingMail& mail) {
  return "\r\n" + mail.message.substr(0, mail.message.find("\r\n\r\n") + 2);
}

}  // namespace

TEST_CASE("notice: with No nobody is told of an illegal mail [H1, B32]") {
  Line line;
  line.enable().mail("GetLog Counter\r\n", "wrong");
  line.once();
  CHECK(line.servers.sent.empty());
}

TEST_CASE(
    "notice: of a wrong password the administrator gets sender, date, size, reason and the first lines [H2, B32, B33]") {
  NoticedLine line;
  line.set("reception.nickname", "2nd-floor");
  line.mail(
      "\r\nGetLog Counter\r\n> chp\xC2\xA0really is one\r\n  chpass U-BIX Sitios\r\n> c one two three\r\nthanks\r\n",
      "Sitios");
  line.once();
  REQUIRE(line.noticed().size() == 1);
  CHECK(line.servers.sent.size() == 1);
  CHECK(line.servers.mails.empty());
  CHECK(line.notice_text(0) ==
        "Serial number: FD0000001\n"
        "Nickname: 2nd-floor\n"
        "\n"
        "A mail to this copier was illegal. It gets no answer and is removed from the mailbox.\n"
        "\n"
        "From: ce@example.com\n"
        "Date: Sat, 14 Mar 2026 00:00:00 +0000\n"
        "Size: 328 bytes\n"
        "Reason: wrong password\n"
        "\n"
        "Its text begins:\n"
        "\n"
        "> GetLog Counter\n"
        "> > chp ******** ******** ********\n"
        ">   chpass ******** ********\n"
        "> > c ******** ******** ********\n"
        "> thanks\n");
  const OutgoingMail notice = line.noticed()[0];
  CHECK(notice.envelope_from == "manager@example.com");
  CHECK(Line::parsed(notice).subject == "Illegal mail [2nd-floor]");
  CHECK(Line::parsed(notice).from->display_name == "2nd-floor");
  for (const char* field :
       {"\r\nAuto-Submitted: auto-generated\r\n", "\r\nX-Loop: copier@example.com\r\n",
        "\r\nTo: admin@example.com\r\n", "\r\nDate: Sat, 14 Mar 2026 00:00:00 +0000\r\n"}) {
    CAPTURE(std::string(field));
    CHECK(contains(head_of(notice), field));
  }
  // The Subject it came with may be a password with a typing error: it stands nowhere.
  CHECK_FALSE(contains(notice.message, "Sitios"));
}

TEST_CASE("notice: of other illegal mails there is no text; each says why it was illegal [H2]") {
  NoticedLine line;
  TestMail mail;
  mail.body = "secret text " + std::string(20'000, 'x');
  line.servers.put(mail.bytes());
  line.mail("secret text\r\n", "a great offer", "2@example.com");
  line.servers.put("From: a@example.com, b@example.com\r\nSubject: U-BIX\r\n\r\nsecret text\r\n");
  line.once();
  REQUIRE(line.noticed().size() == 3);
  CHECK(contains(line.notice_text(0),
                 "Reason: too large: 20,012 bytes without its header, the limit is 10,240\n"));
  CHECK(contains(line.notice_text(1), "Reason: the Subject is no password\n"));
  CHECK(contains(line.notice_text(2), "From: not one readable address\nDate: none that is readable\n"));
  CHECK(contains(line.notice_text(2), "Reason: malformed: "));
  for (const OutgoingMail& notice : line.noticed()) CHECK_FALSE(contains(notice.message, "secret"));
  for (const OutgoingMail& notice : line.noticed()) CHECK_FALSE(contains(notice.message, "great offer"));
}

TEST_CASE(
    "notice: at most ten lines and 1 KiB are quoted, of what a reader sees; no attachment, no HTML [H2]") {
  std::string many;
  for (int i = 1; i <= 12; ++i) many += "line " + std::to_string(i) + "\n";
  CHECK(quoted_beginning(many).ends_with("> line 10\n"));
  CHECK(quoted_beginning("\n \n") == "");
  CHECK(quoted_beginning("\n\na\n\n b") == "> a\n>\n>  b\n");
  const std::string wide =
      quoted_beginning(std::string(100'000, 'x') + "\n" + std::string(300, 'y') + "\n" + std::string(9, 'z'));
  for (const std::string_view line : split(wide, '\n')) CHECK(line.size() <= limits::kReplyColumns);
  std::string long_lines;
  for (int i = 0; i < 10; ++i) long_lines += std::string(120, 'x') + "\n";
  CHECK(quoted_beginning(long_lines).size() <= limits::kQuotedOctets);
  CHECK(quoted_beginning(long_lines).size() > 900);
  CHECK(quoted_beginning("C " + std::string(5000, 'a') + "\n") == "> C ********\n");

  NoticedLine line;
  TestMail mail;
  mail.subject = "Wrong";
  mail.extra = "MIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary=b\r\n";
  mail.body =
      "--b\r\nContent-Type: text/html\r\n\r\n<p>Hello <b>copier</b></p><!-- hidden -->\r\n--b\r\nContent-Type: "
      "text/plain\r\nContent-Disposition: attachment\r\n\r\nattached\r\n--b--\r\n";
  line.servers.put(mail.bytes());
  line.once();
  CHECK(contains(line.notice_text(0), "> Hello copier\n"));
  for (const char* part : {"attached", "<p>", "hidden"})
    CHECK_FALSE(contains(line.noticed()[0].message, part));
}

TEST_CASE("notice: a text is fetched for a notice that will be sent, and for no other mail [H2, D2]") {
  const auto whole = [](const Line& line) {
    return std::ranges::count_if(line.servers.events,
                                 [](const auto& event) { return event.starts_with("fetch whole"); });
  };
  for (const char* notice : {"no", "illegal"}) {
    NoticedLine line(notice);
    for (int i = 0; i < 8; ++i) line.mail("Help\r\n", i < 2 ? "Wrong" : "no password at all");
    line.once();
    CHECK(whole(line) == (std::string(notice) == "no" ? 0 : 2));
    CHECK(line.noticed().size() == (std::string(notice) == "no" ? 0 : 8));
  }
  NoticedLine line;
  line.junk(20);
  for (int i = 0; i < 3; ++i) line.mail("Help\r\n", "Wrong");
  line.once();
  CHECK(whole(line) == 0);
  CHECK(line.noticed().size() == 20);
}

TEST_CASE("notice: a text that cannot be had keeps neither the notice nor the others back [H2, R1]") {
  NoticedLine line;
  for (int i = 0; i < 7; ++i) line.mail("Help\r\n", i == 1 ? "Wrong" : "no password at all");
  line.servers.fault = [](const std::string& event) -> std::optional<Error> {
    return event == "fetch whole 2" ? std::optional(make_error(Cause::connection_lost, Step::fetch))
                                    : std::nullopt;
  };
  CHECK(line.once().illegal == 7);
  line.servers.fault = nullptr;
  line.once();
  CHECK(line.servers.mails.empty());
  REQUIRE(line.noticed().size() == 7);
  CHECK(line.notice_text(1).ends_with("Reason: wrong password\n"));
}

TEST_CASE("notice: at most 20 an hour are sent, then one summary; a restart fills nothing up again [H2]") {
  NoticedLine line;
  line.junk(15);
  line.once();
  CHECK(line.noticed().size() == 15);
  line.agent = line.open();
  line.clock.advance(30min);
  line.junk(12);
  line.once();
  CHECK(line.noticed().size() == 20);
  line.agent = line.open();
  line.clock.advance(30min - 1s);
  line.junk(1);
  line.once();
  CHECK(line.noticed().size() == 20);
  SUBCASE("at the first poll after the hour") {
    line.clock.advance(1s);
    line.once();
    REQUIRE(line.noticed().size() == 21);
    line.once();
    CHECK(line.noticed().size() == 21);
  }
  SUBCASE("with the first illegal mail after the hour") {
    line.clock.advance(1s);
    line.junk(1);
    line.once();
    REQUIRE(line.noticed().size() == 22);
    CHECK(line.subjects().at(20) == "Illegal mail [FD0000001]");
    std::swap(line.servers.sent[20], line.servers.sent[21]);
  }
  CHECK(line.subjects().at(20) == "Illegal mails [FD0000001]");
  CHECK(line.notice_text(20) ==
        "Serial number: FD0000001\n"
        "\n"
        "8 further illegal mails since Sat, 14 Mar 2026 00:00:00 +0000.\n"
        "They get no answer and are removed from the mailbox.\n"
        "\n"
        "Of more than 20 an hour only the number is told.\n");
  CHECK(contains(head_of(line.noticed()[20]), "\r\nAuto-Submitted: auto-generated\r\n"));
}

TEST_CASE(
    "notice: a clock that was set back holds neither notices nor summary up for longer than an hour [H2, fault 66]") {
  NoticedLine line;
  line.junk(25);
  line.once();
  CHECK(line.noticed().size() == 20);
  line.clock.set_now(line.clock.now() - std::chrono::days{4000});
  line.once();
  line.clock.advance(59min);
  line.once();
  CHECK(line.noticed().size() == 20);
  line.clock.advance(1min);
  line.once();
  CHECK(line.noticed().size() == 21);
}

TEST_CASE("notice: a bunch that is judged again, or fails to become durable, is counted once [H2, R1]") {
  auto inner = make_memory_store();
  auto failing = std::make_unique<remotemail::testing::FailingStore>(*inner);
  auto& disk = *failing;
  NoticedLine line;
  line.restart_on(std::move(failing));
  line.enable();
  line.set("reception.administrator_address", "admin@example.com");
  line.set("reception.notice", "illegal");
  line.junk(12);
  for (int i = 0; i < 3; ++i) {
    disk.fail_at(i == 0 ? 2 : 1, Cause::store_full);
    line.once();
    disk.heal();
  }
  CHECK(line.noticed().empty());
  line.once();
  CHECK(line.noticed().size() == 12);
  line.junk(12);
  line.once();
  CHECK(line.noticed().size() == 20);
}

TEST_CASE(
    "notice: automatic mail, a bounce of a notice and the notice itself bring no notice [H2, R10, D13]") {
  NoticedLine line;
  TestMail automatic;
  automatic.subject = "Wrong";
  for (const char* extra :
       {"Auto-Submitted: auto-replied\r\n", "Precedence: bulk\r\n", "List-Id: <x.example.com>\r\n"}) {
    automatic.extra = extra;
    line.servers.put(automatic.bytes());
  }
  CHECK(line.once().unanswerable == 3);
  CHECK(line.noticed().empty());
  line.junk(1);
  line.once();
  const OutgoingMail notice = line.noticed().at(0);
  // It comes back as it is: the administrator's address is, or leads to, the copier's own.
  line.servers.put(notice.message);
  CHECK(line.once().unanswerable == 1);
  // It comes back as a bounce, whether our log still knows it or not.
  for (const std::string& id : {notice.id, std::string("forgotten@example.com")}) {
    line.servers.put(
        "Return-Path: <>\r\nFrom: MAILER-DAEMON@example.com\r\nSubject: Undelivered\r\nMIME-Version: 1.0\r\n"
        "Content-Type: multipart/report; report-type=delivery-status; boundary=b\r\n\r\n--b\r\n"
        "Content-Type: message/delivery-status\r\n\r\nStatus: 5.1.1\r\n\r\n--b\r\nContent-Type: message/rfc822\r\n\r\n"
        "Message-ID: <" +
        id + ">\r\n\r\nx\r\n--b--\r\n");
  }
  CHECK(line.once().unanswerable == 2);
  line.clock.advance(25h);
  line.once();
  CHECK(line.noticed().size() == 1);
  CHECK(line.servers.sent.size() == 1);
  CHECK(line.servers.mails.empty());
}

TEST_CASE(
    "notice: an answer to a notice, by a program that hides being one, brings no further one [H2, R10]") {
  NoticedLine line;
  line.junk(1);
  line.once();
  REQUIRE(line.noticed().size() == 1);
  // A help desk acknowledges what it gets, and is acknowledged: without an end.
  for (int i = 0; i < 3; ++i) {
    TestMail acknowledged;
    acknowledged.from = "admin@example.com";
    acknowledged.subject = i == 1 ? "guess" : "[Ticket 4711] Illegal mail [FD0000001]";
    acknowledged.message_id = "ticket" + std::to_string(i) + "@example.com";
    acknowledged.extra = "In-Reply-To: <" + line.noticed().back().id + ">\r\n";
    acknowledged.body = "We look after it.\r\n";
    line.servers.put(acknowledged.bytes());
    CHECK(line.once().illegal == 1);
  }
  CHECK(line.noticed().size() == 1);
  // An answer to anything else is told of as ever.
  TestMail thanks;
  thanks.subject = "Re: Counter list [FD0000001]";
  thanks.extra = "In-Reply-To: <rm.somethingelse@example.com>\r\n";
  line.servers.put(thanks.bytes());
  line.once();
  CHECK(line.noticed().size() == 2);
}

TEST_CASE("notice: whatever the machine says of itself, a notice can be made [H2]") {
  NoticedLine line;
  line.device.set_identity({"FD\r\n1\xFF", "SN\x01\xC2\x85"});
  line.junk(1);
  line.once();
  CHECK(line.noticed().size() == 1);
}

TEST_CASE(
    "notice: with All a copy of every reply goes to the administrator, passwords masked, and H2 besides [H3, B32, R11]") {
  NoticedLine line("all");
  line.mail("GetLog\r\nChPass U-BIX Sitios\r\nChPass Sitioz Other\r\n");
  line.mail("Help\r\n", "Wrong");
  line.once();
  const auto copies = line.noticed();
  REQUIRE(copies.size() == 4);
  std::vector<OutgoingMail> replies;
  for (const OutgoingMail& mail : line.servers.sent) {
    if (mail.recipient == "ce@example.com") replies.push_back(mail);
  }
  REQUIRE(replies.size() == 3);
  for (std::size_t i = 0; i < 3; ++i) {
    CHECK(copies[i].id != replies[i].id);
    CHECK(contains(head_of(copies[i]), "\r\nAuto-Submitted: auto-generated\r\n"));
    CHECK(contains(head_of(copies[i]), "\r\nTo: admin@example.com\r\n"));
    CHECK(contains(head_of(replies[i]), "\r\nAuto-Submitted: auto-replied\r\n"));
    CHECK(Line::parsed(copies[i]).subject == Line::parsed(replies[i]).subject);
    for (const char* secret : {"U-BIX", "Sitio", "Other"}) CHECK_FALSE(contains(copies[i].message, secret));
  }
  CHECK(Line::parsed(copies[0]).text == Line::parsed(replies[0]).text);
  CHECK(contains(Line::parsed(replies[1]).text, "New Password:[Sitios]"));
  CHECK(contains(Line::parsed(copies[1]).text,
                 "SE's Password was changed successfully. -> New Password:[********]\n"));
  CHECK(contains(Line::parsed(copies[2]).text, "Old Password is Invalid. ->ChPass ******** ********\n"));
  CHECK(Line::parsed(copies[3]).subject == "Illegal mail [FD0000001]");
  // Copies and notices are no replies.
  CHECK(line.store->count_replies(line.clock.now() - 24h, "").value() == 3);
  CHECK(line.store->count_replies(line.clock.now() - 24h, "admin@example.com").value() == 0);
  bool found = false;
  const auto log = line.agent->log(20);
  for (const LogRecord& record : *log) found = found || record.what == "3 replies";
  CHECK(found);
}

TEST_CASE("notice: copies count in no limit, also within one bunch [H3, R11]") {
  NoticedLine line("all");
  line.set("limits.replies", "4");
  for (int i = 0; i < 4; ++i) line.mail("Help\r\n");
  CHECK(line.once().answered == 4);
  CHECK(line.noticed().size() == 4);
}

TEST_CASE("notice: a copy of a CHPASS reply waits on disk without a password in it [H3, Y3]") {
  NoticedLine line("all");
  line.servers.fault = [](const std::string& event) -> std::optional<Error> {
    return event == "open sender" ? std::optional(make_error(Cause::connection_refused, Step::connect))
                                  : std::nullopt;
  };
  line.mail("ChPass U-BIX Sitios\r\n");
  line.once();
  const auto waiting = line.agent->outbox();
  REQUIRE(waiting->size() == 2);
  CHECK(waiting->at(0).mail.shows_secret);
  CHECK(waiting->at(1).mail.kind == OutboxMail::Kind::copy);
  CHECK_FALSE(waiting->at(1).mail.shows_secret);
}

TEST_CASE("notice: where handled mails are kept in a folder, the notice says so [H2]") {
  Settings settings;
  settings.reception.address = "copier@example.com";
  settings.reception.administrator_address = "admin@example.com";
  settings.reception.account.done_folder = "Done";
  SystemRandom random;
  const Sealer sealer(Secret(std::string(32, 'k')), random);
  const Mail mail;
  const DeviceIdentity device{"M", "S1"};
  const auto notice = illegal_notice({"request", mail, 12'345, {Illegal::Reason::wrong_password, ""}, true},
                                     {settings, device, sealer, WallTime{}});
  REQUIRE(notice.ok());
  CHECK(contains(notice->message, "It gets no answer and is moved to the folder for handled mails.\r\n"));
  CHECK(contains(notice->message, "Size: 12,345 bytes\r\n"));
  CHECK(contains(notice->message, "\r\n\r\nIt has no text.\r\n"));
  CHECK(notice->kind == OutboxMail::Kind::notice);
}
