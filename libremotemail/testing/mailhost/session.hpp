// What the three dialogues have in common: answers that leave as one piece, faults between command and
// answer, the log.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "testing/mailhost/host_state.hpp"
#include "testing/mailhost/wire.hpp"

namespace remotemail::testing::mailhost {

struct SessionPlace {
  HostState& state;
  Wire& wire;
  SSL_CTX* tls;     // null: TLS is not to be had
  unsigned number;  // of the connection, for the log
};

class Session {
 public:
  virtual ~Session() = default;
  virtual void run() = 0;  // the whole dialogue

 protected:
  Session(Service, MailHostOptions::Tls, SessionPlace);

  // An answer: collected, and sent when the step ends.
  void say(std::string_view line);
  void say_octets(std::string_view octets,
                  std::string_view for_log = {});  // bodies: the log has their size only
  bool flush();

  // Reads a line; an over-long one gets `complaint` and ends the session. False: the session is over.
  bool hear(std::string& line, std::size_t limit, std::string_view complaint);
  void log_client(std::string_view line);

  // One step under the faults that fit `kinds`: does the work and sends the answer, or what the fault wants.
  // False: the session is over. `refuse` says a refusal with that text.
  bool perform(const std::vector<std::string>& kinds, const std::function<void()>& work,
               const std::function<void(const std::string&)>& refuse);

  bool can_start_tls() const;  // STARTTLS is on offer now
  bool wants_tls() const;      // no log-in yet: TLS first
  // SASL PLAIN (RFC 4616): who that is, or nothing.
  std::optional<std::string> log_in_plain(std::string_view base64);

  HostState& state() { return place_.state; }
  Wire& wire() { return place_.wire; }
  void upgrade_after_answer() { upgrade_ = true; }
  void end_after_answer() { ending_ = true; }
  bool ending() const { return ending_; }

 private:
  const Service service_;
  const MailHostOptions::Tls tls_mode_;
  SessionPlace place_;
  std::string out_;
  std::vector<std::string> said_;  // for the log
  bool upgrade_ = false, ending_ = false;
};

std::unique_ptr<Session> make_pop3_session(SessionPlace);
std::unique_ptr<Session> make_imap_session(SessionPlace);
std::unique_ptr<Session> make_smtp_session(SessionPlace);

}  // namespace remotemail::testing::mailhost
