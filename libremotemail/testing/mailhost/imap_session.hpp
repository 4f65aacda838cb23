// IMAP4rev1: RFC 3501, with UIDPLUS (4315), MOVE (6851), SASL-IR (4959), IDLE (2177).
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "testing/mailhost/imap_command.hpp"
#include "testing/mailhost/imap_mail.hpp"
#include "testing/mailhost/session.hpp"

namespace remotemail::testing::mailhost {

class ImapSession final : public Session {
 public:
  explicit ImapSession(SessionPlace place) : Session(Service::imap, place.state.options.imap_tls, place) {}
  void run() override;

 private:
  // A command with its literals; false: the session is over. An empty `bytes`: answered already.
  bool read_command(std::string& bytes);
  void log_command(const ImapCommand&, const std::string& bytes);

  // imap_session.cpp
  void obey(const ImapCommand&);
  void obey_logged_in(const ImapCommand&);
  void log_in(const ImapCommand&);
  void authenticate(const ImapCommand&);
  void enter(const std::optional<std::string>& user);
  void idle();
  std::string capabilities();

  // imap_mailbox.cpp
  bool obey_selected(const ImapCommand&);  // false: not a command of that state
  void select(const ImapCommand&, bool read_only);
  void create(const ImapCommand&);
  void list(const ImapCommand&);
  void status(const ImapCommand&);
  void search(const ImapCommand&);
  void fetch(const ImapCommand&);
  void store(const ImapCommand&);
  void copy(const ImapCommand&, bool move);
  void expunge(const ImapCommand&);
  // The mails of a sequence set, by number in the view; nothing: the set is wrong.
  std::optional<std::vector<std::uint32_t>> numbers_of(const std::string& set, bool uid) const;
  // Tells what changed since the view was last told (RFC 3501, 7.4.1: no EXPUNGE during FETCH, STORE,
  // SEARCH).
  void tell_changes(bool removals);
  std::size_t remove_deleted(const std::optional<std::vector<NumberRange>>& uids);
  void unselect();

  void ok(const std::string& text) { say(tag_ + " OK " + text); }
  void no(const std::string& text) { say(tag_ + " NO " + text); }
  void bad(const std::string& text) { say(tag_ + " BAD " + text); }

  std::string tag_, user_, folder_;  // folder_: selected, or empty
  bool read_only_ = false;
  std::vector<std::uint32_t> view_;  // UIDs by number, as the client knows them
  std::uint32_t known_next_ = 0;     // UIDs from here on were not told yet
};

}  // namespace remotemail::testing::mailhost
