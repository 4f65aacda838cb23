#include "remotemail/testing/memory_mail_host.hpp"

#include <fcntl.h>
#include <netinet/in.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <cerrno>
#include <fstream>
#include <list>
#include <thread>

#include "core/text.hpp"
#include "testing/mailhost/certificate.hpp"
#include "testing/mailhost/session.hpp"

namespace remotemail::testing {

using namespace mailhost;

namespace {

constexpr int kBacklog = 64;
constexpr std::string_view kCapabilities[] = {"UIDL",    "TOP",        "SASL",    "UIDPLUS", "MOVE",
                                              "SASL-IR", "IDLE",       "AUTH",    "PLAIN",   "LOGIN",
                                              "SIZE",    "PIPELINING", "8BITMIME"};

Error wrong(std::string what) {
  return make_error(Cause::invalid_value, Step::none, std::move(what), Retry::never);
}

Status check(const MailHostOptions& options) {
  for (const MailHostUser& user : options.users) {
    const bool good = !user.name.empty() && user.name.size() <= 64 && user.name.front() != '.' &&
                      std::ranges::all_of(user.name, [](char c) {
                        return is_alpha(c) || is_digit(c) || c == '.' || c == '_' || c == '-';
                      });
    if (!good)
      return wrong("user \"" + clean_line(user.name) + "\": a name has letters, digits, '.', '_' and '-'");
    if (user.password.empty() || user.password.find('\0') != std::string::npos)
      return wrong("user \"" + user.name + "\": wants a password");
    const auto same = [&](const MailHostUser& other) { return equal_ignoring_case(other.name, user.name); };
    if (std::ranges::count_if(options.users, same) > 1)
      return wrong("user \"" + user.name + "\" stands there twice");
  }
  if (options.domain.empty() || options.domain.find_first_of(" @<>\r\n") != std::string::npos)
    return wrong("domain \"" + clean_line(options.domain) + "\"");
  for (const std::string& word : options.lacks) {
    const auto same = [&](std::string_view known) { return equal_ignoring_case(known, word); };
    if (std::ranges::none_of(kCapabilities, same))
      return wrong("capability \"" + clean_line(word) + "\" is none that can be taken away");
  }
  return {};
}

// A socket that listens on loopback, or -1. Port 0 is replaced by the one chosen.
int listen_on(int family, std::uint16_t& port) {
  const int made = socket(family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
  if (made < 0) return -1;
  const int on = 1;
  setsockopt(made, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
  sockaddr_in v4{};
  sockaddr_in6 v6{};
  sockaddr* address = reinterpret_cast<sockaddr*>(&v4);
  socklen_t size = sizeof v4;
  if (family == AF_INET6) {
    setsockopt(made, IPPROTO_IPV6, IPV6_V6ONLY, &on, sizeof on);
    v6.sin6_family = AF_INET6;
    v6.sin6_addr = in6addr_loopback;
    v6.sin6_port = htons(port);
    address = reinterpret_cast<sockaddr*>(&v6);
    size = sizeof v6;
  } else {
    v4.sin_family = AF_INET;
    v4.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    v4.sin_port = htons(port);
  }
  if (bind(made, address, size) != 0 || listen(made, kBacklog) != 0 ||
      getsockname(made, address, &size) != 0) {
    close(made);
    return -1;
  }
  port = ntohs(family == AF_INET6 ? v6.sin6_port : v4.sin_port);
  return made;
}

}  // namespace

class MemoryMailHost::Server {
 public:
  Server(MailHostOptions options, std::vector<Fault> faults, Status flaw)
      : state_(std::move(options), std::move(faults)), flaw_(std::move(flaw)), ports_(state_.options.ports) {}
  ~Server() { stop(); }

  Status start();
  void stop();
  void disconnect_all();

  HostState& state() { return state_; }
  MailHostPorts ports() const { return ports_; }
  std::string ca() const { return tls_.ca_pem; }

 private:
  struct Listener {
    int socket;
    Service service;
    bool implicit_tls;
  };
  struct Connection {
    std::unique_ptr<Wire> wire;
    std::atomic<bool> over{false};
    std::thread thread;
  };

  Status open_listeners();
  void close_listeners();
  void accept_all();
  void take(const Listener&, int socket);
  void talk(Connection&, Service, bool implicit_tls, unsigned number);
  void reap(bool all);

  HostState state_;
  const Status flaw_;
  MailHostPorts ports_;
  ServerTls tls_;
  std::vector<Listener> listeners_;
  int wake_[2] = {-1, -1};
  std::thread acceptor_;
  std::mutex mutex_;  // guards connections_
  std::list<Connection> connections_;
  unsigned last_number_ = 0;  // the acceptor's own
};

Status MemoryMailHost::Server::open_listeners() {
  struct Wanted {
    Service service;
    bool implicit_tls;
    std::uint16_t& port;
    const char* name;
  };
  const Wanted all[] = {
      {Service::pop3, false, ports_.pop3, "pop3"}, {Service::pop3, true, ports_.pop3s, "pop3s"},
      {Service::imap, false, ports_.imap, "imap"}, {Service::imap, true, ports_.imaps, "imaps"},
      {Service::smtp, false, ports_.smtp, "smtp"}, {Service::smtp, true, ports_.smtps, "smtps"}};
  for (const Wanted& wanted : all) {
    if (wanted.implicit_tls && !state_.options.implicit_tls) {
      wanted.port = 0;
      continue;
    }
    const int v4 = listen_on(AF_INET, wanted.port);
    if (v4 < 0)
      return make_error(Cause::refused, Step::connect,
                        std::string(wanted.name) + ": port " + std::to_string(wanted.port) + " cannot be had",
                        Retry::after_setup_change);
    listeners_.push_back({v4, wanted.service, wanted.implicit_tls});
    // Clients that find ::1 for localhost first; they go on to 127.0.0.1 where this is missing.
    const int v6 = listen_on(AF_INET6, wanted.port);
    if (v6 >= 0) listeners_.push_back({v6, wanted.service, wanted.implicit_tls});
  }
  return {};
}

Status MemoryMailHost::Server::start() {
  if (!flaw_) return flaw_;
  if (acceptor_.joinable()) return {};
  if (Status good = check(state_.options); !good) return good;
  if (!tls_.context) {
    auto made = make_server_tls(state_.options.certificate);
    if (!made) return made.error();
    tls_ = std::move(*made);
  }
  Status opened = open_listeners();
  if (opened && pipe2(wake_, O_CLOEXEC) != 0)
    opened = make_error(Cause::internal, Step::none, "no pipe to be had");
  if (!opened) {
    close_listeners();
    return opened;
  }
  state_.set_stopping(false);
  acceptor_ = std::thread([this] { accept_all(); });
  return {};
}

void MemoryMailHost::Server::close_listeners() {
  for (const Listener& listener : listeners_) close(listener.socket);
  listeners_.clear();
  for (int& end : wake_) {
    if (end >= 0) close(end);
    end = -1;
  }
}

void MemoryMailHost::Server::stop() {
  if (!acceptor_.joinable()) return;
  state_.set_stopping(true);
  [[maybe_unused]] const auto written = ::write(wake_[1], "x", 1);
  acceptor_.join();
  disconnect_all();
  reap(true);
  close_listeners();
}

void MemoryMailHost::Server::disconnect_all() {
  const std::lock_guard lock(mutex_);
  for (Connection& connection : connections_) connection.wire->abort();
}

void MemoryMailHost::Server::reap(bool all) {
  std::list<Connection> over;
  {
    const std::lock_guard lock(mutex_);
    for (auto at = connections_.begin(); at != connections_.end();) {
      const auto next = std::next(at);
      if (all || at->over) over.splice(over.end(), connections_, at);
      at = next;
    }
  }
  for (Connection& connection : over) connection.thread.join();
}

void MemoryMailHost::Server::accept_all() {
  // Signals are for the program's own threads, and an answer to a client that has gone must not kill anybody
  // (SIGPIPE).
  sigset_t everything;
  sigfillset(&everything);
  pthread_sigmask(SIG_BLOCK, &everything, nullptr);
  std::vector<pollfd> entries{{wake_[0], POLLIN, 0}};
  for (const Listener& listener : listeners_) entries.push_back({listener.socket, POLLIN, 0});
  for (;;) {
    if (poll(entries.data(), entries.size(), -1) < 0) continue;
    if (entries[0].revents != 0) return;
    reap(false);
    for (std::size_t i = 0; i < listeners_.size(); ++i) {
      if (entries[i + 1].revents == 0) continue;
      const int taken = accept4(listeners_[i].socket, nullptr, nullptr, SOCK_CLOEXEC);
      if (taken >= 0) {
        take(listeners_[i], taken);
      } else if (errno == EMFILE || errno == ENFILE) {
        state_.wait(std::chrono::milliseconds(50));
      }
    }
  }
}

void MemoryMailHost::Server::take(const Listener& listener, int taken) {
  std::unique_lock lock(mutex_);
  if (connections_.size() >= state_.options.connection_limit) {
    lock.unlock();
    if (!listener.implicit_tls) {
      const std::string_view answer =
          listener.service == Service::pop3   ? "-ERR [SYS/TEMP] too many connections\r\n"
          : listener.service == Service::imap ? "* BYE too many connections\r\n"
                                              : "421 4.7.0 too many connections\r\n";
      send(taken, answer.data(), answer.size(), MSG_NOSIGNAL | MSG_DONTWAIT);
    }
    close(taken);
    state_.note_event(std::string(name(listener.service)) + " too many connections");
    return;
  }
  Connection& connection = connections_.emplace_back();
  connection.wire = std::make_unique<Wire>(taken, state_.options.idle_limit);
  const unsigned number = ++last_number_;
  connection.thread = std::thread([this, &connection, service = listener.service, tls = listener.implicit_tls,
                                   number] { talk(connection, service, tls, number); });
}

void MemoryMailHost::Server::talk(Connection& connection, Service service, bool implicit_tls,
                                  unsigned number) {
  state_.count_connection(service);
  if (!implicit_tls || connection.wire->start_tls(*tls_.context)) {
    const SessionPlace place{state_, *connection.wire, tls_.context.get(), number};
    const std::unique_ptr<Session> session = service == Service::pop3   ? make_pop3_session(place)
                                             : service == Service::imap ? make_imap_session(place)
                                                                        : make_smtp_session(place);
    session->run();
  } else {
    state_.note_event(std::string(name(service)) + " TLS failed");
  }
  connection.wire->cut();
  connection.over = true;
}

namespace {

// A host whose faults are wrong is made all the same, and says so at start().
Status parse_all(const std::vector<std::string>& texts, std::vector<Fault>& faults) {
  for (const std::string& text : texts) {
    auto fault = parse_fault(text);
    if (!fault) return fault.error();
    faults.push_back(std::move(*fault));
  }
  return {};
}

}  // namespace

MemoryMailHost::MemoryMailHost(MailHostOptions options) {
  std::vector<Fault> faults;
  Status flaw = parse_all(options.faults, faults);
  server_ = std::make_unique<Server>(std::move(options), std::move(faults), std::move(flaw));
}

MemoryMailHost::~MemoryMailHost() = default;

Status MemoryMailHost::start() {
  return server_->start();
}

void MemoryMailHost::stop() {
  server_->stop();
}

void MemoryMailHost::disconnect_all() {
  server_->disconnect_all();
}

MailHostPorts MemoryMailHost::ports() const {
  return server_->ports();
}

std::string MemoryMailHost::ca_certificate() const {
  return server_->ca();
}

Status MemoryMailHost::write_ca_file(const std::string& path) const {
  std::ofstream out(path, std::ios::binary | std::ios::trunc);
  out << server_->ca();
  out.close();
  if (!out) return wrong("cannot write " + path);
  return {};
}

Result<std::uint32_t> MemoryMailHost::deliver(std::string_view user, std::string bytes) {
  const auto known = server_->state().user_of_login(user);
  if (!known) return make_error(Cause::not_found, Step::none, "user " + clean_line(user), Retry::never);
  const auto uid = server_->state().deliver(*known, std::move(bytes));
  if (!uid) return make_error(Cause::store_full, Step::none, "the memory mail host", Retry::later);
  return *uid;
}

std::vector<HostedMail> MemoryMailHost::mails(std::string_view user, std::string_view folder) const {
  std::vector<HostedMail> found;
  const auto known = server_->state().user_of_login(user);
  if (!known) return found;
  server_->state().with_folder(*known, folder, [&](const Folder& kept) {
    for (const StoredMail& mail : kept.mails)
      found.push_back({mail.uid, *mail.bytes, (mail.flags & kSeen) != 0, (mail.flags & kDeleted) != 0});
  });
  return found;
}

bool MemoryMailHost::has_folder(std::string_view user, std::string_view folder) const {
  const auto known = server_->state().user_of_login(user);
  return known && server_->state().with_folder(*known, folder, [](const Folder&) {});
}

void MemoryMailHost::change_uidvalidity(std::string_view user) {
  const auto known = server_->state().user_of_login(user);
  if (known) server_->state().with_folder(*known, "INBOX", [](Folder& folder) { ++folder.uid_validity; });
}

std::vector<AcceptedMail> MemoryMailHost::accepted() const {
  return server_->state().accepted();
}

MailHostCounters MemoryMailHost::counters() const {
  return server_->state().counters();
}

std::vector<std::string> MemoryMailHost::dialogues() const {
  return server_->state().dialogues();
}

Status MemoryMailHost::add_fault(std::string_view text) {
  auto fault = parse_fault(text);
  if (!fault) return fault.error();
  server_->state().add_fault(std::move(*fault));
  return {};
}

void MemoryMailHost::clear_faults() {
  server_->state().clear_faults();
}

}  // namespace remotemail::testing
