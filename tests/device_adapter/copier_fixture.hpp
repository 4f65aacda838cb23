// A simulated copier with a clock and a memory that the test holds.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "remotemail/device_adapter/simulated_copier.hpp"

namespace remotemail::test {

class HandClock final : public Clock {
 public:
  WallTime now() const override { return wall; }
  SteadyTime steady_now() const override { return steady; }
  WallTime wall{};
  SteadyTime steady{};
};

class Records final : public PanelMemory {
 public:
  Result<std::vector<std::string>> load() override {
    if (broken) return make_error(Cause::store_failed, Step::store);
    return records;
  }
  Status append(const std::string& record) override {
    if (meanwhile) meanwhile();
    if (broken) return make_error(Cause::store_full, Step::store);
    records.push_back(record);
    return {};
  }
  std::vector<std::string> records;
  bool broken = false;
  std::function<void()> meanwhile;  // while a record is being written
};

// Monday, 5 January 2026, midnight.
inline constexpr WallTime kBirth{std::chrono::sys_days{std::chrono::year{2026} / 1 / 5}};

struct Office {
  HandClock clock;
  Records memory;
  SimulatedCopier::Make make{7145, kBirth};
  std::unique_ptr<SimulatedCopier> copier;

  explicit Office(std::uint64_t seed = 7145) {
    make.seed = seed;
    clock.wall = kBirth;
    restart();
  }
  void restart() { copier = SimulatedCopier::open(make, memory, clock).value(); }
  void pass(std::chrono::milliseconds time) { clock.wall += time; }
  std::uint64_t total() { return copier->view().total_count; }
  DeviceList counters() { return copier->read_list(ListId::counter, {}).value(); }
};

inline const Row* find_row(const DeviceList& list, std::string_view code) {
  for (const Section& section : list.sections) {
    for (const Row& row : section.rows) {
      if (row.code == code) return &row;
    }
  }
  return nullptr;
}

inline std::uint64_t count_of(const DeviceList& list, std::string_view code) {
  const Row* row = find_row(list, code);
  return row == nullptr ? ~std::uint64_t{0} : std::stoull(row->cells.at(1));
}

// Everything a list says, in one text.
inline std::string text_of(const DeviceList& list) {
  std::string text;
  for (const Section& section : list.sections) {
    text += section.title + "\n";
    for (const Row& row : section.rows) {
      text += row.code;
      for (const std::string& cell : row.cells) text += "|" + cell;
      text += "|" + row.phone_label + "|" + row.phone_value + "\n";
    }
    text += section.note + "\n";
  }
  return text;
}

}  // namespace remotemail::test
