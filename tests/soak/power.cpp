// All pairs of power cuts, and random triples, of every story of tests/agent/power_scenarios.cpp (R1).
//
//   soak_power pairs [--seconds N] [--part I/N]      every moment, every way, twice
//   soak_power triples [--seconds N] [--seed S]      random ones until the time is over
//
// Prints what was cut and how many states came of it; exits with 1 when R1 was broken.
#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <cstring>

#include "agent/power_world.hpp"

namespace {

using remotemail::testing::Figures;
using remotemail::testing::Scenario;
using remotemail::testing::scenarios;
using remotemail::testing::World;
using Clock = std::chrono::steady_clock;

struct Options {
  std::string what;
  std::chrono::seconds time{600};
  std::uint64_t seed = 1;
  std::size_t part = 0, parts = 1;
};

std::size_t report(const std::vector<std::string>& findings) {
  for (const std::string& finding : findings) std::printf("BROKEN %s\n", finding.c_str());
  std::fflush(stdout);
  return findings.size();
}

std::size_t pairs(const Options& options, Figures& figures, std::size_t& told) {
  std::size_t broken = 0;
  const auto until = Clock::now() + options.time;
  for (std::size_t i = options.part; i < scenarios().size() && Clock::now() < until; i += options.parts) {
    World world(scenarios()[i]);
    broken += report(world.explore(2, World::Moments::all));
    const Figures& each = world.figures();
    std::printf("%-45s %9llu cuts %8llu states\n", scenarios()[i].name.c_str(),
                static_cast<unsigned long long>(each.cuts), static_cast<unsigned long long>(each.states));
    std::fflush(stdout);
    figures += each;
    ++told;
  }
  return broken;
}

std::size_t triples(const Options& options, Figures& figures, std::size_t& told) {
  constexpr std::size_t kOfOnePath = 100;  // last cuts behind the same two
  std::size_t broken = 0;
  std::mt19937_64 die(options.seed);
  const auto until = Clock::now() + options.time;
  while (Clock::now() < until) {
    World world(scenarios()[die() % scenarios().size()]);
    for (int i = 0; i < 5 && Clock::now() < until; ++i) told += world.wander(3, kOfOnePath, die);
    broken += report(world.findings());
    figures += world.figures();
  }
  return broken;
}

}  // namespace

int main(int count, char** words) {
  Options options;
  if (count > 1) options.what = words[1];
  for (int i = 2; i + 1 < count; i += 2) {
    const std::string word = words[i];
    char* rest = nullptr;
    const std::uint64_t number = std::strtoull(words[i + 1], &rest, 10);
    if (word == "--seconds") options.time = std::chrono::seconds(number);
    if (word == "--seed") options.seed = number;
    if (word == "--part" && *rest == '/') {
      options.part = number;
      options.parts = std::max<std::size_t>(1, std::strtoull(rest + 1, nullptr, 10));
    }
  }
  if (options.what != "pairs" && options.what != "triples") {
    std::fprintf(stderr, "soak_power pairs|triples [--seconds N] [--seed S] [--part I/N]\n");
    return 2;
  }
  Figures figures;
  std::size_t told = 0;
  const auto began = Clock::now();
  const std::size_t broken =
      options.what == "pairs" ? pairs(options, figures, told) : triples(options, figures, told);
  const auto took = std::chrono::duration_cast<std::chrono::seconds>(Clock::now() - began);
  const auto print = [](const char* name, std::uint64_t value) {
    std::printf("%-40s %12llu\n", name, static_cast<unsigned long long>(value));
  };
  print(options.what == "pairs" ? "stories" : "triples told to the end", told);
  print("cuts (moment x what becomes of unsynced)", figures.cuts);
  print("different worlds they left", figures.states);
  print("lives of the program", figures.lives);
  print("identical second copies, all in doubt", figures.copies);
  print("mails set aside after a third cut", figures.set_aside);
  print("R1 broken", broken);
  print("seconds", static_cast<std::uint64_t>(took.count()));
  return broken == 0 ? 0 : 1;
}
