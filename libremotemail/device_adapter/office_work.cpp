#include "device_adapter/office_work.hpp"

#include <algorithm>
#include <array>

namespace remotemail {
namespace {

using namespace std::chrono_literals;

// The finalizer of SplitMix64: every bit of the input moves every bit of the output.
std::uint64_t mix(std::uint64_t x) {
  x ^= x >> 30U;
  x *= 0xBF58476D1CE4E5B9U;
  x ^= x >> 27U;
  x *= 0x94D049BB133111EBU;
  return x ^ x >> 31U;
}
constexpr std::uint64_t kGolden = 0x9E3779B97F4A7C15U;

// Streams of numbers that must not touch each other.
constexpr std::uint64_t kOfficeStream = 1, kDayStream = 2, kJobStream = 3;

struct PaperUse {
  std::uint32_t weight;
  Tray tray;
  Paper paper;
};
// Tray 1 always holds A4; trays 3 and 4 are refilled with what is wanted; the bypass takes the rest.
constexpr std::array<PaperUse, 20> kPaperUse{{
    {560, Tray::tray1, Paper::a4},    {120, Tray::tray2, Paper::a4r},   {90, Tray::tray3, Paper::a3},
    {50, Tray::tray3, Paper::b4},     {15, Tray::tray3, Paper::s11x17}, {12, Tray::tray3, Paper::s85x14},
    {60, Tray::tray4, Paper::a4},     {25, Tray::tray4, Paper::b5},     {15, Tray::tray4, Paper::s85x11},
    {8, Tray::bypass, Paper::f4},     {8, Tray::bypass, Paper::b5r},    {10, Tray::bypass, Paper::a5},
    {4, Tray::bypass, Paper::s55x85}, {4, Tray::bypass, Paper::wide},   {6, Tray::bypass, Paper::special},
    {5, Tray::bypass, Paper::a4},     {2, Tray::bypass, Paper::a3},     {2, Tray::bypass, Paper::b4},
    {2, Tray::bypass, Paper::s85x11}, {2, Tray::bypass, Paper::a4r},
}};
constexpr std::uint32_t kPaperWeights = [] {
  std::uint32_t sum = 0;
  for (const PaperUse& use : kPaperUse) sum += use.weight;
  return sum;
}();

const PaperUse& draw_paper(Draws& draws) {
  std::uint32_t at = draws.below(kPaperWeights);
  for (const PaperUse& use : kPaperUse) {
    if (at < use.weight) return use;
    at -= use.weight;
  }
  return kPaperUse.front();
}

constexpr std::array<unsigned, 12> kOriginals{1, 1, 1, 1, 2, 2, 3, 4, 5, 8, 16, 30};
constexpr std::array<unsigned, 10> kSets{1, 1, 1, 1, 1, 2, 3, 5, 10, 20};
constexpr unsigned kStapledSheets = 50;  // the most the stapler takes

// How often each account copies or prints; the first are the big departments.
constexpr std::array<std::uint32_t, 12> kAccountWeights{20, 16, 13, 11, 9, 8, 7, 5, 4, 3, 3, 1};
unsigned draw_account(Draws& draws) {
  std::uint32_t at = draws.below(100);
  for (unsigned i = 0; i < kAccountWeights.size(); ++i) {
    if (at < kAccountWeights[i]) return i + 1;
    at -= kAccountWeights[i];
  }
  return 1;
}

OfficeJob draw_job(Draws draws, WallTime opening, std::chrono::milliseconds open_for) {
  OfficeJob job;
  job.at = opening + std::chrono::milliseconds{draws.below(static_cast<std::uint32_t>(open_for.count()))};
  job.print = draws.chance(55, 100);
  job.originals = kOriginals[draws.below(kOriginals.size())];
  job.sets = kSets[draws.below(kSets.size())];
  job.from_adf = !job.print && (job.originals > 3 || draws.chance(1, 2));
  const PaperUse& use = draw_paper(draws);
  job.tray = use.tray;
  job.paper = use.paper;
  job.duplex = job.originals > 1 && job.tray != Tray::bypass && draws.chance(2, 5);
  const unsigned sheets_of_set = job.duplex ? (job.originals + 1) / 2 : job.originals;
  if (sheets_of_set > 1 && sheets_of_set <= kStapledSheets && draws.chance(3, 10)) {
    job.staples_per_set = draws.chance(1, 4) ? 2 : 1;
  }
  job.punched = job.tray != Tray::bypass && draws.chance(8, 100);
  const bool finished = job.staples_per_set > 0 || job.punched;
  job.exit = finished || draws.chance(6, 10) ? Exit::main_tray
             : draws.chance(2, 3)            ? Exit::upper_tray
                                             : Exit::machine;
  job.with_key_counter = !job.print && draws.chance(15, 100);
  if (!job.with_key_counter && draws.chance(75, 100)) job.account = draw_account(draws);
  return job;
}

}  // namespace

Draws::Draws(std::uint64_t seed, std::uint64_t stream, std::uint64_t item)
    : state_(mix(mix(mix(seed + kGolden) + stream * kGolden) + item * kGolden)) {}

std::uint32_t Draws::below(std::uint32_t bound) {
  state_ += kGolden;
  return static_cast<std::uint32_t>((mix(state_) >> 32U) * bound >> 32U);
}

OfficeWork::OfficeWork(std::uint64_t seed) : seed_(seed) {
  Draws draws(seed, kOfficeStream);
  opens_ = 7h + 30min * draws.below(4);
  closes_ = 17h + 30min * draws.below(4);
  jobs_a_day_ = 24 + draws.below(16);
}

std::vector<OfficeJob> OfficeWork::jobs_of(std::chrono::sys_days day) const {
  const std::chrono::weekday weekday{day};
  if (weekday == std::chrono::Saturday || weekday == std::chrono::Sunday) return {};
  const auto day_key = static_cast<std::uint64_t>(day.time_since_epoch().count());
  Draws draws(seed_, kDayStream, day_key);
  if (draws.chance(1, 30)) return {};  // a holiday

  const unsigned count = jobs_a_day_ / 2 + draws.below(jobs_a_day_ + 1);
  std::vector<OfficeJob> jobs;
  jobs.reserve(count);
  for (unsigned i = 0; i < count; ++i) {
    const std::uint64_t key = day_key * 64 + i;
    jobs.push_back(draw_job(Draws(seed_, kJobStream, key), WallTime{day} + opens_, closes_ - opens_));
    jobs.back().key = key;
  }
  std::ranges::stable_sort(jobs, {}, &OfficeJob::at);
  jobs.front().first_of_day = true;
  return jobs;
}

}  // namespace remotemail
