#include "remotemail/core/line_writer.hpp"

#include "remotemail/core/secret.hpp"

namespace remotemail {

bool is_one_line(std::string_view text) noexcept {
  return text.find_first_of(std::string_view("\r\n\0", 3)) == std::string_view::npos;
}

Result<std::string> make_line(std::initializer_list<std::string_view> pieces, std::size_t limit) {
  std::string line;
  std::size_t size = 2;
  for (const std::string_view piece : pieces) size += piece.size();
  line.reserve(size);  // at once, so that growing leaves no copy of a password behind
  for (const std::string_view piece : pieces) {
    if (!is_one_line(piece)) {
      wipe(line);
      return make_error(Cause::unsafe_text, Step::none, {}, Retry::never);
    }
    line += piece;
  }
  if (line.size() > limit) {
    size = line.size();
    wipe(line);
    return make_error(Cause::unsafe_text, Step::none, "a line of " + std::to_string(size) + " octets",
                      Retry::never);
  }
  line += "\r\n";
  return line;
}

}  // namespace remotemail
