#include "device_adapter/lists/list_layout.hpp"

#include <fmt/format.h>

#include <chrono>

namespace remotemail {

DeviceList build_list(const ListLayout& layout, const MachineLife& life) {
  DeviceList list{layout.id, {}};
  list.sections.reserve(layout.sections.size());
  for (const SectionLayout& from : layout.sections) {
    Section section;
    section.title = from.title;
    section.note = from.note;
    for (const ColumnLayout& column : from.columns)
      section.columns.push_back({std::string(column.title), column.kind, std::string(column.unit)});
    const std::size_t rows = from.rows(life);
    section.rows.reserve(rows);
    for (std::size_t i = 0; i < rows; ++i) {
      Row row;
      row.code = from.code(life, i);
      row.cells.reserve(from.columns.size());
      for (const ColumnLayout& column : from.columns) row.cells.push_back(column.cell(life, i));
      if (from.mark != nullptr) from.mark(row, i);
      section.rows.push_back(std::move(row));
    }
    list.sections.push_back(std::move(section));
  }
  return list;
}

std::string day_cell(WallTime at) {
  if (at == WallTime{}) return {};
  const std::chrono::year_month_day day{std::chrono::floor<std::chrono::days>(at)};
  return fmt::format("{:04}-{:02}-{:02}", static_cast<int>(day.year()), static_cast<unsigned>(day.month()),
                     static_cast<unsigned>(day.day()));
}

std::string minute_cell(WallTime at) {
  if (at == WallTime{}) return {};
  const auto minute =
      std::chrono::floor<std::chrono::minutes>(at - std::chrono::floor<std::chrono::days>(at));
  return fmt::format("{} {:02}:{:02}", day_cell(at), minute.count() / 60, minute.count() % 60);
}

std::string count_cell(std::uint64_t value) {
  return std::to_string(value);
}

std::string tenths_cell(std::uint64_t tenths) {
  return fmt::format("{}.{}", tenths / 10, tenths % 10);
}

std::string hundredths_cell(std::uint64_t hundredths) {
  return fmt::format("{}.{:02}", hundredths / 100, hundredths % 100);
}

std::string numbered_code(std::string_view prefix, std::size_t number) {
  return fmt::format("{}-{:02}", prefix, number);
}

}  // namespace remotemail
