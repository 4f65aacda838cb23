#include "protocol/smtp/smtp_sender.hpp"

#include <algorithm>

#include "core/text.hpp"
#include "protocol/dialogue.hpp"
#include "protocol/smtp/smtp_session.hpp"

namespace remotemail {

namespace {

using smtp::Reply;
using smtp::Session;

constexpr std::size_t kPiece = 16 * 1024;  // of a message, each within limits::kCommandTime

using Kind = SendOutcome::Kind;

// What came of one mail, and whether the session can go on.
struct Verdict {
  SendOutcome outcome;
  bool ends = false;       // the session is over ...
  bool speaks_on = false;  // ... though the server still listens: QUIT is in order
};

// RFC 1870 6, RFC 3463 3.4
bool says_too_large(const Reply& reply) {
  return reply.code == 552 || reply.enhanced == "5.3.4";
}

class SmtpSender final : public MailSender {
 public:
  explicit SmtpSender(std::unique_ptr<Session> session) : session_(std::move(session)) {}

  Status send(OutgoingQueue&, const Deadline&) override;
  std::uint64_t size_limit() const override { return session_->capabilities().size_limit; }
  Status try_envelope(const std::string& from, const std::string& to, const Deadline&) override;
  SessionInfo session() const override { return session_->info(); }

 private:
  Verdict deliver(const OutgoingMail&, const Deadline&);
  Verdict transmit(std::string_view stuffed, const Deadline&);
  Verdict refused_here(Cause, Step, std::string detail) const;  // by us: the mail cannot be sent at all
  Verdict broken(Error) const;                                  // line, time or stop
  Verdict refused(const Reply&, Step, Cause if_permanent, Kind if_permanent_kind);

  std::unique_ptr<Session> session_;
  bool over_ = false;
  bool in_transaction_ = false;  // a mail was refused on the way: RSET before the next
};

Verdict SmtpSender::refused_here(Cause cause, Step step, std::string detail) const {
  return {{Kind::failed, false, {}, make_error(cause, step, std::move(detail), Retry::never)}};
}

Verdict SmtpSender::broken(Error error) const {
  return {{Kind::deferred, false, error.server_line, error}, true};
}

Verdict SmtpSender::refused(const Reply& reply, Step step, Cause if_permanent, Kind if_permanent_kind) {
  in_transaction_ = true;
  const auto error = [&](Cause cause, Retry retry) { return session_->told(cause, step, retry, reply); };
  if (reply.code == 421)
    return broken(error(Cause::refused_for_now, Retry::later));  // RFC 5321 3.8: it hangs up
  if (reply.transient())
    return {{Kind::deferred, false, session_->shown(reply), error(Cause::refused_for_now, Retry::later)}};
  if (!reply.permanent()) return broken(error(Cause::protocol_violation, Retry::later));
  if (if_permanent_kind == Kind::failed) {
    return {{Kind::failed, false, session_->shown(reply), error(if_permanent, Retry::never)}};
  }
  return {{Kind::deferred, false, session_->shown(reply), error(if_permanent, Retry::after_setup_change)},
          true,
          true};
}

// R6 decides what each answer means.
Verdict SmtpSender::deliver(const OutgoingMail& mail, const Deadline& deadline) {
  const auto& capabilities = session_->capabilities();
  if (capabilities.size_limit > 0 && mail.message.size() > capabilities.size_limit) {
    return refused_here(Cause::message_too_large, Step::mail_from,
                        std::to_string(mail.message.size()) + " octets, the server takes " +
                            std::to_string(capabilities.size_limit));
  }
  if (!smtp::is_path(mail.envelope_from))
    return refused_here(Cause::unsafe_text, Step::mail_from, "the sender's address");
  if (!smtp::is_path(mail.recipient))
    return refused_here(Cause::unsafe_text, Step::recipient, "the recipient's address");
  const auto stuffed = smtp::stuff(mail.message);
  if (!stuffed) return refused_here(stuffed.error().cause, Step::data, stuffed.error().detail);
  const bool eight_bit = std::any_of(mail.message.begin(), mail.message.end(),
                                     [](char c) { return static_cast<unsigned char>(c) > 0x7F; });
  if (eight_bit && !capabilities.eight_bit_mime) {
    return refused_here(Cause::capability_missing, Step::mail_from, "8BITMIME");
  }

  if (in_transaction_) {
    auto reply = session_->command({"RSET"}, Step::mail_from, deadline);
    if (!reply) return broken(std::move(reply).error());
    if (!reply->positive()) {
      return broken(session_->told(Cause::refused_for_now, Step::mail_from, Retry::later, *reply));
    }
    in_transaction_ = false;
  }
  const std::string size = capabilities.size ? " SIZE=" + std::to_string(mail.message.size()) : "";
  auto reply =
      session_->command({"MAIL FROM:<", mail.envelope_from, ">", size, eight_bit ? " BODY=8BITMIME" : ""},
                        Step::mail_from, deadline);
  if (!reply) return broken(std::move(reply).error());
  if (!reply->positive()) {
    const bool too_large = reply->permanent() && says_too_large(*reply);
    Verdict verdict = refused(*reply, Step::mail_from,
                              too_large ? Cause::message_too_large : Cause::sender_refused, Kind::deferred);
    // The set-up is right, this mail is wrong: it waits, the others need not.
    if (too_large) {
      verdict.ends = false;
      verdict.outcome.error->retry = Retry::later;
    }
    return verdict;
  }
  reply = session_->command({"RCPT TO:<", mail.recipient, ">"}, Step::recipient, deadline);
  if (!reply) return broken(std::move(reply).error());
  if (!reply->positive()) return refused(*reply, Step::recipient, Cause::recipient_refused, Kind::failed);
  if (deadline.stopping()) return broken(make_error(Cause::stopped, Step::data, session_->place()));
  reply = session_->command({"DATA"}, Step::data, deadline);
  if (!reply) return broken(std::move(reply).error());
  if (reply->code != 354) return refused(*reply, Step::data, Cause::message_refused, Kind::failed);
  return transmit(*stuffed, deadline);
}

Verdict SmtpSender::transmit(std::string_view stuffed, const Deadline& deadline) {
  for (; !stuffed.empty(); stuffed.remove_prefix(std::min(kPiece, stuffed.size()))) {
    Status written = session_->write(stuffed.substr(0, kPiece), Step::data, deadline);
    if (!written) return broken(std::move(written).error());
  }
  if (Status arrived = session_->wait_until_arrived(Step::data, deadline); !arrived)
    return broken(std::move(arrived).error());
  if (deadline.stopping()) return broken(make_error(Cause::stopped, Step::data, session_->place()));
  if (deadline.passed(session_->clock().steady_now()) || session_->out_of_time()) {
    return broken(make_error(Cause::timed_out, Step::data, session_->place()));
  }
  // From the dot's first octet on nobody but the server knows whether it has the mail. So the dot is a write
  // of its own, which no stop may cut.
  const auto in_doubt = [this](Error error) {
    Verdict verdict = broken(std::move(error));
    verdict.outcome.in_doubt = true;
    return verdict;
  };
  Status written = session_->write_final_dot(deadline);
  if (!written) return in_doubt(std::move(written).error());
  auto reply = session_->confirmation(deadline);
  if (!reply) return in_doubt(std::move(reply).error());
  if (reply->positive()) return {{Kind::sent, false, session_->shown(*reply), {}}};
  if (!reply->transient() && !reply->permanent()) {
    return in_doubt(session_->told(Cause::protocol_violation, Step::confirmation, Retry::later, *reply));
  }
  return refused(*reply, Step::confirmation,
                 says_too_large(*reply) ? Cause::message_too_large : Cause::message_refused, Kind::failed);
}

// What RSET says does not matter: the transaction ends with the session at the latest.
Status SmtpSender::try_envelope(const std::string& from, const std::string& to, const Deadline& deadline) {
  const struct {
    const std::string& path;
    std::string_view before;
    Step step;
    Cause if_refused;
  } words[] = {{from, "MAIL FROM:<", Step::mail_from, Cause::sender_refused},
               {to, "RCPT TO:<", Step::recipient, Cause::recipient_refused}};
  for (const auto& word : words) {
    if (!smtp::is_path(word.path))
      return make_error(Cause::unsafe_text, word.step, clean_line(word.path), Retry::never);
    in_transaction_ = true;
    auto reply = session_->command({word.before, word.path, ">"}, word.step, deadline);
    if (!reply) {
      over_ = true;
      return std::move(reply).error();
    }
    if (reply->positive()) continue;
    Error error = session_->told(reply->transient() ? Cause::refused_for_now : word.if_refused, word.step,
                                 Retry::later, *reply);
    error.detail = word.path;
    return error;
  }
  return {};
}

Status SmtpSender::send(OutgoingQueue& queue, const Deadline& deadline) {
  for (;;) {
    if (over_) return make_error(Cause::connection_lost, Step::mail_from, session_->place());
    if (deadline.stopping()) return make_error(Cause::stopped, Step::mail_from, session_->place());
    if (deadline.passed(session_->clock().steady_now())) {
      return make_error(Cause::timed_out, Step::mail_from, session_->place());
    }
    if (session_->out_of_time()) {
      over_ = true;
      session_->quit(deadline);
      return make_error(Cause::timed_out, Step::mail_from, session_->place());
    }
    const auto mail = queue.next();
    if (!mail) break;
    Verdict verdict = deliver(*mail, deadline);
    over_ = verdict.ends;
    if (Status noted = queue.settled(*mail, verdict.outcome); !noted) {
      over_ = true;
      return noted;
    }
    if (!verdict.ends) continue;
    if (verdict.speaks_on) session_->quit(deadline);
    return std::move(*verdict.outcome.error);
  }
  over_ = true;
  session_->quit(deadline);
  return {};
}

}  // namespace

Result<std::unique_ptr<MailSender>> open_smtp_sender(std::unique_ptr<Stream> stream,
                                                     const ServerAccount& account,
                                                     const std::string& client_name, const Clock& clock,
                                                     const Deadline& deadline, const StepObserver& observer) {
  auto session = std::make_unique<Session>(std::move(stream), account, client_name, clock);
  if (Status opened = session->open(deadline, observer); !opened) return std::move(opened).error();
  return std::unique_ptr<MailSender>(std::make_unique<SmtpSender>(std::move(session)));
}

}  // namespace remotemail
