#include <algorithm>

#include "core/text.hpp"
#include "remotemail/list_formatter/list_formatter.hpp"

namespace remotemail {

void mask_names(DeviceList& list, const std::function<std::string(std::string_view)>& pseudonym) {
  for (Section& section : list.sections) {
    for (Row& row : section.rows) {
      const std::size_t cells = std::min(row.cells.size(), section.columns.size());
      for (std::size_t i = 0; i < cells; ++i) {
        const std::string name(trim(row.cells[i]));
        if (section.columns[i].kind != Column::Kind::person || name.empty()) continue;
        row.cells[i] = pseudonym(name);
        // What the row says on a phone may be the same name.
        for (std::string* shown : {&row.phone_label, &row.phone_value}) {
          if (trim(*shown) == name) *shown = row.cells[i];
        }
      }
    }
  }
}

}  // namespace remotemail
