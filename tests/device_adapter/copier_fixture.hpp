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
  DeviceList list(ListId id) { return copier->read_list(id, {}).value(); }
  DeviceList counters() { return list(ListId::counter); }
};

// After two years of work, in the middle of a working day.
inline std::unique_ptr<Office> old_office(std::uint64_t seed) {
  auto office = std::make_unique<Office>(seed);
  office->pass(std::chrono::days{730} + std::chrono::hours{11});
  return office;
}

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

// The cell of a row under a column's title; of two columns with one title the first.
inline std::string cell_of(const DeviceList& list, std::string_view code, std::string_view title) {
  for (const Section& section : list.sections) {
    for (const Row& row : section.rows) {
      if (row.code != code) continue;
      for (std::size_t i = 0; i < section.columns.size(); ++i) {
        if (section.columns[i].title == title) return row.cells.at(i);
      }
    }
  }
  return "no such cell";
}

inline std::uint64_t count_of(const DeviceList& list, std::string_view code, std::string_view title) {
  const std::string cell = cell_of(list, code, title);
  return !cell.empty() && cell.find_first_not_of("0123456789") == std::string::npos ? std::stoull(cell)
                                                                                    : ~std::uint64_t{0};
}

// The codes that begin so, in their order.
inline std::vector<std::string> codes_of(const DeviceList& list, std::string_view prefix) {
  std::vector<std::string> codes;
  for (const Section& section : list.sections) {
    for (const Row& row : section.rows) {
      if (row.code.starts_with(prefix)) codes.push_back(row.code);
    }
  }
  return codes;
}

inline std::uint64_t sum_of(const DeviceList& list, std::string_view prefix, std::string_view title) {
  std::uint64_t sum = 0;
  for (const std::string& code : codes_of(list, prefix)) sum += count_of(list, code, title);
  return sum;
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

// Everything the machine says.
inline std::string text_of(Office& office) {
  std::string text;
  for (const ListWord& word : kListWords) {
    if (office.copier->supports(word.id)) text += text_of(office.list(word.id));
  }
  return text;
}

}  // namespace remotemail::test
