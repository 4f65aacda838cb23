// Lists read as a program reads them: by the codes of their rows and the titles of their columns.
#pragma once

#include <doctest/doctest.h>

#include "copier_fixture.hpp"
#include "core/text.hpp"

namespace remotemail::test {

// After two years of work, in the middle of a working day.
inline std::unique_ptr<Office> old_office(std::uint64_t seed) {
  auto office = std::make_unique<Office>(seed);
  office->pass(std::chrono::days{730} + std::chrono::hours{11});
  return office;
}

// The cell of a row under a title; "?" when there is no such row or title.
inline std::string cell_of(const DeviceList& list, std::string_view code, std::string_view title) {
  for (const Section& section : list.sections) {
    for (const Row& row : section.rows) {
      if (row.code != code) continue;
      for (std::size_t i = 0; i < section.columns.size(); ++i) {
        if (section.columns[i].title == title) return row.cells.at(i);
      }
    }
  }
  return "?";
}

inline std::uint64_t number_in(const DeviceList& list, std::string_view code, std::string_view title) {
  const std::string cell = cell_of(list, code, title);
  CAPTURE(code);
  CAPTURE(title);
  const auto number = parse_number(cell);
  CHECK(number.has_value());
  return number.value_or(~std::uint64_t{0});
}

// Codes that begin with these characters, in the order of the list.
inline std::vector<std::string> codes_like(const DeviceList& list, std::string_view prefix) {
  std::vector<std::string> codes;
  for (const Section& section : list.sections) {
    for (const Row& row : section.rows) {
      if (row.code.starts_with(prefix)) codes.push_back(row.code);
    }
  }
  return codes;
}

inline DeviceList read(Office& office, ListId id) {
  return office.copier->read_list(id, {}).value();
}

}  // namespace remotemail::test
