// Plays a script against open_imap_mailbox() and writes down what came of it.
#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "protocol/imap/scripted_stream.hpp"
#include "remotemail/core/server_account.hpp"
#include "remotemail/mail_store/mail_store.hpp"
#include "remotemail/protocol/mailbox.hpp"

namespace remotemail::test {

// "login refused @log-in [after setup change] detail (server line)"
std::string show(const Error&);

// A mailbox whose every call leaves a line in `log`.
class LoggedMailbox {
 public:
  LoggedMailbox(Mailbox& mailbox, std::string& log) : mailbox_(mailbox), log_(log) {}

  bool list();  // "mailbox, total 2: 3/100 5/2000"; "…" behind it when incomplete
  // uids as listed, each with the same part and limit: "3 100 complete 'bytes'" a mail
  bool fetch(const std::vector<std::string>& uids, FetchRequest::Part, std::size_t byte_limit,
             unsigned lines = 0, std::size_t stop_after = 1000);
  void remove(const std::vector<std::string>& uids, std::string_view mailbox = {});
  bool close();  // "gone: 3 5"

  std::string key_of_mailbox = "imap bob@mail.example.com INBOX 42";

 private:
  void line(const std::string& text) { log_ += text + "\n"; }
  Mailbox& mailbox_;
  std::string& log_;
};

using Use = std::function<void(LoggedMailbox&)>;

struct Outcome {
  std::string log;  // the steps, then an error of opening or what `use` did
  Played played;
};

MailboxAccount account(Security security = Security::none);  // bob / secret @ Mail.Example.COM, INBOX

Outcome play_once(std::string_view script, const MailboxAccount&, const Use&, const Replay& = {});

// Plays it whole and byte by byte, both to the end and alike, then cut after every line of the server: each
// cut must be seen as such, or make no difference. Returns the log of the whole one; a problem stands there
// as its only line.
std::string play(std::string_view script, const MailboxAccount&, const Use& = {});

}  // namespace remotemail::test
