// Everything that is true of the machine at one moment, as plain values: what its lists are made of. Whoever
// makes a list takes a MachineLife and nothing else, so that all lists of one moment agree.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "device_adapter/counters.hpp"
#include "device_adapter/machine_facts.hpp"
#include "device_adapter/switches.hpp"
#include "remotemail/core/clock.hpp"
#include "remotemail/core/device_list.hpp"

namespace remotemail {

inline constexpr std::size_t kNewestKept = 10;
inline constexpr std::size_t kAccounts = 12;

// Lists of records hold the newest first, at most kNewestKept of them.
struct JamRecord {
  WallTime at{};
  std::uint64_t total = 0;  // the total counter then
  std::size_t jam = 0;      // place in kJams
  Paper paper = Paper::a4;  // in the ADF: of the copy
};

struct ServiceCallRecord {
  WallTime at{};
  std::uint64_t total = 0;
  std::size_t service_call = 0;  // place in kServiceCalls
};

struct PmReset {
  WallTime at{};
  std::uint64_t total = 0;
  std::uint64_t pm_count = 0;  // what the PM counter had come to
  std::string_view by;         // "CE 0417"
  unsigned parts = 0;          // how many were replaced on that visit
};

struct TonerChange {
  WallTime at{};
  std::uint64_t total = 0;
  std::uint64_t sides = 0;  // printed with the bottle that was empty
};

// One of kParts, in its order.
struct PartLife {
  std::uint64_t count = 0;     // in the unit of its Wear, since it was fitted
  unsigned replaced = 0;       // how often
  WallTime fitted{};           // the one in use: when, ...
  std::uint64_t at_total = 0;  // ... and at which total count
  bool ordered = false;        // a service call pointed to it: replaced when the engineer comes next

  // In 1/10 % of its limit.
  std::uint64_t used(const PartFact& fact) const { return count * 1000 / fact.limit; }
};

// A department or person that copies and prints on account (E.K.C.). 1 to kAccounts, in this order.
struct Account {
  unsigned number = 0;
  std::string_view name;
  std::string code;                      // 4 to 8 digits
  std::uint64_t limit = 0;               // sides; 0: none. The manager raises it when a month begins
  std::uint64_t copies = 0, prints = 0;  // sides
  PerPaper<std::uint64_t> by_paper{};    // sides
  std::uint64_t refused = 0;             // jobs that were not begun, for they would have passed the limit

  std::uint64_t count() const { return copies + prints; }
};

// Sides, and the sum of their coverages in hundredths of a percent.
struct Covered {
  std::uint64_t sides = 0, hundredths = 0;
};
using CoverageTable = std::array<PerPaper<Covered>, kFunctions>;  // [Function][Paper]

struct Coverage {
  CoverageTable ever{}, since_toner{}, since_pm{};
  // The latest sides, each with its coverage in hundredths of a percent, in no order of use to anybody;
  // only the first `recent_count` are set.
  static constexpr std::size_t kRecentSides = 1000;
  std::array<std::uint16_t, kRecentSides> recent{};
  std::size_t recent_count = 0, recent_next = 0;
};

struct Toner {
  std::uint64_t bottles = 0;   // emptied so far; the one in use is not counted
  std::uint64_t used = 0;      // of the one in use: coverage in hundredths of a percent, times eighths of A4
  WallTime since{};            // when it was put in
  std::uint64_t at_total = 0;  // ... and at which total count
  std::vector<TonerChange> changes;  // newest first
};
// A bottle prints 33,000 sides of A4 at a coverage of 6 %.
inline constexpr std::uint64_t kTonerBottle = 33'000ULL * 600 * 8;

// In 1/10 %: a fixed part that is less used stays in at PM.
inline constexpr std::uint64_t kSparedAtPm = 600;

struct MachineLife {
  std::uint64_t seed = 0;  // for what the lists show that never changes; see Draws
  DeviceIdentity identity;
  WallTime birth{};  // the day it was installed
  WallTime at{};     // the moment that all this is true of

  DeviceState state = DeviceState::ready;
  std::optional<std::size_t> jam;  // place in kJams, while `state` (or what is behind a switch) is jam
  std::optional<std::size_t> service_call;  // place in kServiceCalls, likewise
  std::string condition;                    // "Paper jam at J-12", "SC 34-1", or empty

  DipSwitches dip_switches{};

  Counters counters;
  std::array<PerPaper<std::uint64_t>, kModes> sides{};  // [Mode][Paper]; all of them are Counter::total
  std::array<std::uint64_t, kJams.size()> jams{};       // all of them are Counter::jams
  std::array<std::uint64_t, kServiceCalls.size()> service_calls{};
  std::vector<JamRecord> newest_jams;
  std::vector<ServiceCallRecord> newest_service_calls;

  std::array<PartLife, kParts.size()> parts{};
  std::vector<PmReset> pm_resets;
  // As they were at the latest PM; 0 before the first.
  Counters counters_at_pm;
  std::array<std::uint64_t, kJams.size()> jams_at_pm{};
  Toner toner;
  Coverage coverage;
  std::array<Account, kAccounts> accounts{};  // their counts are Counter::ekc
};

}  // namespace remotemail
