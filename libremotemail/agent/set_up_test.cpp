#include "agent/set_up_test.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <set>
#include <utility>
#include <vector>

#include "agent/answer.hpp"
#include "core/text.hpp"
#include "remotemail/core/limits.hpp"
#include "remotemail/protocol/message.hpp"

namespace remotemail {
namespace {

using namespace std::chrono_literals;

constexpr std::string_view kSending = "sending", kReceiving = "receiving";
constexpr std::string_view kSendingTest = "Sending test", kRoundTripTest = "Sending and receiving test";
constexpr auto kBetweenLooks = 2s;  // C4
constexpr auto kLookingTime = 60s;  // C4
constexpr std::size_t kTokenBytes = 16;
constexpr std::size_t kHeadersPerLook = 50;  // of a mailbox into which others mail meanwhile

void say(const SetUpContext& context, std::string_view part, Finding::Kind kind, std::string words) {
  context.found({kind, std::string(part), {}, std::move(words)});
}

void fail(const SetUpContext& context, std::string_view part, const Error& error) {
  say(context, part, Finding::Kind::failed, describe(error));
}

// The one mail of a test, as the sender pulls it.
class OneMail final : public OutgoingQueue {
 public:
  explicit OneMail(OutgoingMail mail) : mail_(std::move(mail)) {}
  std::optional<OutgoingMail> next() override {
    return std::exchange(given_, true) ? std::nullopt : std::optional(mail_);
  }
  Status settled(const OutgoingMail&, const SendOutcome& outcome) override {
    outcome_ = outcome;
    return {};
  }
  const std::optional<SendOutcome>& outcome() const { return outcome_; }

 private:
  OutgoingMail mail_;
  bool given_ = false;
  std::optional<SendOutcome> outcome_;
};

struct SetUpMail {
  std::string_view topic;
  std::string recipient;
  std::string token;  // C3; empty: none
};

std::string text_of(const SetUpMail& test, const DeviceIdentity& device, const SetUpContext& context) {
  const ServerAccount& smtp = context.settings.transmission.smtp;
  std::string text = "Serial number: " + clean_line(transliterate(device.serial_number), 100) + "\n";
  if (!context.settings.reception.nickname.empty())
    text += "Nickname: " + context.settings.reception.nickname + "\n";
  text +=
      fmt::format("\n{} of the mail remote notification system, asked for at the copier.\n\n", test.topic);
  text += fmt::format("It was sent by {} port {}. Nothing has to be done about it.\n", clean_line(smtp.host),
                      smtp.port);
  return text;
}

Result<OutgoingMail> compose(const SetUpMail& test, const SetUpContext& context, const Deadline& deadline) {
  const Settings& settings = context.settings;
  DeviceIdentity device;
  if (auto told = context.ports.device.identity(deadline)) device = std::move(*told);
  // The environment setup can be tested before the copier has an address of its own.
  const std::string& own =
      settings.reception.address.empty() ? settings.transmission.manager_address : settings.reception.address;
  MailDraft draft;
  draft.message_id =
      make_message_id(context.ports.random.hex(kTokenBytes), test.topic, own, context.ports.sealer);
  draft.date = context.ports.clock.now();
  draft.utc_offset = settings.utc_offset(draft.date);
  draft.from.address = own;
  draft.from.display_name = sender_name(settings.reception.nickname, device);
  draft.to = test.recipient;
  draft.subject = subject_of(test.topic, settings.reception.nickname, device);
  draft.body = text_of(test, device, context);
  draft.auto_replied = false;
  draft.x_loop = own;
  draft.test_token = test.token;
  auto message = compose_mail(draft);
  if (!message) return std::move(message).error();
  const std::string envelope = settings.envelope_sender();
  return OutgoingMail{draft.message_id, envelope.empty() ? own : envelope, test.recipient,
                      std::move(*message)};
}

// Logs it (C5) and tells how it went. False: it was not taken.
bool send(const SetUpMail& test, const SetUpContext& context, const Deadline& deadline) {
  const ServerAccount& smtp = context.settings.transmission.smtp;
  auto mail = compose(test, context, deadline);
  if (!mail) {
    fail(context, kSending, mail.error());
    return false;
  }
  LogRecord record;
  record.direction = LogRecord::Direction::sent;
  record.other_side = test.recipient;
  record.what = test.topic;
  record.message_id = mail->id;
  record.attempts = 1;

  std::optional<Error> error;
  std::string server_line;
  OneMail queue(std::move(*mail));
  auto sender = context.ports.servers.open_sender(smtp, context.client_name, deadline, context.observer);
  if (!sender) {
    error = std::move(sender).error();
  } else {
    if (context.observer) context.observer(Step::data);
    const Status sent = (*sender)->send(queue, deadline);
    const auto& outcome = queue.outcome();
    if (!outcome) {
      error = sent ? make_error(Cause::internal, Step::data) : sent.error();
    } else if (outcome->kind != SendOutcome::Kind::sent) {
      error = outcome->error ? *outcome->error : make_error(Cause::refused, Step::data);
    } else {
      server_line = outcome->server_line;
    }
  }
  record.time = context.ports.clock.now();
  record.result = error ? LogRecord::Result::failed : LogRecord::Result::sent;
  record.detail = clean_line(error ? describe(*error) : server_line);
  if (!error || error->cause != Cause::stopped) {
    if (auto logged = context.store.log(0, &record); !logged) {
      context.ports.logger.log(LogLevel::warning, "the mail log: " + describe(logged.error()));
    }
  }
  if (error) {
    fail(context, kSending, *error);
    return false;
  }
  say(context, kSending, Finding::Kind::passed,
      fmt::format("{} port {} took the mail to {}{}", clean_line(smtp.host), smtp.port, test.recipient,
                  server_line.empty() ? "" : " (server: " + server_line + ")"));
  return true;
}

// True: all that is needed is there; else it was told what is missing, all at once.
bool complete(const SetUpContext& context, std::string_view part,
              std::initializer_list<std::pair<bool, std::string_view>> wanted) {
  std::string missing;
  for (const auto& [present, key] : wanted) {
    if (!present) missing.append(missing.empty() ? "" : ", ").append(key);
  }
  if (missing.empty()) return true;
  say(context, part, Finding::Kind::failed, "not set: " + missing);
  return false;
}

// Looks for the mail with our token among those that came since the mailbox was looked at first.
class Search {
 public:
  Search(const SetUpContext& context, std::string token) : context_(context), token_(std::move(token)) {}

  // What lies there before our mail does.
  Status begin(const Deadline& deadline) {
    auto mailbox = open(deadline);
    if (!mailbox) return std::move(mailbox).error();
    auto listing = (*mailbox)->list(deadline);
    if (!listing) return std::move(listing).error();
    for (const MailListing& mail : listing->mails) seen_.insert(mail.key);
    (void)(*mailbox)->close(deadline);
    return {};
  }

  // True: it is there, is noted as done and was removed as well as could be.
  Result<bool> look(const Deadline& deadline) {
    auto mailbox = open(deadline);
    if (!mailbox) return std::move(mailbox).error();
    auto listing = (*mailbox)->list(deadline);
    if (!listing) return std::move(listing).error();
    auto known = context_.store.recall(*listing);
    if (!known) return std::move(known).error();
    std::vector<MailKey> fresh;
    for (std::size_t i = listing->mails.size(); i > 0 && fresh.size() < kHeadersPerLook; --i) {
      const MailKey key = listing->mails.key(i - 1);
      // One that brought us down before is not parsed here either (R5).
      if ((*known)[i - 1].state == KnownMail::State::unknown && seen_.count(key) == 0) fresh.push_back(key);
    }
    for (const MailKey& key : fresh) {
      auto ours = is_ours(**mailbox, key, deadline);
      if (!ours) return std::move(ours).error();
      if (!*ours) continue;
      if (Status done = take(**mailbox, key, deadline); !done) return std::move(done).error();
      return true;
    }
    (void)(*mailbox)->close(deadline);
    return false;
  }

  const std::string& token() const { return token_; }
  std::optional<SteadyTime> login() const { return login_; }

 private:
  Result<std::unique_ptr<Mailbox>> open(const Deadline& deadline) {
    auto mailbox =
        context_.ports.servers.open_mailbox(context_.settings.reception.account, deadline, context_.observer);
    if (mailbox) login_ = context_.ports.clock.steady_now();
    return mailbox;
  }

  Result<bool> is_ours(Mailbox& mailbox, const MailKey& key, const Deadline& deadline) {
    const FetchRequest request{key, FetchRequest::Part::header, 0, limits::kHeaderBlock};
    AccessRules rules;
    rules.test_token = token_;
    rules.own_address = context_.settings.reception.address;
    rules.password_matches = [](std::string_view) { return false; };
    rules.is_ours = [](const std::string&) { return false; };
    bool ours = false;
    const auto take = [&](const RawMail& raw) {
      const Mail mail = parse_mail(raw);
      message_id_ = mail.message_id;
      ours =
          std::holds_alternative<OwnTest>(context_.ports.authenticator.judge(mail, raw.size, false, rules));
      return true;
    };
    if (Status fetched = mailbox.fetch(std::span(&request, 1), take, deadline); !fetched)
      return fetched.error();
    seen_.insert(key);
    return ours;
  }

  Status take(Mailbox& mailbox, const MailKey& key, const Deadline& deadline) {
    MailVerdict verdict;
    verdict.key = key;
    verdict.fate = MailVerdict::Fate::unanswerable;
    LogRecord record;
    record.time = context_.ports.clock.now();
    record.other_side = context_.settings.reception.address;
    record.what = kRoundTripTest;
    record.result = LogRecord::Result::arrived;
    record.message_id = clean_line(message_id_);
    verdict.log = std::move(record);
    Batch batch;
    batch.now = context_.ports.clock.now();
    batch.verdicts.push_back(std::move(verdict));
    auto receipts = context_.store.commit(batch);
    if (!receipts) return std::move(receipts).error();
    mailbox.remove(*receipts);
    auto closed = mailbox.close(deadline);
    if (!closed) return std::move(closed).error();
    return {};
  }

  const SetUpContext& context_;
  const std::string token_;
  std::set<MailKey> seen_;
  std::string message_id_;
  std::optional<SteadyTime> login_;
};

// Trouble that the next look may find gone: a mailbox that is locked for a moment, a server that wants a pause.
bool may_pass(const Error& error) {
  return error.retry == Retry::later || error.retry == Retry::now;
}

void look_for_it(const SetUpContext& context, Search& search, const Deadline& deadline) {
  const Clock& clock = context.ports.clock;
  const SteadyTime began = clock.steady_now();
  const auto since = [&] {
    return std::chrono::duration_cast<std::chrono::seconds>(clock.steady_now() - began);
  };
  std::optional<Error> trouble;
  while (since() < kLookingTime) {
    clock.sleep_until(clock.steady_now() + kBetweenLooks, deadline.stop);
    if (deadline.stopping()) return fail(context, kReceiving, make_error(Cause::stopped, Step::fetch));
    auto found = search.look(deadline);
    if (found && *found) {
      return say(
          context, kReceiving, Finding::Kind::passed,
          fmt::format("the mail came back after {} s and was removed from the mailbox", since().count()));
    }
    trouble = found ? std::nullopt : std::optional(found.error());
    if (trouble && !may_pass(*trouble)) break;
  }
  if (trouble) return fail(context, kReceiving, *trouble);
  say(context, kReceiving, Finding::Kind::failed,
      "sent, not yet arrived: the mail did not come into the mailbox within 60 s; check that the copier's address "
      "belongs to this mailbox; the server may also be slow, or hold the mail in a folder for spam");
}

}  // namespace

void run_sending_test(const SetUpContext& context, const std::function<std::optional<Error>()>& login,
                      const Deadline& deadline) {
  const TransmissionSettings& transmission = context.settings.transmission;
  if (!complete(context, kSending,
                {{!transmission.manager_address.empty(), "transmission.manager_address"},
                 {!transmission.smtp.host.empty(), "transmission.smtp_server"}})) {
    return;
  }
  if (const auto error = login()) return fail(context, kSending, *error);
  send({kSendingTest, transmission.manager_address, {}}, context, deadline);
}

std::optional<SteadyTime> run_round_trip_test(const SetUpContext& context, const Deadline& deadline) {
  const ReceptionSettings& reception = context.settings.reception;
  const bool can_send =
      complete(context, kSending,
               {{!reception.address.empty(), "reception.address"},
                {!context.settings.transmission.smtp.host.empty(), "transmission.smtp_server"}});
  const bool can_receive = complete(context, kReceiving,
                                    {{!reception.account.server.host.empty(), "reception.server"},
                                     {!reception.account.server.user.empty(), "reception.user"}});
  if (!can_send || !can_receive) {
    const std::string_view other = can_send ? kSending : kReceiving;
    if (can_send != can_receive) say(context, other, Finding::Kind::skipped, "not tried");
    return std::nullopt;
  }
  Search search(context, context.ports.random.hex(kTokenBytes));
  const std::string token = search.token();
  const Status begun = search.begin(deadline);
  // D11: without the log-in nothing is sent. Without B35 sending is tried all the same: it has a result of its own.
  if (!begun && reception.pop_before_smtp) {
    say(context, kSending, Finding::Kind::skipped,
        "not tried: the log-in to the mailbox comes first (POP before SMTP)");
    fail(context, kReceiving, begun.error());
    return search.login();
  }
  const bool sent = send({kRoundTripTest, reception.address, token}, context, deadline);
  if (!begun) {
    fail(context, kReceiving, begun.error());
  } else if (!sent) {
    say(context, kReceiving, Finding::Kind::passed,
        "the log-in to the mailbox works; no mail was sent that could be fetched");
  } else {
    look_for_it(context, search, deadline);
  }
  return search.login();
}

}  // namespace remotemail
