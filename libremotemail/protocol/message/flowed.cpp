#include "protocol/message/flowed.hpp"

#include <algorithm>

namespace remotemail {

std::string join_flowed(std::string_view text, bool delete_space) {
  std::string out;
  out.reserve(text.size());
  bool open = false;      // the last line written goes on
  std::size_t depth = 0;  // its quote marks
  for (std::size_t i = 0; i < text.size();) {
    const std::size_t end = std::min(text.find('\n', i), text.size());
    std::string_view line = text.substr(i, end - i);
    i = end + 1;
    const std::size_t marks = std::min(line.find_first_not_of('>'), line.size());
    line.remove_prefix(marks);
    if (line.starts_with(' ')) line.remove_prefix(1);
    const bool signature = line == "-- ";
    if (open && (signature || marks != depth)) {
      out += '\n';
      open = false;
    }
    if (!open && marks > 0) {
      out.append(marks, '>');
      out += ' ';
    }
    depth = marks;
    open = !signature && line.ends_with(' ');
    if (open && delete_space) line.remove_suffix(1);
    out += line;
    if (!open) out += '\n';
  }
  if (open) out += '\n';
  return out;
}

}  // namespace remotemail
