#include "protocol/smtp/smtp_session.hpp"

#include <algorithm>

#include "core/text.hpp"
#include "protocol/dialogue.hpp"

namespace remotemail::smtp {

namespace {

constexpr std::size_t kCommandLine = 512;  // RFC 5321 4.5.3.1.4; with CRLF
constexpr auto kQuitTime = std::chrono::seconds{5};
constexpr std::string_view kAuthPlain = "AUTH PLAIN";

Cause cause_of_refused_login(const Reply& reply) {
  switch (reply.code) {
    case 500:
    case 501:
    case 502:
    case 503:
    case 504:  // the command or the mechanism is not known
    case 530:
    case 534:
    case 538:  // TLS or a stronger mechanism is asked for (RFC 4954 6)
      return Cause::login_not_possible;
    default:
      return Cause::login_refused;
  }
}

}  // namespace

Session::Session(std::unique_ptr<Stream> stream, const ServerAccount& account, const std::string& client_name,
                 const Clock& clock)
    : channel_(std::move(stream), clock),
      account_(account),
      client_name_(client_name.empty() ? "[127.0.0.1]" : client_name),
      place_(host_and_port(account)),
      scrubber_(account),
      last_moment_(clock.steady_now() + limits::kSendingSessionTime) {}

Deadline Session::bounded(const Deadline& deadline) const {
  Deadline own = deadline.within(channel_.clock().steady_now(), limits::kCommandTime);
  own.at = std::min(own.at, last_moment_);
  return own;
}

Error Session::told(Cause cause, Step step, Retry retry, const Reply& reply) const {
  return told_by_server(cause, step, retry, place_, scrubber_, reply.text());
}

Error Session::refusal(const Reply& reply, Cause if_permanent, Step step) const {
  if (reply.transient()) return told(Cause::refused_for_now, step, Retry::later, reply);
  if (reply.permanent()) return told(if_permanent, step, Retry::after_setup_change, reply);
  return told(Cause::protocol_violation, step, Retry::later, reply);
}

Result<bool> Session::take(ReplyReader& reader, std::string_view line, Step step) const {
  auto whole = reader.add(line);
  if (whole) return whole;
  Error error = placed(std::move(whole).error(), step, place_);
  if (error.cause == Cause::protocol_violation) error.server_line = scrubber_.shown(line);
  return error;
}

Result<Reply> Session::read_reply(Step step, const Deadline& deadline) {
  ReplyReader reader;
  for (;;) {
    auto line = channel_.read_line(deadline);
    if (!line) return placed(std::move(line).error(), step, place_);
    auto whole = take(reader, *line, step);
    if (!whole) return std::move(whole).error();
    if (*whole) return reader.reply();
  }
}

Result<Reply> Session::command(std::initializer_list<std::string_view> pieces, Step step,
                               const Deadline& caller) {
  const Deadline deadline = bounded(caller);
  if (Status written = channel_.write_line(pieces, deadline); !written) {
    return placed(std::move(written).error(), step, place_);
  }
  return read_reply(step, deadline);
}

Status Session::write(std::string_view bytes, Step step, const Deadline& deadline) {
  Status written = channel_.write_raw(bytes, bounded(deadline));
  if (!written) return placed(std::move(written).error(), step, place_);
  return {};
}

Status Session::wait_until_arrived(Step step, const Deadline& caller) {
  using namespace std::chrono_literals;
  const Clock& clock = channel_.clock();
  Deadline deadline = bounded(caller);
  std::size_t before = channel_.stream().unacknowledged();
  for (std::chrono::milliseconds pause = 1ms;; pause = std::min<std::chrono::milliseconds>(2 * pause, 50ms)) {
    const std::size_t now = channel_.stream().unacknowledged();
    if (now == 0) return {};
    if (now < before) deadline = bounded(caller);
    before = now;
    if (deadline.stopping()) return make_error(Cause::stopped, step, place_);
    if (deadline.passed(clock.steady_now())) return make_error(Cause::timed_out, step, place_);
    clock.sleep_until(std::min(clock.steady_now() + pause, deadline.at), deadline.stop);
  }
}

Status Session::write_final_dot(const Deadline& caller) {
  const Deadline deadline =
      Deadline{caller.at, {}}.within(channel_.clock().steady_now(), limits::kCommandTime);
  Status written = channel_.write_raw(kFinalDot, deadline);
  if (!written) return placed(std::move(written).error(), Step::confirmation, place_);
  return {};
}

Result<Reply> Session::confirmation(const Deadline& caller) {
  Deadline deadline = caller.within(channel_.clock().steady_now(), limits::kFinalDotTime);
  ReplyReader reader;
  for (bool patient = false;;) {
    auto line = channel_.read_line(deadline);
    if (!line && line.error().cause == Cause::stopped && !patient) {
      patient = true;
      deadline = Deadline{deadline.at, {}}.within(channel_.clock().steady_now(), limits::kStopPatience);
      continue;
    }
    if (!line) return placed(std::move(line).error(), Step::confirmation, place_);
    auto whole = take(reader, *line, Step::confirmation);
    if (!whole) return std::move(whole).error();
    if (*whole) return reader.reply();
  }
}

void Session::quit(const Deadline& caller) {
  const Deadline deadline = caller.within(channel_.clock().steady_now(), kQuitTime);
  if (channel_.write_line({"QUIT"}, deadline)) (void)read_reply(Step::close, deadline);
}

Status Session::open(const Deadline& deadline, const StepObserver& observer) {
  const auto at = [&](Step step) {
    if (observer) observer(step);
  };
  if (account_.security == Security::tls) {
    at(Step::tls);
    if (Status done = start_tls(deadline); !done) return done;
  }
  at(Step::greeting);
  if (Status done = greet(deadline); !done) return done;
  at(Step::ehlo);
  if (Status done = say_hello(deadline); !done) return done;
  if (account_.security == Security::starttls) {
    at(Step::tls);
    if (!capabilities_.starttls) {
      return make_error(Cause::tls_not_offered, Step::tls, place_, Retry::after_setup_change);
    }
    auto reply = command({"STARTTLS"}, Step::tls, deadline);
    if (!reply) return std::move(reply).error();
    if (!reply->positive()) return refusal(*reply, Cause::tls_not_offered, Step::tls);
    if (Status done = start_tls(deadline); !done) return done;
    at(Step::ehlo);
    if (Status done = say_hello(deadline); !done)
      return done;  // nothing heard before TLS counts (RFC 3207 4.2)
  }
  if (account_.user.empty()) return {};
  at(Step::login);
  return log_in(deadline);
}

Status Session::start_tls(const Deadline& deadline) {
  const Deadline own = bounded(deadline).within(channel_.clock().steady_now(), limits::kTlsTime);
  if (Status done = channel_.start_tls(account_.tls(), own); !done) {
    return placed(std::move(done).error(), Step::tls, place_);
  }
  return {};
}

Status Session::greet(const Deadline& caller) {
  const Deadline deadline = bounded(caller);
  // A first line that is no reply is another protocol; one later in the reply is a broken one.
  auto line = channel_.read_line(deadline);
  if (!line) return placed(std::move(line).error(), Step::greeting, place_);
  if (!parse_reply_line(*line)) {
    return told_by_server(Cause::not_this_protocol, Step::greeting, Retry::after_setup_change, place_,
                          scrubber_, *line);
  }
  ReplyReader reader;
  for (;;) {
    auto whole = take(reader, *line, Step::greeting);
    if (!whole) return std::move(whole).error();
    if (*whole) break;
    line = channel_.read_line(deadline);
    if (!line) return placed(std::move(line).error(), Step::greeting, place_);
  }
  if (!reader.reply().positive()) return refusal(reader.reply(), Cause::refused, Step::greeting);
  return {};
}

Status Session::say_hello(const Deadline& deadline) {
  capabilities_ = {};
  auto reply = command({"EHLO ", client_name_}, Step::ehlo, deadline);
  if (!reply) return std::move(reply).error();
  // HELO brings neither TLS nor log-in, so it is no way out where one of them is needed.
  if (reply->permanent() && account_.security == Security::none && account_.user.empty()) {
    reply = command({"HELO ", client_name_}, Step::ehlo, deadline);
    if (!reply) return std::move(reply).error();
    if (reply->positive()) return {};
  }
  if (!reply->positive()) return refusal(*reply, Cause::refused, Step::ehlo);
  capabilities_ = parse_capabilities(*reply);
  return {};
}

Status Session::log_in(const Deadline& deadline) {
  if (!capabilities_.auth_plain && !capabilities_.auth_login) {
    return make_error(Cause::login_not_possible, Step::login, place_, Retry::after_setup_change);
  }
  auto reply = capabilities_.auth_plain ? authenticate_plain(deadline) : authenticate_login(deadline);
  if (!reply) return std::move(reply).error();
  if (!reply->positive()) return refusal(*reply, cause_of_refused_login(*reply), Step::login);
  return {};
}

Result<Reply> Session::answer_challenge(std::string_view response, const Deadline& caller) {
  const Deadline deadline = bounded(caller);
  if (Status written = channel_.write_line({response}, deadline); !written) {
    return placed(std::move(written).error(), Step::login, place_);
  }
  return read_reply(Step::login, deadline);
}

Result<Reply> Session::authenticate_plain(const Deadline& caller) {
  auto response = plain_response(account_.user, account_.password.reveal());
  if (!response) return placed(std::move(response).error(), Step::login, place_);
  const bool fits = kAuthPlain.size() + 1 + response->reveal().size() + 2 <= kCommandLine;
  const Deadline deadline = bounded(caller);
  Status written = fits ? channel_.write_line({kAuthPlain, " ", response->reveal()}, deadline)
                        : channel_.write_line({kAuthPlain}, deadline);
  if (!written) return placed(std::move(written).error(), Step::login, place_);
  auto reply = read_reply(Step::login, deadline);
  // Some servers overlook the initial response and ask for it; once is enough.
  if (reply && reply->code == 334) return answer_challenge(response->reveal(), caller);
  // 2xx to a response that has not been sent is no log-in.
  if (reply && reply->positive() && !fits) {
    return told(Cause::protocol_violation, Step::login, Retry::later, *reply);
  }
  return reply;
}

// The challenges are not read: "Username:", "User Name" and nothing at all are all in use.
Result<Reply> Session::authenticate_login(const Deadline& deadline) {
  if (auto safe = plain_response(account_.user, account_.password.reveal()); !safe) {
    return placed(std::move(safe).error(), Step::login, place_);
  }
  auto reply = command({"AUTH LOGIN"}, Step::login, deadline);
  for (const std::string_view part : {std::string_view(account_.user), account_.password.reveal()}) {
    if (!reply) return reply;
    if (reply->code != 334) {
      if (!reply->positive()) return reply;
      return told(Cause::protocol_violation, Step::login, Retry::later, *reply);
    }
    const Secret response(encode_base64(part));
    reply = answer_challenge(response.reveal(), deadline);
  }
  return reply;
}

}  // namespace remotemail::smtp
