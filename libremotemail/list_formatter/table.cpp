#include "list_formatter/table.hpp"

#include <algorithm>
#include <numeric>
#include <vector>

#include "core/text.hpp"
#include "list_formatter/lines.hpp"
#include "remotemail/core/limits.hpp"
#include "remotemail/list_formatter/list_formatter.hpp"

namespace remotemail {

using namespace layout;

namespace {

constexpr std::size_t kGap = 2;                // blanks between columns
constexpr std::size_t kNarrow = 8;             // no column is made narrower than this to save another
constexpr std::size_t kCellCharacters = 1000;  // a cell beyond is cut: no list has text this long
constexpr std::string_view kBillingMark = "*";

// A section with its texts in ASCII and its code as an ordinary column.
struct Grid {
  struct Line {
    std::vector<std::string> cells;
    bool marked = false;  // the billing total
  };
  std::vector<std::string> titles;
  std::vector<bool> right;
  std::vector<Line> lines;
  bool any_mark = false;

  std::size_t columns() const { return titles.size(); }
};

std::string cell_text(std::string_view text) {
  return clean_line(transliterate(text.substr(0, 4 * kCellCharacters)), kCellCharacters);
}

std::string title_of(const Column& column) {
  std::string title = cell_text(column.title);
  if (!column.unit.empty()) title += (title.empty() ? "(" : " (") + cell_text(column.unit) + ")";
  return title;
}

bool aligns_right(Column::Kind kind) {
  return kind == Column::Kind::count || kind == Column::Kind::number || kind == Column::Kind::percent;
}

Grid grid_of(const Section& section) {
  Grid grid;
  const auto has_code = [](const Row& row) { return !row.code.empty(); };
  const bool codes = std::any_of(section.rows.begin(), section.rows.end(), has_code);
  const auto add_column = [&grid](std::string title, bool right) {
    grid.titles.push_back(std::move(title));
    grid.right.push_back(right);
  };
  if (codes) add_column("Code", false);
  for (const Column& column : section.columns) add_column(title_of(column), aligns_right(column.kind));
  for (const Row& row : section.rows) {
    while (grid.columns() < row.cells.size() + (codes ? 1 : 0)) add_column("", false);
  }
  for (const Row& row : section.rows) {
    Grid::Line line;
    if (codes) line.cells.push_back(cell_text(row.code));
    for (const std::string& cell : row.cells) line.cells.push_back(cell_text(cell));
    line.marked = row.billing_total;
    grid.any_mark = grid.any_mark || line.marked;
    grid.lines.push_back(std::move(line));
  }
  return grid;
}

// The widths of the columns so that a line fits into `room`, or nothing when there are too many columns for
// that. Columns are as wide as their widest text; where that is too much the widest give way first, words
// before numbers.
std::vector<std::size_t> widths_of(const Grid& grid, std::size_t room) {
  const std::size_t gaps = kGap * (grid.columns() - 1);
  if (gaps + grid.columns() > room) return {};
  std::vector<std::size_t> natural, least;
  for (const std::string& title : grid.titles) natural.push_back(std::max<std::size_t>(title.size(), 1));
  std::vector<std::size_t> widest(grid.columns(), 1);
  for (const Grid::Line& line : grid.lines) {
    for (std::size_t i = 0; i < line.cells.size(); ++i) widest[i] = std::max(widest[i], line.cells[i].size());
  }
  for (std::size_t i = 0; i < grid.columns(); ++i) {
    natural[i] = std::max(natural[i], widest[i]);
    least.push_back(grid.right[i] ? widest[i] : std::min(natural[i], kNarrow));
  }
  for (std::size_t level = room; level >= kNarrow; --level) {
    std::vector<std::size_t> widths;
    for (std::size_t i = 0; i < grid.columns(); ++i)
      widths.push_back(std::min(natural[i], std::max(level, least[i])));
    if (std::accumulate(widths.begin(), widths.end(), gaps) <= room) return widths;
  }
  return {};
}

// One row, as many lines high as its highest cell.
void add_row(Lines& out, const std::vector<std::string>& cells, const Grid& grid,
             const std::vector<std::size_t>& widths, bool marked) {
  std::vector<std::vector<std::string>> pieces;
  std::size_t height = 1;
  for (std::size_t i = 0; i < cells.size(); ++i) {
    pieces.push_back(wrap(cells[i], widths[i]));
    height = std::max(height, pieces.back().size());
  }
  for (std::size_t n = 0; n < height && !out.full(); ++n) {
    std::string line;
    for (std::size_t i = 0; i < widths.size(); ++i) {
      const std::string piece = i < pieces.size() && n < pieces[i].size() ? pieces[i][n] : std::string();
      const std::string padding(widths[i] - piece.size(), ' ');
      if (i > 0) line.append(kGap, ' ');
      line += grid.right[i] ? padding + piece : piece + padding;
    }
    if (marked && n == 0) line.append(kGap, ' ').append(kBillingMark);
    out.add(line);
  }
}

void add_table(Lines& out, const Grid& grid, const std::vector<std::size_t>& widths) {
  const auto named = [](const std::string& title) { return !title.empty(); };
  if (std::any_of(grid.titles.begin(), grid.titles.end(), named)) {
    add_row(out, grid.titles, grid, widths, false);
    std::vector<std::string> rules;
    for (const std::size_t width : widths) rules.emplace_back(width, '-');
    add_row(out, rules, grid, widths, false);
  }
  for (const Grid::Line& line : grid.lines) {
    if (out.full()) return;
    add_row(out, line.cells, grid, widths, line.marked);
  }
}

// For a section with more columns than a line can hold: each row as a block of "title: value" lines.
void add_blocks(Lines& out, const Grid& grid) {
  for (const Grid::Line& line : grid.lines) {
    for (std::size_t i = 0; i < line.cells.size() && !out.full(); ++i) {
      const std::string& title = grid.titles[i];
      const std::string indent = i > 0 ? "  " : "";
      const std::string text = title.empty() ? line.cells[i] : title + ": " + line.cells[i];
      for (const std::string& piece :
           wrap(text, limits::kReplyColumns - indent.size() - kGap - kBillingMark.size())) {
        out.add(indent + piece);
      }
    }
    if (line.marked) out.add(std::string("  ").append(kBillingMark));
    if (out.full()) return;
  }
}

// L: which row the customer pays by, in a sentence of its own.
void add_billing_sentence(Lines& out, const Grid& grid) {
  for (const Grid::Line& line : grid.lines) {
    if (!line.marked) continue;
    std::string name;
    for (std::size_t i = 0; i < line.cells.size() && i < 2; ++i) name += (i > 0 ? " " : "") + line.cells[i];
    out.add_wrapped(std::string(kBillingMark) + " The billing total is " + name + ".", limits::kReplyColumns);
  }
}

void add_section(Lines& out, const Section& section) {
  out.add("");
  if (!section.title.empty()) out.add_wrapped(cell_text(section.title), limits::kReplyColumns);
  if (!section.rows.empty()) {
    const Grid grid = grid_of(section);
    const std::size_t mark = grid.any_mark ? kGap + kBillingMark.size() : 0;
    const auto widths =
        grid.columns() > 0 ? widths_of(grid, limits::kReplyColumns - mark) : std::vector<std::size_t>();
    widths.empty() ? add_blocks(out, grid) : add_table(out, grid, widths);
    add_billing_sentence(out, grid);
  } else if (!section.columns.empty()) {
    out.add("No entries.");
  }
  if (!section.note.empty()) out.add_wrapped(cell_text(section.note), limits::kReplyColumns);
}

}  // namespace

std::string format_list(const DeviceList& list) {
  Lines out(limits::kListBytes);
  const std::string_view title = word_of(list.id).title;
  out.add(title);
  out.add(std::string(title.size(), '='));
  for (const Section& section : list.sections) {
    if (out.full()) break;
    add_section(out, section);
  }
  if (list.sections.empty()) {
    out.add("");
    out.add("This list is empty.");
  }
  return out.take();
}

}  // namespace remotemail
