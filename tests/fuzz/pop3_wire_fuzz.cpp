// Lines and multi-line answers of a POP3 server.
#include <cstdint>
#include <cstdlib>
#include <string>

#include "core/text.hpp"
#include "protocol/pop3/pop3_wire.hpp"

using namespace remotemail;
using namespace remotemail::pop3;

namespace {

void require(bool holds) {
  if (!holds) std::abort();
}

void check_line(std::string_view line) {
  if (const auto status = parse_status(line)) {
    require(status->code.size() <= 64 && upper(status->code) == status->code);
    require(status->text.size() <= line.size());
    require(!is_continuation(line));
  }
  if (const auto row = parse_list_row(line)) {
    require(row->number > 0);
    require(parse_list_row(std::to_string(row->number) + " " + std::to_string(row->size)) == row);
  }
  if (const auto row = parse_uidl_row(line)) {
    require(row->number > 0 && row->uid.size() <= 70);
    for (const char c : row->uid) require(c > 0x20 && c < 0x7F);
  }
  Capabilities capabilities;
  add_capability(capabilities, line);
}

// Stuffed as a server does it, any text comes back as it was, and what stands behind its end is left alone.
void check_answer(std::string text) {
  if (!text.empty() && !text.ends_with("\r\n")) text += "\r\n";
  std::string wire;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const bool start = i == 0 || (i > 1 && text[i - 1] == '\n' && text[i - 2] == '\r');
    if (start && text[i] == '.') wire += '.';
    wire += text[i];
  }
  wire += ".\r\n";
  Unstuffer unstuffer;
  std::string read;
  for (std::size_t i = 0; i < wire.size(); ++i) {
    require(!unstuffer.at_end());
    read += unstuffer.feed(wire[i]);
  }
  require(unstuffer.at_end() && read == text);
  const auto end = header_end(text);
  require(end == std::string::npos || end <= text.size());
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view input(reinterpret_cast<const char*>(data), size);
  for (const std::string_view line : split(input, '\n')) check_line(line);
  check_answer(std::string(input));
  Unstuffer unstuffer;
  std::size_t out = 0;
  for (std::size_t i = 0; i < size && !unstuffer.at_end(); ++i) {
    out += unstuffer.feed(input[i]).size();
    require(out <= i + 1);
  }
  return 0;
}
