// The program itself: one owner of the state, commands handed to it, signals.
#include <arpa/inet.h>
#include <doctest/doctest.h>
#include <fcntl.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <csignal>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <thread>

#include "apps/temporary_folder.hpp"

namespace {

using namespace std::chrono_literals;

// A remotemaild whose output goes to a file of the folder.
class Process {
 public:
  Process(const TemporaryFolder& folder, std::vector<std::string> words, const std::string& log) {
    words.insert(words.begin(), {REMOTEMAILD, "--state", folder.path + "/state"});
    pid_ = ::fork();
    if (pid_ == 0) {
      const int file = ::open((folder.path + "/" + log).c_str(), O_WRONLY | O_CREAT | O_TRUNC, 0600);
      ::dup2(file, 1);
      ::dup2(file, 2);
      std::vector<char*> arguments;
      for (std::string& word : words) arguments.push_back(word.data());
      arguments.push_back(nullptr);
      ::execv(REMOTEMAILD, arguments.data());
      ::_exit(127);
    }
  }
  ~Process() {
    if (pid_ <= 0) return;
    ::kill(pid_, SIGKILL);
    (void)wait();
  }
  void signal(int number) const { ::kill(pid_, number); }
  int wait() {
    int status = 0;
    ::waitpid(pid_, &status, 0);
    pid_ = -1;
    return WIFEXITED(status) ? WEXITSTATUS(status) : -WTERMSIG(status);
  }

 private:
  pid_t pid_;
};

int run(const TemporaryFolder& folder, std::vector<std::string> words) {
  return Process(folder, std::move(words), "out").wait();
}

bool appears(const TemporaryFolder& folder, const std::string& log, std::string_view part) {
  for (int i = 0; i < 600; ++i) {  // a minute at most; a test that waits for an event, no test of time
    if (folder.read(log).find(part) != std::string::npos) return true;
    std::this_thread::sleep_for(100ms);
  }
  return false;
}

}  // namespace

TEST_CASE("process: a second run on the same state ends with 75 and says why [fault 79]") {
  TemporaryFolder folder;
  Process first(folder, {"run"}, "log");
  REQUIRE(appears(folder, "log", "ready"));
  CHECK(run(folder, {"run"}) == 75);
  CHECK(folder.read("out").find("another instance is running") != std::string::npos);
}

TEST_CASE("process: commands beside the service are carried out by it, with its output and exit status") {
  TemporaryFolder folder;
  Process service(folder, {"run"}, "log");
  REQUIRE(appears(folder, "log", "ready"));
  CHECK(run(folder, {"settings", "set", "reception.nickname=2nd-floor"}) == 0);
  CHECK(run(folder, {"settings", "get", "reception.nickname"}) == 0);
  CHECK(folder.read("out") == "2nd-floor\n");
  CHECK(run(folder, {"settings", "set", "reception.interval=0"}) == 2);
  CHECK(folder.read("out").find("reception.interval") != std::string::npos);
  CHECK(run(folder, {"poll"}) == 3);
  CHECK(run(folder, {"list", "COUNTER"}) == 0);
  CHECK(folder.read("out").find("Counter list") != std::string::npos);
  CHECK(run(folder, {"list"}) == 0);
  CHECK(folder.read("out").find("COUNTER      C         Counter list\n") != std::string::npos);
  CHECK(run(folder, {"list", "--all"}) == 0);
  CHECK(folder.read("out").find("\nCounter list\n") != std::string::npos);
  CHECK(run(folder, {"panel", "copy", "3"}) == 0);
  CHECK(run(folder, {"status"}) == 0);
  CHECK(folder.read("out").find("idle") != std::string::npos);
  service.signal(SIGTERM);
  CHECK(service.wait() == 0);
  // What was set is there without the service too.
  CHECK(run(folder, {"settings", "get", "reception.nickname"}) == 0);
  CHECK(folder.read("out") == "2nd-floor\n");
  CHECK(run(folder, {"status"}) == 0);
  CHECK(folder.read("out").find("not running") != std::string::npos);
}

TEST_CASE("process: SIGHUP reads the configuration again, SIGTERM and SIGINT end in good order [fault 74]") {
  TemporaryFolder folder;
  const std::string config = folder.write("c.ini", "[log]\nlevel=notice\n");
  Process service(folder, {"--config", config, "run"}, "log");
  REQUIRE(appears(folder, "log", "ready"));
  service.signal(SIGHUP);
  CHECK(appears(folder, "log", "read again"));
  folder.write("c.ini", "[log]\nlevel=loud\n");
  service.signal(SIGHUP);
  CHECK(appears(folder, "log", "stays as it was"));
  service.signal(SIGINT);
  CHECK(service.wait() == 0);
  CHECK(folder.read("log").find("stopped") != std::string::npos);
}

namespace {

// What a service says to systemd: the other end of $NOTIFY_SOCKET, which the next Process inherits.
class NotifySocket {
 public:
  explicit NotifySocket(const TemporaryFolder& folder) {
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    const std::string path = folder.path + "/notify";
    REQUIRE(path.size() < sizeof address.sun_path);
    path.copy(address.sun_path, path.size());
    socket_ = ::socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    REQUIRE(::bind(socket_, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0);
    const timeval patience{60, 0};
    ::setsockopt(socket_, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
    ::setenv("NOTIFY_SOCKET", path.c_str(), 1);
  }
  ~NotifySocket() {
    ::unsetenv("NOTIFY_SOCKET");
    ::close(socket_);
  }
  std::string told() const {
    char text[64] = {};
    return ::recv(socket_, text, sizeof text - 1, 0) > 0 ? std::string(text) : std::string("nothing");
  }

 private:
  int socket_;
};

}  // namespace

TEST_CASE("process: the service tells systemd when it is ready, reads again and stops") {
  TemporaryFolder folder;
  const NotifySocket systemd(folder);
  Process service(folder, {"run"}, "log");
  CHECK(systemd.told() == "READY=1");
  service.signal(SIGHUP);
  CHECK(systemd.told() == "RELOADING=1");
  CHECK(systemd.told() == "READY=1");
  service.signal(SIGTERM);
  CHECK(systemd.told() == "STOPPING=1");
  CHECK(service.wait() == 0);
}

TEST_CASE("process: a service with a watchdog says again and again that it lives, and still obeys") {
  TemporaryFolder folder;
  const NotifySocket systemd(folder);
  ::setenv("WATCHDOG_USEC", "200000", 1);
  Process service(folder, {"run"}, "log");
  ::unsetenv("WATCHDOG_USEC");
  CHECK(systemd.told() == "READY=1");
  for (int i = 0; i < 3; ++i) CHECK(systemd.told() == "WATCHDOG=1");
  CHECK(run(folder, {"status"}) == 0);
  service.signal(SIGTERM);
  std::string word = systemd.told();
  while (word == "WATCHDOG=1") word = systemd.told();
  CHECK(word == "STOPPING=1");
  CHECK(service.wait() == 0);
}

TEST_CASE("process: a killed service leaves nothing that hinders the next [fault 70]") {
  TemporaryFolder folder;
  {
    Process service(folder, {"run"}, "log");
    REQUIRE(appears(folder, "log", "ready"));
    service.signal(SIGKILL);
    CHECK(service.wait() == -SIGKILL);
  }
  Process service(folder, {"run"}, "second log");
  CHECK(appears(folder, "second log", "ready"));
  CHECK(run(folder, {"status"}) == 0);
}

TEST_CASE("process: wrong use ends with 2, help and version with 0") {
  TemporaryFolder folder;
  CHECK(run(folder, {}) == 2);
  CHECK(run(folder, {"bogus"}) == 2);
  CHECK(run(folder, {"settings", "set", "nonsense"}) == 2);
  CHECK(run(folder, {"--help"}) == 0);
  CHECK(run(folder, {"once", "--help"}) == 0);
  CHECK(folder.read("out").find("Usage: remotemaild once") != std::string::npos);
  CHECK(run(folder, {"--version"}) == 0);
}

TEST_CASE("process: a state that cannot be opened is one clear line, and stays as it is [R9, fault 80]") {
  TemporaryFolder folder;
  CHECK(run(folder, {"settings"}) == 0);
  const std::string damaged = "this is no database at all, but long enough to look like one to nobody";
  folder.write("state/state.db", damaged);
  CHECK(run(folder, {"run"}) == 1);
  CHECK(folder.read("out").find("state") != std::string::npos);
  CHECK(folder.read("state/state.db") == damaged);
}

TEST_CASE(
    "process: a state that was deleted is started anew, with a warning that says what that means [R9, fault 62]") {
  TemporaryFolder folder;
  CHECK(run(folder, {"settings", "set", "reception.nickname=2nd-floor"}) == 0);
  CHECK(folder.read("out").find("is gone") == std::string::npos);  // the first start of all is none
  REQUIRE(::unlink((folder.path + "/state/state.db").c_str()) == 0);
  {
    Process service(folder, {"run"}, "log");
    REQUIRE(appears(folder, "log", "ready"));
    service.signal(SIGTERM);
    CHECK(service.wait() == 0);
  }
  const std::string log = folder.read("log");
  CHECK(
      log.find("state.db is gone: all settings are at their defaults, and mails that are still on the server "
               "may be answered again; restore a backup") != std::string::npos);
  CHECK(run(folder, {"settings", "get", "reception.nickname"}) == 0);
  CHECK(folder.read("out") == "\n");
  Process again(folder, {"run"}, "log-of-another");
  REQUIRE(appears(folder, "log-of-another", "ready"));
  CHECK(folder.read("log-of-another").find("is gone") == std::string::npos);
}

TEST_CASE(
    "process: the manual page says what a server that deletes at RETR costs, and what a lost state [R1, fault 26, fault 62]") {
  std::ifstream file(std::string(REMOTEMAILD_DOCUMENTS) + "/remotemaild.8.in");
  const std::string page{std::istreambuf_iterator<char>(file), {}};
  CHECK(page.find("A POP3 server that deletes a mail as soon as it is fetched") != std::string::npos);
  CHECK(page.find("are\nanswered again") != std::string::npos);
}

namespace {

// "http://127.0.0.1:40123/" behind these words, the last time they were logged.
std::string logged_behind(const TemporaryFolder& folder, const std::string& log, const std::string& words) {
  const std::string text = folder.read(log);
  const auto at = text.rfind(words);
  if (at == std::string::npos) return {};
  return text.substr(at + words.size(), text.find('\n', at) - at - words.size());
}

// What the server at this address says to a GET of the main page, as far as one look brings it; empty: nobody is there.
std::string first_words_of(const std::string& address) {
  const auto colon = address.rfind(':');
  sockaddr_in there{};
  there.sin_family = AF_INET;
  there.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  there.sin_port = htons(static_cast<std::uint16_t>(std::stoi(address.substr(colon + 1))));
  const int descriptor = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  char words[16] = {};
  const std::string_view get = "GET / HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n";
  if (::connect(descriptor, reinterpret_cast<sockaddr*>(&there), sizeof there) == 0 &&
      ::write(descriptor, get.data(), get.size()) > 0) {
    (void)!::recv(descriptor, words, 12, MSG_WAITALL);
  }
  ::close(descriptor);
  return words;
}

constexpr const char* kPagesAt = "the pages are at ";

}  // namespace

TEST_CASE("process: the pages are where the configuration says, and a SIGHUP moves, keeps or closes them") {
  TemporaryFolder folder;
  const std::string file = folder.write("c.ini", "[web]\nlisten = 127.0.0.1:0\n");
  Process service(folder, {"--config", file, "run"}, "log");
  REQUIRE(appears(folder, "log", "ready"));
  REQUIRE(appears(folder, "log", kPagesAt));
  const std::string first = logged_behind(folder, "log", kPagesAt);
  CHECK(first.rfind("http://127.0.0.1:", 0) == 0);
  CHECK(first_words_of(first) == "HTTP/1.1 200");

  folder.write("c.ini", "[web]\nlisten = 127.0.0.2:0\ntransport = http\nstylesheet = /none.css\n");
  service.signal(SIGHUP);
  REQUIRE(appears(folder, "log", "the pages stay as they were: "));
  CHECK(folder.read("log").find("[web] stylesheet: /none.css") != std::string::npos);
  CHECK(first_words_of(first) == "HTTP/1.1 200");

  folder.write("c.ini", "[web]\nlisten = 0.0.0.0:0\ntransport = http\n");
  service.signal(SIGHUP);
  REQUIRE(appears(folder, "log", "http://0.0.0.0:"));
  CHECK(first_words_of(logged_behind(folder, "log", kPagesAt)) == "HTTP/1.1 200");
  CHECK(first_words_of(first).empty());

  folder.write("c.ini", "[log]\nlevel = info\n");
  service.signal(SIGHUP);
  REQUIRE(appears(folder, "log", "the pages are closed"));
  service.signal(SIGTERM);
  CHECK(service.wait() == 0);
}

TEST_CASE("process: who only looks at a state that is not there is told so, and none is made [A22]") {
  TemporaryFolder folder;
  for (const char* command : {"status", "log", "outbox", "poll"}) {
    CAPTURE(command);
    CHECK(run(folder, {command}) == 1);
    CHECK(folder.read("out").find("/state: there is no such state; --state names another") !=
          std::string::npos);
  }
  CHECK(run(folder, {"backup", folder.path + "/copy"}) == 1);
  CHECK_FALSE(std::filesystem::exists(folder.path + "/state"));
  CHECK_FALSE(std::filesystem::exists(folder.path + "/copy"));
  CHECK(run(folder, {"settings", "list"}) == 0);
  CHECK(run(folder, {"status"}) == 0);
}

TEST_CASE("process: pages that cannot be opened are told with the cure, and mail goes on without them") {
  TemporaryFolder folder;
  const int taken = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in own{};
  own.sin_family = AF_INET;
  own.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof own;
  REQUIRE(::bind(taken, reinterpret_cast<sockaddr*>(&own), size) == 0);
  REQUIRE(::listen(taken, 1) == 0);
  REQUIRE(::getsockname(taken, reinterpret_cast<sockaddr*>(&own), &size) == 0);
  const std::string port = std::to_string(ntohs(own.sin_port));
  const std::string file = folder.write("c.ini", "[web]\nlisten = 127.0.0.1:" + port + "\n");
  Process service(folder, {"--config", file, "run"}, "log");
  REQUIRE(appears(folder, "log", "no pages: "));
  CHECK(folder.read("log").find("another program listens at port " + port + "; choose another port") !=
        std::string::npos);
  CHECK(run(folder, {"status"}) == 0);
  service.signal(SIGHUP);
  REQUIRE(appears(folder, "log", "the pages stay closed: "));
  ::close(taken);
  service.signal(SIGHUP);
  REQUIRE(appears(folder, "log", "127.0.0.1:" + port + "/"));
}

TEST_CASE("process: a CE desk that lacks something is told by the key's name") {
  TemporaryFolder folder;
  const std::string password = folder.write("password", "secret\n");
  const std::string file = folder.write("c.ini",
                                        "[web]\nlisten = 127.0.0.1:0\n[ce_desk]\naddress = ce@example.com\n"
                                        "server = imap.example.com\nuser = ce\npassword_file = " +
                                            password + "\n");
  Process service(folder, {"--config", file, "run"}, "log");
  REQUIRE(appears(folder, "log", "[ce_desk] smtp_server is missing"));
}
