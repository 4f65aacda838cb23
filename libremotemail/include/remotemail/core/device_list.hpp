// A list as the machine gives it: self-describing, so that the formatter knows no copier (L). Also who the machine is.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "remotemail/core/commands.hpp"

namespace remotemail {

struct DeviceIdentity {
  std::string model;
  std::string serial_number;
};

// A8–A13. shut_off and all behind it stop the function (is_off() goes by this order); the others do not.
enum class DeviceState { ready, jam, service_call, low_power, shut_off, sub_power_off, main_power_off, unreachable };
constexpr bool is_off(DeviceState s) { return s >= DeviceState::shut_off; }
std::string_view words(DeviceState) noexcept;  // "low power"

struct Column {
  // count, number and percent align right. `person`: names a person or a department; security.mask_names puts a
  // pseudonym in its place. `secret`: a code that somebody types; shown masked always, whatever the cell says.
  // Both cover cells alone: a name or code in a row's code, in a title or a note, or within another text, is shown.
  enum class Kind { text, count, number, percent, date, hex, person, secret };
  std::string title;
  Kind kind = Kind::text;
  std::string unit{};  // "mm", "%"; shown behind the title; may be empty
};

struct Row {
  std::string code;                // stable from one reading to the next: "C-01"
  std::vector<std::string> cells;  // one a column; text of any charset is UTF-8
  bool billing_total = false;      // L: exactly one row of the counter list
  // G10: place on the phone, 1 first; 0: not there. `phone_label` is at most 12 characters.
  unsigned phone_rank = 0;
  std::string phone_label{};
  std::string phone_value{};
};

struct Section {
  std::string title;            // may be empty
  std::vector<Column> columns;  // the code is no column of its own here; the formatter puts it first when any row has one
  std::vector<Row> rows;
  std::string note{};           // a sentence below the section; may be empty
};

struct DeviceList {
  ListId id = ListId::counter;
  std::vector<Section> sections;
};

}  // namespace remotemail
