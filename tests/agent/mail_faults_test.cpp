// Faulty, hostile and odd mails over the whole line: what becomes of them, and what an administrator reads of it.
#include <doctest/doctest.h>

#include <new>

#include "agent/fault_support.hpp"

using namespace remotemail;
using namespace std::chrono_literals;
using namespace remotemail::testing;

TEST_CASE(
    "faults: a mail that uses up the memory is set aside after the third try and named, the next is answered [R5, fault 64, fault 77]") {
  class HungryParser final : public CommandParser {
   public:
    Plan parse(std::string_view text) const override {
      if (text.find("hungry") != std::string_view::npos) throw std::bad_alloc();
      return ManualCommandParser().parse(text);
    }
  };
  Line line;
  line.enable();
  const HungryParser parser;
  AgentOptions options;
  options.hash_cost = {4, 8, 1};
  auto agent =
      std::move(*Agent::open({line.servers, *line.store, *line.store, line.device, parser, line.authenticator,
                              line.formatter, line.sealer, line.clock, line.random, line.logger},
                             options));
  line.mail("hungry\r\n");
  line.mail("Help\r\n");
  for (int i = 0; i < 6; ++i) {
    agent->request({});
    agent->step({});
  }
  CHECK(line.subjects() == std::vector<std::string>{"Help [FD0000001]"});
  REQUIRE(line.servers.mails.size() == 1);
  CHECK(line.servers.mails.begin()->second.find("hungry") != std::string::npos);
  CHECK(lines_with(line, "1 mails are set aside: they brought the program down").size() == 1);
  CHECK(lines_with(line, "bad_alloc").size() == 3);
}

TEST_CASE(
    "faults: a mail whose fetching uses up the memory is set aside as well: its try is noted before it is fetched [R5, fault 64]") {
  Line line;
  line.enable().mail("Help\r\n");
  line.servers.fault = [](const std::string& event) -> std::optional<Error> {
    if (event.starts_with("fetch")) throw std::bad_alloc();
    return std::nullopt;
  };
  for (int i = 0; i < 6; ++i) {
    line.clock.advance(2h);
    line.agent->request({});
    line.agent->step({});
  }
  CHECK(lines_with(line, "bad_alloc").size() == 3);
  CHECK(lines_with(line, "1 mails are set aside: they brought the program down").size() == 1);
}

TEST_CASE(
    "faults: a mail is too large from 10,240 octets on, its header not counted, and the log says how large [D6, D7, fault 81]") {
  const struct {
    std::size_t size;
    bool is_legal;
  } cases[] = {{9'999, true}, {10'000, true}, {10'239, true}, {10'240, false}, {10'241, false}};
  for (const auto& [size, is_legal] : cases) {
    CAPTURE(size);
    Line line;
    line.enable();
    TestMail mail;
    mail.body = "Help\r\n-- \r\n" + std::string(size - 11, 'x');
    REQUIRE(mail.body.size() == size);
    line.servers.put(mail.bytes());
    const PollReport report = line.once();
    CHECK(report.answered == (is_legal ? 1 : 0));
    CHECK(report.illegal == (is_legal ? 0 : 1));
    CHECK(line.servers.mails.empty());
    CHECK(line.subjects().size() == (is_legal ? 1 : 0));
    const LogRecord record = line.agent->log(10)->back();
    CHECK(record.result == (is_legal ? LogRecord::Result::answered : LogRecord::Result::illegal));
    if (!is_legal) {
      CHECK(lines_with(line, "mail from ce@example.com: " + std::string(words(record.result)) + ": too large")
                .size() == 1);
      CHECK(record.what == "mail of 10,24" + std::to_string(size % 10) + " bytes");
    }
  }
}

TEST_CASE(
    "faults: a nickname or an address with a line end or forbidden sign in an old state is ignored with a warning and leaves no mark in a mail [B19, B20, Y7, fault 89]") {
  const struct {
    const char* key;
    const char* text;
  } cases[] = {
      {"reception.nickname", "Third\r\nBcc: evil@example.com"},
      {"reception.nickname", "Third\nfloor"},
      {"transmission.manager_address", "manager@example.com\r\nRCPT TO:<evil@example.com>"},
      {"transmission.manager_address", "\xC2\xA5manager@example.com"},
      {"transmission.manager_address", "man\"ager@example.com"},
      {"transmission.manager_address", "man[ager]@example.com"},
      {"reception.administrator_address", "admin@example.com\r\nevil"},
  };
  for (const auto& [key, text] : cases) {
    CAPTURE(std::string(key));
    CAPTURE(std::string(text));
    Line line;
    line.enable().mail("GetLog\r\n");
    StoredSetting old;
    old.text = Secret(text);
    REQUIRE(line.store->save_settings(std::vector{SettingChange{key, old}}, {}));
    line.logger.lines.clear();
    line.agent = line.open();
    CHECK(lines_with(line, key).size() == 1);
    CHECK(lines_with(line, "evil").empty());
    line.once();
    for (const OutgoingMail& sent : line.servers.sent) {
      CHECK(sent.message.find("evil") == std::string::npos);
      CHECK(sent.envelope_from.find_first_of("\r\n\"[") == std::string::npos);
    }
    if (std::string(key) == "reception.nickname") {
      REQUIRE(line.servers.sent.size() == 1);
      CHECK(line.subjects()[0] == "Counter list (phone) [FD0000001]");
    }
  }
}

TEST_CASE(
    "faults: a Message-ID that comes again with another command is another mail, and is answered [R3, fault 91]") {
  Line line;
  line.enable();
  line.mail("Help\r\n", "U-BIX", "same@example.com");
  line.once();
  line.mail("GetLog\r\n", "U-BIX", "same@example.com");
  line.mail("Help\r\n", "U-BIX", "same@example.com");
  line.once();
  CHECK(line.subjects() == std::vector<std::string>{"Help [FD0000001]", "Counter list (phone) [FD0000001]"});
  CHECK(line.servers.sent[0].id != line.servers.sent[1].id);
  // The log tells both apart: the answered one, and the one that was answered before.
  CHECK(lines_with(line, "the same mail was answered before").size() == 1);
  CHECK(lines_with(line, "mail from ce@example.com: answered: ").size() == 2);
}

TEST_CASE(
    "faults: a new password of 20 characters is taken, of 21 or with other than printable ASCII refused; signs that mean something elsewhere mean nothing here [F15, F16, F18, fault 88]") {
  const struct {
    std::string password;
    bool is_taken;
  } cases[] = {
      {std::string(20, 'p'), true},
      {std::string(21, 'p'), false},
      {"%s%n%x", true},
      {"';DROP--", true},
      {"back\\slash", true},
      {"../../etc", true},
      {"\"quoted\"", true},
      {"$(id)`id`", true},
      {"pass\xC3\xA4", false},
      {std::string("a\0b", 3), false},
      {"two words", false},
      {"~!@#^&*()_+{}|:<>?", true},
  };
  for (const auto& [password, is_taken] : cases) {
    CAPTURE(password);
    Line line;
    line.enable();
    line.mail("ChPass U-BIX " + password + "\r\n");
    line.once();
    if (password.find('\0') != std::string::npos) {  // NUL: the mail is illegal as a whole (D)
      CHECK(line.servers.sent.empty());
      continue;
    }
    REQUIRE(line.servers.sent.size() == 1);
    CHECK((line.body(0).find("changed successfully. -> New Password:[" + password + "]") !=
           std::string::npos) == is_taken);
    line.mail("Help\r\n", is_taken ? password : "U-BIX");
    CHECK(line.once().answered == 1);
    for (const std::string& text : line.logger.lines) CHECK(text.find(password) == std::string::npos);
  }
}

TEST_CASE(
    "faults: what is no command mail has no answer, one line of the log and no second look, and the next mail is answered [D12, R10, fault 40, fault 82, fault 83, fault 92, fault 94]") {
  const std::string head = "From: ce@example.com\r\nSubject: U-BIX\r\n";
  std::string deep = head + "Content-Type: multipart/mixed; boundary=b0\r\n\r\n";
  for (int i = 0; i < 30; ++i) {
    deep += "--b" + std::to_string(i) + "\r\nContent-Type: multipart/mixed; boundary=b" +
            std::to_string(i + 1) + "\r\n\r\n";
  }
  std::string parts = head + "Content-Type: multipart/mixed; boundary=b\r\n\r\n";
  for (int i = 0; i < 300; ++i) parts += "--b\r\n\r\nHelp\r\n";
  std::string many = "From: a@example.com";
  for (int i = 0; i < 49; ++i) many += ", a" + std::to_string(i) + "@example.com";
  const struct {
    const char* what;
    std::string mail;
  } cases[] = {
      {"empty", ""},
      {"line ends only", "\r\n\r\n"},
      {"no header", "\r\nHelp\r\n"},
      {"only a Subject", "Subject: U-BIX\r\n"},
      {"two Subjects", head + "Subject: U-BIX\r\n\r\nHelp\r\n"},
      {"two Froms", head + "From: ce@example.com\r\n\r\nHelp\r\n"},
      {"a group", "From: all: ce@example.com;\r\nSubject: U-BIX\r\n\r\nHelp\r\n"},
      {"an encoded address", "From: =?utf-8?q?ce=40example.com?=\r\nSubject: U-BIX\r\n\r\nHelp\r\n"},
      {"fifty addresses", many + "\r\nSubject: U-BIX\r\n\r\nHelp\r\n"},
      {"NUL in the header", head + std::string("X: a\0b", 6) + "\r\n\r\nHelp\r\n"},
      {"thirty levels", deep},
      {"three hundred parts", parts},
      {"a vacation notice", head + "Auto-Submitted: auto-replied\r\n\r\nHelp\r\n"},
      {"a mailing list", head + "List-Id: <l.example.com>\r\n\r\nHelp\r\n"},
      {"a receipt",
       head + "Content-Type: multipart/report; report-type=disposition-notification; boundary=b\r\n\r\n"
              "--b\r\n\r\nHelp\r\n--b--\r\n"},
      {"a bounce", "Return-Path: <>\r\n" + head + "\r\nHelp\r\n"},
      {"our own", "From: copier@example.com\r\nSubject: U-BIX\r\n\r\nHelp\r\n"},
  };
  for (const auto& [what, mail] : cases) {
    CAPTURE(std::string(what));
    Line line;
    line.enable();
    line.servers.put(mail);
    line.mail("Help\r\n");
    for (int i = 0; i < 3; ++i) line.once();
    CHECK(line.subjects() == std::vector<std::string>{"Help [FD0000001]"});
    CHECK(line.servers.mails.empty());
    const auto said = lines_with(line, "mail from ");
    REQUIRE(said.size() == 2);
    const auto& about = said[0].find(": answered: ") == std::string::npos ? said[0] : said[1];
    CHECK((about.find(": illegal mail: ") != std::string::npos ||
           about.find(": not to be answered: ") != std::string::npos));
  }
}
