// format=flowed: any text comes back from the form a mail program gives it, with DelSp and without; what was never
// flowed keeps its lines; no text grows beyond its quote marks.
#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <string>

#include "core/text.hpp"
#include "protocol/message/flowed.hpp"

using namespace remotemail;

namespace {

void require(bool holds) {
  if (!holds) std::abort();
}

// RFC 3676 4.4: what begins like a quotation or with a blank gets a blank in front.
std::string stuffed(std::string_view piece) {
  return (piece.starts_with(' ') || piece.starts_with('>') ? " " : "") + std::string(piece);
}

// One line as the lines that travel: broken behind a blank, with DelSp anywhere.
std::string flow(std::string_view line, std::size_t width, bool delete_space) {
  std::string out;
  while (line.size() > width) {
    const std::size_t blank = line.find(' ', width);
    const std::size_t length = delete_space                      ? width
                               : blank == std::string_view::npos ? line.size()
                                                                 : blank + 1;
    const std::string piece = std::string(line.substr(0, length)) + (delete_space ? " " : "");
    if (length == line.size() || stuffed(piece) == "-- ") break;
    out += stuffed(piece) + "\n";
    line.remove_prefix(length);
  }
  return out + stuffed(line) + "\n";
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string input(reinterpret_cast<const char*>(data), size);
  for (const bool delete_space : {false, true}) {
    std::string text, flowed;
    for (std::string_view line : split(input, '\n')) {
      while (line.ends_with(' ')) line.remove_suffix(1);  // RFC 3676 4.2: cut before it is flowed
      text += std::string(line) + "\n";
      flowed += flow(line, 1 + size % 78, delete_space);
    }
    require(join_flowed(flowed, delete_space) == text);

    const std::string joined = join_flowed(input, delete_space);
    const auto count = [](std::string_view lines) { return std::count(lines.begin(), lines.end(), '\n'); };
    require(joined.empty() || joined.ends_with('\n'));
    require(joined.size() <= 3 * size + 1 && count(joined) <= count(input) + 1);
    if (input.find_first_of("> ") == std::string::npos && !input.empty())
      require(joined == input + (input.ends_with('\n') ? "" : "\n"));
    // The signature keeps its line, whatever stands above it.
    require(join_flowed(input + "\n-- \nHELP", delete_space).ends_with("\n-- \nHELP\n"));
  }
  return 0;
}
