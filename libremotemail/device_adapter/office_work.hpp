// What an office does with its copier, day by day, as a function of the seed: no state, nothing stored.
#pragma once

#include <chrono>
#include <cstdint>
#include <vector>

#include "device_adapter/machine_facts.hpp"
#include "remotemail/core/clock.hpp"

namespace remotemail {

// One press of the start key or one print job. It counts at one moment, whole.
struct OfficeJob {
  WallTime at{};
  bool first_of_day = false;
  bool print = false;      // else a copy
  unsigned originals = 1;  // sides of one set
  unsigned sets = 1;
  bool from_adf = false;  // copies only
  bool duplex = false;
  Tray tray = Tray::tray1;
  Paper paper = Paper::a4;
  Exit exit = Exit::main_tray;
  unsigned staples_per_set = 0;
  bool punched = false;
  bool with_key_counter = false;
  unsigned account = 0;   // E.K.C., from 1; 0: none
  std::uint64_t key = 0;  // its own one: what comes of the job is drawn by it

  std::uint64_t sides() const { return std::uint64_t{originals} * sets; }
  // Sheets with both sides printed; the odd last one has one side.
  std::uint64_t turned() const { return duplex ? std::uint64_t{originals / 2} * sets : 0; }
  std::uint64_t sheets() const { return sides() - turned(); }
};

// Numbers from a key: the same key gives the same numbers on every machine (integers only).
class Draws {
 public:
  Draws(std::uint64_t seed, std::uint64_t stream, std::uint64_t item = 0);
  std::uint32_t below(std::uint32_t bound);  // 0 … bound - 1
  bool chance(std::uint32_t times, std::uint32_t of) { return below(of) < times; }

 private:
  std::uint64_t state_;
};

class OfficeWork {
 public:
  explicit OfficeWork(std::uint64_t seed);
  // The jobs of a day (UTC) in the order of their times; none on weekends and holidays. At most 64.
  std::vector<OfficeJob> jobs_of(std::chrono::sys_days) const;

 private:
  std::uint64_t seed_;
  std::chrono::minutes opens_, closes_;
  unsigned jobs_a_day_;
};

}  // namespace remotemail
