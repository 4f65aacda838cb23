#include "protocol/imap/imap_login.hpp"

#include <utility>

#include "remotemail/core/line_writer.hpp"

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
    return dialogue.refusal(*answer, Step::tls, Cause::tls_not_offered, Retry::after_setup_change,
                            "STARTTLS was refused");
  }
  return dialogue.start_tls(account.tls(), deadline);
}

Result<StatusText> authenticate_plain(Dialogue& dialogue, const ServerAccount& account,
                                      const Deadline& deadline) {
  const auto response = plain_response(account.user, account.password.reveal());
  if (!response) return response.error();
  Command command("AUTHENTICATE PLAIN");
  if (dialogue.has("SASL-IR")) {
    command.word(response->reveal());
  } else {
    command.line(response->reveal());
  }
  return dialogue.run(command, Step::login, deadline);
}

Result<StatusText> login_command(Dialogue& dialogue, const ServerAccount& account, const Deadline& deadline) {
  Command command("LOGIN");
  command.string(account.user).string(account.password.reveal());
  return dialogue.run(command, Step::login, deadline);
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
  if (answer->condition == Condition::bad || answer->code == "PRIVACYREQUIRED") {
    return dialogue.refusal(*answer, Step::login, Cause::login_not_possible, Retry::after_setup_change);
  }
  return dialogue.refusal(*answer, Step::login, Cause::login_refused, Retry::after_setup_change);
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
      return dialogue.refusal(*greeting, Step::greeting, Cause::tls_not_offered, Retry::after_setup_change,
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
