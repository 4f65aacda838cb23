#include "testing/mailhost/imap_session.hpp"

#include "core/text.hpp"

namespace remotemail::testing::mailhost {
namespace {

constexpr std::size_t kLine = 8192, kCommand = 64 * 1024;
constexpr std::chrono::milliseconds kIdleLook{50};

}  // namespace

std::string ImapSession::capabilities() {
  std::string words = "CAPABILITY IMAP4rev1";
  for (const char* word : {"UIDPLUS", "MOVE", "IDLE", "SASL-IR"}) {
    if (!state().lacks(word)) words += std::string(" ") + word;
  }
  if (user_.empty()) {
    if (can_start_tls()) words += " STARTTLS";
    words += wants_tls() ? " LOGINDISABLED" : state().lacks("SASL") ? "" : " AUTH=PLAIN";
  }
  return words;
}

void ImapSession::run() {
  const auto greet = [this] {
    say("* OK [" + capabilities() + "] memory mail host: a double for tests, no mail server");
  };
  const auto refuse_and_end = [this](const std::string& text) {
    say("* BYE " + text);
    end_after_answer();
  };
  if (!perform({"connect"}, greet, refuse_and_end)) return;
  std::string bytes;
  while (!ending() && read_command(bytes)) {
    state().count_command(Service::imap);
    if (bytes.empty()) continue;
    const auto command = parse_command(bytes);
    if (!command) {
      log_client(tag_of(bytes) + " (not understood)");
      const std::string tag = tag_of(bytes);
      say((tag.empty() ? "*" : tag) + " BAD not understood");
      if (!flush()) return;
      continue;
    }
    log_command(*command, bytes);
    tag_ = command->tag;
    std::vector<std::string> kinds{command->verb};
    if (command->verb == "authenticate") kinds.push_back("login");
    if (!perform(
            kinds, [&] { obey(*command); }, [this](const std::string& text) { no(text); }))
      return;
  }
}

bool ImapSession::read_command(std::string& bytes) {
  bytes.clear();
  for (;;) {
    std::string line;
    if (!hear(line, kLine, "* BYE the line is too long")) return false;
    bytes += line;
    const auto literal = announced_literal(line);
    if (!literal) return true;
    const std::string tag = tag_of(bytes);
    if (!literal->waits) {
      // Its octets are under way, and cannot be told from commands.
      say("* BYE no LITERAL+ here");
      if (flush()) wire().finish();
      return false;
    }
    if (literal->octets > kCommand || bytes.size() + literal->octets > kCommand) {
      say((tag.empty() ? "*" : tag) + " BAD the command is too long");
      bytes.clear();
      return flush();
    }
    say("+ go on");
    bytes += "\r\n";
    if (!flush() || !wire().read_exactly(static_cast<std::size_t>(literal->octets), bytes)) return false;
  }
}

void ImapSession::log_command(const ImapCommand& command, const std::string& bytes) {
  std::string shown = bytes;
  if (command.verb == "login" || command.verb == "authenticate") {
    shown = command.tag + " " + upper(command.verb);
    for (std::size_t i = 0; i < command.arguments.size(); ++i)
      shown += i == 0 ? " " + command.arguments[0].text : std::string(" ***");
  }
  log_client(shown);
}

void ImapSession::obey(const ImapCommand& command) {
  const std::string& verb = command.verb;
  if (verb == "capability") {
    say("* " + capabilities());
    return ok("done");
  }
  if (verb == "noop") {
    tell_changes(true);
    return ok("done");
  }
  if (verb == "logout") {
    say("* BYE good-bye");
    end_after_answer();
    return ok("done");
  }
  if (!user_.empty()) return obey_logged_in(command);
  if (verb == "starttls") {
    if (!can_start_tls()) return bad("no TLS here");
    upgrade_after_answer();
    return ok("begin TLS");
  }
  if (verb == "login") return log_in(command);
  if (verb == "authenticate") return authenticate(command);
  bad("log in first");
}

void ImapSession::obey_logged_in(const ImapCommand& command) {
  const std::string& verb = command.verb;
  if (verb == "select" || verb == "examine") return select(command, verb == "examine");
  if (verb == "create") return create(command);
  if (verb == "list" || verb == "lsub") return list(command);
  if (verb == "status") return status(command);
  if (verb == "idle" && !state().lacks("IDLE")) return idle();
  if (!obey_selected(command)) bad("not known here");
}

void ImapSession::log_in(const ImapCommand& command) {
  if (wants_tls()) return no("[PRIVACYREQUIRED] TLS first");
  if (command.arguments.size() != 2) return bad("LOGIN name password");
  enter(state().log_in(Service::imap, command.arguments[0].text, command.arguments[1].text));
}

void ImapSession::authenticate(const ImapCommand& command) {
  if (state().lacks("SASL")) return bad("not known here");
  if (wants_tls()) return no("[PRIVACYREQUIRED] TLS first");
  const auto& words = command.arguments;
  if (words.empty() || !equal_ignoring_case(words[0].text, "PLAIN")) return no("only PLAIN");
  if (words.size() > 2 || (words.size() == 2 && state().lacks("SASL-IR"))) return bad("too many words");
  std::string answer;
  if (words.size() == 2) {
    answer = words[1].text;
  } else {
    say("+ ");
    if (!flush() || !hear(answer, kLine, "* BYE the line is too long")) return;
    log_client("***");
    if (answer == "*") return bad("given up");
  }
  enter(log_in_plain(answer));
}

void ImapSession::enter(const std::optional<std::string>& user) {
  if (!user) return no("[AUTHENTICATIONFAILED] wrong name or password");
  user_ = *user;
  ok("[" + capabilities() + "] welcome");
}

void ImapSession::idle() {
  say("+ idling");
  if (!flush()) return end_after_answer();
  const auto looks = state().options.idle_limit / kIdleLook;
  for (std::chrono::seconds::rep look = 0; !wire().readable(kIdleLook); ++look) {
    tell_changes(true);
    if (!flush() || look > looks) return end_after_answer();
  }
  std::string line;
  if (!hear(line, kLine, "* BYE the line is too long")) return;
  log_client(line);
  if (!equal_ignoring_case(line, "DONE")) return bad("DONE ends IDLE");
  ok("done");
}

std::unique_ptr<Session> make_imap_session(SessionPlace place) {
  return std::make_unique<ImapSession>(place);
}

}  // namespace remotemail::testing::mailhost
