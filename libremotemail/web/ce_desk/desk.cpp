#include "web/ce_desk/desk.hpp"

#include <algorithm>
#include <exception>
#include <utility>

#include "core/text.hpp"
#include "remotemail/command_parser/command_parser.hpp"
#include "remotemail/list_formatter/list_formatter.hpp"
#include "remotemail/protocol/message.hpp"

namespace remotemail::web {
namespace {

using namespace std::chrono_literals;

constexpr auto kSessionTime = 30s;  // one visit of a server, all in all
constexpr auto kBetweenPolls = 3s;
constexpr auto kPatience = 60s;
constexpr auto kGlance = 100ms;  // how often a poll is asked whether it is done
constexpr std::size_t kIdBytes = 16;

// A person's mail, as any mail program would send it.
Result<OutgoingMail> composed(const CommandMail& mail, const CeDeskAccount& account, const WebPorts& ports) {
  const auto settings = ports.agent.settings();
  const std::string& address = account.address;
  MailDraft draft;
  draft.message_id = ports.random.hex(kIdBytes) + "@" + address.substr(address.find('@') + 1);
  draft.date = ports.clock.now();
  draft.utc_offset = settings->utc_offset(draft.date);
  draft.from.address = address;
  draft.to = settings->reception.address;
  draft.subject = mail.password.reveal();
  draft.body = mail.body;
  draft.by_hand = true;
  auto message = compose_mail(draft);
  wipe(draft.subject);
  if (!message) return std::move(message).error();
  return OutgoingMail{draft.message_id, address, draft.to, *std::move(message)};
}

class OneMail final : public OutgoingQueue {
 public:
  explicit OneMail(OutgoingMail mail) : mail_(std::move(mail)) {}
  ~OneMail() override { wipe_all(); }
  OneMail(const OneMail&) = delete;
  OneMail& operator=(const OneMail&) = delete;

  std::optional<OutgoingMail> next() override {
    if (std::exchange(given_, true)) return std::nullopt;
    return mail_;
  }
  Status settled(const OutgoingMail&, const SendOutcome& outcome) override {
    outcome_ = outcome;
    return {};
  }
  const std::optional<SendOutcome>& outcome() const { return outcome_; }

 private:
  void wipe_all() { wipe(mail_.message); }  // its Subject is the password
  OutgoingMail mail_;
  bool given_ = false;
  std::optional<SendOutcome> outcome_;
};

std::string shown_lines(std::string_view body) {
  std::string all;
  for (const std::string_view line : split(body, '\n')) {
    if (trim(line).empty()) continue;
    if (!all.empty()) all += '\n';
    all += hide_passwords(line);
  }
  return all;
}

}  // namespace

Desk::Desk(const WebPorts& ports)
    : ports_(ports),
      account_(*ports.ce_desk),
      worker_([this](std::stop_token stop) { work(std::move(stop)); }) {}

Desk::~Desk() {
  worker_.request_stop();
  news_.notify_all();
}

bool Desk::send(CommandMail mail) {
  const std::lock_guard lock(mutex_);
  using Sending = DeskView::Sending;
  if (view_.sending == Sending::waiting || view_.sending == Sending::under_way) return false;
  view_.sending = Sending::waiting;
  view_.command = shown_lines(mail.body);
  view_.send_error.reset();
  view_.answer = DeskView::Answer::none;
  view_.expected = ManualCommandParser().parse(mail.body).items.size();
  view_.answers.clear();
  view_.poll_state.clear();
  view_.poll_error.reset();
  view_.illegal = false;
  ++view_.version;
  waiting_ = std::move(mail);
  news_.notify_all();
  return true;
}

void Desk::look() {
  const std::lock_guard lock(mutex_);
  if (look_wanted_ || view_.reading) return;
  look_wanted_ = true;
  view_.reading = true;
  ++view_.version;
  news_.notify_all();
}

DeskView Desk::view() const {
  const std::lock_guard lock(mutex_);
  return view_;
}

void Desk::work(std::stop_token stop) {
  while (!stop.stop_requested()) {
    std::optional<CommandMail> mail;
    bool wanted = false, awaited = false;
    {
      std::unique_lock lock(mutex_);
      const auto has_work = [&] { return waiting_.has_value() || look_wanted_; };
      if (view_.answer == DeskView::Answer::awaited)
        news_.wait_for(lock, stop, kGlance, has_work);
      else
        news_.wait(lock, stop, has_work);
      mail = std::exchange(waiting_, std::nullopt);
      wanted = std::exchange(look_wanted_, false);
      awaited = view_.answer == DeskView::Answer::awaited;
    }
    if (stop.stop_requested()) return;
    try {
      if (mail)
        send_now(*std::move(mail), stop);
      else if (wanted)
        read_now(stop);
      else if (awaited)
        await_answer(stop);
    } catch (const std::exception& failure) {
      ports_.logger.log(LogLevel::error, "CE desk: " + clean_line(failure.what()));
      change([&](DeskView& view) {
        view.reading = false;
        if (view.sending == DeskView::Sending::waiting || view.sending == DeskView::Sending::under_way) {
          view.sending = DeskView::Sending::failed;
          view.send_error = make_error(Cause::internal, Step::none);
        } else {
          view.read_error = make_error(Cause::internal, Step::none);
        }
        if (view.answer == DeskView::Answer::awaited) view.answer = DeskView::Answer::given_up;
      });
    }
  }
}

void Desk::send_now(CommandMail mail, const std::stop_token& stop) {
  const auto at_step = [&](Step step) {
    change([&](DeskView& view) {
      view.sending = DeskView::Sending::under_way;
      view.step = step;
    });
  };
  at_step(Step::none);
  const auto failed = [&](Error error) {
    change([&](DeskView& view) {
      view.sending = DeskView::Sending::failed;
      view.send_error = std::move(error);
    });
  };
  auto made = composed(mail, account_, ports_);
  mail = {};
  if (!made) return failed(std::move(made).error());
  const std::string id = made->id;
  OneMail queue(std::move(*made));
  const Deadline deadline = Deadline{SteadyTime::max(), stop}.within(ports_.clock.steady_now(), kSessionTime);
  auto sender = ports_.servers->open_sender(account_.submission, "[127.0.0.1]", deadline, at_step);
  if (!sender) return failed(std::move(sender).error());
  at_step(Step::data);
  wrong_before_ = ports_.agent.status().wrong_passwords;
  const Status done = (*sender)->send(queue, deadline);
  const auto& outcome = queue.outcome();
  if (!outcome || outcome->kind != SendOutcome::Kind::sent) {
    Error error = !done ? done.error() : make_error(Cause::internal, Step::data);
    if (outcome && outcome->error) error = *outcome->error;
    return failed(std::move(error));
  }
  const SteadyTime now = ports_.clock.steady_now();
  poll_job_ = 0;
  next_poll_ = now;
  give_up_ = now + kPatience;
  change([&](DeskView& view) {
    sent_id_ = id;
    view.sending = DeskView::Sending::sent;
    view.answer = DeskView::Answer::awaited;
  });
}

void Desk::read_now(const std::stop_token& stop) {
  change([](DeskView& view) { view.reading = true; });
  const Deadline deadline = Deadline{SteadyTime::max(), stop}.within(ports_.clock.steady_now(), kSessionTime);
  auto mails = mailbox_.read(*ports_.servers, account_.mailbox, deadline, [](Step) {});
  change([&](DeskView& view) {
    view.reading = false;
    view.was_read = true;
    view.read_at = ports_.clock.steady_now();
    view.read_error.reset();
    if (!mails) {
      view.read_error = std::move(mails).error();
      return;
    }
    view.mails = std::make_shared<const std::vector<DeskMail>>(std::move(*mails));
    note_answers();
  });
}

void Desk::note_answers() {
  view_.answers.clear();
  if (sent_id_.empty()) return;
  for (const DeskMail& mail : *view_.mails) {
    if (std::ranges::find(mail.references, sent_id_) != mail.references.end())
      view_.answers.insert(view_.answers.begin(), mail.number);
  }
  if (view_.answer == DeskView::Answer::awaited && view_.answers.size() >= view_.expected)
    view_.answer = DeskView::Answer::arrived;
}

// One small step: a poll is asked for, or looked after; when it is done the mailbox tells what it has brought. Behind the
// first answer the copier has done its part; the others come as fast as mail servers pass them on.
void Desk::await_answer(const std::stop_token& stop) {
  const SteadyTime now = ports_.clock.steady_now();
  if (poll_job_ == 0) {
    if (now >= give_up_) return change([](DeskView& view) { view.answer = DeskView::Answer::given_up; });
    if (now < next_poll_) return;
    next_poll_ = now + kBetweenPolls;
    if (!view().answers.empty()) return read_now(stop);
    poll_job_ = ports_.agent.request({});
    return;
  }
  const auto progress = ports_.agent.progress(poll_job_);
  if (progress && !progress->done && now < give_up_) return;
  poll_job_ = 0;
  next_poll_ = now + kBetweenPolls;
  if (progress && progress->done) {
    // A poll of the copier's own may have been quicker than ours.
    const bool wrong = ports_.agent.status().wrong_passwords > wrong_before_;
    change([&](DeskView& view) {
      view.poll_state = progress->report.state;
      view.poll_error = progress->report.error ? progress->report.error : progress->error;
      view.illegal |= wrong || progress->report.illegal > 0;
      view.reading = true;  // as it follows
    });
  }
  read_now(stop);
}

}  // namespace remotemail::web
