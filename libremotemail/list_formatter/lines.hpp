// Lines of a bounded width in a text of bounded size.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace remotemail::layout {

// `text` in pieces of at most `width` characters, broken at blanks where there is one; never empty. With more
// than `most` pieces the last one ends with `...`.
std::vector<std::string> wrap(std::string_view text, std::size_t width, std::size_t most = SIZE_MAX);

std::string padded(std::string_view text, std::size_t width);  // with blanks behind it

// "Name: value", or, when that is wider than `columns`, "Name:" and the value in at most `most` lines below it.
std::vector<std::string> field(std::string_view name, std::string_view value, std::size_t columns,
                               std::size_t most);

// Collects lines until their octets (with CRLF ends, as they will be sent) would pass a limit. Nothing is
// taken after that but the line that says so, for which room is kept.
class Lines {
 public:
  explicit Lines(std::size_t most_octets) : room_(most_octets) {}

  void add(std::string_view line);  // blanks at its end are cut; the caller keeps it within the columns
  void add_wrapped(std::string_view text, std::size_t columns);
  bool full() const noexcept { return full_; }
  // The text so far, each line with LF; leaves nothing behind.
  std::string take();

 private:
  std::string text_;
  std::size_t room_;
  bool full_ = false;
};

}  // namespace remotemail::layout
