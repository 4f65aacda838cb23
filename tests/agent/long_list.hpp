// A counter list of some 60 kB, and a reply's text without its head.
#pragma once

#include <string>

#include "remotemail/testing/fake_device.hpp"

namespace remotemail::testing {

inline DeviceList long_list(std::size_t rows = 600) {
  DeviceList list = sample_list(ListId::counter);
  Section section;
  section.title = "Departments";
  section.columns = {{"Department", Column::Kind::text}, {"Copies", Column::Kind::count}};
  for (std::size_t i = 0; i < rows; ++i) {
    const std::string number = std::to_string(i);
    Row row;
    row.code = "D-" + number;
    row.cells = {"Department number " + number + " " + std::string(60, static_cast<char>('a' + i % 26)),
                 number};
    section.rows.push_back(std::move(row));
  }
  list.sections.push_back(std::move(section));
  return list;
}

inline std::string below_head(const std::string& text) {
  return text.substr(text.find("\n\n") + 2);
}

}  // namespace remotemail::testing
