// G10: the counter list for a small display.
#include <algorithm>
#include <vector>

#include "core/text.hpp"
#include "list_formatter/lines.hpp"
#include "list_formatter/table.hpp"
#include "remotemail/core/limits.hpp"
#include "remotemail/list_formatter/list_formatter.hpp"

namespace remotemail {

using namespace layout;

namespace {

constexpr std::size_t kLabelCharacters = 12;
constexpr std::size_t kValueLines = 2;

std::vector<std::string> lines_of(const Row& row) {
  const std::string label = clean_line(transliterate(row.phone_label), kLabelCharacters);
  const std::string value = transliterate(row.phone_value.empty() ? "-" : row.phone_value);
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
  std::vector<const Row*> rows;
  for (const Section& section : list.sections) {
    for (const Row& row : section.rows) {
      if (row.phone_rank > 0) rows.push_back(&row);
    }
  }
  std::stable_sort(rows.begin(), rows.end(),
                   [](const Row* a, const Row* b) { return a->phone_rank < b->phone_rank; });
  std::string out;
  if (rows.empty()) return lines > 0 ? "No counters.\n" : "";
  for (const Row* row : rows) {
    const auto block = lines_of(*row);
    if (block.size() > lines) break;
    lines -= block.size();
    for (const std::string& line : block) out += line + "\n";
  }
  return out;
}

}  // namespace remotemail
