// The counters of the simulated copier, and how a job moves them.
#pragma once

#include <array>
#include <cstdint>

#include "device_adapter/office_work.hpp"

namespace remotemail {

enum class Counter : std::uint8_t {
  total,
  pm,
  pms_done,
  copy,
  print,
  duplex,
  duplex_copy,
  duplex_print,
  adf_originals,
  platen_originals,
  fed,
  tray1,
  tray2,
  tray3,
  tray4,
  bypass,  // in the order of Tray
  exit_main,
  exit_upper,
  exit_machine,  // in the order of Exit
  a3,
  b4,
  f4,
  a4,
  a4r,
  b5,
  b5r,
  a5,
  s11x17,
  s85x14,
  s85x11,
  s55x85,
  wide,
  special,  // in the order of Paper
  stapled,
  staples,
  punched,
  key,
  ekc,
  ekc_copy,
  ekc_print,
  jams,
  jams_feed,
  jams_transport,
  jams_adf,
  jams_finisher,  // in the order of JamPlace
  service_calls,
  toner_bottles,
  count_of_them,
};

inline constexpr std::uint64_t kPmCycle = 250'000;

class Counters {
 public:
  std::uint64_t operator[](Counter c) const { return values_[static_cast<std::size_t>(c)]; }
  void count(const OfficeJob&);
  void count_jam(JamPlace);
  void count_toner_bottle() { ++at(Counter::toner_bottles); }
  void count_service_call() { ++at(Counter::service_calls); }
  bool pm_is_due() const { return (*this)[Counter::pm] >= kPmCycle; }
  void do_pm();

 private:
  std::uint64_t& at(Counter c) { return values_[static_cast<std::size_t>(c)]; }
  template <typename Place>
  std::uint64_t& at(Counter first, Place place) {
    return values_[static_cast<std::size_t>(first) + static_cast<std::size_t>(place)];
  }
  std::array<std::uint64_t, static_cast<std::size_t>(Counter::count_of_them)> values_{};
};

}  // namespace remotemail
