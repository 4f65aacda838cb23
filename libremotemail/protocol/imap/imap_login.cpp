#include "protocol/imap/imap_login.hpp"

#include <utility>

#include "core/text.hpp"
#include "remotemail/core/line_writer.hpp"
#include "remotemail/core/secret.hpp"

namespace remotemail::imap {
namespace {

void tell(const StepObserver& observer, Step step) {
  if (observer) observer(step);
}

Status learn(Dialogue& dialogue, const Deadline& deadline, const StepObserver& observer) {
  tell(observer, Step::capabilities);
  if (Status learnt = dialogue.learn_capabilities(deadline); !learnt) return learnt;
  if (!dialogue.has("IMAP4REV1") && !dialogue.has("IMAP4REV2")) {
    return make_error(Cause::capability_missing, Step::capabilities, "IMAP4rev1", Retry::after_setup_change);
  }
  return {};
}

Status upgrade(Dialogue& dialogue, const ServerAccount& account, const Deadline& deadline,
               const StepObserver& observer) {
  if (Status learnt = learn(dialogue, deadline, observer); !learnt) return learnt;
  tell(observer, Step::tls);
  if (!dialogue.has("STARTTLS")) {
    return make_error(Cause::tls_not_offered, Step::tls, {}, Retry::after_setup_change);
  }
  auto answer = dialogue.run(Command("STARTTLS"), Step::tls, deadline);
  if (!answer) return std::move(answer).error();
  if (answer->condition != Condition::ok) {
    return refusal(*answer, Step::tls, Cause::tls_not_offered, Retry::after_setup_change,
                   "STARTTLS was refused");
  }
  return dialogue.start_tls(account.tls(), deadline);
}

// RFC 4616: authorisation identity (none), user, password.
std::string plain_response(const ServerAccount& account) {
  std::string text;
  text.reserve(account.user.size() + account.password.reveal().size() + 2);
  text += '\0';
  text += account.user;
  text += '\0';
  text += account.password.reveal();
  std::string encoded = encode_base64(text);
  wipe(text);
  return encoded;
}

Result<StatusText> authenticate_plain(Dialogue& dialogue, const ServerAccount& account,
                                      const Deadline& deadline) {
  std::string response = plain_response(account);
  Command command("AUTHENTICATE PLAIN");
  if (dialogue.has("SASL-IR")) {
    command.word(response);
  } else {
    command.line(response);
  }
  wipe(response);
  return dialogue.run(command, Step::login, deadline);
}

Result<StatusText> login_command(Dialogue& dialogue, const ServerAccount& account, const Deadline& deadline) {
  Command command("LOGIN");
  command.string(account.user).string(account.password.reveal());
  return dialogue.run(command, Step::login, deadline);
}

// Some servers quote the command they did not like; what they quote must reach no log (Y4).
void hide_echo(StatusText& answer, const ServerAccount& account) {
  const std::string_view password = account.password.reveal();
  std::string encoded = plain_response(account);
  const auto holds = [&](std::string_view text) {
    return text.find(password) != std::string_view::npos || text.find(encoded) != std::string_view::npos;
  };
  if (!password.empty() && (holds(answer.text) || holds(answer.argument))) {
    wipe(answer.text);
    wipe(answer.argument);
  }
  wipe(encoded);
}

Status present_password(Dialogue& dialogue, const ServerAccount& account, const Deadline& deadline) {
  if (!is_one_line(account.user) || !is_one_line(account.password.reveal())) {
    return make_error(Cause::unsafe_text, Step::login, "user name or password", Retry::after_setup_change);
  }
  const bool plain = dialogue.has("AUTH=PLAIN");
  const bool login = !dialogue.has("LOGINDISABLED");
  if (!plain && !login) {
    return make_error(Cause::login_not_possible, Step::login, "LOGINDISABLED", Retry::after_setup_change);
  }
  auto answer =
      plain ? authenticate_plain(dialogue, account, deadline) : login_command(dialogue, account, deadline);
  if (answer && answer->condition == Condition::bad && plain && login) {
    // BAD is "I do not understand", not "I refuse": some servers announce PLAIN and lack it.
    answer = login_command(dialogue, account, deadline);
  }
  if (!answer) return std::move(answer).error();
  if (answer->condition == Condition::ok) return {};
  hide_echo(*answer, account);
  if (answer->condition == Condition::bad || answer->code == "PRIVACYREQUIRED") {
    return refusal(*answer, Step::login, Cause::login_not_possible, Retry::after_setup_change);
  }
  return refusal(*answer, Step::login, Cause::login_refused, Retry::after_setup_change);
}

}  // namespace

Status log_in(Dialogue& dialogue, const ServerAccount& account, const Deadline& deadline,
              const StepObserver& observer) {
  if (account.security == Security::tls && !dialogue.under_tls()) {
    tell(observer, Step::tls);
    if (Status started = dialogue.start_tls(account.tls(), deadline); !started) return started;
  }
  tell(observer, Step::greeting);
  const auto greeting = dialogue.greeting(deadline);
  if (!greeting) return greeting.error();
  const bool logged_in = greeting->condition == Condition::preauth;
  if (account.security == Security::starttls) {
    if (logged_in) {
      // RFC 3501 6.2.1 has no STARTTLS once logged in: a forged PREAUTH would keep us in clear text.
      return refusal(*greeting, Step::greeting, Cause::tls_not_offered, Retry::after_setup_change,
                     "logged in before TLS");
    }
    if (Status upgraded = upgrade(dialogue, account, deadline, observer); !upgraded) return upgraded;
  }
  if (Status learnt = learn(dialogue, deadline, observer); !learnt) return learnt;
  if (logged_in) return {};
  tell(observer, Step::login);
  const std::size_t told = dialogue.capabilities_told();
  if (Status presented = present_password(dialogue, account, deadline); !presented) return presented;
  // Many servers offer MOVE and UIDPLUS only to those logged in; some tell so unasked.
  if (dialogue.capabilities_told() == told) dialogue.forget_capabilities();
  return learn(dialogue, deadline, {});
}

}  // namespace remotemail::imap
