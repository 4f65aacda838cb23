// Pages a second and how long one takes, for 16 clients at a time beside polls that never pause; and polls a second beside
// these clients.
#include <algorithm>
#include <atomic>
#include <optional>
#include <thread>
#include <tuple>
#include <vector>

#include "bench_agent.hpp"
#include "measure.hpp"
#include "remotemail/mail_store/memory_store.hpp"
#include "remotemail/web/web_pages.hpp"
#include "web/web_client.hpp"

using namespace remotemail;

namespace {

constexpr int kClients = 16;
constexpr double kSeconds = 3;
constexpr const char* kAddresses[] = {"127.0.0.1", "127.0.0.2", "127.0.0.3",
                                      "127.0.0.4"};  // four connections each

double polls_until(bench::BenchAgent& agent, const std::atomic<bool>& done) {
  const double began = bench::wall_seconds();
  double polls = 0;
  for (; !done; ++polls) agent.answer(1, "GetLog Counter");
  return polls / (bench::wall_seconds() - began);
}

struct Measured {
  double pages = 0, median = 0, p99 = 0, polls = 0;  // a second; milliseconds
};

Measured measure(bench::BenchAgent& agent, std::uint16_t port, const char* path, bool keeps) {
  std::atomic<bool> done = false;
  std::vector<std::vector<double>> times(kClients);
  const std::string get = std::string("GET ") + path + " HTTP/1.1\r\nHost: localhost\r\n" +
                          (keeps ? "\r\n" : "Connection: close\r\n\r\n");
  std::vector<std::jthread> clients;
  for (int i = 0; i < kClients; ++i) {
    clients.emplace_back([&, i] {
      const char* const from = kAddresses[i % 4];
      std::optional<testing::WebClient> client;
      while (!done) {
        const double began = bench::wall_seconds();
        if (!client) client.emplace(port, from);
        client->send(get);
        const std::string page = client->read_to("</html>");
        if (!page.ends_with("</html>")) {  // the server made room for another one
          client.reset();
          continue;
        }
        times[static_cast<std::size_t>(i)].push_back((bench::wall_seconds() - began) * 1e3);
        if (page.find("Connection: close") != std::string::npos) client.reset();
      }
    });
  }
  Measured found;
  std::jthread end([&done] {
    std::this_thread::sleep_for(std::chrono::duration<double>(kSeconds));
    done = true;
  });
  found.polls = polls_until(agent, done);
  for (std::jthread& client : clients) client.join();
  std::vector<double> all;
  for (const auto& some : times) all.insert(all.end(), some.begin(), some.end());
  std::sort(all.begin(), all.end());
  if (all.empty()) bench::give_up(make_error(Cause::internal, Step::none, "no page was answered"));
  found.pages = static_cast<double>(all.size()) / kSeconds;
  found.median = all[all.size() / 2];
  found.p99 = all[all.size() * 99 / 100];
  return found;
}

}  // namespace

int main() {
  const auto store = make_memory_store();
  bench::BenchAgent agent(*store);
  const SystemClock clock;
  SystemRandom random;
  bench::QuietLogger logger;
  WebOptions options;
  options.listen = "127.0.0.1:0";
  auto pages = WebPages::open({*agent.agent, clock, random, logger, nullptr, nullptr, nullptr}, options);
  if (!pages) bench::give_up(pages.error());

  std::atomic<bool> done = false;
  std::jthread end([&done] {
    std::this_thread::sleep_for(std::chrono::duration<double>(kSeconds));
    done = true;
  });
  const double alone = polls_until(agent, done);
  std::printf("%-44s %10s %10s %10s %12s\n", "16 clients", "pages/s", "median ms", "p99 ms", "polls/s");
  std::printf("%-44s %10s %10s %10s %12.0f\n", "none", "-", "-", "-", alone);
  for (const auto& [name, path, keeps] : {std::tuple{"main page, kept connections", "/", true},
                                          std::tuple{"main page, a connection each", "/", false},
                                          std::tuple{"log-in, kept connections", "/environment", true}}) {
    const Measured found = measure(agent, (*pages)->port(), path, keeps);
    std::printf("%-44s %10.0f %10.1f %10.1f %12.0f\n", name, found.pages, found.median, found.p99,
                found.polls);
    std::fflush(stdout);
  }
  return 0;
}
