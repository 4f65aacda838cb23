// A machine's answers, small enough to be read, and texts taken apart.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "core/text.hpp"
#include "remotemail/core/outcome.hpp"

namespace remotemail::samples {

inline ReplyHead head() {
  ReplyHead head;
  head.device = {"Copier 7", "56GE0123"};
  head.nickname = "Third floor";
  head.requested_by = "ce@example.com";
  head.announce_delay = true;
  head.delay = std::chrono::seconds(725);
  head.utc_offset = std::chrono::hours(1);
  return head;
}

inline Row counter_row(std::string code, std::string item, std::string count, std::string meaning,
                       unsigned rank = 0, std::string label = {}) {
  Row row;
  row.code = std::move(code);
  row.cells = {std::move(item), count, std::move(meaning)};
  row.phone_rank = rank;
  row.phone_label = std::move(label);
  if (rank > 0) row.phone_value = std::move(count);
  return row;
}

inline Row row(std::string code, std::vector<std::string> cells, unsigned rank = 0) {
  Row row;
  row.code = std::move(code);
  row.cells = std::move(cells);
  row.phone_rank = rank;
  if (rank > 0) row.phone_label = row.cells.front(), row.phone_value = row.cells.back();
  return row;
}

inline DeviceList counters() {
  using Kind = Column::Kind;
  DeviceList list;
  list.id = ListId::counter;
  Section totals{
      "Totals",
      {{"Counter", Kind::text, {}}, {"Count", Kind::count, "sheets"}, {"What it counts", Kind::text, {}}},
      {},
      {}};
  totals.rows = {
      counter_row("C-01", "Total", "1234567", "Every sheet that left the machine", 1, "Total"),
      counter_row("C-02", "PM", "48211", "Sheets since the last maintenance; due at 250000", 4, "PM"),
      counter_row("C-03", "Copy", "1200001", "Sheets copied", 2, "Copy"),
      counter_row("C-04", "Print", "34566", "Sheets printed from a computer", 3, "Print")};
  totals.rows.front().billing_total = true;
  Section sizes{"By paper size",
                {{"Paper", Kind::text, {}}, {"Count", Kind::count, "sheets"}},
                {},
                "Special sizes count as wide."};
  sizes.rows = {row("S-A4", {"A4", "1100000"}, 5), row("S-A3", {"A3", "134567"}, 6)};
  list.sections = {totals, sizes};
  return list;
}

inline DeviceList machine_management() {
  using Kind = Column::Kind;
  DeviceList list;
  list.id = ListId::management1;
  const Column item{"Item", Kind::text, {}}, value{"Value", Kind::text, {}}, count{"Count", Kind::count, {}};
  const Column jam{"Jam", Kind::hex, {}}, paper{"Paper", Kind::text, {}}, call{"SC", Kind::hex, {}};
  list.sections = {{"Machine",
                    {item, value},
                    {row("M-01", {"Serial number", "56GE0123"}), row("M-02", {"Installed", "2024-05-17"})},
                    {}},
                   {"Newest jams",
                    {count, jam, paper},
                    {row({}, {"1234001", "J-31", "A4"}), row({}, {"987", "J-10", "A3"})},
                    {}},
                   {"Newest SCs", {count, call}, {}, {}}};
  return list;
}

inline std::vector<std::string_view> lines_of(std::string_view body) {
  auto lines = split(body, '\n');
  if (!lines.empty() && lines.back().empty()) lines.pop_back();
  return lines;
}

// Why `body` may not leave as a reply, or empty (G9, G10).
inline std::string fault_of(std::string_view body, std::size_t columns = 128,
                            std::size_t most_lines = SIZE_MAX) {
  const auto lines = lines_of(body);
  if (!body.ends_with('\n')) return "the last line has no end";
  if (lines.size() > most_lines) return "too many lines: " + std::to_string(lines.size());
  for (const std::string_view line : lines) {
    if (line.size() > columns) return "too long: " + std::string(line);
    for (const char c : line) {
      if (!is_printable(c)) return "not printable: " + to_hex(line);
    }
  }
  return {};
}

}  // namespace remotemail::samples
