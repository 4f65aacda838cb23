#include "device_adapter/wear.hpp"

#include <algorithm>
#include <array>
#include <optional>

#include "device_adapter/account_book.hpp"

namespace remotemail {
namespace {

// Streams of numbers that must not touch each other; office_work and simulated_copier have theirs.
constexpr std::uint64_t kCoverageStream = 33, kTroubleStream = 34, kPmStream = 35, kSlackStream = 36;

template <typename Record>
void keep_newest(std::vector<Record>& records, Record record) {
  if (records.size() == kNewestKept) records.pop_back();
  records.insert(records.begin(), std::move(record));
}

std::array<std::uint64_t, kWears> wear_of(const OfficeJob& job) {
  std::array<std::uint64_t, kWears> wear{};
  const auto at = [&wear](Wear kind) -> std::uint64_t& { return wear[index_of(kind)]; };
  at(Wear::side) = job.sides();
  wear[index_of(Wear::tray1) + index_of(job.tray)] = job.sheets();
  at(Wear::sheet) = job.sheets();
  at(Wear::duplex) = job.turned();
  if (!job.print) at(Wear::scan) = job.originals;
  if (job.from_adf) at(Wear::original) = job.originals;
  if (job.exit != Exit::machine) at(Wear::delivered) = job.sheets();
  at(Wear::staple) = std::uint64_t{job.staples_per_set} * job.sets;
  if (job.punched) at(Wear::punch) = job.sheets();
  return wear;
}

// Of one side of an original, in hundredths of a percent: most are text, some nearly empty, some pictures.
std::uint32_t draw_coverage(Draws& draws) {
  const std::uint32_t kind = draws.below(100);
  if (kind < 20) return 60 + draws.below(240);
  if (kind < 78) return 300 + draws.below(400);
  if (kind < 95) return 700 + draws.below(900);
  return 1'500 + draws.below(3'500);
}

void cover(MachineLife& life, const OfficeJob& job) {
  Coverage& coverage = life.coverage;
  Draws draws(life.seed, kCoverageStream, job.key);
  std::uint64_t sum = 0;
  // What comes from a computer is whiter than what is copied, and so are drawings.
  const std::uint32_t share = (job.print ? 80U : 100U) * (kIsLarge[index_of(job.paper)] ? 70U : 100U);
  for (unsigned original = 0; original < job.originals; ++original) {
    const std::uint32_t one = draw_coverage(draws) * share / 10'000;
    sum += std::uint64_t{one} * job.sets;
    for (std::size_t set = 0; set < std::min<std::size_t>(job.sets, Coverage::kRecentSides); ++set) {
      coverage.recent[coverage.recent_next] = static_cast<std::uint16_t>(one);
      coverage.recent_next = (coverage.recent_next + 1) % Coverage::kRecentSides;
      coverage.recent_count = std::min(coverage.recent_count + 1, Coverage::kRecentSides);
    }
  }
  const std::size_t function = index_of(job.print ? Function::print : Function::copy);
  const std::size_t paper = index_of(job.paper);
  for (CoverageTable* table : {&coverage.ever, &coverage.since_toner, &coverage.since_pm}) {
    (*table)[function][paper].sides += job.sides();
    (*table)[function][paper].hundredths += sum;
  }
  life.toner.used += sum * kPaperAreas[paper];
}

// The job that empties a bottle is finished with the next one, but counts for the first.
void change_toner(MachineLife& life) {
  Toner& toner = life.toner;
  if (toner.used < kTonerBottle) return;
  const std::uint64_t total = life.counters[Counter::total];
  keep_newest(toner.changes, TonerChange{life.at, total, total - toner.at_total});
  ++toner.bottles;
  life.counters.count_toner_bottle();
  toner.used = 0;
  toner.since = life.at;
  toner.at_total = total;
  life.coverage.since_toner = {};
}

// In thousandths: 1 for a new part, 4 for one at its limit, 13 for one at twice its limit.
std::uint64_t likelihood(const MachineLife& life, std::size_t part) {
  if (part == kParts.size()) return 1'000;
  const std::uint64_t percent = std::min<std::uint64_t>(life.parts[part].used(kParts[part]) / 10, 200);
  return 1'000 + percent * percent * 3 / 10;
}

// The parts that the codes of a table point to.
template <const auto& kFacts>
constexpr auto kPartsOf = [] {
  std::array<std::size_t, kFacts.size()> parts{};
  for (std::size_t i = 0; i < parts.size(); ++i) parts[i] = part_index(kFacts[i].part);
  return parts;
}();
static_assert(std::ranges::find(kPartsOf<kJams>, kParts.size()) == kPartsOf<kJams>.end());

// The first of a table that happens in the course of such a job, if any.
template <const auto& kFacts>
std::optional<std::size_t> draw_trouble(const MachineLife& life,
                                        const std::array<std::uint64_t, kWears>& wear, Draws& draws) {
  constexpr std::uint32_t kBillion = 1'000'000'000;
  for (std::size_t i = 0; i < kFacts.size(); ++i) {
    const std::uint64_t times = wear[index_of(kFacts[i].wear)];
    if (times == 0) continue;
    const std::uint64_t chance = times * kFacts[i].chance * likelihood(life, kPartsOf<kFacts>[i]) / 1'000;
    if (draws.below(kBillion) < std::min<std::uint64_t>(chance, kBillion / 2)) return i;
  }
  return std::nullopt;
}

void replace(MachineLife& life, std::size_t i) {
  PartLife& part = life.parts[i];
  part.count = 0;
  ++part.replaced;
  part.fitted = life.at;
  part.at_total = life.counters[Counter::total];
  part.ordered = false;
}

// Nobody comes on the very day: how far beyond the limit this one is used, in 1/10 % of the limit.
std::uint64_t slack(const MachineLife& life, std::size_t part) {
  return Draws(life.seed, kSlackStream, part * 1'000 + life.parts[part].replaced).below(100);
}

constexpr std::array<std::string_view, 3> kEngineers{"CE 0417", "CE 0932", "CE 1108"};
constexpr std::uint64_t kSpecialPartsSoon = 930;  // in 1/10 %: an engineer who is there replaces these too

}  // namespace

MachineLife new_machine(std::uint64_t seed, WallTime birth, DeviceIdentity identity) {
  MachineLife life;
  life.seed = seed;
  life.identity = std::move(identity);
  life.birth = life.at = life.toner.since = birth;
  for (PartLife& part : life.parts) part.fitted = birth;
  life.dip_switches = dip_switches(seed);
  open_accounts(life);
  return life;
}

void count_job(MachineLife& life, const OfficeJob& job) {
  life.counters.count(job);
  const std::size_t simplex = index_of(job.print ? Mode::print_simplex : Mode::copy_simplex);
  const std::size_t paper = index_of(job.paper);
  life.sides[simplex][paper] += job.sides() - 2 * job.turned();
  life.sides[simplex + 1][paper] += 2 * job.turned();
  const auto wear = wear_of(job);
  for (std::size_t i = 0; i < kParts.size(); ++i) life.parts[i].count += wear[index_of(kParts[i].wear)];
  charge(life, job);
  cover(life, job);
  change_toner(life);
}

void suffer_troubles(MachineLife& life, const OfficeJob& job) {
  const auto wear = wear_of(job);
  Draws draws(life.seed, kTroubleStream, job.key);
  if (const auto jam = draw_trouble<kJams>(life, wear, draws)) note_jam(life, *jam, job.paper);
  if (const auto call = draw_trouble<kServiceCalls>(life, wear, draws)) note_service_call(life, *call);
}

void note_jam(MachineLife& life, std::size_t jam, Paper paper) {
  life.counters.count_jam(kJams[jam].place);
  ++life.jams[jam];
  keep_newest(life.newest_jams, JamRecord{life.at, life.counters[Counter::total], jam, paper});
}

void note_service_call(MachineLife& life, std::size_t service_call) {
  life.counters.count_service_call();
  ++life.service_calls[service_call];
  keep_newest(life.newest_service_calls,
              ServiceCallRecord{life.at, life.counters[Counter::total], service_call});
  const std::size_t part = part_index(kServiceCalls[service_call].part);
  if (part < kParts.size()) life.parts[part].ordered = true;
}

void visit(MachineLife& life) {
  const std::uint64_t pms = life.counters[Counter::pms_done], pm = life.counters[Counter::pm];
  const bool pm_due = pm * 1'000 >= kPmCycle * (1'000 + Draws(life.seed, kPmStream, pms).below(25));
  std::array<bool, kParts.size()> due{};
  for (std::size_t i = 0; i < kParts.size(); ++i) {
    const std::uint64_t used = life.parts[i].used(kParts[i]);
    due[i] = life.parts[i].ordered ||
             (kParts[i].fixed ? pm_due && used >= kSparedAtPm : used >= 1'000 + slack(life, i));
  }
  if (!pm_due && std::ranges::find(due, true) == due.end()) return;
  unsigned replaced = 0;
  for (std::size_t i = 0; i < kParts.size(); ++i) {
    const bool soon = !kParts[i].fixed && life.parts[i].used(kParts[i]) >= kSpecialPartsSoon;
    if (!due[i] && !soon) continue;
    replace(life, i);
    ++replaced;
  }
  if (!pm_due) return;
  const std::string_view by = kEngineers[Draws(life.seed, kPmStream, pms + 1'000).below(kEngineers.size())];
  keep_newest(life.pm_resets, PmReset{life.at, life.counters[Counter::total], pm, by, replaced});
  life.counters.do_pm();
  life.counters_at_pm = life.counters;
  life.jams_at_pm = life.jams;
  life.coverage.since_pm = {};
}

}  // namespace remotemail
