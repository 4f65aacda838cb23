// POP3: RFC 1939, CAPA and [IN-USE] of RFC 2449, STLS of RFC 2595, AUTH of RFC 5034.
#include <algorithm>

#include "core/text.hpp"
#include "testing/mailhost/session.hpp"

namespace remotemail::testing::mailhost {
namespace {

constexpr std::size_t kLine = 1024;

// A mail as POP3 sends it: every line ends with CRLF, a leading dot doubled; after the header `body_lines`
// lines at most.
std::string dotted(std::string_view mail, std::optional<std::size_t> body_lines) {
  std::string out;
  out.reserve(mail.size() + 64);
  bool in_body = false;
  std::size_t left = body_lines.value_or(0);
  while (!mail.empty()) {
    const std::size_t end = mail.find('\n');
    std::string_view line = mail.substr(0, end);
    mail.remove_prefix(end == std::string_view::npos ? mail.size() : end + 1);
    if (line.ends_with('\r')) line.remove_suffix(1);
    if (in_body && body_lines && left-- == 0) break;
    if (line.starts_with('.')) out += '.';
    out += line;
    out += "\r\n";
    if (line.empty()) in_body = true;
  }
  return out;
}

class Pop3Session final : public Session {
 public:
  explicit Pop3Session(SessionPlace place) : Session(Service::pop3, place.state.options.pop3_tls, place) {}
  ~Pop3Session() override {
    if (!user_.empty()) state().unlock_mailbox(user_);
  }

  void run() override {
    const auto refuse = [this](const std::string& text) { say("-ERR " + text); };
    const auto greet = [this] { say("+OK memory mail host: a double for tests, no mail server"); };
    const auto refuse_and_end = [&](const std::string& text) {
      refuse(text);
      end_after_answer();
    };
    if (!perform({"connect"}, greet, refuse_and_end)) return;
    std::string line;
    while (!ending() && hear(line, kLine, "-ERR the line is too long")) {
      state().count_command(Service::pop3);
      const std::string_view whole = line;
      const std::size_t blank = whole.find(' ');
      const std::string verb = lower(whole.substr(0, blank));
      argument_ = blank == std::string_view::npos ? "" : std::string(whole.substr(blank + 1));
      std::vector<std::string> kinds{verb};
      const bool logs_in = verb == "pass" || (verb == "auth" && !argument_.empty());
      if (logs_in) kinds.push_back("login");
      log_client(masked(verb, line));
      const std::function<void(const std::string&)> refusal =
          logs_in ? [this](const std::string& text) { say("-ERR [AUTH] " + text); }
                  : std::function<void(const std::string&)>(refuse);
      if (!perform(
              kinds, [&] { obey(verb); }, refusal))
        return;
    }
  }

 private:
  struct Shown {
    StoredMail mail;
    bool deleted = false;
  };

  static std::string masked(std::string_view verb, const std::string& line) {
    if (verb == "pass") return "PASS ***";
    if (verb != "auth") return line;
    const auto words = split_words(line);
    return words.size() < 3 ? line : "AUTH " + std::string(words[1]) + " ***";
  }

  void obey(const std::string& verb) {
    if (verb == "quit") return quit();
    if (verb == "capa") return capa();
    if (verb == "noop" && !user_.empty()) return say("+OK");
    if (user_.empty()) return obey_before_login(verb);
    if (verb == "stat") return stat();
    if (verb == "list") return list(false);
    if (verb == "uidl" && !state().lacks("UIDL")) return list(true);
    if (verb == "retr") return retrieve(false);
    if (verb == "top" && !state().lacks("TOP")) return retrieve(true);
    if (verb == "dele") return remove();
    if (verb == "rset") {
      for (Shown& shown : shown_) shown.deleted = false;
      return say("+OK");
    }
    say("-ERR not known here");
  }

  void obey_before_login(const std::string& verb) {
    if (verb == "stls") {
      if (!can_start_tls()) return say("-ERR no TLS here");
      say("+OK begin TLS");
      name_.clear();
      return upgrade_after_answer();
    }
    if (verb != "user" && verb != "pass" && verb != "auth") return say("-ERR log in first");
    if (wants_tls()) return say("-ERR TLS first");
    if (verb == "user") {
      name_ = argument_;
      return say("+OK");
    }
    if (verb == "auth") return authenticate();
    if (name_.empty()) return say("-ERR USER first");
    open(state().log_in(Service::pop3, name_, argument_));
    name_.clear();
  }

  void authenticate() {
    if (state().lacks("SASL")) return say("-ERR not known here");
    const auto words = split_words(argument_);
    if (words.empty() || !equal_ignoring_case(words[0], "PLAIN") || words.size() > 2)
      return say("-ERR only AUTH PLAIN");
    std::string answer;
    if (words.size() == 2) {
      answer = words[1];
    } else {
      say("+ ");
      if (!flush() || !hear(answer, kLine, "-ERR the line is too long")) return;
      log_client("***");
      if (answer == "*") return say("-ERR given up");
    }
    open(log_in_plain(answer));
  }

  void open(const std::optional<std::string>& user) {
    if (!user) return say("-ERR [AUTH] wrong name or password");
    if (!state().lock_mailbox(*user)) return say("-ERR [IN-USE] another session has the mailbox");
    user_ = *user;
    state().with_folder(user_, "INBOX", [this](const Folder& folder) {
      validity_ = folder.uid_validity;
      for (const StoredMail& mail : folder.mails) shown_.push_back({mail});
    });
    say("+OK " + std::to_string(shown_.size()) + " mails");
  }

  void capa() {
    say("+OK");
    if (!state().lacks("TOP")) say("TOP");
    if (!state().lacks("UIDL")) say("UIDL");
    say("RESP-CODES");
    say("AUTH-RESP-CODE");
    say("PIPELINING");
    if (can_start_tls() && user_.empty()) say("STLS");
    if (!wants_tls()) {
      say("USER");
      if (!state().lacks("SASL")) say("SASL PLAIN");
    }
    say("IMPLEMENTATION memory-mail-host");
    say(".");
  }

  Shown* shown(std::string_view number) {
    const auto n = parse_number<std::size_t>(number);
    if (!n || *n == 0 || *n > shown_.size() || shown_[*n - 1].deleted) return nullptr;
    return &shown_[*n - 1];
  }

  std::string line_of(std::size_t at, bool uid) const {
    const StoredMail& mail = shown_[at].mail;
    const std::string value =
        uid ? to_hex(std::string{static_cast<char>(validity_ >> 24), static_cast<char>(validity_ >> 16),
                                 static_cast<char>(validity_ >> 8), static_cast<char>(validity_)}) +
                  "." + std::to_string(mail.uid)
            : std::to_string(mail.bytes->size());
    return std::to_string(at + 1) + " " + value;
  }

  void stat() {
    std::size_t count = 0;
    std::uint64_t octets = 0;
    for (const Shown& entry : shown_) {
      if (entry.deleted) continue;
      ++count;
      octets += entry.mail.bytes->size();
    }
    say("+OK " + std::to_string(count) + " " + std::to_string(octets));
  }

  void list(bool uid) {
    if (!argument_.empty()) {
      const Shown* one = shown(argument_);
      if (one == nullptr) return say("-ERR no such mail");
      return say("+OK " + line_of(static_cast<std::size_t>(one - shown_.data()), uid));
    }
    say("+OK");
    for (std::size_t i = 0; i < shown_.size(); ++i) {
      if (!shown_[i].deleted) say(line_of(i, uid));
    }
    say(".");
  }

  void retrieve(bool top) {
    const auto words = split_words(argument_);
    const auto lines = words.size() == 2 ? parse_number<std::size_t>(words[1]) : std::nullopt;
    if (words.size() != (top ? 2U : 1U) || (top && !lines)) return say("-ERR wrong arguments");
    const Shown* one = shown(words[0]);
    if (one == nullptr) return say("-ERR no such mail");
    say("+OK " + std::to_string(one->mail.bytes->size()) + " octets");
    say_octets(dotted(*one->mail.bytes, top ? lines : std::nullopt));
    say(".");
  }

  void remove() {
    Shown* one = shown(argument_);
    if (one == nullptr) return say("-ERR no such mail");
    one->deleted = true;
    say("+OK");
  }

  // The UPDATE state (RFC 1939, 6): only here mails go.
  void quit() {
    end_after_answer();
    std::size_t removed = 0;
    if (!user_.empty()) {
      state().with_folder(user_, "INBOX", [&](Folder& folder) {
        removed = std::erase_if(folder.mails, [&](const StoredMail& mail) {
          return std::ranges::any_of(
              shown_, [&](const Shown& entry) { return entry.deleted && entry.mail.uid == mail.uid; });
        });
      });
      state().count_removed(Service::pop3, user_, removed);
      // Before the answer, so that whoever has read it finds the mailbox free.
      state().unlock_mailbox(std::exchange(user_, {}));
    }
    say("+OK " + std::to_string(removed) + " removed");
  }

  std::string argument_, name_, user_;  // user_: who has the mailbox
  std::uint32_t validity_ = 0;
  std::vector<Shown> shown_;
};

}  // namespace

std::unique_ptr<Session> make_pop3_session(SessionPlace place) {
  return std::make_unique<Pop3Session>(place);
}

}  // namespace remotemail::testing::mailhost
