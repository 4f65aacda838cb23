#include "agent/doctor.hpp"

#include <fmt/chrono.h>
#include <fmt/format.h>

#include <algorithm>
#include <utility>
#include <vector>

#include "core/text.hpp"
#include "remotemail/core/limits.hpp"

namespace remotemail {
namespace {

using Kind = Finding::Kind;
using namespace std::chrono_literals;

// A clock before this was never set: certificates then look as if they were not valid yet.
constexpr WallTime kEarliestClock = std::chrono::sys_days{std::chrono::year{2025} / 1 / 1};
constexpr std::chrono::days kCertificateWarning{21};

constexpr std::string_view kMachine = "machine", kSettings = "settings", kState = "state",
                           kMailbox = "receiving mail server", kSubmission = "SMTP server";

std::string day_and_time(WallTime time) {
  return fmt::format("{:%Y-%m-%d %H:%M:%S} UTC", std::chrono::floor<std::chrono::seconds>(time));
}

// "2027-01-31 12:00:00 UTC", as TlsInfo has it.
std::optional<WallTime> parse_not_after(std::string_view text) {
  if (text.size() < 10) return std::nullopt;
  const auto year = parse_number<int>(text.substr(0, 4));
  const auto month = parse_number<unsigned>(text.substr(5, 2));
  const auto day = parse_number<unsigned>(text.substr(8, 2));
  if (!year || !month || !day) return std::nullopt;
  const std::chrono::year_month_day date{std::chrono::year{*year}, std::chrono::month{*month},
                                         std::chrono::day{*day}};
  if (!date.ok()) return std::nullopt;
  return WallTime{std::chrono::sys_days{date}};
}

// What is looked at of a server, in order; a dialogue's steps fall into these.
enum class Stage { name, connection, tls, login, last };

Stage stage_of(Step step, Stage last_reached) {
  switch (step) {
    case Step::resolve:
      return Stage::name;
    case Step::connect:
      return Stage::connection;
    case Step::tls:
      return Stage::tls;
    case Step::greeting:
    case Step::capabilities:
    case Step::ehlo:
      return std::max(last_reached, Stage::connection);
    case Step::login:
      return Stage::login;
    default:
      return Stage::last;
  }
}

// The findings about one server, up to the open session or the error that came instead.
class ServerFindings {
 public:
  ServerFindings(const SetUpContext& context, std::string_view part, const ServerAccount& account,
                 std::string_view last_stage)
      : context_(context), part_(part), account_(account), last_stage_(last_stage) {}

  void opened(const SessionInfo& info) {
    tell(Stage::name, Kind::passed, name_words());
    tell(Stage::connection, Kind::passed,
         info.peer.empty() ? fmt::format("port {}", account_.port) : "connected to " + info.peer);
    tell_tls(info.tls);
    account_.user.empty()
        ? tell(Stage::login, Kind::skipped, "no user name is set: mail is sent without a log-in")
        : tell(Stage::login, Kind::passed, "as " + clean_line(account_.user));
  }

  // What stands before the stage that failed has passed, what stands behind it was not tried.
  void failed(Error error) {
    const Stage at =
        stage_of(error.step, account_.security == Security::tls ? Stage::tls : Stage::connection);
    error.step = Step::none;  // the finding is named after it
    for (const Stage stage : {Stage::name, Stage::connection, Stage::tls, Stage::login, Stage::last}) {
      if (stage == at) {
        tell(stage, Kind::failed, describe(error));
      } else if (stage > at) {
        tell(stage, Kind::skipped, "not tried");
      } else {
        tell(stage, Kind::passed,
             stage == Stage::name  ? name_words()
             : stage == Stage::tls ? tls_words()
                                   : "");
      }
    }
  }

  void tell(Stage stage, Kind kind, std::string words) {
    static constexpr std::string_view kNames[] = {"name", "connection", "TLS and certificate", "log-in"};
    tell(stage == Stage::last ? last_stage_ : kNames[static_cast<std::size_t>(stage)], kind,
         std::move(words));
  }
  void tell(std::string_view what, Kind kind, std::string words) {
    context_.found({kind, std::string(part_), std::string(what), std::move(words)});
  }

 private:
  std::string name_words() const {
    const std::string host = clean_line(account_.host);
    return account_.dns_server.empty() ? host : host + ", asked of " + clean_line(account_.dns_server);
  }
  std::string tls_words() const { return account_.security == Security::none ? "not used, by choice" : ""; }

  void tell_tls(const TlsInfo& tls) {
    if (account_.security == Security::none) {
      return tell(
          Stage::tls, Kind::note,
          "not used, by choice: passwords and lists can be read on the way; use security 'tls' where the server "
          "has it");
    }
    std::string words = fmt::format("{}{}, certificate of {}, issued by {}, valid until {}", tls.version,
                                    account_.security == Security::starttls ? " by STARTTLS" : "",
                                    tls.subject, tls.issuer, tls.not_after);
    if (!account_.pin.empty()) words += "; its key is the pinned one";
    const auto ends = parse_not_after(tls.not_after);
    const WallTime now = context_.ports.clock.now();
    const bool soon = ends && *ends - now < kCertificateWarning;
    if (soon) {
      const auto left = std::max<std::int64_t>(0, std::chrono::floor<std::chrono::days>(*ends - now).count());
      words += fmt::format(" - {} days from now: the server's administrator should renew it", left);
    }
    tell(Stage::tls, soon ? Kind::note : Kind::passed, std::move(words));
  }

  const SetUpContext& context_;
  std::string_view part_;
  const ServerAccount& account_;
  std::string_view last_stage_;
};

void check_machine(const SetUpContext& context, const Deadline& deadline) {
  const auto found = [&](std::string_view what, Kind kind, std::string words) {
    context.found({kind, std::string(kMachine), std::string(what), std::move(words)});
  };
  const WallTime now = context.ports.clock.now();
  if (now < kEarliestClock) {
    found("clock", Kind::failed,
          day_and_time(now) + ": it was never set; certificates look as if they were not valid yet");
  } else {
    const auto offset = context.settings.utc_offset(now);
    found("clock", Kind::passed,
          fmt::format("{}, local time {}{:02}{:02}", day_and_time(now), offset < 0min ? "-" : "+",
                      std::chrono::abs(offset).count() / 60, std::chrono::abs(offset).count() % 60));
  }
  const DeviceState state = context.ports.device.state();
  auto identity = context.ports.device.identity(deadline);
  if (!identity) {
    found("device", Kind::failed, describe(identity.error()));
  } else {
    found("device", is_off(state) ? Kind::note : Kind::passed,
          fmt::format("{} {}, {}", clean_line(identity->model), clean_line(identity->serial_number),
                      words(state)));
  }
  std::string lists;
  std::size_t count = 0;
  for (const ListWord& word : kListWords) {
    if (!context.ports.device.supports(word.id)) continue;
    ++count;
    lists += (lists.empty() ? "" : ", ") + std::string(word.option);
  }
  found("lists", count > 0 ? Kind::passed : Kind::note,
        count > 0 ? fmt::format("{}: {}", count, lists) : "it offers none");
}

void check_settings(const SetUpContext& context, const StoredSettings& stored) {
  const auto found = [&](std::string_view what, Kind kind, std::string words) {
    context.found({kind, std::string(kSettings), std::string(what), std::move(words)});
  };
  std::string missing;
  for (const FieldError& field : missing_for_enabling(context.settings)) {
    missing += (missing.empty() ? "not set: " : ", ") + field.key;
  }
  missing.empty() ? found("mandatory values", Kind::passed, "all there")
                  : found("mandatory values", Kind::failed, missing);
  for (const auto& [key, setting] : stored) {
    if (setting.unreadable) {
      found(key, Kind::failed, "cannot be unsealed: enter it anew, or bring the sealing key back");
    }
  }
  const ReceptionSettings& reception = context.settings.reception;
  reception.enabled ? found("E-mail notification", Kind::passed,
                            fmt::format("enabled, every {} min", reception.interval.count()))
                    : found("E-mail notification", Kind::note,
                            "disabled: nothing is fetched until reception.enabled is yes");
}

void check_state(const SetUpContext& context) {
  const auto found = [&](std::string_view what, Kind kind, std::string words) {
    context.found({kind, std::string(kState), std::string(what), std::move(words)});
  };
  auto waiting = context.store.outbox();
  if (!waiting) return found("outbox", Kind::failed, describe(waiting.error()));
  if (waiting->empty()) return found("outbox", Kind::passed, "empty");
  std::string words =
      fmt::format("{} waiting, the oldest since {}", waiting->size(), day_and_time(waiting->front().created));
  if (!waiting->front().last_trouble.empty()) words += ": " + waiting->front().last_trouble;
  found("outbox", waiting->front().attempts > 0 ? Kind::note : Kind::passed, std::move(words));
}

std::optional<SteadyTime> check_mailbox(const SetUpContext& context, const Deadline& deadline) {
  const MailboxAccount& account = context.settings.reception.account;
  ServerFindings findings(context, kMailbox, account.server, "mailbox");
  if (account.server.host.empty()) {
    findings.tell(Stage::name, Kind::failed, "not set: reception.server");
    return std::nullopt;
  }
  auto mailbox = context.ports.servers.open_mailbox(account, deadline, context.observer);
  if (!mailbox) {
    findings.failed(mailbox.error());
    return std::nullopt;
  }
  const SteadyTime login = context.ports.clock.steady_now();
  findings.opened((*mailbox)->session());
  auto listing = (*mailbox)->list(deadline);
  if (!listing) {
    findings.tell(Stage::last, Kind::failed, describe(listing.error()));
    return login;
  }
  auto known = context.store.recall(*listing);
  const auto is_done = [](const KnownMail& mail) { return mail.state == KnownMail::State::done; };
  const auto done = known ? std::ranges::count_if(*known, is_done) : 0;
  std::string words = fmt::format("{} {}", listing->total, listing->total == 1 ? "mail" : "mails");
  if (done > 0) words += fmt::format(", {} of them handled and not removed yet", done);
  findings.tell(Stage::last, Kind::passed, std::move(words));

  auto read = (*mailbox)->read_elsewhere(deadline);
  if (!read) {
    findings.tell("used by others", Kind::skipped, describe(read.error()));
    return login;
  }
  if (!*read) {
    findings.tell("used by others", Kind::skipped,
                  "POP3 does not tell; give each copier a mailbox of its own");
  } else if (**read > 0) {
    findings.tell(
        "used by others", Kind::note,
        fmt::format(
            "{} mails were marked as read by another mail program: give each copier a mailbox of its own",
            **read));
  } else {
    findings.tell("used by others", Kind::passed, "no sign of it");
  }
  (void)(*mailbox)->close(deadline);  // nothing was queued for removal
  return login;
}

void check_submission(const SetUpContext& context, const Deadline& deadline) {
  const ServerAccount& smtp = context.settings.transmission.smtp;
  constexpr std::string_view kSender = "envelope sender";
  ServerFindings findings(context, kSubmission, smtp, kSender);
  if (smtp.host.empty()) return findings.tell(Stage::name, Kind::failed, "not set: transmission.smtp_server");
  auto sender = context.ports.servers.open_sender(smtp, context.client_name, deadline, context.observer);
  if (!sender) return findings.failed(sender.error());
  findings.opened((*sender)->session());
  const std::string from = context.settings.envelope_sender(),
                    to = context.settings.transmission.manager_address;
  if (from.empty() || to.empty()) {
    return findings.tell(Stage::last, Kind::skipped,
                         "not tried: transmission.manager_address or reception.address is not set");
  }
  if (context.observer) context.observer(Step::mail_from);
  const Status taken = (*sender)->try_envelope(from, to, deadline);
  if (!taken && taken.error().step == Step::recipient) {
    findings.tell(Stage::last, Kind::passed, from);
    return findings.tell("mail to the Manager", Kind::failed, describe(taken.error()));
  }
  taken ? findings.tell(Stage::last, Kind::passed, from + " may send to " + to)
        : findings.tell(Stage::last, Kind::failed, describe(taken.error()));
  if (const std::uint64_t size = (*sender)->size_limit(); size > 0) {
    findings.tell("size limit", size < limits::kListBytes ? Kind::note : Kind::passed,
                  fmt::format("{} octets{}", size,
                              size < limits::kListBytes ? ": long lists come in several mails" : ""));
  }
}

}  // namespace

std::optional<SteadyTime> run_doctor(const SetUpContext& context, const StoredSettings& stored,
                                     const Deadline& deadline) {
  check_machine(context, deadline);
  check_settings(context, stored);
  check_state(context);
  if (is_off(context.ports.device.state())) {  // A8: no mailbox, no sending
    for (const std::string_view part : {kMailbox, kSubmission}) {
      context.found({Kind::skipped, std::string(part), "all", "not tried while the machine is off"});
    }
    return std::nullopt;
  }
  const auto login = check_mailbox(context, deadline);
  if (!deadline.stopping()) check_submission(context, deadline);
  return login;
}

std::string_view words(Finding::Kind kind) noexcept {
  switch (kind) {
    case Kind::passed:
      return "passed";
    case Kind::note:
      return "note";
    case Kind::failed:
      return "failed";
    case Kind::skipped:
      return "skipped";
  }
  return "";
}

}  // namespace remotemail
