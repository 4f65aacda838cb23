#include "list_formatter/table.hpp"

#include <algorithm>
#include <numeric>
#include <vector>

#include "core/text.hpp"
#include "list_formatter/grid.hpp"
#include "list_formatter/lines.hpp"
#include "list_formatter/texts.hpp"
#include "remotemail/core/limits.hpp"

namespace remotemail {

using namespace layout;

namespace {

using Widths = std::vector<std::size_t>;

constexpr std::size_t kGap = 2;               // blanks between columns
constexpr std::size_t kNarrow = 8;            // no column is made narrower than this to save another
constexpr std::size_t kRowsBelowTitles = 24;  // so many a screen shows with them
constexpr std::size_t kMark = kGap + texts::kBillingMark.size();

std::size_t room_of(const Grid& grid) {
  return limits::kReplyColumns - (grid.any_mark ? kMark : 0);
}

std::size_t line_width(const Widths& widths) {
  return widths.empty() ? 0 : std::accumulate(widths.begin(), widths.end(), kGap * (widths.size() - 1));
}

// The widest text of each column, its title aside.
Widths widest_cells(const Grid& grid) {
  Widths widest(grid.columns(), 1);
  for (const Grid::Line& line : grid.lines) {
    for (std::size_t i = 0; i < line.cells.size(); ++i) widest[i] = std::max(widest[i], line.cells[i].size());
  }
  return widest;
}

// Widths with which nothing is wrapped.
Widths natural_widths(const Grid& grid) {
  Widths natural = widest_cells(grid);
  for (std::size_t i = 0; i < grid.columns(); ++i) natural[i] = std::max(natural[i], grid.titles[i].size());
  return natural;
}

// Widths that fit into `room`: the widest columns give way first, words before numbers, and `strings` only if
// they may. None: there are too many columns for that.
Widths narrowed(const Grid& grid, const Widths& natural, std::size_t room, bool break_strings) {
  Widths least = widest_cells(grid);
  for (std::size_t i = 0; i < grid.columns(); ++i) {
    const bool rigid =
        grid.kinds[i] == Grid::Cells::numbers || (grid.kinds[i] == Grid::Cells::strings && !break_strings);
    if (!rigid) least[i] = std::min(natural[i], kNarrow);
  }
  for (std::size_t level = room; level >= kNarrow; --level) {
    Widths widths;
    for (std::size_t i = 0; i < grid.columns(); ++i)
      widths.push_back(std::min(natural[i], std::max(level, least[i])));
    if (line_width(widths) <= room) return widths;
  }
  return {};
}

// The widths of a table of its own, or nothing when its columns do not fit side by side.
Widths own_widths(const Grid& grid) {
  const std::size_t room = room_of(grid);
  if (grid.columns() == 0 || (kGap + 1) * grid.columns() > room + kGap) return {};
  const Widths natural = natural_widths(grid);
  Widths widths = narrowed(grid, natural, room, false);
  return widths.empty() ? narrowed(grid, natural, room, true) : widths;
}

// One row, as many lines high as its highest cell.
void add_row(Lines& out, const std::vector<std::string>& cells, const Grid& grid, const Widths& widths,
             bool marked) {
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
      line += grid.kinds[i] == Grid::Cells::numbers ? padding + piece : piece + padding;
    }
    if (marked && n == 0) line.append(kGap, ' ').append(texts::kBillingMark);
    out.add(line);
  }
}

void add_table(Lines& out, const Grid& grid, const Widths& widths, bool titled) {
  const auto named = [](const std::string& title) { return !title.empty(); };
  if (titled && std::any_of(grid.titles.begin(), grid.titles.end(), named)) {
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

// For a section with more columns than a line can hold: each row as a block of "title: value", its first column
// on a line of its own, the others side by side as far as they fit.
void add_blocks(Lines& out, const Grid& grid) {
  constexpr std::string_view kIndent = "  ";
  constexpr std::size_t kRoom = limits::kReplyColumns - kMark - kIndent.size();
  std::size_t widest = 1;
  const auto text_of = [&grid](const Grid::Line& line, std::size_t i) {
    const std::string cell(trim(line.cells[i]));
    return grid.titles[i].empty() ? cell : grid.titles[i] + ": " + cell;
  };
  for (const Grid::Line& line : grid.lines) {
    for (std::size_t i = 1; i < line.cells.size(); ++i) widest = std::max(widest, text_of(line, i).size());
  }
  const std::size_t abreast = std::max<std::size_t>((kRoom + kGap) / (widest + kGap), 1);
  for (const Grid::Line& line : grid.lines) {
    if (!line.cells.empty()) out.add_wrapped(text_of(line, 0), kRoom);
    for (std::size_t i = 1; i < line.cells.size() && !out.full();) {
      std::string texts(text_of(line, i));
      for (std::size_t n = 1; n < abreast && i + n < line.cells.size(); ++n)
        texts = padded(texts, n * (widest + kGap)) + text_of(line, i + n);
      for (const std::string& piece : wrap(texts, kRoom)) out.add(std::string(kIndent).append(piece));
      i += abreast;
    }
    if (line.marked) out.add(std::string(kIndent).append(texts::kBillingMark));
    if (out.full()) return;
  }
}

// A section and how it will be laid out; no widths: in blocks.
struct Part {
  const Section* section;
  Grid grid;
  Widths widths;
  bool titled = true;  // the titles of its columns stand above it
};

// The end of the sections from `first` on that have the same columns.
using Place = std::vector<Part>::iterator;
Place end_of_run(Place first, Place end) {
  return std::find_if(first, end, [&](const Part& part) {
    return part.grid.columns() == 0 || !part.grid.same_columns(first->grid);
  });
}

void align_points_of(Place first, Place last) {
  for (std::size_t i = 0; i < first->grid.columns(); ++i) {
    std::size_t width = 0;
    for (Place part = first; part != last; ++part) width = std::max(width, fraction_width(part->grid, i));
    for (Place part = first; part != last; ++part) align_points(part->grid, i, width);
  }
}

// Sections with the same columns stand below each other in the same widths, unless something would be wrapped for
// that, and under the titles of the first, unless these are too far above to be seen.
void lay_out(std::vector<Part>& parts) {
  for (Place first = parts.begin(), last; first != parts.end(); first = std::max(last, first + 1)) {
    last = end_of_run(first, parts.end());
    align_points_of(first, last);
    Widths shared(first->grid.columns(), 0);
    bool any_mark = false;
    for (Place part = first; part != last; ++part) {
      const Widths natural = natural_widths(part->grid);
      for (std::size_t i = 0; i < shared.size(); ++i) shared[i] = std::max(shared[i], natural[i]);
      any_mark = any_mark || part->grid.any_mark;
    }
    const bool fits = line_width(shared) + (any_mark ? kMark : 0) <= limits::kReplyColumns;
    std::size_t rows = 0;  // below the latest titles, and what stands between the sections
    for (Place part = first; part != last; ++part) {
      part->widths = fits ? shared : own_widths(part->grid);
      part->titled = part == first || !fits || rows > kRowsBelowTitles;
      rows = (part->titled ? 0 : rows + 2) + part->grid.lines.size();
    }
  }
}

void add_section(Lines& out, const Part& part) {
  const Section& section = *part.section;
  out.add("");
  if (!section.title.empty()) out.add_wrapped(shown_text(section.title), limits::kReplyColumns);
  if (!section.rows.empty()) {
    part.widths.empty() ? add_blocks(out, part.grid) : add_table(out, part.grid, part.widths, part.titled);
    for (const Grid::Line& line : part.grid.lines) {
      if (line.marked) out.add_wrapped(line.billing, limits::kReplyColumns);
    }
  } else if (!section.columns.empty()) {
    out.add(texts::kNoRows);
  }
  if (!section.note.empty()) out.add_wrapped(shown_text(section.note), limits::kReplyColumns);
}

}  // namespace

std::string format_list(const DeviceList& list) {
  Lines out(limits::kListBytes);
  const std::string_view title = word_of(list.id).title;
  out.add(title);
  out.add(std::string(title.size(), '='));
  std::vector<Part> parts;
  for (const Section& section : list.sections)
    parts.push_back({&section, section.rows.empty() ? Grid{} : make_grid(section), {}, true});
  lay_out(parts);
  for (const Part& part : parts) {
    if (out.full()) break;
    add_section(out, part);
  }
  if (list.sections.empty()) {
    out.add("");
    out.add(texts::kEmptyList);
  }
  return out.take();
}

}  // namespace remotemail
