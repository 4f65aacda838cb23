// What a machine says of itself: any list makes a reply within the limits, in either layout.
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "core/text.hpp"
#include "remotemail/core/limits.hpp"
#include "remotemail/list_formatter/list_formatter.hpp"

using namespace remotemail;

namespace {

void demand(bool condition) {
  if (!condition) std::abort();
}

// One line of the input is one text; its first character says what it is.
DeviceList read_list(std::string_view text) {
  DeviceList list;
  for (const std::string_view line : split(text, '\n')) {
    if (line.empty()) continue;
    const auto kind = static_cast<unsigned char>(line.front());
    const std::string rest(line.substr(1));
    if (list.sections.empty() || kind == 'S') list.sections.push_back({rest, {}, {}, {}});
    Section& section = list.sections.back();
    if (kind == 'C')
      section.columns.push_back(
          {rest, static_cast<Column::Kind>(rest.size() % 8), rest.substr(rest.size() / 2)});
    if (kind == 'N') section.note = rest;
    if (kind == 'R' || section.rows.empty()) section.rows.emplace_back().code = rest;
    Row& row = section.rows.back();
    if (kind == 'P') {
      row.phone_rank = static_cast<unsigned>(rest.size());
      row.phone_label = row.phone_value = rest;
    } else if (kind == 'B') {
      row.billing_total = true;
    } else if (kind > 'a') {
      row.cells.push_back(rest);
    }
  }
  return list;
}

void demand_limits(std::string_view body, std::size_t columns, std::size_t most_lines) {
  const auto lines = split(body, '\n');
  demand(lines.back().empty() && lines.size() - 1 <= most_lines);
  for (const std::string_view line : lines) {
    demand(line.size() <= columns);
    for (const char c : line) demand(is_printable(c));
  }
}

// The same list with another text in each cell that is not blank of the columns of one kind, and where the row says it
// on the phone.
DeviceList with_others(DeviceList list, Column::Kind kind, std::string_view other) {
  for (Section& section : list.sections) {
    for (Row& row : section.rows) {
      for (std::size_t i = 0; i < row.cells.size() && i < section.columns.size(); ++i) {
        if (section.columns[i].kind != kind || trim(row.cells[i]).empty()) continue;
        const std::string before(trim(row.cells[i]));
        row.cells[i] = other;
        if (trim(row.phone_label) == before) row.phone_label = other;
        if (trim(row.phone_value) == before) row.phone_value = other;
      }
    }
  }
  return list;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  ReplyHead head;
  head.device.serial_number = head.nickname = text.substr(0, size % 40);
  head.requested_by = text.substr(size / 2);
  head.announce_delay = true;
  const DeviceList list = read_list(text);
  const auto body = [&](const DeviceList& shown, bool phone) {
    return PlainTextFormatter().format(head, Outcome{{}, ListRead{shown, phone}}).body;
  };
  DeviceList masked = list;
  mask_names(masked, [](std::string_view name) {
    demand(!name.empty() && trim(name) == name);
    return std::string("Person-k3f9x2");
  });
  for (const DeviceList& shown : {list, masked}) {
    demand_limits(body(shown, false), limits::kReplyColumns, SIZE_MAX);
    demand_limits(body(shown, true), limits::kPhoneColumns, limits::kPhoneLines);
  }
  // Codes, and names once they are masked, leave no trace: with other ones in their place the replies are the same.
  constexpr std::string_view kOther = "Some other code or name";
  if (text.find(kOther) != std::string_view::npos) return 0;
  const DeviceList other_codes = with_others(list, Column::Kind::secret, kOther);
  DeviceList other_names = with_others(list, Column::Kind::person, kOther);
  mask_names(other_names, [](std::string_view) { return std::string("Person-k3f9x2"); });
  for (const bool phone : {false, true}) {
    demand(body(list, phone) == body(other_codes, phone));
    demand(body(masked, phone) == body(other_names, phone));
  }
  return 0;
}
