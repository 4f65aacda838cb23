#include <doctest/doctest.h>

#include "protocol/imap/session.hpp"

using namespace remotemail;
using namespace remotemail::test;

namespace {

// A session with these capabilities on a mailbox of nine mails; LOGOUT follows the script.
std::string session(const std::string& capabilities, const std::string& script) {
  return "S: * PREAUTH [CAPABILITY IMAP4rev1 " + capabilities + R"(] hi
    C: $s SELECT INBOX
    S: * 9 EXISTS
    S: * OK [UIDVALIDITY 42] valid
    S: $s OK [READ-WRITE] done
  )" + script;
}

constexpr const char* kLogout = R"(
    C: $z LOGOUT
    S: * BYE Logging out
    S: $z OK Logout completed.
)";

MailboxAccount with_done_folder(std::string name = "Done mails") {
  MailboxAccount result = account();
  result.done_folder = std::move(name);
  return result;
}

const Use kRemove357 = [](LoggedMailbox& mailbox) {
  mailbox.remove({"7", "3"});
  mailbox.remove({"5", "3"});
  mailbox.close();
};

}  // namespace

TEST_CASE("imap: UIDPLUS removes exactly our mails [fault 32] [R2]") {
  CHECK(play(session("UIDPLUS", R"(
    C: $a UID STORE 3,5,7 +FLAGS.SILENT (\Deleted)
    S: * 2 FETCH (UID 3 FLAGS (\Deleted))
    S: $a OK Store completed.
    C: $b UID EXPUNGE 3,5,7
    S: * 2 EXPUNGE
    S: * 3 EXPUNGE
    S: * 4 EXPUNGE
    S: $b OK Expunge completed.
  )") + kLogout,
             account(), kRemove357) == "gone: 7 3 5\n");
}

TEST_CASE("imap: a Gmail expunges by itself what is flagged, and that is well [R2] [fault 33]") {
  CHECK(play(session("UIDPLUS MOVE", R"(
    C: $a UID STORE 3,5,7 +FLAGS.SILENT (\Deleted)
    S: * 2 EXPUNGE
    S: * 3 EXPUNGE
    S: * 4 EXPUNGE
    S: * 6 EXISTS
    S: $a OK Success
    C: $b UID EXPUNGE 3,5,7
    S: $b OK Success
  )") + kLogout,
             account(), kRemove357) == "gone: 7 3 5\n");
}

TEST_CASE("imap: without UIDPLUS a plain EXPUNGE comes only when all that is flagged is ours [fault 32]") {
  const auto script = [](std::string_view hits) {
    return session("", R"(
      C: $a UID STORE 3,5,7 +FLAGS.SILENT (\Deleted)
      S: $a OK Store completed.
      C: $b UID SEARCH DELETED
      )" + std::string(hits) +
                           "\n");
  };
  const std::string expunge = R"(
    C: $c EXPUNGE
    S: * 2 EXPUNGE
    S: $c OK done
  )";
  CHECK(play(script("S: * SEARCH 3 5 7\nS: $b OK done") + expunge + kLogout, account(), kRemove357) ==
        "gone: 7 3 5\n");
  // One of ours went by another's hand meanwhile: still nothing foreign is flagged.
  CHECK(play(script("S: * SEARCH 3 7\nS: $b OK done") + expunge + kLogout, account(), kRemove357) ==
        "gone: 7 3 5\n");
  CHECK(play(script("S: * SEARCH 3 5 6 7\nS: $b OK done") + kLogout, account(), kRemove357) == "gone:\n");
  CHECK(play(script("S: $b OK done") + kLogout, account(), kRemove357) == "gone:\n");
  CHECK(play(script("S: * SEARCH 3 5 7\nS: $b NO not now") + kLogout, account(), kRemove357) == "gone:\n");
}

TEST_CASE("imap: a mailbox full of foreign deleted mails is no error [fault 32] [Y6]") {
  std::string hits = "S: * SEARCH";
  for (int i = 1'000'000; i < 1'100'000; ++i) hits += " " + std::to_string(i);
  const auto outcome = play_once(session("", R"(
    C: $a UID STORE 3,5,7 +FLAGS.SILENT (\Deleted)
    S: $a OK Store completed.
    C: $b UID SEARCH DELETED
  )" + hits + "\nS: $b OK done" + kLogout),
                                 account(), kRemove357);
  CHECK(outcome.log == "gone:\n");
  CHECK(outcome.played.finished);
}

TEST_CASE("imap: nothing queued, nothing removed; receipts of another mailbox are ignored [R2] [fault 23]") {
  CHECK(play(session("UIDPLUS", kLogout), account(), [](LoggedMailbox& mailbox) {
          mailbox.remove({"3"}, "imap bob@mail.example.com INBOX 41");
          mailbox.remove({"x", "0", "-1", ""});
          mailbox.close();
        }) == "gone:\n");
}

TEST_CASE("imap: destroying an open mailbox says nothing more and removes nothing [R2]") {
  const auto outcome =
      play_once(session("UIDPLUS", ""), account(), [](LoggedMailbox& mailbox) { mailbox.remove({"3"}); });
  CHECK(outcome.played.problem == "");
  CHECK(outcome.played.sent.find("STORE") == std::string::npos);
  CHECK(outcome.played.sent.find("LOGOUT") == std::string::npos);
}

TEST_CASE("imap: done mails are moved to their folder [B26]") {
  CHECK(play(session("UIDPLUS MOVE", R"(
    C: $a UID MOVE 3,5,7 "Done mails"
    S: * OK [COPYUID 9 3,5,7 1:3] Moved
    S: * 3 EXPUNGE
    S: $a OK done
  )") + kLogout,
             with_done_folder(), kRemove357) == "gone: 7 3 5\n");
}

TEST_CASE("imap: without MOVE they are copied and removed [B26]") {
  CHECK(play(session("UIDPLUS", R"(
    C: $x UID SEARCH DELETED
    S: * SEARCH
    S: $x OK done
    C: $a UID COPY 3,5,7 Erledigt&APw-
    S: $a OK [COPYUID 9 3,5,7 1:3] done
    C: $b UID STORE 3,5,7 +FLAGS.SILENT (\Deleted)
    S: $b OK done
    C: $c UID EXPUNGE 3,5,7
    S: $c OK done
  )") + kLogout,
             with_done_folder("Erledigt\xC3\xBC"), kRemove357) == "gone: 7 3 5\n");
}

TEST_CASE("imap: a mail copied once and still there is not copied at every poll [B26] [fault 32]") {
  CHECK(play(session("", R"(
    C: $x UID SEARCH DELETED
    S: * SEARCH 7 3 6
    S: $x OK done
    C: $a UID COPY 5 "Done mails"
    S: $a OK done
    C: $b UID STORE 3,5,7 +FLAGS.SILENT (\Deleted)
    S: $b OK done
    C: $c UID SEARCH DELETED
    S: * SEARCH 7 5 3 6
    S: $c OK done
  )") + kLogout,
             with_done_folder(), kRemove357) == "gone:\n");
}

TEST_CASE("imap: a missing folder for done mails is made, once [B26]") {
  const std::string begin = R"(
    C: $a UID MOVE 3,5,7 "Done mails"
    S: $a NO [TRYCREATE] Mailbox doesn't exist: Done mails
    C: $b CREATE "Done mails"
  )";
  CHECK(play(session("MOVE", begin + R"(
    S: $b OK Create completed.
    C: $c UID MOVE 3,5,7 "Done mails"
    S: $c OK done
  )") + kLogout,
             with_done_folder(), kRemove357) == "gone: 7 3 5\n");
  CHECK(play(session("MOVE", begin + R"(
    S: $b NO [ALREADYEXISTS] it is there
    C: $c UID MOVE 3,5,7 "Done mails"
    S: $c NO [TRYCREATE] it is not
  )"),
             with_done_folder(), kRemove357) ==
        "close: there is no such mailbox @removing [later] the folder for done mails (NO [TRYCREATE] it is "
        "not)\n");
  CHECK(play(session("MOVE", begin + "S: $b NO [NOPERM] not allowed"), with_done_folder(), kRemove357) ==
        "close: there is no such mailbox @removing [after setup change] the folder for done mails (NO "
        "[NOPERM] not allowed)\n");
}

TEST_CASE("imap: a refused removal is an error, not a guess [R2] [fault 31]") {
  CHECK(play(session("UIDPLUS", R"(
    C: $a UID STORE 3,5,7 +FLAGS.SILENT (\Deleted)
    S: $a NO [NOPERM] read only
  )"),
             account(), kRemove357) == "close: refused @removing [later] (NO [NOPERM] read only)\n");
  CHECK(play(session("UIDPLUS", R"(
    C: $a UID STORE 3,5,7 +FLAGS.SILENT (\Deleted)
    S: $a OK done
    C: $b UID EXPUNGE 3,5,7
    S: $b NO [INUSE] locked
  )"),
             account(), kRemove357) ==
        "close: the mailbox is in use by another session @removing [later] (NO [INUSE] locked)\n");
  CHECK(play(session("MOVE", R"(
    C: $a UID MOVE 3,5,7 "Done mails"
    S: $a NO [OVERQUOTA] full
  )"),
             with_done_folder(), kRemove357) ==
        "close: refused @removing [later] the folder for done mails (NO [OVERQUOTA] full)\n");
}

TEST_CASE("imap: what LOGOUT brings changes nothing [fault 7]") {
  const std::string removed = R"(
    C: $a UID STORE 3 +FLAGS.SILENT (\Deleted)
    S: $a OK done
    C: $b UID EXPUNGE 3
    S: $b OK done
    C: $z LOGOUT
  )";
  const Use use = [](LoggedMailbox& mailbox) {
    mailbox.remove({"3"});
    mailbox.close();
  };
  for (const char* const end :
       {"EOF", "S: * BYE bye\nEOF", "S: $z BAD what", "S: $z NO never", "S: garbage"}) {
    CAPTURE(end);
    const auto outcome = play_once(session("UIDPLUS", removed + end), account(), use);
    CHECK(outcome.log == "gone: 3\n");
    CHECK(outcome.played.problem == "");
  }
}

TEST_CASE("imap: thousands of mails are removed in commands of bounded length [D2] [Y6]") {
  std::vector<std::string> uids;
  for (int i = 1; i <= 2000; ++i)
    uids.push_back(std::to_string(4'000'000'000U + 2U * static_cast<unsigned>(i)));
  std::size_t first = 0;
  std::string script;
  for (int n = 0; first < uids.size(); ++n) {
    std::string set;
    while (first < uids.size() && set.size() + uids[first].size() + 1 <= 900) {
      set += (set.empty() ? "" : ",") + uids[first++];
    }
    const std::string a = "$a" + std::to_string(n), b = "$b" + std::to_string(n);
    script += "C: " + a + " UID STORE " + set + " +FLAGS.SILENT (\\Deleted)\nS: " + a + " OK done\n";
    script += "C: " + b + " UID EXPUNGE " + set + "\nS: " + b + " OK done\n";
  }
  const auto outcome =
      play_once(session("UIDPLUS", script + kLogout), account(), [&](LoggedMailbox& mailbox) {
        mailbox.remove(uids);
        mailbox.close();
      });
  CHECK(outcome.played.problem == "");
  CHECK(outcome.played.finished);
  CHECK(std::count(outcome.log.begin(), outcome.log.end(), ' ') == 2000);
}
