// Replies of an SMTP server, and the messages that are sent to it.
#include <cstdint>
#include <cstdlib>
#include <string>

#include "core/text.hpp"
#include "protocol/smtp/smtp_wire.hpp"
#include "remotemail/core/limits.hpp"

using namespace remotemail;
using namespace remotemail::smtp;

namespace {

void require(bool holds) {
  if (!holds) std::abort();
}

void check_replies(std::string_view input) {
  ReplyReader reader;
  for (const std::string_view line : split(input, '\n')) {
    const auto whole = reader.add(line);
    const Reply& reply = reader.reply();
    require(reply.lines.size() <= limits::kServerReplyLines);
    require(reply.text().size() < 4096);
    if (!whole) {
      require(whole.error().server_line.empty());
      return;
    }
    require(reply.code >= 200 && reply.code <= 599);
    require(reply.positive() + reply.intermediate() + reply.transient() + reply.permanent() == 1);
    require(reply.enhanced.empty() || reply.enhanced[0] == '0' + reply.code / 100);
    if (!*whole) continue;
    const Capabilities found = parse_capabilities(reply);
    require(found.size || found.size_limit == 0);
    reader = {};
  }
}

// What leaves has one end only, even for a server to which a CR or LF alone ends a line, and arrives as it
// was.
void check_message(std::string_view message) {
  const auto stuffed = stuff(message);
  if (!stuffed) return;
  const std::string wire = *stuffed + std::string(kFinalDot);
  std::string arrived;
  for (std::size_t at = 0;;) {
    const auto end = wire.find_first_of("\r\n", at);
    require(end != std::string::npos && wire.compare(end, 2, "\r\n") == 0);
    std::string_view line = std::string_view(wire).substr(at, end - at);
    at = end + 2;
    if (line == ".") {
      require(at == wire.size());
      break;
    }
    if (line.starts_with('.')) line.remove_prefix(1);
    require(line.size() <= 998);
    arrived.append(line).append("\r\n");
  }
  require(arrived == message || arrived == std::string(message) + "\r\n");
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view input(reinterpret_cast<const char*>(data), size);
  check_replies(input);
  check_message(input);
  if (is_path(input)) require(input.find_first_of("<> \r\n") == std::string_view::npos);
  return 0;
}
