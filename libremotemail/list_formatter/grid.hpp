// A section as texts that can be shown: in ASCII, codes hidden, numbers ready to stand below each other.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "remotemail/core/device_list.hpp"

namespace remotemail::layout {

struct Grid {
  enum class Cells {
    words,    // at the left; may be broken
    strings,  // at the left; dates and dumps, broken only where all else fails
    numbers,  // at the right; never broken
  };
  struct Line {
    std::vector<std::string> cells;
    std::string billing;  // "C-01 Total: 419148": the sentence about the billing total ends so; else empty
    bool marked = false;  // it is the billing total
  };
  std::vector<std::string> titles;  // with units; the column of the codes is one like others
  std::vector<Cells> kinds;
  std::vector<Line> lines;
  bool any_mark = false;

  std::size_t columns() const { return titles.size(); }
  bool same_columns(const Grid& other) const { return titles == other.titles && kinds == other.kinds; }
};

Grid make_grid(const Section& section);

// The widest part of a column's numbers from their points on; and making it `width` wide in each of them, so that
// their points stand below each other. Nothing happens to texts and to numbers with more places than a person compares.
std::size_t fraction_width(const Grid& grid, std::size_t column);
void align_points(Grid& grid, std::size_t column, std::size_t width);

// One line of ASCII, cut where no list has text any more.
std::string shown_text(std::string_view text);

// What of the row shows on a phone: what stands in a cell that holds a code is hidden there too.
std::string phone_text(const Section& section, const Row& row, std::string_view text);

}  // namespace remotemail::layout
