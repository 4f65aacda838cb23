// SMTP: RFC 5321, STARTTLS of RFC 3207, AUTH of RFC 4954, SIZE of RFC 1870.
#include <ctime>

#include "core/text.hpp"
#include "testing/mailhost/session.hpp"

namespace remotemail::testing::mailhost {
namespace {

constexpr std::size_t kLine = 2048, kDataLine = 64 * 1024, kRecipients = 100;

// "FROM:<a@b> SIZE=1": the address within the brackets and what stands behind; nothing: not that.
struct Path {
  std::string address;
  std::vector<std::string_view> parameters;
};
std::optional<Path> path_of(std::string_view argument, std::string_view word) {
  if (!starts_ignoring_case(argument, word)) return std::nullopt;
  argument = trim(argument.substr(word.size()));
  const std::size_t end = argument.find('>');
  if (!argument.starts_with('<') || end == std::string_view::npos) return std::nullopt;
  return Path{std::string(argument.substr(1, end - 1)), split_words(argument.substr(end + 1))};
}

class SmtpSession final : public Session {
 public:
  explicit SmtpSession(SessionPlace place) : Session(Service::smtp, place.state.options.smtp_tls, place) {}

  void run() override {
    const auto refuse = [this](const std::string& text) {
      const bool has_code = text.size() >= 3 && parse_number(std::string_view(text).substr(0, 3)).has_value();
      say(has_code ? text : "550 " + text);
    };
    const auto refuse_and_end = [&](const std::string& text) {
      refuse(text);
      end_after_answer();
    };
    const auto greet = [this] {
      say("220 " + state().options.domain + " ESMTP memory mail host: a double for tests, no mail server");
    };
    if (!perform({"connect"}, greet, refuse_and_end)) return;
    std::string line;
    while (!ending() && hear(line, kLine, "500 the line is too long")) {
      state().count_command(Service::smtp);
      const std::string_view whole = line;
      const std::size_t blank = whole.find(' ');
      const std::string verb = lower(whole.substr(0, blank));
      argument_ = blank == std::string_view::npos ? "" : std::string(trim(whole.substr(blank + 1)));
      std::vector<std::string> kinds{verb};
      if (verb == "auth") kinds.push_back("login");
      const auto words = split_words(line);
      log_client(verb == "auth" && words.size() > 2 ? "AUTH " + std::string(words[1]) + " ***" : line);
      const bool login = verb == "auth";
      const auto refusal = [&](const std::string& text) {
        if (login && !(text.size() >= 3 && is_digit(text[0]) && is_digit(text[1])))
          say("535 5.7.8 " + text);
        else
          refuse(text);
      };
      receiving_ = false;
      if (!perform(
              kinds, [&] { obey(verb); }, refusal))
        return;
      if (receiving_ && !receive(refuse)) return;
    }
  }

 private:
  void obey(const std::string& verb) {
    if (verb == "quit") {
      end_after_answer();
      return say("221 good-bye");
    }
    if (verb == "noop") return say("250 ok");
    if (verb == "ehlo" || verb == "helo") return hello(verb == "ehlo");
    if (verb == "rset") {
      forget();
      return say("250 ok");
    }
    if (!greeted_) return say("503 EHLO first");
    if (verb == "starttls") {
      if (!can_start_tls()) return say("502 no TLS here");
      say("220 begin TLS");
      forget();
      greeted_ = false;
      return upgrade_after_answer();
    }
    if (verb == "auth") return authenticate();
    if (verb == "mail") return mail();
    if (verb == "rcpt") return recipient();
    if (verb == "data") return data();
    say("502 not known here");
  }

  void forget() {
    has_sender_ = false;
    mail_ = {};
  }

  void hello(bool extended) {
    if (argument_.empty()) return say("501 who?");
    forget();
    greeted_ = true;
    std::vector<std::string> words{state().options.domain + " memory mail host"};
    if (extended) {
      if (!state().lacks("PIPELINING")) words.push_back("PIPELINING");
      if (!state().lacks("SIZE")) words.push_back("SIZE " + std::to_string(state().options.size_limit));
      if (!state().lacks("8BITMIME")) words.push_back("8BITMIME");
      if (can_start_tls()) words.push_back("STARTTLS");
      if (offers_login_ && !wants_tls() && login_.empty())
        words.push_back(std::string("AUTH") + (state().lacks("PLAIN") ? "" : " PLAIN") +
                        (state().lacks("LOGIN") ? "" : " LOGIN"));
      words.push_back("ENHANCEDSTATUSCODES");
    }
    for (std::size_t i = 0; i < words.size(); ++i) say((i + 1 < words.size() ? "250-" : "250 ") + words[i]);
  }

  // A line the client sends in answer to 334; nothing: it gave up, or is gone.
  std::optional<std::string> ask(std::string_view challenge) {
    say("334 " + std::string(challenge));
    std::string answer;
    if (!flush() || !hear(answer, kLine, "500 the line is too long")) return std::nullopt;
    log_client("***");
    if (answer == "*") return std::nullopt;
    return answer;
  }

  void authenticate() {
    if (!offers_login_) return say("502 no AUTH here");
    if (wants_tls()) return say("538 5.7.11 TLS first");
    if (!login_.empty() || has_sender_) return say("503 not now");
    const auto words = split_words(argument_);
    const bool plain = !words.empty() && equal_ignoring_case(words[0], "PLAIN") && !state().lacks("PLAIN");
    const bool login = !words.empty() && equal_ignoring_case(words[0], "LOGIN") && !state().lacks("LOGIN");
    if (words.size() > 2 || (!plain && !login)) return say("504 5.5.4 no such way to log in");
    std::optional<std::string> first;
    if (words.size() == 2)
      first = std::string(words[1]);
    else
      first = ask(plain ? "" : "VXNlcm5hbWU6");
    if (ending()) return;
    if (!first) return say("501 5.7.0 given up");
    std::optional<std::string> user;
    if (plain) {
      user = log_in_plain(*first);
    } else {
      const auto second = ask("UGFzc3dvcmQ6");
      if (ending()) return;
      if (!second) return say("501 5.7.0 given up");
      const auto name = decode_base64(*first), password = decode_base64(*second);
      if (name && password) user = state().log_in(Service::smtp, *name, *password);
    }
    if (!user) return say("535 5.7.8 wrong name or password");
    login_ = *user;
    say("235 2.7.0 welcome");
  }

  void mail() {
    if (wants_tls()) return say("530 5.7.0 TLS first");
    if (state().options.smtp_wants_login && login_.empty()) return say("530 5.7.0 log in first");
    if (has_sender_) return say("503 5.5.1 one sender a mail");
    const auto path = path_of(argument_, "FROM:");
    if (!path) return say("501 5.5.4 MAIL FROM:<address>");
    for (const std::string_view parameter : path->parameters) {
      if (starts_ignoring_case(parameter, "SIZE=") && !state().lacks("SIZE")) {
        const auto size = parse_number(parameter.substr(5));
        if (!size) return say("501 5.5.4 SIZE is a number");
        if (*size > state().options.size_limit) return say("552 5.3.4 the mail is too large");
      } else if (!(starts_ignoring_case(parameter, "BODY=") && !state().lacks("8BITMIME"))) {
        return say("555 5.5.4 parameter not known");
      }
    }
    has_sender_ = true;
    mail_.sender = path->address;
    say("250 2.1.0 ok");
  }

  void recipient() {
    if (!has_sender_) return say("503 5.5.1 MAIL first");
    const auto path = path_of(argument_, "TO:");
    if (!path || path->address.empty() || !path->parameters.empty())
      return say("501 5.5.4 RCPT TO:<address>");
    if (mail_.recipients.size() >= kRecipients) return say("452 4.5.3 too many recipients");
    if (!state().user_of_address(path->address) && !state().options.keep_foreign)
      return say("550 5.1.1 no such user here");
    mail_.recipients.push_back(path->address);
    say("250 2.1.5 ok");
  }

  void data() {
    if (mail_.recipients.empty())
      return say(has_sender_ ? "554 5.5.1 no valid recipients" : "503 5.5.1 MAIL first");
    say("354 end with a dot");
    receiving_ = true;
  }

  // The mail up to its dot (RFC 5321, 4.5.2), then the answer to it.
  bool receive(const std::function<void(const std::string&)>& refuse) {
    std::string line;
    const std::uint64_t limit = state().options.size_limit;
    std::uint64_t octets = 0;
    for (;;) {
      if (!hear(line, kDataLine, "500 5.6.0 the line is too long")) return false;
      if (line == ".") break;
      const std::string_view text = std::string_view(line).substr(line.starts_with('.') ? 1 : 0);
      octets += text.size() + 2;
      if (octets > limit) {
        mail_.bytes.clear();
        // The answer is owed at the dot, but not to somebody who never comes to it.
        if (octets > 4 * limit + (1u << 20)) return false;
        continue;
      }
      mail_.bytes += text;
      mail_.bytes += "\r\n";
    }
    log_client("(" + std::to_string(octets) + " octets) .");
    const bool too_large = octets > limit;
    return perform(
        {"dot"}, [&] { take(too_large); },
        [&](const std::string& text) {
          forget();
          refuse(text);
        });
  }

  void take(bool too_large) {
    AcceptedMail mail = std::move(mail_);
    forget();
    if (too_large) return say("552 5.3.4 the mail is too large");
    if (!state().has_room(mail.bytes.size() * (mail.recipients.size() + 1))) return say("452 4.3.1 no room");
    mail.login = login_;
    mail.tls = wire().is_tls();
    // As a final delivery does it (RFC 5321, 4.4).
    const std::string head = "Return-Path: <" + mail.sender + ">\r\nReceived: by " + state().options.domain +
                             " (memory mail host); " + date_now() + "\r\n";
    state().accept(mail);
    for (const std::string& recipient : mail.recipients) {
      if (const auto user = state().user_of_address(recipient)) state().deliver(*user, head + mail.bytes);
    }
    say("250 2.0.0 taken");
  }

  static std::string date_now() {
    const std::time_t now = std::time(nullptr);
    std::tm parts{};
    gmtime_r(&now, &parts);
    char text[48];
    const std::size_t size = std::strftime(text, sizeof text, "%a, %d %b %Y %H:%M:%S +0000", &parts);
    return std::string(text, size);
  }

  const bool offers_login_ = !state().lacks("AUTH");
  std::string argument_, login_;
  bool greeted_ = false, has_sender_ = false, receiving_ = false;
  AcceptedMail mail_;
};

}  // namespace

std::unique_ptr<Session> make_smtp_session(SessionPlace place) {
  return std::make_unique<SmtpSession>(place);
}

}  // namespace remotemail::testing::mailhost
