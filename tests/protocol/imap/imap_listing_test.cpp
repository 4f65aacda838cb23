#include <doctest/doctest.h>

#include "core/crypto/digest.hpp"
#include "core/text.hpp"
#include "protocol/imap/session.hpp"

using namespace remotemail;
using namespace remotemail::test;
using Part = FetchRequest::Part;

namespace {

std::string selected(std::string_view exists, std::string_view rest, std::string_view uid_validity = "42") {
  std::string script = "S: * PREAUTH [CAPABILITY IMAP4rev1 UIDPLUS] hi\nC: $s SELECT INBOX\n";
  script += "S: * " + std::string(exists) + " EXISTS\n";
  if (!uid_validity.empty()) script += "S: * OK [UIDVALIDITY " + std::string(uid_validity) + "] valid\n";
  return script + "S: $s OK [READ-WRITE] done\n" + std::string(rest);
}

const Use kList = [](LoggedMailbox& mailbox) { mailbox.list(); };

}  // namespace

TEST_CASE("imap: an empty mailbox is listed without a word [D1]") {
  CHECK(play(selected("0", ""), account(), kList) == "imap bob@mail.example.com INBOX 42, total 0:\n");
}

TEST_CASE("imap: a listing has UID and size of each mail, oldest first [R3] [fault 25]") {
  CHECK(play(selected("3", R"(
    C: $l FETCH 1:3 (UID RFC822.SIZE)
    S: * 1 FETCH (UID 7 RFC822.SIZE 512)
    S: * 3 FETCH (RFC822.SIZE 99 UID 4294967295)
    S: * 2 FETCH (UID 2147483649 RFC822.SIZE 10240)
    S: $l OK Fetch completed.
  )"),
             account(),
             kList) == "imap bob@mail.example.com INBOX 42, total 3: 7/512 2147483649/10240 4294967295/99\n");
}

TEST_CASE("imap: what a server says unasked disturbs no listing [fault 33]") {
  CHECK(play(selected("2", R"(
    C: $l FETCH 1:2 (UID RFC822.SIZE)
    S: * 3 EXISTS
    S: * 1 RECENT
    S: * 2 FETCH (FLAGS (\Seen))
    S: * 1 FETCH (UID 7 RFC822.SIZE 512)
    S: * OK [ALERT] The system goes down at midnight
    S: * NO Disk is nearly full
    S: * BAD a line of yours was odd
    S: * LIST (\HasNoChildren) "/" {#}
    L: A folder
    S: 
    S: * 2 FETCH (UID 8 RFC822.SIZE 100)
    S: * 2 FETCH (UID 8 RFC822.SIZE 100)
    S: * 9 FETCH (UID 99 RFC822.SIZE 100)
    S: $l OK Fetch completed.
  )"),
             account(), kList) == "imap bob@mail.example.com INBOX 42, total 2: 7/512 8/100\n");
}

TEST_CASE("imap: a size that is missing or no number is larger than any limit [fault 28] [D6]") {
  CHECK(play(selected("4", R"(
    C: $l FETCH 1:4 (UID RFC822.SIZE)
    S: * 1 FETCH (UID 7)
    S: * 2 FETCH (UID 8 FLAGS (\Seen))
    S: * 2 FETCH (UID 8 RFC822.SIZE 100)
    S: * 3 FETCH (UID 9 RFC822.SIZE many)
    S: * 4 FETCH (UID 10 RFC822.SIZE NIL)
    S: $l OK done
    C: $f UID FETCH 7 (RFC822.SIZE BODY.PEEK[]<0.6>)
    S: * 1 FETCH (UID 7 BODY[]<0> "123456")
    S: $f OK done
  )"),
             account(),
             [](LoggedMailbox& mailbox) { mailbox.list() && mailbox.fetch({"7"}, Part::whole, 5); }) ==
        "imap bob@mail.example.com INBOX 42, total 4: 7/18446744073709551615 8/100 "
        "9/18446744073709551615 10/18446744073709551615\n"
        "7 18446744073709551615 cut '12345'\n");
}

TEST_CASE("imap: a listing that lacks a row or saw one vanish is not complete [R3] [fault 33]") {
  CHECK(play(selected("2", R"(
    C: $l FETCH 1:2 (UID RFC822.SIZE)
    S: * 1 FETCH (UID 7 RFC822.SIZE 512)
    S: $l OK Fetch completed.
  )"),
             account(), kList) == "imap bob@mail.example.com INBOX 42, total 2: 7/512 ...\n");
  CHECK(play(selected("2", R"(
    C: $l FETCH 1:2 (UID RFC822.SIZE)
    S: * 1 FETCH (UID 7 RFC822.SIZE 512)
    S: * 1 EXPUNGE
    S: * 1 FETCH (UID 8 RFC822.SIZE 512)
    S: $l OK Fetch completed.
  )"),
             account(), kList) == "imap bob@mail.example.com INBOX 42, total 2: 7/512 8/512 ...\n");
  CHECK(play(selected("2", R"(
    C: $l FETCH 1:2 (UID RFC822.SIZE)
    S: * 1 FETCH (UID 7 RFC822.SIZE 512)
    S: * 2 FETCH (UID 8 RFC822.SIZE 512)
    S: $l NO Some messages could not be fetched.
  )"),
             account(), kList) == "imap bob@mail.example.com INBOX 42, total 2: 7/512 8/512 ...\n");
}

TEST_CASE("imap: a refused listing is an error when the server as a whole is in trouble [R7]") {
  CHECK(play(selected("1", R"(
    C: $l FETCH 1:1 (UID RFC822.SIZE)
    S: $l NO [UNAVAILABLE] Storage is away
  )"),
             account(),
             kList) == "list: refused for now @listing [later] (NO [UNAVAILABLE] Storage is away)\n");
  CHECK(play(selected("1", R"(
    C: $l FETCH 1:1 (UID RFC822.SIZE)
    S: $l BAD Syntax
  )"),
             account(), kList) == "list: refused @listing [later] (BAD Syntax)\n");
}

TEST_CASE("imap: a second listing sees what came and went meanwhile [D1] [fault 33]") {
  CHECK(play(selected("1", R"(
    C: $a FETCH 1:1 (UID RFC822.SIZE)
    S: * 1 FETCH (UID 7 RFC822.SIZE 512)
    S: $a OK done
    C: $b NOOP
    S: * 1 EXPUNGE
    S: * 1 EXISTS
    S: $b OK done
    C: $c FETCH 1:1 (UID RFC822.SIZE)
    S: * 1 FETCH (UID 9 RFC822.SIZE 100)
    S: $c OK done
  )"),
             account(), [](LoggedMailbox& mailbox) { mailbox.list() && mailbox.list(); }) ==
        "imap bob@mail.example.com INBOX 42, total 1: 7/512\n"
        "imap bob@mail.example.com INBOX 42, total 1: 9/100\n");
}

TEST_CASE("imap: large mailboxes are listed piece by piece, and the rest is counted [fault 43] [Y6]") {
  std::string script;
  for (int first = 1; first <= 100'000; first += 5000) {
    const std::string tag = "$t" + std::to_string(first);
    script += "C: " + tag + " FETCH " + std::to_string(first) + ":" + std::to_string(first + 4999) +
              " (UID RFC822.SIZE)\n";
    for (int i = first; i < first + 5000; ++i) {
      script += "S: * " + std::to_string(i) + " FETCH (UID " + std::to_string(i) + " RFC822.SIZE 1)\n";
    }
    script += "S: " + tag + " OK done\n";
  }
  const auto outcome = play_once(selected("100001", script), account(), kList);
  CHECK(outcome.played.problem == "");
  CHECK(outcome.played.finished);
  CHECK(outcome.log.substr(0, 60) == "imap bob@mail.example.com INBOX 42, total 100001: 1/1 2/1 3/");
  CHECK(outcome.log.ends_with(" 99999/1 100000/1 ...\n"));
}

TEST_CASE("imap: without lasting UIDs a mail is known by its header [fault 24] [R3]") {
  const std::string one = "h:" + to_hex(sha256("Subject: one\r\n\r\n"));
  const std::string two = "h:" + to_hex(sha256("Subject: two\r\n\r\n"));
  const std::string script = R"(
    C: $l FETCH 1:4 (UID RFC822.SIZE)
    S: * 1 FETCH (UID 1 RFC822.SIZE 20)
    S: * 2 FETCH (UID 2 RFC822.SIZE 30)
    S: * 3 FETCH (UID 3 RFC822.SIZE 40)
    S: * 4 FETCH (UID 4 RFC822.SIZE 50)
    S: $l OK done
    C: $h UID FETCH 1:4 (RFC822.SIZE BODY.PEEK[HEADER]<0.65537>)
    S: * 2 FETCH (UID 2 RFC822.SIZE 30 BODY[HEADER]<0> {#}
    L: Subject: two
    L: 
    S: )
    S: * 1 FETCH (UID 1 BODY[HEADER]<0> {#}
    L: Subject: one
    L: 
    S: )
    S: * 4 FETCH (UID 4 BODY[HEADER]<0> {#}
    L: Subject: two
    L: 
    S: )
    S: $h OK done
    C: $f UID FETCH 4 (RFC822.SIZE BODY.PEEK[]<0.101>)
    S: * 4 FETCH (UID 4 RFC822.SIZE 50 BODY[]<0> "text")
    S: $f OK done
  )";
  const Use use = [&](LoggedMailbox& mailbox) {
    mailbox.key_of_mailbox = "imap bob@mail.example.com INBOX 0";
    mailbox.list() && mailbox.fetch({two + "#2", "4", "h:00"}, Part::whole, 100);
  };
  const std::string log = "imap bob@mail.example.com INBOX 0, total 4: " + one + "/20 " + two + "/30 " + two +
                          "#2/50 ...\n" + two + "#2 50 complete 'text'\n";
  CHECK(play(selected("4", script, ""), account(), use) == log);
  CHECK(play(selected("4", script, "0"), account(), use) == log);
  CHECK(play(selected("4", script, "42] x\nS: * NO [UIDNOTSTICKY"), account(), use) == log);
}

TEST_CASE("imap: the mailbox's key changes with its UIDVALIDITY, and keys of another are not ours [fault 23] [R3]") {
  CHECK(play(selected("0", "", "43"), account(), [](LoggedMailbox& mailbox) {
          mailbox.list() && mailbox.fetch({"7"}, Part::whole, 100);
        }) == "imap bob@mail.example.com INBOX 43, total 0:\n");
}

TEST_CASE("imap: mails reach the sink in the order asked for, whole ones told from cut ones [D2] [D6]") {
  CHECK(play(selected("9", R"(
    C: $f UID FETCH 3:4,9 (RFC822.SIZE BODY.PEEK[]<0.6>)
    S: * 1 FETCH (UID 3 RFC822.SIZE 5 BODY[]<0> {5}
    S> 12345
    S:  FLAGS (\Recent))
    S: * 2 FETCH (UID 4 RFC822.SIZE 600 BODY[]<0> {6}
    S> 123456
    S: )
    S: * 3 FETCH (UID 9 RFC822.SIZE 4 BODY[] "1234")
    S: $f OK Fetch completed.
  )"),
             account(), [](LoggedMailbox& mailbox) {
               mailbox.fetch({"9", "4", "3"}, Part::whole, 5);
             }) == "9 4 complete '1234'\n4 600 cut '12345'\n3 5 complete '12345'\n");
}

TEST_CASE("imap: the header alone is asked for without touching \\Seen [D13]") {
  CHECK(play(selected("9", R"(
    C: $f UID FETCH 3 (RFC822.SIZE BODY.PEEK[HEADER]<0.101>)
    S: * 1 FETCH (RFC822.SIZE 5000 UID 3 BODY[HEADER]<0> {#}
    L: Subject: x
    L: 
    S: )
    S: $f OK Fetch completed.
  )"),
             account(), [](LoggedMailbox& mailbox) { mailbox.fetch({"3"}, Part::header, 100); }) ==
        "3 5000 cut 'Subject: x\r\n\r\n'\n");
}

TEST_CASE("imap: the beginning of a mail is its header and its first lines [D6]") {
  const auto script = [](const std::string& body) {
    return selected("9", R"(
      C: $f UID FETCH 3 (RFC822.SIZE BODY.PEEK[HEADER]<0.1001> BODY.PEEK[TEXT]<0.201>)
      S: * 1 FETCH (UID 3 RFC822.SIZE 5000 BODY[HEADER]<0> {#}
      L: A: b
      L: 
      S:  BODY[TEXT]<0> {#}
    )" + body + R"(
      S: )
      S: $f OK Fetch completed.
    )");
  };
  const Use use = [](LoggedMailbox& mailbox) { mailbox.fetch({"3"}, Part::beginning, 1000, 2); };
  CHECK(play(script("L: one\nL: two"), account(), use) == "3 5000 complete 'A: b\r\n\r\none\r\ntwo\r\n'\n");
  CHECK(play(script("L: one\nL: two\nL: three"), account(), use) ==
        "3 5000 cut 'A: b\r\n\r\none\r\ntwo\r\n'\n");
  const std::string long_line(240, 'x');
  CHECK(play(script("L: " + long_line), account(), use) ==
        "3 5000 cut 'A: b\r\n\r\n" + long_line.substr(0, 200) + "'\n");
}

TEST_CASE("imap: what was fetched is cut to the limit as a whole [D6] [Y6]") {
  CHECK(play(selected("9", R"(
    C: $f UID FETCH 3 (RFC822.SIZE BODY.PEEK[HEADER]<0.11> BODY.PEEK[TEXT]<0.11>)
    S: * 1 FETCH (UID 3 RFC822.SIZE 5000 BODY[HEADER]<0> "12345678" BODY[TEXT]<0> "abcd")
    S: $f OK Fetch completed.
  )"),
             account(), [](LoggedMailbox& mailbox) { mailbox.fetch({"3"}, Part::beginning, 10, 5); }) ==
        "3 5000 cut '12345678ab'\n");
}

TEST_CASE("imap: a mail that is gone is left out, the others arrive [fault 42]") {
  CHECK(play(selected("9", R"(
    C: $f UID FETCH 3:5 (RFC822.SIZE BODY.PEEK[]<0.101>)
    S: * 1 FETCH (UID 3 BODY[]<0> NIL RFC822.SIZE 4)
    S: * 2 FETCH (UID 5 RFC822.SIZE 4 BODY[]<0> "text")
    S: $f OK done
  )"),
             account(), [](LoggedMailbox& mailbox) {
               mailbox.fetch({"3", "4", "5"}, Part::whole, 100);
             }) == "5 4 complete 'text'\n");
}

TEST_CASE("imap: what is missing of a refused set is asked for singly, and left out if it fails [fault 42]") {
  for (const std::string refusal : {"NO [SERVERBUG] Internal error", "NO [UNAVAILABLE] disk",
                                    "NO [LIMIT] slow", "NO Some messages could not be fetched"}) {
    CAPTURE(refusal);
    CHECK(
        play(
            selected("9", R"(
      C: $f UID FETCH 3:6 (RFC822.SIZE BODY.PEEK[]<0.101>)
      S: * 2 FETCH (UID 4 RFC822.SIZE 4 BODY[]<0> "four")
      S: $f )" + refusal + R"(
      C: $3 UID FETCH 3 (RFC822.SIZE BODY.PEEK[]<0.101>)
      S: * 1 FETCH (UID 3 RFC822.SIZE 5 BODY[]<0> "three")
      S: $3 OK done
      C: $5 UID FETCH 5 (RFC822.SIZE BODY.PEEK[]<0.101>)
      S: $5 )" + refusal + R"(
      C: $6 UID FETCH 6 (RFC822.SIZE BODY.PEEK[]<0.101>)
      S: * 4 FETCH (UID 6 RFC822.SIZE 3 BODY[]<0> "six")
      S: $6 OK done
      C: $7 UID FETCH 7 (RFC822.SIZE BODY.PEEK[]<0.101>)
      S: $7 )" + refusal + R"(
    )"),
            account(), [](LoggedMailbox& mailbox) {
              mailbox.fetch({"3", "4", "5", "6"}, Part::whole, 100) && mailbox.fetch({"7"}, Part::whole, 100);
            }) == "3 5 complete 'three'\n4 4 complete 'four'\n6 3 complete 'six'\n");
  }
  CHECK(play(selected("9", R"(
    C: $f UID FETCH 3:4 (RFC822.SIZE BODY.PEEK[]<0.101>)
    S: $f BAD what
  )"),
             account(), [](LoggedMailbox& mailbox) {
               mailbox.fetch({"3", "4"}, Part::whole, 100);
             }) == "fetch: refused @fetching [later] (BAD what)\n");
}

TEST_CASE("imap: a sink that has enough ends the single questions too [fault 42] [D2]") {
  CHECK(play(selected("9", R"(
    C: $f UID FETCH 3:5 (RFC822.SIZE BODY.PEEK[]<0.101>)
    S: * 1 FETCH (UID 3 RFC822.SIZE 5 BODY[]<0> "three")
    S: $f NO [SERVERBUG] Internal error
  )"),
             account(), [](LoggedMailbox& mailbox) {
               mailbox.fetch({"3", "4", "5"}, Part::whole, 100, 0, 1);
             }) == "3 5 complete 'three'\n");
}

TEST_CASE("imap: without lasting UIDs a header that is refused takes no other with it [fault 42] [R3]") {
  const std::string one = "h:" + to_hex(sha256("A: b\r\n\r\n"));
  CHECK(play(selected("2", R"(
    C: $l FETCH 1:2 (UID RFC822.SIZE)
    S: * 1 FETCH (UID 1 RFC822.SIZE 20)
    S: * 2 FETCH (UID 2 RFC822.SIZE 30)
    S: $l OK done
    C: $h UID FETCH 1:2 (RFC822.SIZE BODY.PEEK[HEADER]<0.65537>)
    S: $h NO [SERVERBUG] Internal error
    C: $1 UID FETCH 1 (RFC822.SIZE BODY.PEEK[HEADER]<0.65537>)
    S: $1 NO [SERVERBUG] Internal error
    C: $2 UID FETCH 2 (RFC822.SIZE BODY.PEEK[HEADER]<0.65537>)
    S: * 2 FETCH (UID 2 BODY[HEADER]<0> {#}
    L: A: b
    L: 
    S: )
    S: $2 OK done
  )",
                      ""),
             account(), kList) == "imap bob@mail.example.com INBOX 0, total 2: " + one + "/30 ...\n");
}

TEST_CASE("imap: what has arrived before the line breaks has been handed over [fault 5] [fault 42]") {
  const auto log = [](std::string_view end) {
    return play_once(selected("9", R"(
      C: $f UID FETCH 3:6 (RFC822.SIZE BODY.PEEK[]<0.101>)
      S: * 1 FETCH (UID 3 RFC822.SIZE 5 BODY[]<0> "three")
      S: * 3 FETCH (UID 5 RFC822.SIZE 4 BODY[]<0> "five")
    )" + std::string(end)),
                     account(),
                     [](LoggedMailbox& mailbox) {
                       mailbox.fetch({"3", "4", "5", "6"}, Part::whole, 100);
                     })
        .log;
  };
  const std::string arrived = "3 5 complete 'three'\n5 4 complete 'five'\n";
  CHECK(log("EOF") == arrived + "fetch: connection lost @fetching [later] closed by the server\n");
  CHECK(log("S: * BYE [UNAVAILABLE] going\nEOF") ==
        arrived +
            "fetch: refused for now @fetching [later] closed by the server (BYE [UNAVAILABLE] going)\n");
  // Of a mail that is cut nothing is.
  CHECK(log("S: * 4 FETCH (UID 6 RFC822.SIZE 40 BODY[]<0> {40}\nS> begin\nEOF") ==
        arrived + "fetch: connection lost @fetching [later] closed by the server\n");
}

TEST_CASE("imap: mails that come out of order reach the sink in order, whatever ends the set [fault 5]") {
  CHECK(play_once(selected("9", R"(
    C: $f UID FETCH 3:5 (RFC822.SIZE BODY.PEEK[]<0.101>)
    S: * 2 FETCH (UID 4 RFC822.SIZE 4 BODY[]<0> "four")
    S: * 1 FETCH (UID 3 RFC822.SIZE 5 BODY[]<0> "three")
    S: * 3 FETCH (UID 5 RFC822.SIZE 4 BODY[]<0> "five")
    S: * 9 FETCH (UID {x
  )"),
                  account(),
                  [](LoggedMailbox& mailbox) {
                    mailbox.fetch({"3", "4", "5"}, Part::whole, 100);
                  })
            .log.starts_with("3 5 complete 'three'\n4 4 complete 'four'\nfetch: the server broke"));
}

TEST_CASE("imap: answers nobody asked for do not become mails [fault 33] [Y6]") {
  CHECK(play(selected("9", R"(
    C: $f UID FETCH 3 (RFC822.SIZE BODY.PEEK[]<0.101>)
    S: * 8 FETCH (UID 8 BODY[]<0> "foreign")
    S: * 1 FETCH (BODY[]<0> "nobody's")
    S: * 1 FETCH (UID 3 FLAGS (\Seen))
    S: * 1 FETCH (UID 3 BODY[]<50> "middle")
    S: * 1 FETCH (UID 3 BODY[TEXT]<0> "other part")
    S: * 1 FETCH (UID 3 RFC822.SIZE 5 BODY[]<0> "first")
    S: * 1 FETCH (UID 3 BODY[]<0> "second")
    S: * 4 EXPUNGE
    S: $f OK done
  )"),
             account(), [](LoggedMailbox& mailbox) { mailbox.fetch({"3"}, Part::whole, 100); }) ==
        "3 5 complete 'first'\n");
}

TEST_CASE("imap: a fetch asks for many mails at once, but never for more than fits [Y6]") {
  CHECK(play(selected("9", R"(
    C: $a UID FETCH 1:2 (RFC822.SIZE BODY.PEEK[]<0.131073>)
    S: * 1 FETCH (UID 1 RFC822.SIZE 1 BODY[]<0> "a")
    S: * 2 FETCH (UID 2 RFC822.SIZE 1 BODY[]<0> "b")
    S: $a OK done
    C: $b UID FETCH 3 (RFC822.SIZE BODY.PEEK[]<0.131073>)
    S: * 3 FETCH (UID 3 RFC822.SIZE 1 BODY[]<0> "c")
    S: $b OK done
    C: $c UID FETCH 3 (RFC822.SIZE BODY.PEEK[]<0.131073>)
    S: * 3 FETCH (UID 3 RFC822.SIZE 1 BODY[]<0> "c")
    S: $c OK done
  )"),
             account(), [](LoggedMailbox& mailbox) {
               mailbox.fetch({"1", "2", "3", "3"}, Part::whole, 128 * 1024);
             }) == "1 1 complete 'a'\n2 1 complete 'b'\n3 1 complete 'c'\n3 1 complete 'c'\n");
}

TEST_CASE("imap: the sink ends a fetch in good order [D2]") {
  CHECK(play(selected("9", R"(
    C: $a UID FETCH 1:2 (RFC822.SIZE BODY.PEEK[]<0.11>)
    S: * 1 FETCH (UID 1 RFC822.SIZE 1 BODY[]<0> "a")
    S: * 2 FETCH (UID 2 RFC822.SIZE 1 BODY[]<0> "b")
    S: $a OK done
    C: $b LOGOUT
    S: * BYE Logging out
    S: $b OK Logout completed.
  )"),
             account(), [](LoggedMailbox& mailbox) {
               mailbox.fetch({"1", "2"}, Part::whole, 10, 0, 1) && mailbox.close();
             }) == "1 1 complete 'a'\ngone:\n");
}
