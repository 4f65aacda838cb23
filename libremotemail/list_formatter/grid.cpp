#include "list_formatter/grid.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "core/text.hpp"
#include "list_formatter/texts.hpp"
#include "remotemail/list_formatter/list_formatter.hpp"

namespace remotemail::layout {
namespace {

constexpr std::size_t kCellCharacters = 1000;  // a cell beyond is cut: no list has text this long
constexpr std::size_t kDecimals = 6;           // points of numbers with more of them are not aligned

Grid::Cells cells_of(Column::Kind kind) {
  switch (kind) {
    case Column::Kind::count:
    case Column::Kind::number:
    case Column::Kind::percent:
      return Grid::Cells::numbers;
    case Column::Kind::date:
    case Column::Kind::hex:
      return Grid::Cells::strings;
    case Column::Kind::text:
    case Column::Kind::person:
    case Column::Kind::secret:
      break;
  }
  return Grid::Cells::words;
}

std::string unit_of(const Column& column) {
  if (!column.unit.empty() || column.kind != Column::Kind::percent) return shown_text(column.unit);
  return column.title.find(texts::kPercent) == std::string::npos ? std::string(texts::kPercent)
                                                                 : std::string();
}

std::string title_of(const Column& column) {
  const std::string title = shown_text(column.title), unit = unit_of(column);
  if (unit.empty()) return title;
  return title.empty() ? fmt::format("({})", unit) : fmt::format("{} ({})", title, unit);
}

std::string cell_text(const Section& section, const Row& row, std::size_t at) {
  const std::string& cell = row.cells[at];
  if (at >= section.columns.size()) return shown_text(cell);
  const Column::Kind kind = section.columns[at].kind;
  if (kind == Column::Kind::secret) return trim(cell).empty() ? "" : std::string(texts::kHiddenCode);
  return cells_of(kind) == Grid::Cells::numbers ? std::string(trim(shown_text(cell))) : shown_text(cell);
}

// "C-01 Total: 419148 sheets", as far as the row has it: its code, first word and first number.
std::string billing_text(const Section& section, const Row& row) {
  std::string name = shown_text(row.code), value;
  bool named = false;
  for (std::size_t i = 0; i < std::min(row.cells.size(), section.columns.size()); ++i) {
    const Column& column = section.columns[i];
    const bool number = cells_of(column.kind) == Grid::Cells::numbers;
    if (number && value.empty()) {
      value = cell_text(section, row, i);
      if (!value.empty() && !column.unit.empty()) value += " " + shown_text(column.unit);
    } else if (!number && !named) {
      named = true;
      name += (name.empty() ? "" : " ") + cell_text(section, row, i);
    }
  }
  return value.empty() ? fmt::format(texts::kBillingTotal, name)
                       : fmt::format(texts::kBillingTotalOf, name, value);
}

// How many characters of a number stand behind its point, the point included.
std::size_t behind_point(std::string_view cell) {
  const auto point = cell.find('.');
  return point == std::string_view::npos ? 0 : cell.size() - point;
}

// Leaves those of the texts whose column is kept.
template <typename Entries>
void keep(Entries& entries, const std::vector<bool>& kept) {
  std::size_t size = 0;
  for (std::size_t i = 0; i < entries.size(); ++i) {
    if (kept[i]) std::swap(entries[size++], entries[i]);
  }
  entries.resize(size);
}

// A column without a title that is blank in every row says nothing.
void drop_nothings(Grid& grid) {
  std::vector<bool> kept;
  for (const std::string& title : grid.titles) kept.push_back(!title.empty());
  for (const Grid::Line& line : grid.lines) {
    for (std::size_t i = 0; i < line.cells.size(); ++i) kept[i] = kept[i] || !trim(line.cells[i]).empty();
  }
  keep(grid.titles, kept);
  keep(grid.kinds, kept);
  for (Grid::Line& line : grid.lines) keep(line.cells, kept);
}

}  // namespace

std::string shown_text(std::string_view text) {
  return clean_line(transliterate(text.substr(0, 4 * kCellCharacters)), kCellCharacters);
}

std::string phone_text(const Section& section, const Row& row, std::string_view text) {
  for (std::size_t i = 0; i < std::min(row.cells.size(), section.columns.size()); ++i) {
    const bool code = section.columns[i].kind == Column::Kind::secret && !trim(row.cells[i]).empty();
    if (code && trim(row.cells[i]) == trim(text)) return std::string(texts::kHiddenCode);
  }
  return transliterate(text);
}

Grid make_grid(const Section& section) {
  Grid grid;
  const auto has_code = [](const Row& row) { return !row.code.empty(); };
  const bool codes = std::any_of(section.rows.begin(), section.rows.end(), has_code);
  const auto add_column = [&grid](std::string title, Grid::Cells cells) {
    grid.titles.push_back(std::move(title));
    grid.kinds.push_back(cells);
  };
  if (codes) add_column(std::string(texts::kCode), Grid::Cells::words);
  for (const Column& column : section.columns) add_column(title_of(column), cells_of(column.kind));
  for (const Row& row : section.rows) {
    while (grid.columns() < row.cells.size() + (codes ? 1 : 0)) add_column("", Grid::Cells::words);
  }
  for (const Row& row : section.rows) {
    Grid::Line line;
    if (codes) line.cells.push_back(shown_text(row.code));
    for (std::size_t i = 0; i < row.cells.size(); ++i) line.cells.push_back(cell_text(section, row, i));
    line.marked = row.billing_total;
    if (line.marked) line.billing = billing_text(section, row);
    grid.any_mark = grid.any_mark || line.marked;
    grid.lines.push_back(std::move(line));
  }
  drop_nothings(grid);
  return grid;
}

std::size_t fraction_width(const Grid& grid, std::size_t column) {
  std::size_t most = 0;
  for (const Grid::Line& line : grid.lines) {
    if (column < line.cells.size()) most = std::max(most, behind_point(line.cells[column]));
  }
  return most;
}

void align_points(Grid& grid, std::size_t column, std::size_t width) {
  if (grid.kinds[column] != Grid::Cells::numbers || width > kDecimals + 1) return;
  for (Grid::Line& line : grid.lines) {
    if (column < line.cells.size()) line.cells[column].append(width - behind_point(line.cells[column]), ' ');
  }
}

}  // namespace remotemail::layout
