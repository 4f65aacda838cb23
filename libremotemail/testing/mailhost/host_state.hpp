// What all sessions of a memory mail host share: users, mailboxes, faults, counters, the log. Any thread.
#pragma once

#include <condition_variable>
#include <cstdint>
#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "remotemail/testing/memory_mail_host.hpp"
#include "testing/mailhost/fault.hpp"

namespace remotemail::testing::mailhost {

// IMAP's names for them: RFC 3501 2.3.2.
enum Flag : unsigned { kSeen = 1, kDeleted = 2, kAnswered = 4, kFlagged = 8, kDraft = 16 };

struct StoredMail {
  std::uint32_t uid = 0;
  std::shared_ptr<const std::string> bytes;  // shared with sessions that still show it
  unsigned flags = 0;
  std::int64_t date = 0;  // seconds since 1970
};

struct Folder {
  static constexpr std::size_t kMostMails = 20'000;
  std::uint32_t uid_validity = 1, uid_next = 1;
  std::vector<StoredMail> mails;  // by uid, ascending

  StoredMail* find(std::uint32_t uid);
  std::uint32_t add(StoredMail);  // gives it the next uid
};

class HostState {
 public:
  HostState(MailHostOptions, std::vector<Fault>);

  const MailHostOptions options;
  bool lacks(std::string_view capability) const;

  // The user's name as configured, for `name` or `name@domain`.
  std::optional<std::string> user_of_login(std::string_view login) const;
  std::optional<std::string> user_of_address(std::string_view address) const;
  // Who that is, when the password is right. Counts and notes the try.
  std::optional<std::string> log_in(Service, std::string_view login, std::string_view password);

  bool lock_mailbox(const std::string& user);  // POP3: one session a mailbox (RFC 1939, 3)
  void unlock_mailbox(const std::string& user);

  // INBOX is written as one likes; other names as they are.
  bool with_folder(const std::string& user, std::string_view folder, const std::function<void(Folder&)>&);
  bool create_folder(const std::string& user, std::string_view folder);  // false: it is there already
  std::vector<std::string> folders(const std::string& user) const;
  void count_removed(Service, const std::string& user, std::size_t mails);

  // Nothing: no such user, or no room.
  std::optional<std::uint32_t> deliver(const std::string& user, std::string bytes);
  bool has_room(std::uint64_t octets) const;
  void accept(AcceptedMail);
  std::vector<AcceptedMail> accepted() const;

  Order meet_faults(Service, const std::vector<std::string>& kinds);
  void add_fault(Fault);
  void clear_faults();

  void count_connection(Service);
  void count_command(Service);
  MailHostCounters counters() const;
  void note_event(const std::string& line);
  void note_dialogue(std::string line);
  std::vector<std::string> dialogues() const;

  // stop() ends every wait.
  void set_stopping(bool);
  void wait(std::chrono::milliseconds);

 private:
  struct Box {
    std::string password;
    bool locked = false;
    std::map<std::string, Folder> folders;
  };
  MailHostCounters::Service& counters_of(Service);
  std::uint64_t used() const;

  mutable std::mutex mutex_;  // guards what follows
  std::condition_variable changed_;
  bool stopping_ = false;
  std::map<std::string, Box> boxes_;
  std::uint32_t next_validity_;
  std::vector<AcceptedMail> accepted_;
  std::vector<Fault> faults_;
  MailHostCounters counters_;
  std::deque<std::string> dialogues_;
  std::mutex telling_;  // one call of the options' functions at a time
};

}  // namespace remotemail::testing::mailhost
