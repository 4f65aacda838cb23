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
          {rest, static_cast<Column::Kind>(rest.size() % 6), rest.substr(rest.size() / 2)});
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

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  ReplyHead head;
  head.device.serial_number = head.nickname = text.substr(0, size % 40);
  head.requested_by = text.substr(size / 2);
  head.announce_delay = true;
  const DeviceList list = read_list(text);
  const auto body = [&](bool phone) {
    return PlainTextFormatter().format(head, Outcome{{}, ListRead{list, phone}}).body;
  };
  demand_limits(body(false), limits::kReplyColumns, SIZE_MAX);
  demand_limits(body(true), limits::kPhoneColumns, limits::kPhoneLines);
  return 0;
}
