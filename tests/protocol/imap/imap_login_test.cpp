#include <doctest/doctest.h>

#include "protocol/imap/session.hpp"

using namespace remotemail;
using namespace remotemail::test;

namespace {

MailboxAccount with_password(Security security, std::string user, std::string password) {
  MailboxAccount result = account(security);
  result.server.user = std::move(user);
  result.server.password = Secret(std::move(password));
  return result;
}

constexpr std::string_view kSelected = R"(
  C: $s SELECT INBOX
  S: * FLAGS (\Answered \Flagged \Deleted \Seen \Draft)
  S: * OK [PERMANENTFLAGS (\Answered \Flagged \Deleted \Seen \Draft \*)] Flags permitted.
  S: * 0 EXISTS
  S: * 0 RECENT
  S: * OK [UIDVALIDITY 42] UIDs valid
  S: * OK [UIDNEXT 1] Predicted next UID
  S: $s OK [READ-WRITE] Select completed (0.001 + 0.000 secs).
)";

std::string then_selected(std::string script) {
  return script + std::string(kSelected);
}

}  // namespace

TEST_CASE("imap: logs in at a Dovecot over TLS with one line [A20] [Y2]") {
  CHECK(play(then_selected(R"(
    TLS
    S: * OK [CAPABILITY IMAP4rev1 SASL-IR LOGIN-REFERRALS ID ENABLE IDLE LITERAL+ AUTH=PLAIN] Dovecot (Debian) ready.
    C: $a AUTHENTICATE PLAIN AGJvYgBzZWNyZXQ=
    S: $a OK [CAPABILITY IMAP4rev1 SASL-IR IDLE UIDPLUS MOVE] Logged in
  )"),
             account(Security::tls)) == "TLS, greeting, capabilities, log-in, mailbox, open\n");
}

TEST_CASE("imap: logs in at an Exchange, which has no SASL-IR [A20]") {
  CHECK(play(then_selected(R"(
    TLS
    S: * OK The Microsoft Exchange IMAP4 service is ready.
    C: $a CAPABILITY
    S: * CAPABILITY IMAP4 IMAP4rev1 AUTH=PLAIN UIDPLUS MOVE ID UNSELECT CHILDREN IDLE NAMESPACE LITERAL+
    S: $a OK CAPABILITY completed.
    C: $b AUTHENTICATE PLAIN
    S: +
    C: AGJvYgBzZWNyZXQ=
    S: $b OK AUTHENTICATE completed.
    C: $c CAPABILITY
    S: * CAPABILITY IMAP4 IMAP4rev1 UIDPLUS MOVE
    S: $c OK CAPABILITY completed.
  )"),
             account(Security::tls)) == "TLS, greeting, capabilities, log-in, mailbox, open\n");
}

TEST_CASE("imap: logs in at a Gmail, which tells its capabilities unasked [A20]") {
  CHECK(play(then_selected(R"(
    TLS
    S: * OK Gimap ready for requests from 192.0.2.7 a1mb12345
    C: $a CAPABILITY
    S: * CAPABILITY IMAP4rev1 UNSELECT IDLE NAMESPACE QUOTA ID XLIST CHILDREN X-GM-EXT-1 SASL-IR AUTH=XOAUTH2 AUTH=PLAIN
    S: $a OK Thats all she wrote! a1mb12345
    C: $b AUTHENTICATE PLAIN AGJvYgBzZWNyZXQ=
    S: * CAPABILITY IMAP4rev1 UNSELECT IDLE NAMESPACE QUOTA ID XLIST CHILDREN X-GM-EXT-1 UIDPLUS COMPRESS=DEFLATE MOVE
    S: $b OK bob@example.com authenticated (Success)
  )"),
             account(Security::tls)) == "TLS, greeting, capabilities, log-in, mailbox, open\n");
}

TEST_CASE("imap: a password that the server repeats reaches no error [Y4]") {
  struct Row {
    std::string answer;
    std::string shown;
  };
  const Row rows[] = {
      {"S: $a BAD Unknown command LOGIN bob secret", "(BAD Unknown command LOGIN bob ***)"},
      {"S: $a NO [X secret] no", "(NO [X ***] no)"},
      {"S: $a NO [secret] no", "(NO [***] no)"},
      {"S: $a NO AGJvYgBzZWNyZXQ= is bad", "(NO *** is bad)"},
      {"S: * BYE not with secret\nEOF", "(BYE not with ***)"},
      {"S: * OK [ALERT] is secret yours?\nEOF", "(OK [ALERT] is *** yours?)"},
      {"S: * 1 FETCH secret", "(* 1 FETCH ***)"},
      {"S: + secret", "the server waits for more than there is\n"},
  };
  for (const Row& row : rows) {
    CAPTURE(row.answer);
    const auto outcome =
        play_once("S: * OK [CAPABILITY IMAP4rev1] hi\nC: $a LOGIN bob secret\n" + row.answer, account(), {});
    CHECK(outcome.log.find("open: ") != std::string::npos);
    CHECK(outcome.log.find(row.shown) != std::string::npos);
    CHECK(outcome.log.find("secret") == std::string::npos);
  }
  for (const std::string greeting : {"S: * BYE secret", "S: secret", "S: * OK [ALERT] secret\nEOF"}) {
    CAPTURE(greeting);
    const auto outcome = play_once(greeting, account(), {});
    CHECK(outcome.log.find("***") != std::string::npos);
    CHECK(outcome.log.find("secret") == std::string::npos);
  }
}

TEST_CASE("imap: a password with quotes and brackets is found in what the server repeats [Y4]") {
  const MailboxAccount quoted = with_password(Security::none, "bob", R"(ge"he]im  \x)");
  const std::string login = "S: * OK [CAPABILITY IMAP4rev1] hi\nC: $a LOGIN bob \"ge\\\"he]im  \\\\x\"\nS: ";
  for (const std::string answer :
       {R"($a BAD LOGIN bob "ge\"he]im  \\x")", R"($a NO [X ge"he]im  \x] no)", R"($a NO [ge"he]im  \x)",
        R"(* 1 FETCH ge"he]im  \x)", "* BYE ge\"he]im  \\x\nEOF"}) {
    CAPTURE(answer);
    const auto outcome = play_once(login + answer, quoted, {});
    CHECK(outcome.log.find("***") != std::string::npos);
    CHECK(outcome.log.find("ge\"") == std::string::npos);
    CHECK(outcome.log.find("im ") == std::string::npos);
  }
}

TEST_CASE(
    "imap: LOGIN where the server knows no AUTHENTICATE, with strings in the form that carries them [A20]") {
  CHECK(play(then_selected(R"(
    S: * OK [CAPABILITY IMAP4rev1] ready
    C: $a LOGIN bob secret
    S: * CAPABILITY IMAP4rev1 UIDPLUS
    S: $a OK done
  )"),
             account()) == "greeting, capabilities, log-in, mailbox, open\n");
  CHECK(play(then_selected(R"(
    S: * OK [CAPABILITY IMAP4rev1] ready
    C: $a LOGIN "bob \"the\" \\ copier" {7}
    S: + go ahead
    C: pa)"
                           "\xC3\xA4"
                           R"(sse
    S: $a OK [CAPABILITY IMAP4rev1] done
  )"),
             with_password(Security::none, R"(bob "the" \ copier)", "pa\xC3\xA4sse")) ==
        "greeting, capabilities, log-in, mailbox, open\n");
}

TEST_CASE("imap: BAD to AUTHENTICATE is answered by LOGIN, NO is final [A20]") {
  CHECK(play(then_selected(R"(
    S: * OK [CAPABILITY IMAP4rev1 AUTH=PLAIN SASL-IR] ready
    C: $a AUTHENTICATE PLAIN AGJvYgBzZWNyZXQ=
    S: $a BAD no such command
    C: $b LOGIN bob secret
    S: $b OK [CAPABILITY IMAP4rev1] done
  )"),
             account()) == "greeting, capabilities, log-in, mailbox, open\n");
}

TEST_CASE("imap: STARTTLS, and what was said before it counts no more [Y2] [A20]") {
  CHECK(play(then_selected(R"(
    S: * OK [CAPABILITY IMAP4rev1 STARTTLS AUTH=PLAIN SASL-IR LOGINDISABLED] ready
    C: $a STARTTLS
    S: $a OK Begin TLS negotiation now.
    TLS
    C: $b CAPABILITY
    S: * CAPABILITY IMAP4rev1
    S: $b OK done
    C: $c LOGIN bob secret
    S: $c OK [CAPABILITY IMAP4rev1] done
  )"),
             account(Security::starttls)) ==
        "greeting, capabilities, TLS, capabilities, log-in, mailbox, open\n");
}

TEST_CASE(
    "imap: STARTTLS not offered, refused or pre-empted ends the session before a password leaves [Y2] [fault 36] [fault 50]") {
  struct Row {
    std::string script;
    std::string log;
  };
  const Row rows[] = {
      {R"(S: * OK [CAPABILITY IMAP4rev1 AUTH=PLAIN] ready)",
       "greeting, capabilities, TLS, open: the server does not offer STARTTLS @TLS [after setup change]\n"},
      {R"(S: * OK [CAPABILITY IMAP4rev1 STARTTLS] ready
          C: $a STARTTLS
          S: $a NO not today)",
       "greeting, capabilities, TLS, open: the server does not offer STARTTLS @TLS [after setup change] "
       "STARTTLS was refused (NO not today)\n"},
      {R"(S: * PREAUTH [CAPABILITY IMAP4rev1] welcome back)",
       "greeting, open: the server does not offer STARTTLS @greeting [after setup change] logged in before "
       "TLS "
       "(PREAUTH [CAPABILITY IMAP4rev1] welcome back)\n"},
  };
  for (const Row& row : rows) {
    CAPTURE(row.script);
    CHECK(play(row.script, account(Security::starttls)) == row.log);
    CHECK(play_once(row.script, account(Security::starttls), {}).played.sent.find("secret") ==
          std::string::npos);
  }
}

TEST_CASE(
    "imap: text behind the go-ahead for TLS, or an answer before the command, ends the session [fault 37] [Y2]") {
  const auto injected = play_once(R"(
    S: * OK [CAPABILITY IMAP4rev1 STARTTLS] ready
    C: $a STARTTLS
    S: $a OK begin
    S: * CAPABILITY IMAP4rev1 AUTH=PLAIN
    TLS
  )",
                                  account(Security::starttls), {});
  CHECK(injected.log ==
        "greeting, capabilities, TLS, open: the server broke the protocol @TLS [later] text behind the "
        "go-ahead for TLS\n");
  CHECK_FALSE(injected.played.tls);
  const auto early = play_once(R"(
    S: * OK [CAPABILITY IMAP4rev1 STARTTLS] ready
    S! a1 OK begin
    C: $a STARTTLS
    S: $a OK begin
    TLS
  )",
                               account(Security::starttls), {});
  CHECK(early.log ==
        "greeting, capabilities, TLS, open: the server broke the protocol @TLS [later] an answer to a "
        "command never sent\n");
  CHECK_FALSE(early.played.tls);
}

TEST_CASE("imap: tags differ from command to command and from session to session [fault 37]") {
  const std::string script = R"(
    S: * OK [CAPABILITY IMAP4rev1] ready
    C: $a LOGIN bob secret
    S: $a NO no
  )";
  const auto tag = [&] { return play_once(script, account(), {}).played.sent.substr(0, 13); };
  CHECK(tag() != tag());
}

TEST_CASE("imap: a server that is not there for us is named in words [fault 39]") {
  struct Row {
    std::string script;
    std::string log;
  };
  const Row rows[] = {
      {"S: +OK POP3 ready",
       "the server speaks another protocol @greeting [after setup change] no IMAP greeting (+OK POP3 ready)"},
      {"S: 220 mail.example.com ESMTP Postfix",
       "the server speaks another protocol @greeting [after setup change] no IMAP greeting (220 "
       "mail.example.com ESMTP Postfix)"},
      {"S: HTTP/1.1 400 Bad Request",
       "the server speaks another protocol @greeting [after setup change] no IMAP greeting (HTTP/1.1 400 Bad "
       "Request)"},
      {"S: SSH-2.0-OpenSSH_9.2",
       "the server speaks another protocol @greeting [after setup change] no IMAP greeting "
       "(SSH-2.0-OpenSSH_9.2)"},
      {"S: * 5 EXISTS",
       "the server speaks another protocol @greeting [after setup change] no IMAP greeting (* 5 EXISTS)"},
      {"S: * NO not you",
       "the server speaks another protocol @greeting [after setup change] no IMAP greeting (* NO not you)"},
      {"S: * BYE Autologout; too many connections",
       "refused for now @greeting [later] (BYE Autologout; too many connections)"},
      {"EOF", "connection lost @greeting [later] closed by the server"},
  };
  for (const Row& row : rows) {
    CAPTURE(row.script);
    const std::string log = play_once(row.script, account(), {}).log;
    CHECK(log == "greeting, open: " + row.log + "\n");
  }
}

TEST_CASE(
    "imap: a refused log-in says whether the password or the moment is wrong [fault 29] [fault 30] [R7]") {
  struct Row {
    std::string answer;
    std::string log;
  };
  const Row rows[] = {
      {"$a NO [AUTHENTICATIONFAILED] Authentication failed.",
       "the server refused user name or password @log-in [after setup change] (NO [AUTHENTICATIONFAILED] "
       "Authentication failed.)"},
      {"$a NO LOGIN failed.",
       "the server refused user name or password @log-in [after setup change] (NO LOGIN failed.)"},
      {"$a NO [ALERT] Application-specific password required",
       "the server refused user name or password @log-in [after setup change] (NO [ALERT] "
       "Application-specific password required)"},
      {"$a NO [UNAVAILABLE] Temporary authentication failure.",
       "refused for now @log-in [later] (NO [UNAVAILABLE] Temporary authentication failure.)"},
      {"$a NO [LIMIT] Too many connections",
       "refused for now @log-in [later] (NO [LIMIT] Too many connections)"},
      {"$a NO [INUSE] Mailbox is locked",
       "the mailbox is in use by another session @log-in [later] (NO [INUSE] Mailbox is locked)"},
      {"$a NO [PRIVACYREQUIRED] Only under TLS",
       "the server offers no log-in that can be used @log-in [after setup change] (NO [PRIVACYREQUIRED] Only "
       "under TLS)"},
      {"$a BAD what", "the server offers no log-in that can be used @log-in [after setup change] (BAD what)"},
  };
  for (const Row& row : rows) {
    CAPTURE(row.answer);
    CHECK(play("S: * OK [CAPABILITY IMAP4rev1] ready\nC: $a LOGIN bob secret\nS: " + row.answer, account()) ==
          "greeting, capabilities, log-in, open: " + row.log + "\n");
  }
}

TEST_CASE("imap: a server that hangs up during log-in has said why [fault 29] [fault 33]") {
  CHECK(play_once(R"(
    S: * OK [CAPABILITY IMAP4rev1] ready
    C: $a LOGIN bob secret
    S: * BYE [UNAVAILABLE] Shutting down
    EOF
  )",
                  account(), {})
            .log ==
        "greeting, capabilities, log-in, open: refused for now @log-in [later] closed by the server "
        "(BYE [UNAVAILABLE] Shutting down)\n");
  CHECK(play_once(R"(
    S: * OK [CAPABILITY IMAP4rev1] ready
    S! * OK [ALERT] Your quota is used up
    C: $a LOGIN bob secret
    EOF
  )",
                  account(), {})
            .log ==
        "greeting, capabilities, log-in, open: connection lost @log-in [later] closed by the server "
        "(OK [ALERT] Your quota is used up)\n");
}

TEST_CASE("imap: capabilities that leave no way in end the session [fault 38] [Y2]") {
  CHECK(play("S: * OK [CAPABILITY IMAP4rev1 LOGINDISABLED AUTH=GSSAPI] ready", account()) ==
        "greeting, capabilities, log-in, open: the server offers no log-in that can be used @log-in "
        "[after setup change] LOGINDISABLED\n");
  CHECK(play("S: * OK [CAPABILITY IMAP2bis] ready", account()) ==
        "greeting, capabilities, open: the server lacks a command that is needed @capabilities [after setup "
        "change] IMAP4rev1\n");
  CHECK(play(R"(
    S: * OK ready
    C: $a CAPABILITY
    S: $a OK done
  )",
             account()) ==
        "greeting, capabilities, open: the server broke the protocol @capabilities [later] no capabilities "
        "told\n");
}

TEST_CASE("imap: a user or password with a line break or NUL never leaves [Y7]") {
  using namespace std::string_literals;
  for (const std::string& bad : {"a\r\nb LOGOUT"s, "a\nb"s, "a\0b"s}) {
    for (const std::string capabilities : {"IMAP4rev1", "IMAP4rev1 AUTH=PLAIN SASL-IR"}) {
      const auto outcome = play_once("S: * OK [CAPABILITY " + capabilities + "] ready",
                                     with_password(Security::none, "bob", bad), {});
      CHECK(outcome.log ==
            "greeting, capabilities, log-in, open: a line break or NUL where none may stand @log-in "
            "[after setup change] user name or password\n");
      CHECK(outcome.played.sent.empty());
    }
  }
}

TEST_CASE("imap: PREAUTH under TLS, or without any, needs no log-in [A20]") {
  CHECK(play(then_selected("TLS\nS: * PREAUTH [CAPABILITY IMAP4rev1] welcome\n"), account(Security::tls)) ==
        "TLS, greeting, capabilities, mailbox, open\n");
}

TEST_CASE("imap: SELECT says what is wrong with the mailbox [B25] [fault 29]") {
  struct Row {
    std::string lines;
    std::string log;
  };
  const Row rows[] = {
      {"S: $s NO [NONEXISTENT] Mailbox doesn't exist: INBOX",
       "there is no such mailbox @mailbox [after setup change] INBOX (NO [NONEXISTENT] Mailbox doesn't "
       "exist: INBOX)"},
      {"S: $s NO no such", "there is no such mailbox @mailbox [after setup change] INBOX (NO no such)"},
      {"S: $s NO [INUSE] locked",
       "the mailbox is in use by another session @mailbox [later] INBOX (NO [INUSE] locked)"},
      {"S: $s NO [SERVERBUG] Internal error",
       "refused for now @mailbox [later] INBOX (NO [SERVERBUG] Internal error)"},
      {"S: $s NO [NOPERM] not yours", "refused @mailbox [after setup change] INBOX (NO [NOPERM] not yours)"},
      {"S: * 1 EXISTS\nS: $s OK [READ-ONLY] done",
       "refused @mailbox [after setup change] the mailbox can only be read, done mails could not be removed "
       "(OK [READ-ONLY] done)"},
      {"S: * OK [UIDVALIDITY 42] fine\nS: $s OK done",
       "the server broke the protocol @mailbox [later] no count of mails told"},
      {"S: $s BAD what", "the server broke the protocol @mailbox [later] (BAD what)"},
  };
  for (const Row& row : rows) {
    CAPTURE(row.lines);
    CHECK(play("S: * PREAUTH [CAPABILITY IMAP4rev1] hi\nC: $s SELECT INBOX\n" + row.lines, account()) ==
          "greeting, capabilities, mailbox, open: " + row.log + "\n");
  }
}

TEST_CASE(
    "imap: a mailbox name goes out encoded, one that cannot is refused before a word is said [A20] [Y7]") {
  MailboxAccount umlaut = account();
  umlaut.mailbox = "Z\xC3\xA4hler & mehr";
  CHECK(play(R"(
    S: * PREAUTH [CAPABILITY IMAP4rev1] hi
    C: $s SELECT "Z&AOQ-hler &- mehr"
    S: * 0 EXISTS
    S: $s OK [READ-WRITE] done
  )",
             umlaut) == "greeting, capabilities, mailbox, open\n");
  MailboxAccount broken = account();
  broken.mailbox = "\xFF";
  CHECK(play_once("EOF", broken, {}).log ==
        "open: not a valid value @mailbox [after setup change] the mailbox's name is not UTF-8\n");
  MailboxAccount itself = account();
  itself.done_folder = "inbox";
  CHECK(play_once("EOF", itself, {}).log ==
        "open: not a valid value @mailbox [after setup change] the folder for done mails is the mailbox "
        "itself\n");
}
