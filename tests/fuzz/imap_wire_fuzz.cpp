// The grammar of IMAP's responses, and the strings that commands carry.
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "../protocol/imap/text_source.hpp"
#include "core/text.hpp"
#include "protocol/imap/imap_strings.hpp"
#include "protocol/imap/imap_wire.hpp"
#include "remotemail/core/line_writer.hpp"

using namespace remotemail;

namespace {

void require(bool condition) {
  if (!condition) std::abort();
}

constexpr imap::ResponseLimits kLimits{400, 60};

// Whatever a response holds came out of the octets it used up, and those keep to the limits.
void read_all(std::string_view text) {
  test::TextSource source(text);
  for (;;) {
    const std::size_t before = source.left();
    const auto response = imap::read_response(source, kLimits);
    if (!response) {
      const Cause cause = response.error().cause;
      require(cause == Cause::protocol_violation || cause == Cause::answer_too_large ||
              cause == Cause::connection_lost);
      require(response.error().server_line.size() <= kLimits.line_octets);
      return;
    }
    const std::size_t used = before - source.left();
    require(used > 0);
    require(used <= kLimits.line_octets + kLimits.literal_octets + 2);
    if (const auto* fetched = std::get_if<imap::Fetched>(&*response)) {
      std::size_t held = 0;
      for (const auto& part : fetched->parts) {
        require(part.section.find(']') == std::string::npos || part.section.back() != ']' ||
                part.section.size() > 1);
        held += part.bytes ? part.bytes->size() : 0;
      }
      require(held <= used);
      if (fetched->uid) require(*fetched->uid <= INT64_MAX);
    }
    if (const auto* hits = std::get_if<imap::SearchHits>(&*response))
      require(hits->numbers.size() * 2 <= used);
    if (const auto* told = std::get_if<imap::Capabilities>(&*response)) {
      require(told->names.size() <= limits::kServerReplyLines);
    }
  }
}

// What is sent as a string reads back as the same string.
void send_string(std::string_view text) {
  if (!is_one_line(text) || text.size() > 60) return;
  imap::Command command("x");
  command.string(text);
  std::string wire;
  for (const std::string& line : command.lines()) {
    require(is_one_line(line));
    wire += line + "\r\n";
  }
  test::TextSource source(wire);
  imap::Decoder in(source, kLimits);
  std::string back;
  std::string_view atom;
  require(in.begin() && in.special('x') && in.special(' '));
  if (!in.string(back)) {
    require(in.atom(atom));
    back = std::string(atom);
  }
  require(back == text && in.expect_end() && source.left() == 0);
}

void send_mailbox_name(std::string_view text) {
  const auto encoded = imap::encode_mailbox_name(text);
  if (!encoded) return;
  require(is_one_line(*encoded));
  for (const char c : *encoded) require(is_printable(c));
  require(encoded->size() <= 8 * text.size() + 8);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  read_all(text);
  send_string(text);
  send_mailbox_name(text);
  return 0;
}
