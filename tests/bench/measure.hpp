// Plain chrono loops: a piece of work is repeated for a while, several times; the median counts.
#pragma once

#include <time.h>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <fstream>
#include <string>
#include <vector>

namespace remotemail::bench {

inline double cpu_seconds() {
  timespec now{};
  ::clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
  return static_cast<double>(now.tv_sec) + static_cast<double>(now.tv_nsec) * 1e-9;
}

inline double wall_seconds() {
  return std::chrono::duration<double>(std::chrono::steady_clock::now().time_since_epoch()).count();
}

inline double median(std::vector<double> values) {
  std::sort(values.begin(), values.end());
  return values.empty() ? 0 : values[values.size() / 2];
}

struct Rate {
  double cpu = 0,
         wall = 0;  // a second of processor time, which a busy machine does not falsify, and of the wall's
};

// How often a second `work`, which counts for `each`, can be done.
template <typename Work>
Rate median_rate(const Work& work, std::size_t each = 1) {
  constexpr int kRepetitions = 7;
  constexpr double kSeconds = 0.25;
  std::vector<double> cpu, wall;
  for (int i = -1; i < kRepetitions; ++i) {  // the first warms up
    const double cpu_began = cpu_seconds(), began = wall_seconds();
    std::size_t count = 0;
    do {
      work();
      count += each;
    } while (wall_seconds() - began < kSeconds);
    if (i < 0) continue;
    cpu.push_back(static_cast<double>(count) / (cpu_seconds() - cpu_began));
    wall.push_back(static_cast<double>(count) / (wall_seconds() - began));
  }
  return {median(cpu), median(wall)};
}

template <typename Work>
void rate(const std::string& name, const Work& work, std::size_t each = 1) {
  const Rate found = median_rate(work, each);
  std::printf("%-44s %12.0f %12.0f\n", name.c_str(), found.cpu, found.wall);
  std::fflush(stdout);
}

inline void heading(const char* what) {
  std::printf("%-44s %12s %12s\n", what, "per s CPU", "per s wall");
}

// A line of a /proc file, "VmRSS:" or "wchar:", as a number.
inline std::uint64_t proc(const char* file, const std::string& key) {
  std::ifstream in(file);
  std::string word;
  while (in >> word) {
    if (word != key) continue;
    std::uint64_t value = 0;
    in >> value;
    return value;
  }
  return 0;
}

inline std::uint64_t resident_kib() {
  return proc("/proc/self/status", "VmRSS:");
}
inline std::uint64_t written_bytes() {
  return proc("/proc/self/io", "wchar:");
}

}  // namespace remotemail::bench
