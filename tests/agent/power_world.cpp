#include "agent/power_world.hpp"

#include <algorithm>

#include "agent/long_list.hpp"
#include "remotemail/core/password.hpp"
#include "remotemail/mail_store/sqlite_store.hpp"

namespace remotemail::testing {
namespace {

using namespace std::chrono_literals;
constexpr auto kModes = {PowerLossDisk::Unsynced::lost, PowerLossDisk::Unsynced::kept,
                         PowerLossDisk::Unsynced::every_other, PowerLossDisk::Unsynced::torn};
constexpr const char* kModeWords[] = {"lost", "kept", "every other", "torn"};
constexpr HashCost kCheapHash{2, 1, 1};

// The same in every life, so that equal stories are equal byte by byte.
class SeededRandom final : public Random {
 public:
  void fill(std::span<std::byte> out) override {
    for (std::byte& each : out) each = static_cast<std::byte>(die_());
  }

 private:
  std::mt19937 die_{1};
};

std::string topic_of(const Mail& mail) {
  const auto bracket = mail.subject.find(" [");
  const auto part = mail.subject.rfind(" (");
  std::string topic = mail.subject.substr(0, bracket);
  if (bracket != std::string::npos && part != std::string::npos && part > bracket)
    topic += mail.subject.substr(part);
  return topic;
}

// A text without the lines that say when the copier last looked, and when it will again.
std::string timeless(const std::string& text) {
  std::string kept;
  for (const auto line : split(std::string_view(text), '\n')) {
    if (!line.starts_with("Mail is fetched every")) kept.append(line).append("\n");
  }
  return kept;
}

std::string one_line(std::string text) {
  std::replace(text.begin(), text.end(), '\n', '/');
  return text.substr(0, 400);
}

Mail parsed(const std::string& bytes) {
  return parse_mail({{"test", "1"}, bytes.size(), bytes, true});
}

}  // namespace

struct World::Copier {
  ManualClock clock;
  SeededRandom random;
  Sealer sealer{Secret(std::string(32, 'k')), random};
  std::unique_ptr<Store> store;
  MemoryMailServers servers;
  FakeDevice device{clock, [this](std::chrono::milliseconds time) { clock.advance(time); }};
  Line::MortalParser parser;
  SubjectAuthenticator authenticator;
  PlainTextFormatter formatter;
  LineLogger logger;
  std::unique_ptr<Agent> agent;

  std::string open(const std::string& disk) {
    auto opened_store = open_sqlite_store({"state.db", disk, ""}, sealer);
    if (!opened_store) return "the store does not open: " + describe(opened_store.error());
    store = std::move(*opened_store);
    auto opened = Agent::open(
        {servers, *store, *store, device, parser, authenticator, formatter, sealer, clock, random, logger},
        {"", kCheapHash, {}});
    if (!opened) return "the agent does not start: " + describe(opened.error());
    agent = std::move(*opened);
    return {};
  }
};

World::World(const Scenario& scenario) : scenario_(scenario) {
  disk_.watch([this](bool is_sync) { moment(is_sync); });
  disk_.boot({});
  start();
  SettingTexts texts = Line::usual_settings();
  for (const auto& [key, value] : scenario.settings) texts.insert_or_assign(key, Secret(value));
  if (!copier_->agent->apply(texts).ok()) complain("the settings are refused");
  while (outside_.step < scenario.prelude) scenario.steps[outside_.step++](*this);
  first_ = {disk_.image(PowerLossDisk::Unsynced::kept), outside_now(), 0, {}};
  whole_ = live(first_, false, Moments::all);
  check_end(first_, whole_, true);
}

World::~World() {
  copier_.reset();
}

void World::start() {
  copier_.reset();
  copier_ = std::make_unique<Copier>();
  copier_->clock.set_now(outside_.now);
  copier_->servers.mails = outside_.mails;
  copier_->servers.sent = outside_.sent;
  copier_->servers.name = outside_.mailbox;
  copier_->servers.size_limit = outside_.size_limit;
  copier_->servers.fault = [this](const std::string& event) { return network(event); };
  copier_->servers.send_outcome = [this](const OutgoingMail& mail) {
    SendOutcome outcome{SendOutcome::Kind::sent, false, "250 2.0.0 Ok: queued", {}};
    if (scenario_.server) outcome = scenario_.server(*this, mail);
    ++outside_.tries[mail.id];
    if (outcome.in_doubt) ++outside_.doubts[mail.id];
    return outcome;
  };
  copier_->device.set_state(outside_.device);
  if (outside_.list_rows > 0) copier_->device.set_list(long_list(outside_.list_rows));
  sent_before_ = outside_.sent.size();
  if (const std::string trouble = copier_->open(disk_.name()); !trouble.empty()) complain(trouble);
}

// What the servers hold lies in the copier's doubles while it lives.
Outside World::outside_now() const {
  Outside now = outside_;
  if (!copier_) return now;
  now.mails = copier_->servers.mails;
  now.sent = copier_->servers.sent;
  now.now = copier_->clock.now();
  return now;
}

std::optional<Error> World::network(const std::string& event) {
  moment(false);
  std::optional<Error> error;
  if (scenario_.fault) error = scenario_.fault(*this, event);
  ++outside_.asked[event.starts_with("open") ? event : event.substr(0, event.find(' '))];
  return error;
}

// The power might fail now: what the world would be then.
void World::moment(bool is_sync) {
  ++moment_;
  if (!forking_ || (moments_ == Moments::syncs && !is_sync)) return;
  if (scenario_.is_long && !is_sync && moments_ == Moments::most && moment_ % 3 != 0) return;
  for (const PowerLossDisk::Unsynced mode : kModes) {
    if (moments_ == Moments::most && mode == PowerLossDisk::Unsynced::every_other) continue;
    if (moments_ == Moments::syncs && mode != PowerLossDisk::Unsynced::lost &&
        mode != PowerLossDisk::Unsynced::kept)
      continue;
    ++figures_.cuts;
    const std::uint64_t sum = disk_.fingerprint(mode) ^ fingerprint();
    if (!seen_.insert(sum).second) continue;
    WorldState state{
        disk_.image(mode), outside_now(), told_->cuts + 1,
        told_->cut_at + "[" + std::to_string(moment_) + " " + kModeWords[static_cast<int>(mode)] + "]"};
    state.outside.now += 1min;  // a start takes its time, and what is done anew shows it
    // R1: the server has a mail whose confirmation was not noted yet.
    if (copier_ && state.outside.sent.size() > sent_before_) {
      std::size_t noted = 0;
      for (const std::string& line : copier_->logger.lines) noted += line.starts_with("sent ") ? 1U : 0U;
      if (noted < state.outside.sent.size() - sent_before_)
        ++state.outside.doubts[state.outside.sent.back().id];
    }
    forks_.push_back(std::move(state));
    ++figures_.states;
  }
}

std::uint64_t World::fingerprint() const {
  std::uint64_t sum = told_->cuts + 1;
  const auto add = [&sum](std::uint64_t word) {
    sum = (sum ^ word) * 0x9E37'79B9'7F4A'7C15;
    sum ^= sum >> 31;
  };
  add(outside_.step);
  const auto& mails = copier_ ? copier_->servers.mails : outside_.mails;
  for (const auto& [uid, bytes] : mails) add(uid);
  const auto& sent = copier_ ? copier_->servers.sent : outside_.sent;
  for (const OutgoingMail& mail : sent)
    add(std::hash<std::string>()(mail.id) + std::hash<std::string>()(mail.message));
  for (const auto& [id, count] : outside_.tries) add(std::hash<std::string>()(id) + count);
  for (const auto& [id, count] : outside_.doubts) add(std::hash<std::string>()(id) + 7 * count);
  for (const auto& [word, count] : outside_.asked) {
    if (scenario_.fault) add(std::hash<std::string>()(word) + count);
  }
  add(static_cast<std::uint64_t>(copier_ ? copier_->clock.now().time_since_epoch().count() : 0));
  return sum;
}

Ending World::live(const WorldState& state, bool fork, Moments moments) {
  ++figures_.lives;
  copier_.reset();  // which writes and deletes, and so comes before the medium is changed
  disk_.boot(state.disk);
  outside_ = state.outside;
  told_ = &state;
  moment_ = 0;
  moments_ = moments;
  forks_.clear();
  forking_ = fork;
  start();
  Ending end;
  if (copier_->agent) {
    check_start();
    while (outside_.step < scenario_.steps.size()) scenario_.steps[outside_.step++](*this);
    for (unsigned i = 0; i < scenario_.rounds; ++i) {
      disk_.reset_counters();
      const PollReport report = poll();
      const auto waiting = copier_->agent->outbox();
      if (disk_.counters().operations() == 0 && waiting && waiting->empty() && !report.error) break;
      pass(2h);
    }
    end = ending();
  }
  forking_ = false;
  return end;
}

void World::complain(const std::string& what) {
  constexpr std::size_t kEnough = 20;
  if (findings_.size() < kEnough)
    findings_.push_back(scenario_.name + " " + (told_ != nullptr ? " " + told_->cut_at : "") + ": " +
                        what.substr(0, 1200));
}

// A new password and its reply are one: both are there, or neither (F20).
void World::check_start() {
  const auto stored = copier_->store->load_settings();
  if (!stored) return complain("the settings cannot be read: " + describe(stored.error()));
  const auto found = stored->find("reception.ce_password");
  if (found == stored->end()) return complain("the CE password is gone");
  const PasswordHash hash{std::string(found->second.text.reveal())};
  std::size_t matching = 0;
  for (const std::string& password : scenario_.passwords)
    matching += verify_password(hash, password) ? 1U : 0U;
  if (matching != 1) complain("the CE password is none of those it ever was");
}

// What the Manager is told of, once a day, names times that a cut moves; manager_test.cpp looks at it.
Ending World::ending() {
  constexpr std::string_view kManager = "manager@example.com";
  Ending end;
  std::set<std::string> ids;
  for (const OutgoingMail& sent : copier_->servers.sent) {
    if (sent.recipient == kManager || !ids.insert(sent.id).second) continue;
    const Mail mail = parsed(sent.message);
    end.order.push_back(topic_of(mail));
    end.replies.insert(end.order.back() + " to " + sent.recipient + "\n" + timeless(mail.text));
  }
  const auto log = copier_->store->log(100);
  if (!log) complain("the log cannot be read: " + describe(log.error()));
  if (log) {
    for (const LogRecord& line : *log) {
      if (line.what.starts_with(kNoticeMark)) continue;
      // Illegal ones join in runs (C7), which an answered one between them ends.
      for (unsigned i = 0; i < line.count; ++i)
        end.log.insert(std::string(words(line.result)) + " " + line.what + " " + line.other_side);
    }
  }
  for (const auto& [uid, bytes] : copier_->servers.mails) end.left.insert(parsed(bytes).message_id);
  const auto waiting = copier_->store->outbox();
  if (waiting) {
    for (const OutboxEntry& entry : *waiting) {
      if (entry.mail.recipient != kManager) end.waiting.insert(entry.mail.id);
    }
  }
  const auto stored = copier_->store->load_settings();
  if (stored && stored->contains("reception.ce_password")) {
    const PasswordHash hash{std::string(stored->at("reception.ce_password").text.reveal())};
    for (std::size_t i = 0; i < scenario_.passwords.size(); ++i) {
      if (verify_password(hash, scenario_.passwords[i])) end.password = i + 1;
    }
  }
  return end;
}

void World::check_end(const WorldState& state, const Ending& end, bool reference) {
  const auto list = [](const auto& texts) {
    std::string all;
    for (const std::string& text : texts) all += (all.empty() ? "" : " | ") + text;
    return all;
  };
  // Copies: the same bytes, and no more than R1 allows.
  std::map<std::string, std::pair<std::string, unsigned>> copies;
  for (const OutgoingMail& sent : copier_ ? copier_->servers.sent : outside_.sent) {
    auto& [bytes, count] = copies[sent.id];
    if (count++ > 0) {
      ++figures_.copies;
      if (bytes != sent.message) complain("a copy differs from the mail");
    }
    bytes = sent.message;
  }
  for (const auto& [id, copy] : copies) {
    const auto doubt = outside_.doubts.find(id);
    if (copy.second > 1 + (doubt == outside_.doubts.end() ? 0 : doubt->second))
      complain(std::to_string(copy.second) + " copies of " + id + " without a doubt");
  }
  if (reference) {
    if (end.order != scenario_.sent) complain("sent: " + list(end.order));
    if (end.left.size() != scenario_.left) complain("left on the server: " + list(end.left));
    if (end.waiting.size() != scenario_.waiting) complain("waiting: " + list(end.waiting));
    if (end.password != scenario_.passwords.size()) complain("password " + std::to_string(end.password));
    return;
  }
  const auto logged_aside = std::count_if(end.log.begin(), end.log.end(), [](const std::string& line) {
    return line.starts_with(words(LogRecord::Result::set_aside));
  });
  const auto expected_aside = std::count_if(
      whole_.log.begin(), whole_.log.end(),
      [](const std::string& line) { return line.starts_with(words(LogRecord::Result::set_aside)); });
  // R5: three cuts look like a mail that brings the program down, which then waits on the server and is named.
  if (state.cuts + outside_.deaths >= 3 && logged_aside > expected_aside) {
    ++figures_.set_aside;
    // Unless it was answered: a server that numbers its mails anew gives it another chance.
    const bool answered =
        std::includes(end.replies.begin(), end.replies.end(), whole_.replies.begin(), whole_.replies.end());
    if (end.left.size() < static_cast<std::size_t>(logged_aside) && !answered) complain("a mail set aside is gone");
    return;
  }
  if (scenario_.order_matters && state.cuts >= 2 && end.replies.size() > whole_.replies.size() &&
      end.left == whole_.left && end.waiting == whole_.waiting && end.password == whole_.password)
    return;
  // By text: of two equal mails either may be the one that is answered.
  std::multiset<std::string> missing = whole_.replies;
  for (const std::string& text : end.replies) {
    if (const auto found = missing.find(text); found != missing.end())
      missing.erase(found);
    else
      complain("executed anew, or otherwise: " + one_line(text));
  }
  for (const std::string& text : missing) complain("lost: " + one_line(text));
  if (end.left != whole_.left) complain("left on the server: " + list(end.left));
  if (end.waiting != whole_.waiting) complain("waiting: " + list(end.waiting));
  if (end.password != whole_.password) complain("the password is number " + std::to_string(end.password));
  if (end.log != whole_.log) complain("log: " + list(end.log) + " instead of " + list(whole_.log));
}

std::vector<WorldState> World::children(const WorldState& state, Moments moments) {
  const Ending end = live(state, true, moments);
  if (state.cuts > 0) check_end(state, end, false);
  return std::move(forks_);
}

std::vector<std::string> World::explore(unsigned cuts, Moments moments) {
  std::vector<WorldState> level = children(first_, moments);
  if (cuts == 1) {
    for (const WorldState& state : level) check_end(state, live(state, false, moments), false);
    return findings_;
  }
  for (const WorldState& state : level) {
    for (const WorldState& second : children(state, moments))
      check_end(second, live(second, false, moments), false);
  }
  return findings_;
}

std::size_t World::wander(unsigned cuts, std::size_t width, std::mt19937_64& die) {
  std::optional<WorldState> state = first_;
  for (unsigned i = 1; i < cuts && state; ++i) {
    seen_.clear();
    std::vector<WorldState> forks = children(*state, Moments::all);
    state.reset();
    if (!forks.empty()) state = std::move(forks[die() % forks.size()]);
  }
  if (!state) return 0;
  seen_.clear();
  std::vector<WorldState> forks = children(*state, Moments::all);
  std::shuffle(forks.begin(), forks.end(), die);
  if (forks.size() > width) forks.resize(width);
  for (const WorldState& last : forks) check_end(last, live(last, false, Moments::all), false);
  return forks.size();
}

void World::mail(std::string body, std::string subject, std::string extra, std::string message_id) {
  TestMail made;
  made.body = std::move(body);
  made.subject = std::move(subject);
  made.extra = std::move(extra);
  made.message_id =
      message_id.empty() ? std::to_string(++outside_.mails_made) + "@example.com" : std::move(message_id);
  put(made.bytes());
}

void World::put(std::string bytes) {
  copier_->servers.mails[++outside_.last_uid] = std::move(bytes);
}

PollReport World::poll() {
  try {
    return copier_->agent->perform({}, {}).report;
  } catch (const std::runtime_error&) {  // the program died of a mail
    ++outside_.deaths;
    restart();
    return {};
  }
}

void World::pass(std::chrono::milliseconds time) {
  copier_->clock.advance(time);
}

ApplyReport World::set(const std::string& key, const std::string& value) {
  SettingTexts texts;
  texts.emplace(key, Secret(value));
  return copier_->agent->apply(texts);
}

void World::turn(DeviceState state) {
  outside_.device = state;
  copier_->device.set_state(state);
}

void World::restart() {
  outside_ = outside_now();
  const bool forking = std::exchange(forking_, false);
  const PowerLossDisk::Image left = disk_.image(PowerLossDisk::Unsynced::kept);
  copier_.reset();
  disk_.boot(left);
  forking_ = forking;
  start();
}

void World::make_replies_long(std::size_t rows, std::uint64_t size_limit) {
  outside_.list_rows = rows;
  outside_.size_limit = size_limit;
  copier_->device.set_list(long_list(rows));
  copier_->servers.size_limit = size_limit;
}

void World::empty_mailbox() {
  copier_->servers.mails.clear();
}

void World::renumber() {
  outside_.mailbox = "memory copier@localhost 2";
  copier_->servers.name = outside_.mailbox;
  const auto mails = std::exchange(copier_->servers.mails, {});
  for (const auto& [uid, bytes] : mails) put(bytes);
}

void World::reuse_uids() {
  outside_.last_uid = 0;
}

void World::drop_replies() {
  const auto waiting = copier_->agent->outbox();
  if (!waiting) return complain("the outbox cannot be read");
  for (const OutboxEntry& entry : *waiting) {
    JobRequest request;
    request.kind = JobRequest::Kind::drop;
    request.id = entry.mail.id;
    copier_->agent->perform(request, {});
  }
}

std::string World::first_sent_id() const {
  return copier_->servers.sent.empty() ? std::string() : copier_->servers.sent.front().id;
}

Agent& World::agent() {
  return *copier_->agent;
}
unsigned World::tries(const OutgoingMail& mail) const {
  const auto found = outside_.tries.find(mail.id);
  return found == outside_.tries.end() ? 0 : found->second;
}

}  // namespace remotemail::testing
