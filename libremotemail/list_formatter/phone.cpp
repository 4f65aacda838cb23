// G10: the counter list for a small display.
#include <algorithm>
#include <vector>

#include "core/text.hpp"
#include "list_formatter/grid.hpp"
#include "list_formatter/lines.hpp"
#include "list_formatter/table.hpp"
#include "list_formatter/texts.hpp"
#include "remotemail/core/limits.hpp"

namespace remotemail {

using namespace layout;

namespace {

constexpr std::size_t kLabelCharacters = 12;
constexpr std::size_t kValueLines = 2;

std::vector<std::string> lines_of(const Section& section, const Row& row) {
  const std::string label = clean_line(phone_text(section, row, row.phone_label), kLabelCharacters);
  const std::string value =
      phone_text(section, row, row.phone_value.empty() ? texts::kNoValue : row.phone_value);
  std::string line = label.empty() ? value : label + ": " + value;
  if (line.size() <= limits::kPhoneColumns) return {line};
  std::vector<std::string> lines;
  if (!label.empty()) lines.push_back(label + ":");
  for (const std::string& piece : wrap(value, limits::kPhoneColumns - 1, kValueLines))
    lines.push_back(" " + piece);
  return lines;
}

}  // namespace

std::string format_phone_list(const DeviceList& list, std::size_t lines) {
  struct Place {
    const Section* section;
    const Row* row;
  };
  std::vector<Place> places;
  for (const Section& section : list.sections) {
    for (const Row& row : section.rows) {
      if (row.phone_rank > 0) places.push_back({&section, &row});
    }
  }
  std::stable_sort(places.begin(), places.end(),
                   [](const Place& a, const Place& b) { return a.row->phone_rank < b.row->phone_rank; });
  std::string out;
  if (places.empty()) return lines > 0 ? std::string(texts::kNoPhoneRows) + "\n" : "";
  for (const Place& place : places) {
    const auto block = lines_of(*place.section, *place.row);
    if (block.size() > lines) break;
    lines -= block.size();
    for (const std::string& line : block) out += line + "\n";
  }
  return out;
}

}  // namespace remotemail
