// The header block: every field lies within the text, limits hold, line ends are normalised once for all.
#include <cstdint>
#include <cstdlib>

#include "protocol/message/header_fields.hpp"
#include "remotemail/core/limits.hpp"

using namespace remotemail;

namespace {

void check(const HeaderBlock& block, std::string_view text) {
  if (block.size > text.size() || block.fields.size() > limits::kHeaderFields) std::abort();
  const char* const begin = text.data();
  const char* const end = begin + block.size;
  for (const HeaderField& field : block.fields) {
    if (field.name.empty() || field.name.find_first_of(": \t\n") != std::string_view::npos) std::abort();
    if (field.value.size() > limits::kHeaderField) std::abort();
    if (field.name.data() < begin || field.value.data() + field.value.size() > end) std::abort();
    if (unfold(field.value).find('\n') != std::string::npos) std::abort();
    if (without_comments(field.value).size() > field.value.size()) std::abort();
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  const LineText lines = normalise_line_ends(bytes);
  if (lines.text.find('\r') != std::string::npos || lines.header_octets > size) std::abort();
  if (normalise_line_ends(lines.text).text != lines.text) std::abort();

  const HeaderBlock whole = split_header(lines.text), part = split_part_header(lines.text);
  check(whole, lines.text);
  check(part, lines.text);
  if (part.size > whole.size || part.fields.size() > whole.fields.size()) std::abort();
  return 0;
}
