#include "agent/whole_line.hpp"

#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>

#include "remotemail/core/password.hpp"
#include "remotemail/mail_store/sqlite_store.hpp"

namespace remotemail::testing {
namespace {

using namespace std::chrono_literals;
constexpr int kPatience = 20'000;  // ms, of a test with a host that hangs
constexpr std::size_t kReplies = 4;

const char* name_of(Dialogue dialogue) {
  return dialogue == Dialogue::pop3 ? "pop3" : dialogue == Dialogue::imap ? "imap" : "smtp";
}

bool is_fetch(Dialogue dialogue, const std::string& line) {
  if (dialogue == Dialogue::pop3) return line.starts_with("RETR ") || line.starts_with("TOP ");
  return dialogue == Dialogue::imap && line.find("BODY") != std::string::npos;  // sizes are fetched, too
}

bool is_removal(Dialogue dialogue, const std::string& line) {
  if (dialogue == Dialogue::pop3) return line.starts_with("DELE ");
  return dialogue == Dialogue::imap &&
         (line.find(" STORE ") != std::string::npos || line.find(" EXPUNGE") != std::string::npos);
}

bool readable(int socket) {
  pollfd waiting{socket, POLLIN, 0};
  return poll(&waiting, 1, kPatience) > 0;
}

// What a host adds in front of a mail on its way is not ours.
std::string own_part(const std::string& bytes) {
  const auto begin = bytes.find("Message-ID:");
  return begin == std::string::npos ? bytes : bytes.substr(begin);
}

Mail parsed(const std::string& bytes) {
  return parse_mail({{"test", "1"}, bytes.size(), bytes, true});
}

std::string timeless(const std::string& text) {
  std::string kept;
  for (const auto line : split(std::string_view(text), '\n')) {
    if (!line.starts_with("Mail is fetched every")) kept.append(line).append("\n");
  }
  return kept;
}

std::string shortened(std::string text) {
  std::replace(text.begin(), text.end(), '\n', '/');
  return text.substr(0, 300);
}

}  // namespace

std::string describe(const CutPlace& place) {
  return std::string(name_of(place.dialogue)) + " connection " + std::to_string(place.connection) +
         (place.way == Way::said ? ", what we say" : ", what the server says") + " cut behind line " +
         std::to_string(place.line) + " and " + std::to_string(place.octet) + " octets" +
         (place.times > 1 ? ", " + std::to_string(place.times) + " times" : "") +
         (place.silent ? ", silent" : "");
}

class CuttingConnector::Line final : public Stream {
 public:
  Line(CuttingConnector& owner, int socket, Dialogue dialogue, unsigned number)
      : owner_(owner), socket_(socket), number_(number), passed_(std::make_shared<Passed>()) {
    passed_->dialogue = dialogue;
    owner.passed_.push_back(passed_);
  }
  ~Line() override { hang_up(); }

  Result<std::size_t> read(std::span<char> out, const Deadline& deadline) override {
    if (dead_ || is_cut_here(Way::heard)) return end(deadline);
    if (!readable(socket_)) return make_error(Cause::timed_out, Step::none, "the host hangs", Retry::later);
    const ssize_t got = recv(socket_, out.data(), out.size(), 0);
    if (got < 0) return make_error(Cause::connection_lost, Step::none, {}, Retry::later);
    std::size_t passing = 0;
    while (passing < static_cast<std::size_t>(got) && (passing == 0 || !is_cut_here(Way::heard)))
      pass(Way::heard, out[passing++]);
    if (passing < static_cast<std::size_t>(got)) dead_ = true, cut();
    return passing;
  }

  Status write(std::string_view bytes, const Deadline& deadline) override {
    if (dead_) return end(deadline);
    std::size_t passing = 0;
    while (passing < bytes.size() && !is_cut_here(Way::said)) pass(Way::said, bytes[passing++]);
    for (std::size_t sent = 0; sent < passing;) {
      const ssize_t each = send(socket_, bytes.data() + sent, passing - sent, MSG_NOSIGNAL);
      if (each <= 0) return make_error(Cause::connection_lost, Step::none, {}, Retry::later);
      sent += static_cast<std::size_t>(each);
    }
    if (passing < bytes.size()) return end(deadline);
    return {};
  }

  Status start_tls(const TlsPolicy&, const Deadline&) override {
    return make_error(Cause::tls_not_offered, Step::none, {}, Retry::later);
  }

 private:
  bool is_cut_here(Way way) const {
    const auto& place = owner_.place_;
    if (!place || place->way != way || place->dialogue != passed_->dialogue || number_ < place->connection ||
        number_ >= place->connection + place->times)
      return false;
    const bool said = way == Way::said;
    return (said ? passed_->said : passed_->heard).size() - (part_of(way) > 0 ? 1 : 0) == place->line &&
           part_of(way) == place->octet;
  }
  std::size_t& part_of(Way way) { return way == Way::said ? passed_->said_part : passed_->heard_part; }
  std::size_t part_of(Way way) const { return way == Way::said ? passed_->said_part : passed_->heard_part; }

  void pass(Way way, char octet) {
    auto& lines = way == Way::said ? passed_->said : passed_->heard;
    std::size_t& part = part_of(way);
    if (part == 0) lines.emplace_back();
    lines.back() += octet;
    ++part;
    if (octet != '\n') return;
    part = 0;
    const std::string& line = lines.back();
    if (way == Way::said && passed_->heard_before_fetch == 0 && is_fetch(passed_->dialogue, line))
      passed_->heard_before_fetch = passed_->heard.size();
    if (passed_->dialogue != Dialogue::smtp) return;
    if (way == Way::heard) {
      if (dot_pending_) passed_->answers.insert(lines.size() - 1);
      dot_pending_ = false;
      in_body_ = in_body_ || line.starts_with("354");
    } else if (in_body_) {
      dot_pending_ = line == ".\r\n";
      in_body_ = !dot_pending_;
      (dot_pending_ ? passed_->dots : passed_->body).insert(lines.size() - 1);
    }
  }

  void cut() {
    ++owner_.cuts_;
    if (dot_pending_) ++owner_.doubts_;
    if (owner_.on_cut) owner_.on_cut();
  }
  Error end(const Deadline& deadline) {
    if (!dead_) cut();
    dead_ = true;
    if (owner_.place_ && owner_.place_->silent && deadline.at != SteadyTime::max()) {
      owner_.clock_.sleep_until(deadline.at, {});
      return make_error(Cause::timed_out, Step::none, "as planned", Retry::later);
    }
    return make_error(Cause::connection_lost, Step::none, "as planned", Retry::later);
  }

  // The host has done what it was told when it closes, so that the next session meets all of it.
  void hang_up() {
    shutdown(socket_, SHUT_WR);
    char waste[4096];
    while (readable(socket_) && recv(socket_, waste, sizeof waste, 0) > 0) {
    }
    close(socket_);
  }

  CuttingConnector& owner_;
  const int socket_;
  const unsigned number_;
  std::shared_ptr<Passed> passed_;
  bool dead_ = false, in_body_ = false, dot_pending_ = false;
};

Result<std::unique_ptr<Stream>> CuttingConnector::connect(const std::string&, std::uint16_t port,
                                                          const std::string&, const Deadline&) {
  if (unreachable) return make_error(Cause::connection_refused, Step::connect, "as planned", Retry::later);
  const Dialogue dialogue = port == ports_.pop3   ? Dialogue::pop3
                            : port == ports_.imap ? Dialogue::imap
                                                  : Dialogue::smtp;
  const int made = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  address.sin_port = htons(port);
  if (made < 0 || ::connect(made, reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0) {
    if (made >= 0) close(made);
    return make_error(Cause::connection_refused, Step::connect, "the mail host", Retry::later);
  }
  const int on = 1;
  setsockopt(made, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);  // the final dot is a write of its own
  const unsigned number = ++connections_[dialogue];
  try {
    return std::unique_ptr<Stream>(std::make_unique<Line>(*this, made, dialogue, number));
  } catch (const std::bad_alloc&) {
    close(made);
    throw;
  }
}

std::size_t CuttingConnector::fetches_and_removals() const {
  std::size_t found = 0;
  for (const auto& connection : passed_) {
    for (const std::string& line : connection->said) {
      found += is_fetch(connection->dialogue, line) || is_removal(connection->dialogue, line) ? 1U : 0U;
    }
  }
  return found;
}

Yard::Yard() {
  start();
}

void Yard::start() {
  MailHostOptions options;
  options.domain = "example.com";
  options.users = {{"copier", "mailbox-password"}, {"ce", "ce-password"}, {"manager", "manager-password"}};
  options.smtp_wants_login = true;
  options.pop3_tls = options.imap_tls = options.smtp_tls = MailHostOptions::Tls::none;
  options.implicit_tls = false;
  if (host_) options.ports = host_->ports();
  host_.reset();
  options.on_delivery = [this](const std::string& user, std::uint32_t, const std::string& bytes) {
    const std::lock_guard lock(mutex_);
    if (user != "copier") arrived_.emplace_back(user, bytes);
  };
  host_ = std::make_unique<MemoryMailHost>(std::move(options));
  if (const Status started = host_->start(); !started)
    throw std::runtime_error("the mail host does not start: " + remotemail::describe(started.error()));
}

void Yard::deliver(std::string bytes) {
  (void)host_->deliver("copier", std::move(bytes));
}

std::size_t Yard::waiting() const {
  return host_->mails("copier").size();
}

std::vector<std::string> Yard::arrived(const std::string& user) const {
  const std::lock_guard lock(mutex_);
  std::vector<std::string> found;
  for (const auto& [to, bytes] : arrived_) {
    if (to == user) found.push_back(bytes);
  }
  return found;
}

void Yard::clear() {
  // What one story has left is not the next one's; and a host keeps all it was ever sent, up to its limit.
  constexpr unsigned kStoriesOfOneHost = 500;
  if (waiting() > 0 || ++stories_ % kStoriesOfOneHost == 0) start();
  const std::lock_guard lock(mutex_);
  arrived_.clear();
}

WholeLine::WholeLine(Yard& yard, Dialogue spool, Keep keep)
    : connector(clock, yard.ports()), yard_(yard), spool_(spool), keep_(keep) {
  yard.clear();
  servers_ = make_mail_servers(connector, clock, random_);
  if (keep == Keep::disk) disk.boot({});
  if (const std::string trouble = open(); !trouble.empty()) {
    findings_.push_back(trouble);
    return;
  }
  SettingTexts texts = Line::usual_settings();
  const auto set = [&texts](const char* key, const std::string& value) {
    texts.insert_or_assign(key, Secret(value));
  };
  const MailHostPorts ports = yard.ports();
  set("reception.server", "127.0.0.1");
  set("reception.spool", spool == Dialogue::pop3 ? "pop3" : "imap");
  set("reception.security", "none");
  set("reception.port", std::to_string(spool == Dialogue::pop3 ? ports.pop3 : ports.imap));
  set("transmission.smtp_server", "127.0.0.1");
  set("transmission.smtp_security", "none");
  set("transmission.smtp_port", std::to_string(ports.smtp));
  set("transmission.smtp_user", "copier");
  set("transmission.smtp_password", "mailbox-password");
  if (!agent->apply(texts).ok()) findings_.emplace_back("the settings are refused");
}

WholeLine::~WholeLine() {
  agent.reset();
  store.reset();
}

std::string WholeLine::open() {
  if (keep_ == Keep::memory) {
    store = make_memory_store();
  } else {
    const bool real = keep_ == Keep::file;
    if (real && !folder_) folder_.emplace();
    const SqliteOptions options{real ? folder_->path + "/state.db" : "state.db", real ? "" : disk.name(), ""};
    const auto reopen = [this, options] { return open_sqlite_store(options, sealer_); };
    auto opened = reopen();
    if (!opened) return "the store does not open: " + remotemail::describe(opened.error());
    store = std::make_unique<GuardedStore>(std::move(*opened), reopen, clock);
  }
  auto opened = Agent::open({*servers_, *store, *store, device, parser_, authenticator_, formatter_, sealer_,
                             clock, random_, logger},
                            {"", HashCost{2, 1, 1}, {}});
  if (!opened) return "the agent does not start: " + remotemail::describe(opened.error());
  agent = std::move(*opened);
  return {};
}

std::string WholeLine::restart(PowerLossDisk::Unsynced mode) {
  return restart_on(disk.image(mode));
}

std::string WholeLine::restart_on(const PowerLossDisk::Image& medium) {
  agent.reset();
  store.reset();
  disk.boot(medium);
  return open();
}

void WholeLine::mail(const std::string& body, const std::string& subject) {
  TestMail made;
  made.body = body;
  made.subject = subject;
  made.message_id = std::to_string(++mails_made_) + "@example.com";
  yard_.deliver(made.bytes());
}

void WholeLine::tell_story() {
  told_ = true;
  mail("GetLog Counter\r\nHelp\r\n", "U-BIX");
  mail("buy\r\n", "great offers");
  mail("ChPass U-BIX Sitios\r\n", "U-BIX");
  mail("Help\r\n", "Sitios");
}

void WholeLine::step() {
  const SteadyTime due = agent->next_due();
  if (due > clock.steady_now() && due != SteadyTime::max()) {
    // An idle agent looks at the machine every 5 s; a busy loop may be late, and the story is over sooner.
    clock.advance(std::max<std::chrono::milliseconds>(
        std::chrono::ceil<std::chrono::milliseconds>(due - clock.steady_now()), 30s));
  }
  if (around_step) around_step(true);
  try {
    agent->step({});
  } catch (const std::exception& exception) {
    if (around_step) around_step(false);
    findings_.push_back(std::string("step() throws ") + exception.what());
    return;
  }
  if (around_step) around_step(false);
}

void WholeLine::finish() {
  constexpr int kSteps = 2000, kMore = 2;
  int more = kMore;
  for (int i = 0; i < kSteps && more > 0; ++i) {
    step();
    // Looked at now and then only: most steps look whether the machine is on.
    if (i > 60 && i % 20 != 0) continue;
    const auto left = agent->outbox();
    const bool all = !told_ || yard_.arrived("ce").size() >= kReplies;
    if (left && left->empty() && all && yard_.waiting() == 0) --more;
  }
  if (more > 0) findings_.emplace_back("it does not come to an end");
  clock.advance(1h);
  for (int i = 0; i < kMore; ++i) step();
}

LineEnding WholeLine::ending() {
  LineEnding end;
  std::map<std::string, std::string> by_id;
  copies_ = 0;
  untold_.clear();
  for (const std::string& bytes : yard_.arrived("ce")) {
    const Mail mail = parsed(bytes);
    const auto [earlier, fresh] = by_id.emplace(mail.message_id, own_part(bytes));
    if (!fresh) {
      ++copies_;
      untold_.insert(mail.message_id);
    }
    if (!fresh && earlier->second != own_part(bytes)) findings_.emplace_back("a copy differs from the mail");
    if (fresh) end.replies.insert(mail.subject + "\n" + timeless(mail.text));
  }
  const auto log = store->log(100);
  if (!log) findings_.push_back("the log cannot be read: " + remotemail::describe(log.error()));
  for (const LogRecord& line : log ? *log : std::vector<LogRecord>()) {
    if (line.detail.starts_with("an earlier attempt may have arrived too")) untold_.erase(line.message_id);
    for (unsigned i = 0; i < line.count; ++i)
      end.log.insert(std::string(words(line.result)) + " " + line.what + " " + line.other_side);
  }
  return end;
}

std::string WholeLine::password() {
  const auto stored = store->load_settings();
  if (!stored || !stored->contains("reception.ce_password")) return "not there";
  const PasswordHash hash{std::string(stored->at("reception.ce_password").text.reveal())};
  for (const char* each : {"U-BIX", "Sitios"}) {
    if (verify_password(hash, each)) return each;
  }
  return "neither of the two";
}

std::vector<std::string> WholeLine::check(const LineEnding& whole, unsigned doubts) {
  const LineEnding end = ending();
  std::multiset<std::string> missing = whole.replies;
  for (const std::string& text : end.replies) {
    if (const auto found = missing.find(text); found != missing.end())
      missing.erase(found);
    else
      findings_.push_back("executed anew, or otherwise: " + shortened(text));
  }
  for (const std::string& text : missing) findings_.push_back("lost: " + shortened(text));
  if (copies_ > doubts)
    findings_.push_back(std::to_string(copies_) + " copies, of which " + std::to_string(doubts) +
                        " in doubt");
  for (const std::string& id : untold_)
    findings_.push_back("the log tells nothing of the second copy of " + id);
  if (end.log != whole.log) {
    std::string lines;
    for (const std::string& line : end.log) lines += " | " + line;
    findings_.push_back("log:" + lines);
  }
  if (const std::size_t left = yard_.waiting(); left > 0)
    findings_.push_back(std::to_string(left) + " mails left on the server");
  const auto waiting = agent->outbox();
  if (!waiting || !waiting->empty()) findings_.emplace_back("replies still wait");
  if (told_ && password() != "Sitios") findings_.push_back("the password is " + password());
  if (agent->status().set_aside > 0) findings_.emplace_back("an innocent mail is set aside");
  if (!findings_.empty()) {
    for (const std::string& line : logger.lines) findings_.push_back("    said: " + shortened(line));
  }
  return findings_;
}

}  // namespace remotemail::testing
