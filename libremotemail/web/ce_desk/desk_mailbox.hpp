// The mailbox of the customer engineer as the desk shows it: its latest mails, parsed.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "remotemail/core/mail.hpp"
#include "remotemail/core/server_account.hpp"
#include "remotemail/protocol/mail_servers.hpp"

namespace remotemail::web {

struct DeskMail {
  std::uint64_t number = 0;   // the desk's own, 1 first; the same as long as the program runs
  std::string from, subject;  // UTF-8; may be empty
  std::optional<WallTime> date;
  std::vector<std::string> references;
  std::string text;
  bool cut = false;  // the mail is longer
};

// One thread. Looks and never touches: no mail is removed, none is marked.
class DeskMailbox {
 public:
  static constexpr std::size_t kLatest = 20;
  static constexpr std::size_t kMailBytes = 320 * 1024;  // a list is at most 256 KiB

  // The latest mails, newest first. Only those that were not known yet are fetched.
  Result<std::vector<DeskMail>> read(MailServers&, const MailboxAccount&, const Deadline&,
                                     const StepObserver&);

 private:
  struct Known {
    MailKey key;
    DeskMail mail;
  };
  std::vector<Known> known_;
  std::uint64_t numbers_ = 0;
};

}  // namespace remotemail::web
