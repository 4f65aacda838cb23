#include <doctest/doctest.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <atomic>
#include <filesystem>
#include <new>

#include "agent/line_fixture.hpp"
#include "remotemail/web/web_pages.hpp"
#include "web/web_client.hpp"

#if defined(__SANITIZE_THREAD__)
// Debian's Poco is not instrumented, so the thread sanitizer does not see the atomic count by which the last holder of a
// socket deletes it: to it that deletion, in the thread that accepts, comes too early. What Poco::Net itself calls is
// therefore not looked at (here the deletion); what it calls of ours, in that thread too, is. For this program alone.
extern "C" const char* __tsan_default_suppressions();
extern "C" const char* __tsan_default_suppressions() {  // NOLINT: the sanitizer's name
  return "called_from_lib:libPocoNet.so\n";
}
#endif

namespace remotemail::testing {
namespace {

const std::string kGet = "GET / HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n";

// A clock and a logger that run out of memory when they are told to.
struct Starved final : Clock, Logger {
  WallTime now() const override {
    if (starved) throw std::bad_alloc();
    return clock.now();
  }
  SteadyTime steady_now() const override { return clock.steady_now(); }
  void log(LogLevel, std::string_view) override {
    if (starved) throw std::bad_alloc();
  }
  SystemClock clock;
  std::atomic<bool> starved = false;
};

WebOptions any_port() {
  WebOptions options;
  options.listen = "127.0.0.1:0";
  return options;
}

}  // namespace

TEST_CASE(
    "web server: requests that run out of memory are told so, and cost their address no connection [Y5]") {
  Line line;
  Starved starved;
  auto pages = WebPages::open({*line.agent, starved, line.random, starved}, any_port());
  REQUIRE(pages);
  const std::uint16_t port = (*pages)->port();
  starved.starved = true;
  for (int i = 0; i < 10; ++i) CHECK(WebClient(port).ask(kGet).starts_with("HTTP/1.1 500 "));
  starved.starved = false;
  CHECK(WebClient(port).ask(kGet).starts_with("HTTP/1.1 200 "));
}

TEST_CASE("web server: where no thread can be started the pages say so, and the program goes on") {
  Line line;
  const SystemClock clock;
  const pid_t child = ::fork();
  REQUIRE(child >= 0);
  if (child == 0) {
    constexpr uid_t kNobody = 65'534;  // who is root has no limit
    const rlimit none{0, 0};
    if ((::geteuid() == 0 && ::setresuid(kNobody, kNobody, kNobody) != 0) ||
        ::setrlimit(RLIMIT_NPROC, &none) != 0)
      ::_exit(3);
    try {
      const auto pages = WebPages::open({*line.agent, clock, line.random, line.logger}, any_port());
      if (pages) ::_exit(3);
      ::_exit(pages.error().detail.find("no thread could be started") != std::string::npos ? 0 : 1);
    } catch (...) {
      ::_exit(2);
    }
  }
  int status = 0;
  REQUIRE(::waitpid(child, &status, 0) == child);
  REQUIRE(WIFEXITED(status));
  if (WEXITSTATUS(status) == 3) {
    MESSAGE("this system has no limit of threads to try");
    return;
  }
  CHECK(WEXITSTATUS(status) == 0);
}

TEST_CASE("web server: a certificate whose making was cut off is made anew with its key [Y5]") {
  const std::filesystem::path folder =
      std::filesystem::temp_directory_path() / ("remotemail-web-cut-" + std::to_string(::getpid()));
  std::filesystem::create_directory(folder);
  Line line;
  const SystemClock clock;
  WebOptions options = any_port();
  options.transport = WebOptions::Transport::https;
  options.state_directory = folder;
  const auto opens = [&] {
    return WebPages::open({*line.agent, clock, line.random, line.logger}, options).ok();
  };
  CHECK(opens());
  std::filesystem::remove(folder / "web-key.pem");
  std::filesystem::create_directory(folder / "web-certificate.pem.new");  // the certificate cannot be written
  CHECK_FALSE(opens());
  std::filesystem::remove(folder / "web-certificate.pem.new");
  CHECK(opens());
  std::filesystem::remove_all(folder);
}

}  // namespace remotemail::testing
