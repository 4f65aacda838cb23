#include "agent/glance.hpp"

#include <algorithm>
#include <utility>

#include "core/text.hpp"

namespace remotemail {
namespace {

constexpr std::size_t kMostValues = 12;

// The rows that the adapter chose for the phone, in its order (G10).
std::vector<MachineGlance::Value> counters_of(const DeviceList& list) {
  std::vector<const Row*> rows;
  for (const Section& section : list.sections) {
    for (const Row& row : section.rows) {
      if (row.phone_rank > 0) rows.push_back(&row);
    }
  }
  std::ranges::stable_sort(rows, {}, [](const Row* row) { return row->phone_rank; });
  rows.resize(std::min(rows.size(), kMostValues));
  std::vector<MachineGlance::Value> values;
  for (const Row* row : rows) values.push_back({row->phone_label, row->phone_value});
  return values;
}

// The first section that tells a percentage: its first column names what it is of.
std::vector<MachineGlance::Value> use_of(const DeviceList& list) {
  std::vector<MachineGlance::Value> values;
  for (const Section& section : list.sections) {
    const auto percent = std::ranges::find(section.columns, Column::Kind::percent, &Column::kind);
    if (percent == section.columns.end() || section.columns[0].kind != Column::Kind::text) continue;
    const auto place = static_cast<std::size_t>(percent - section.columns.begin());
    for (const Row& row : section.rows) {
      if (row.cells.size() > place && values.size() < kMostValues)
        values.push_back({row.cells[0], row.cells[place]});
    }
    if (!values.empty()) break;
  }
  return values;
}

}  // namespace

MachineGlance look_at_machine(DeviceAdapter& device, const Clock& clock, const MachineGlance& before,
                              const Deadline& deadline) {
  MachineGlance glance = before;
  glance.error.reset();
  const auto note = [&](Error error) {
    if (!glance.error) glance.error = std::move(error);
  };
  if (auto identity = device.identity(deadline))
    glance.identity = std::move(*identity);
  else
    note(std::move(identity).error());
  for (const ListId id : {ListId::counter, ListId::management2}) {
    if (!device.supports(id)) continue;
    auto list = device.read_list(id, deadline);
    if (!list)
      note(std::move(list).error());
    else if (id == ListId::counter)
      glance.counters = counters_of(*list);
    else
      glance.use = use_of(*list);
  }
  glance.at = clock.now();
  return glance;
}

}  // namespace remotemail
