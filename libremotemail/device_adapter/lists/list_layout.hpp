// A list's layout as a table: which sections, columns, codes and texts, and from where in a MachineLife each
// cell comes. A list is one file of such tables; build_list() makes any of them.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>

#include "device_adapter/machine_life.hpp"
#include "remotemail/core/device_list.hpp"

namespace remotemail {

// `Source`: what the cells are made of. A MachineLife, but for lists made of something that costs more than a
// cell to work out of it.
template <typename Source>
struct ColumnLayoutOf {
  std::string_view title;
  Column::Kind kind = Column::Kind::text;
  std::string_view unit{};
  // `row` counts from 0 within the section. Empty: no value.
  std::string (*cell)(const Source&, std::size_t row) = nullptr;
};

template <typename Source>
struct SectionLayoutOf {
  std::string_view title;
  std::span<const ColumnLayoutOf<Source>> columns;
  std::size_t (*rows)(const Source&) = nullptr;
  std::string (*code)(const Source&, std::size_t row) = nullptr;
  std::string_view note{};
  // For marks on a row that is otherwise ready: billing total, place on a phone. May be null.
  void (*mark)(Row&, std::size_t row) = nullptr;
};

template <typename Source>
struct ListLayoutOf {
  ListId id;
  std::span<const SectionLayoutOf<Source>> sections;
};

using ColumnLayout = ColumnLayoutOf<MachineLife>;
using SectionLayout = SectionLayoutOf<MachineLife>;
using ListLayout = ListLayoutOf<MachineLife>;

template <typename Source>
DeviceList build_list(const ListLayoutOf<std::type_identity_t<Source>>& layout, const Source& source) {
  DeviceList list{layout.id, {}};
  list.sections.reserve(layout.sections.size());
  for (const auto& from : layout.sections) {
    Section section;
    section.title = from.title;
    section.note = from.note;
    for (const auto& column : from.columns)
      section.columns.push_back({std::string(column.title), column.kind, std::string(column.unit)});
    const std::size_t rows = from.rows(source);
    section.rows.reserve(rows);
    for (std::size_t i = 0; i < rows; ++i) {
      Row row;
      row.code = from.code(source, i);
      row.cells.reserve(from.columns.size());
      for (const auto& column : from.columns) row.cells.push_back(column.cell(source, i));
      if (from.mark != nullptr) from.mark(row, i);
      section.rows.push_back(std::move(row));
    }
    list.sections.push_back(std::move(section));
  }
  return list;
}

// For sections whose rows are a constexpr table of structs with a member `code`.
template <const auto& kRows>
std::size_t rows_of(const MachineLife&) {
  return kRows.size();
}
template <const auto& kRows>
std::string code_of(const MachineLife&, std::size_t row) {
  return std::string(kRows[row].code);
}

// Cells.
std::string day_cell(WallTime);     // "2026-11-22", UTC like all the machine's times; empty for WallTime{}
std::string minute_cell(WallTime);  // "2026-11-22 09:41"
std::string count_cell(std::uint64_t);
// "12.3" of 123 tenths, "5.41" of 541 hundredths; what is left over is cut off, not rounded.
std::string tenths_cell(std::uint64_t tenths);
std::string hundredths_cell(std::uint64_t hundredths);
std::string numbered_code(std::string_view prefix, std::size_t number);  // "J" and 7: "J-07"

}  // namespace remotemail
