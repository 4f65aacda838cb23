#include "protocol/pop3/pop3_session.hpp"

#include "core/text.hpp"
#include "protocol/dialogue.hpp"

namespace remotemail::pop3 {

namespace {

constexpr std::size_t kCommandLine = 255;                       // RFC 5034 4, RFC 2449 4; with CRLF
constexpr std::uint64_t kRowsRead = 10 * limits::kListedMails;  // of one listing; then the server is mad
constexpr std::size_t kRowOctets = 1024;                        // RFC 2449 allows 512
constexpr std::string_view kAuthPlain = "AUTH PLAIN";

}  // namespace

Session::Session(std::unique_ptr<Stream> stream, const ServerAccount& account, const Clock& clock)
    : channel_(std::move(stream), clock),
      account_(account),
      place_(host_and_port(account)),
      scrubber_(account),
      last_moment_(clock.steady_now() + limits::kMailboxSessionTime) {}

Deadline Session::bounded(const Deadline& deadline) const {
  Deadline own = deadline.within(channel_.clock().steady_now(), limits::kCommandTime);
  if (last_moment_ < own.at) own.at = last_moment_;
  return own;
}

Error Session::end(Error error, Step step) {
  over_ = true;
  return placed(std::move(error), step, place_);
}

Error Session::refusal(const StatusLine& status, Cause otherwise, Step step) const {
  Cause cause = otherwise;
  if (status.code == "IN-USE") cause = Cause::mailbox_in_use;
  if (status.code == "LOGIN-DELAY" || status.code == "SYS/TEMP") cause = Cause::refused_for_now;
  if (status.code == "SYS/PERM") cause = Cause::refused;
  if (status.code == "AUTH") cause = Cause::login_refused;
  const bool passes = cause == Cause::mailbox_in_use || cause == Cause::refused_for_now;
  Error error = make_error(cause, step, place_, passes ? Retry::later : Retry::after_setup_change);
  error.server_line = status_shown_;
  return error;
}

std::optional<StatusLine> Session::take_status(std::string_view line) {
  status_shown_ = scrubber_.shown(line);
  return parse_status(line);
}

Error Session::no_status(Cause cause, Step step, Retry retry, std::string_view line) {
  return end(told_by_server(cause, step, retry, place_, scrubber_, line), step);
}

Result<StatusLine> Session::read_status(Step step, const Deadline& deadline) {
  auto line = channel_.read_line(deadline);
  if (!line) return end(std::move(line).error(), step);
  auto status = take_status(*line);
  if (!status) return no_status(Cause::protocol_violation, step, Retry::later, *line);
  return std::move(*status);
}

Result<StatusLine> Session::command(std::initializer_list<std::string_view> pieces, Step step,
                                    const Deadline& deadline) {
  if (over_) return make_error(Cause::connection_lost, step, place_);
  if (Status written = channel_.write_line(pieces, deadline); !written)
    return end(std::move(written).error(), step);
  return read_status(step, deadline);
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
  at(Step::capabilities);
  if (Status done = ask_capabilities(deadline); !done) return done;
  if (account_.security == Security::starttls) {
    at(Step::tls);
    // A server without CAPA may know STLS all the same; asking gives nothing away.
    if (capabilities_ && !capabilities_->stls) {
      return end(make_error(Cause::tls_not_offered, Step::tls, {}, Retry::after_setup_change), Step::tls);
    }
    auto answer = command({"STLS"}, Step::tls, bounded(deadline));
    if (!answer) return std::move(answer).error();
    if (!answer->ok) return end(refusal(*answer, Cause::tls_not_offered, Step::tls), Step::tls);
    if (Status done = start_tls(deadline); !done) return done;
    at(Step::capabilities);
    if (Status done = ask_capabilities(deadline); !done)
      return done;  // nothing heard before TLS counts (RFC 2595 4)
  }
  at(Step::login);
  return log_in(deadline);
}

Status Session::start_tls(const Deadline& deadline) {
  const SteadyTime now = channel_.clock().steady_now();
  Status done = channel_.start_tls(account_.tls(), bounded(deadline).within(now, limits::kTlsTime));
  if (!done) return end(std::move(done).error(), Step::tls);
  return {};
}

Status Session::greet(const Deadline& deadline) {
  auto line = channel_.read_line(bounded(deadline));
  if (!line) return end(std::move(line).error(), Step::greeting);
  const auto status = take_status(*line);
  if (!status) {
    return no_status(Cause::not_this_protocol, Step::greeting, Retry::after_setup_change, *line);
  }
  if (!status->ok) return end(refusal(*status, Cause::refused_for_now, Step::greeting), Step::greeting);
  return {};
}

Status Session::ask_capabilities(const Deadline& caller) {
  const Deadline deadline = bounded(caller);
  capabilities_.reset();
  auto answer = command({"CAPA"}, Step::capabilities, deadline);
  if (!answer) return std::move(answer).error();
  if (!answer->ok) return {};
  Capabilities found;
  for (std::size_t count = 0; count <= limits::kServerReplyLines; ++count) {
    auto line = channel_.read_line(deadline);
    if (!line) return end(std::move(line).error(), Step::capabilities);
    if (*line == ".") {
      capabilities_ = found;
      return {};
    }
    add_capability(found, *line);
  }
  return end(make_error(Cause::answer_too_large, Step::capabilities), Step::capabilities);
}

Status Session::log_in(const Deadline& caller) {
  const Deadline deadline = bounded(caller);
  if (capabilities_ && !capabilities_->sasl_plain && !capabilities_->user) {
    return end(make_error(Cause::login_not_possible, Step::login, {}, Retry::after_setup_change),
               Step::login);
  }
  const bool plain = capabilities_ && capabilities_->sasl_plain;
  auto answer = plain ? authenticate_plain(deadline) : user_and_pass(deadline);
  if (!answer) return std::move(answer).error();
  if (!answer->ok) return end(refusal(*answer, Cause::login_refused, Step::login), Step::login);
  return {};
}

Result<StatusLine> Session::authenticate_plain(const Deadline& deadline) {
  auto response = plain_response(account_.user, account_.password.reveal());
  if (!response) return end(std::move(response).error(), Step::login);
  bool said = kAuthPlain.size() + 1 + response->reveal().size() + 2 <= kCommandLine;
  Status written = said ? channel_.write_line({kAuthPlain, " ", response->reveal()}, deadline)
                        : channel_.write_line({kAuthPlain}, deadline);
  if (!written) return end(std::move(written).error(), Step::login);
  auto line = channel_.read_line(deadline);
  // Some servers overlook the initial response and ask for it; once is enough.
  if (line && is_continuation(*line)) {
    written = channel_.write_line({response->reveal()}, deadline);
    if (!written) return end(std::move(written).error(), Step::login);
    return read_status(Step::login, deadline);
  }
  if (!line) return end(std::move(line).error(), Step::login);
  auto status = take_status(*line);
  // +OK to a response that has not been sent is no log-in.
  if (!status || (status->ok && !said)) {
    return no_status(Cause::protocol_violation, Step::login, Retry::later, *line);
  }
  return std::move(*status);
}

Result<StatusLine> Session::user_and_pass(const Deadline& deadline) {
  auto answer = command({"USER ", account_.user}, Step::login, deadline);
  if (!answer || !answer->ok) return answer;
  Status written = channel_.write_line({"PASS ", account_.password.reveal()}, deadline);
  if (!written) return end(std::move(written).error(), Step::login);
  return read_status(Step::login, deadline);
}

Result<bool> Session::rows(std::string_view name, const std::function<void(std::string_view)>& row,
                           const Deadline& caller) {
  const Deadline deadline = bounded(caller);
  auto answer = command({name}, Step::list, deadline);
  if (!answer) return std::move(answer).error();
  if (!answer->ok) {
    if (answer->code.empty()) return false;
    return end(refusal(*answer, Cause::refused_for_now, Step::list), Step::list);
  }
  for (std::uint64_t count = 0; count <= kRowsRead; ++count) {
    auto line = channel_.read_line(deadline, kRowOctets);
    if (!line) return end(std::move(line).error(), Step::list);
    if (*line == ".") return true;
    row(*line);
  }
  return end(make_error(Cause::answer_too_large, Step::list), Step::list);
}

Result<std::optional<Retrieved>> Session::retrieve(std::uint32_t number, std::optional<unsigned> lines,
                                                   std::size_t limit, std::uint64_t allowance,
                                                   const Deadline& caller) {
  const Deadline deadline = bounded(caller);
  auto answer =
      lines ? command({"TOP ", std::to_string(number), " ", std::to_string(*lines)}, Step::fetch, deadline)
            : command({"RETR ", std::to_string(number)}, Step::fetch, deadline);
  if (!answer) return std::move(answer).error();
  // Also with a code like [SYS/TEMP]: one mail that cannot be read must not keep us from all behind it.
  if (!answer->ok) return std::optional<Retrieved>{};
  auto body = read_body(limit, allowance, deadline);
  if (!body) return std::move(body).error();
  return std::optional<Retrieved>(std::move(*body));
}

Result<Retrieved> Session::read_body(std::size_t limit, std::uint64_t allowance, const Deadline& deadline) {
  Retrieved result;
  Unstuffer unstuffer;
  std::string octet;
  // Octet by octet, for only the end of the answer says where it ends; no line of a mail is too long for
  // that.
  for (std::uint64_t count = 0; count < allowance; ++count) {
    octet.clear();
    if (Status got = channel_.read_exactly(1, octet, deadline); !got)
      return end(std::move(got).error(), Step::fetch);
    const std::string_view certain = unstuffer.feed(octet.front());
    const std::string_view kept = certain.substr(0, limit - result.bytes.size());
    result.bytes += kept;
    if (kept.size() < certain.size()) result.cut = true;
    if (unstuffer.at_end()) return result;
  }
  result.cut = true;
  result.ending = end(make_error(Cause::answer_too_large, Step::fetch), Step::fetch);
  return result;
}

Result<bool> Session::dele(std::uint32_t number, const Deadline& deadline) {
  auto answer = command({"DELE ", std::to_string(number)}, Step::remove, bounded(deadline));
  if (!answer) return std::move(answer).error();
  return answer->ok;
}

Status Session::quit(const Deadline& deadline) {
  auto answer = command({"QUIT"}, Step::close, bounded(deadline));
  over_ = true;
  if (!answer) return std::move(answer).error();
  if (!answer->ok) return refusal(*answer, Cause::refused_for_now, Step::close);
  return {};
}

}  // namespace remotemail::pop3
