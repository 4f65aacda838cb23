#include <doctest/doctest.h>

#include "host_client.hpp"
#include "testing/mailhost/imap_command.hpp"

using namespace remotemail::testing;

namespace {

struct Imap {
  explicit Imap(MailHostOptions options = two_users()) : host(std::move(options)), client(started(host)) {
    greeting = client.line();
  }
  static std::uint16_t started(MemoryMailHost& host) {
    REQUIRE(host.start());
    return host.ports().imap;
  }
  void open(int mails) {
    for (int i = 1; i <= mails; ++i)
      REQUIRE(host.deliver("ce", "Subject: " + std::to_string(i) + "\r\n\r\nbody\r\n"));
    CHECK(contains(client.ask_tagged("LOGIN ce \"secret\""), "t OK"));
    selected = client.ask_tagged("SELECT inbox");
  }
  MemoryMailHost host;
  HostClient client;
  std::string greeting, selected;
};

}  // namespace

TEST_CASE("memory host, imap: SELECT tells what there is; FETCH answers what was asked for") {
  Imap imap;
  CHECK(contains(imap.greeting, "[CAPABILITY IMAP4rev1 UIDPLUS MOVE IDLE SASL-IR STARTTLS AUTH=PLAIN]"));
  CHECK(contains(imap.client.ask_tagged("SELECT INBOX"), "t BAD"));
  imap.open(3);
  CHECK(contains(imap.selected, "* 3 EXISTS\n"));
  CHECK(contains(imap.selected, "[UIDVALIDITY "));
  CHECK(contains(imap.selected, "[UIDNEXT 4]"));
  CHECK(contains(imap.selected, "t OK [READ-WRITE]"));
  auto& client = imap.client;
  CHECK(client.ask_tagged("UID FETCH 2 (FLAGS RFC822.SIZE)") ==
        "* 2 FETCH (UID 2 FLAGS () RFC822.SIZE 20)\nt OK done\n");
  CHECK(client.ask_tagged("FETCH 1 BODY.PEEK[HEADER]") ==
        "* 1 FETCH (BODY[HEADER] {14}\nSubject: 1\n\n)\nt OK done\n");
  CHECK(client.ask_tagged("FETCH 1 BODY.PEEK[TEXT]<1.2>") ==
        "* 1 FETCH (BODY[TEXT]<1> {2}\nod)\nt OK done\n");
  CHECK(client.ask_tagged("FETCH 1 BODY.PEEK[]<100.2>") == "* 1 FETCH (BODY[]<100> {0}\n)\nt OK done\n");
  CHECK_FALSE(imap.host.mails("ce")[0].seen);
  CHECK(contains(client.ask_tagged("UID FETCH 3 BODY[]"), "{20}\nSubject: 3\n\nbody\n FLAGS (\\Seen))"));
  CHECK(imap.host.mails("ce")[2].seen);
  CHECK(contains(client.ask_tagged("FETCH 1 INTERNALDATE"), " +0000\")\nt OK"));
  CHECK(contains(client.ask_tagged("FETCH 4 FLAGS"), "t BAD"));
  CHECK(client.ask_tagged("UID FETCH 4 FLAGS") == "t OK done\n");
  CHECK(contains(client.ask_tagged("UID FETCH 4:* FLAGS"), "* 3 FETCH (UID 3"));  // RFC 3501, 6.4.8
  CHECK(contains(client.ask_tagged("FETCH 1 ENVELOPE"), "t BAD"));
}

TEST_CASE("memory host, imap: STORE, EXPUNGE and UID EXPUNGE remove what is marked, and no more") {
  Imap imap;
  imap.open(4);
  auto& client = imap.client;
  CHECK(client.ask_tagged("UID STORE 1:3 +FLAGS.SILENT (\\Deleted)") == "t OK done\n");
  CHECK(client.ask_tagged("STORE 3 -FLAGS \\Deleted") == "* 3 FETCH (FLAGS ())\nt OK done\n");
  CHECK(client.ask_tagged("UID EXPUNGE 2:4") == "* 2 EXPUNGE\nt OK done\n");
  CHECK(imap.host.mails("ce").size() == 3);
  CHECK(client.ask_tagged("EXPUNGE") == "* 1 EXPUNGE\nt OK done\n");
  CHECK(client.ask_tagged("UID SEARCH ALL") == "* SEARCH 3 4\nt OK done\n");
  CHECK(contains(client.ask_tagged("EXAMINE INBOX"), "t OK [READ-ONLY]"));
  CHECK(contains(client.ask_tagged("UID STORE 3 +FLAGS (\\Deleted)"), "t NO"));
  CHECK(imap.host.counters().removed == 2);
}

TEST_CASE("memory host, imap: CREATE, LIST, UID COPY and UID MOVE, with COPYUID") {
  Imap imap;
  imap.open(3);
  auto& client = imap.client;
  CHECK(contains(client.ask_tagged("UID COPY 1 Done"), "t NO [TRYCREATE]"));
  CHECK(client.ask_tagged("CREATE Done") == "t OK done\n");
  CHECK(contains(client.ask_tagged("CREATE Done"), "t NO"));
  CHECK(client.ask_tagged("LIST \"\" *") ==
        "* LIST () \"/\" \"Done\"\n* LIST () \"/\" \"INBOX\"\nt OK done\n");
  const std::string copied = client.ask_tagged("UID COPY 1 Done");
  CHECK(contains(copied, "t OK [COPYUID "));
  CHECK(contains(copied, " 1 1] done"));
  const std::string moved = client.ask_tagged("UID MOVE 2:3 Done");
  CHECK(contains(moved, " 2,3 2,3] moved\n* 2 EXPUNGE\n* 2 EXPUNGE\nt OK"));
  CHECK(imap.host.mails("ce").size() == 1);
  CHECK(imap.host.mails("ce", "Done").size() == 3);
  CHECK(imap.host.has_folder("ce", "Done"));
  CHECK(client.ask_tagged("STATUS Done (MESSAGES UIDNEXT)") ==
        "* STATUS \"Done\" (MESSAGES 3 UIDNEXT 4)\nt OK done\n");
}

TEST_CASE("memory host, imap: UID SEARCH by keys") {
  Imap imap;
  imap.open(3);
  imap.client.ask_tagged("UID STORE 2 +FLAGS (\\Seen)");
  const std::pair<const char*, const char*> table[] = {
      {"UNSEEN", " 1 3"},
      {"2:*", " 2 3"},
      {"UID 3:9", " 3"},
      {"NOT UID 1", " 2 3"},
      {"SUBJECT \"3\"", " 3"},
      {"SEEN 1", ""},
      {"(SEEN UID 2)", " 2"},
      {"LARGER 19", " 1 2 3"},
      {"HEADER subject 1", " 1"},
      {"SMALLER 20", ""},
      {"UNDELETED UID 2:3", " 2 3"},
  };
  for (const auto& [keys, found] : table) {
    CAPTURE(keys);
    CHECK(imap.client.ask_tagged(std::string("UID SEARCH ") + keys) ==
          std::string("* SEARCH") + found + "\nt OK done\n");
  }
  for (const char* keys : {"", " NONSENSE", " UID", " NOT", " ()"}) {
    CAPTURE(keys);
    CHECK(contains(imap.client.ask_tagged(std::string("UID SEARCH") + keys), "t BAD"));
  }
}

TEST_CASE("memory host, imap: what others do is told at NOOP and in IDLE") {
  Imap imap;
  imap.open(2);
  HostClient other(imap.host.ports().imap);
  other.line();
  other.ask_tagged("LOGIN ce secret");
  other.ask_tagged("SELECT INBOX");
  other.ask_tagged("UID STORE 1 +FLAGS (\\Deleted)");
  other.ask_tagged("EXPUNGE");
  CHECK(imap.client.ask_tagged("FETCH 1:2 UID") == "* 2 FETCH (UID 2)\nt OK done\n");
  CHECK(imap.client.ask_tagged("NOOP") == "* 1 EXPUNGE\nt OK done\n");
  CHECK(imap.client.ask("t IDLE") == "+ idling");
  REQUIRE(imap.host.deliver("ce", "Subject: new\r\n\r\n"));
  CHECK(imap.client.line() == "* 2 EXISTS");
  CHECK(imap.client.ask("DONE") == "t OK done");
  CHECK(imap.client.ask_tagged("LOGOUT") == "* BYE good-bye\nt OK done\n");
}

TEST_CASE("memory host, imap: log-in by literal, by AUTHENTICATE with and without SASL-IR; never in the log") {
  Imap imap;
  auto& client = imap.client;
  CHECK(contains(client.ask_tagged("LOGIN ce wrong"), "t NO [AUTHENTICATIONFAILED]"));
  CHECK(client.ask("t LOGIN {2}") == "+ go on");
  CHECK(client.ask("ce {6}") == "+ go on");
  CHECK(contains(client.ask("secret"), "t OK [CAPABILITY"));
  HostClient second(imap.host.ports().imap);
  second.line();
  CHECK(contains(second.ask_tagged("AUTHENTICATE PLAIN AGNlAHNlY3JldA=="), "t OK"));
  HostClient third(imap.host.ports().imap);
  third.line();
  CHECK(third.ask("t AUTHENTICATE PLAIN") == "+ ");
  CHECK(contains(third.ask("AGNlAHNlY3JldA=="), "t OK"));
  for (const std::string& line : imap.host.dialogues()) {
    CAPTURE(line);
    CHECK_FALSE(contains(line, "secret"));
    CHECK_FALSE(contains(line, "AGNl"));
  }
}

TEST_CASE("memory host, imap: capabilities can be taken away, with the commands behind them") {
  MailHostOptions options = two_users();
  options.lacks = {"UIDPLUS", "MOVE", "SASL-IR", "IDLE"};
  options.imap_tls = MailHostOptions::Tls::none;
  Imap imap(options);
  CHECK(contains(imap.greeting, "[CAPABILITY IMAP4rev1 AUTH=PLAIN]"));
  CHECK(contains(imap.client.ask_tagged("AUTHENTICATE PLAIN AGNlAHNlY3JldA=="), "t BAD"));
  imap.open(1);
  imap.client.ask_tagged("CREATE x");
  for (const char* command : {"UID MOVE 1 x", "UID EXPUNGE 1", "IDLE"})
    CHECK(contains(imap.client.ask_tagged(command), "t BAD"));
  CHECK(imap.client.ask_tagged("UID COPY 1 x") == "t OK done\n");
}

TEST_CASE("memory host, imap: STARTTLS, and LOGINDISABLED before it") {
  MailHostOptions options = two_users();
  options.imap_tls = MailHostOptions::Tls::required;
  Imap imap(options);
  CHECK(contains(imap.greeting, "STARTTLS LOGINDISABLED]"));
  CHECK(contains(imap.client.ask_tagged("LOGIN ce secret"), "t NO [PRIVACYREQUIRED]"));
  CHECK(imap.client.ask_tagged("STARTTLS") == "t OK begin TLS\n");
  CHECK(imap.client.start_tls(imap.host.ca_certificate(), "127.0.0.1") == X509_V_OK);
  CHECK(contains(imap.client.ask_tagged("LOGIN ce secret"), "t OK"));
}

TEST_CASE("memory host, imap: UIDVALIDITY can change under the client") {
  Imap imap;
  imap.open(1);
  imap.host.change_uidvalidity("ce");
  const std::string again = imap.client.ask_tagged("SELECT INBOX");
  CHECK(again != imap.selected);
  CHECK(contains(again, "* 1 EXISTS"));
}

TEST_CASE("memory host, imap: nonsense is answered with BAD, and the session goes on") {
  Imap imap;
  imap.open(1);
  for (const char* nonsense :
       {"", "x", "FETCH", "FETCH (1 FLAGS", "FETCH 1 BODY[HEADER", "FETCH 0 FLAGS", "UID", "UID ",
        "LOGIN \"a", "FETCH  1 FLAGS", "((((((((((((", "SELECT a b", "STORE 1 FLAGS"}) {
    CAPTURE(nonsense);
    CHECK(contains(imap.client.ask_tagged(nonsense), "t BAD"));
  }
  CHECK(imap.client.ask_tagged("FETCH {99999999999}").starts_with("t BAD"));
  CHECK(contains(imap.client.ask("\x01"), "* BAD"));
  CHECK(imap.client.ask_tagged("NOOP") == "t OK done\n");
  CHECK(imap.client.ask("t SELECT {5+}").starts_with("* BYE"));
}

TEST_CASE("memory host, imap: patterns of LIST") {
  using mailhost::matches_pattern;
  CHECK(matches_pattern("*", "a/b"));
  CHECK(matches_pattern("%", "a"));
  CHECK_FALSE(matches_pattern("%", "a/b"));
  CHECK(matches_pattern("a/%", "a/b"));
  CHECK(matches_pattern("*b*", "abc"));
  CHECK_FALSE(matches_pattern("a", "ab"));
  CHECK(matches_pattern("", ""));
}
