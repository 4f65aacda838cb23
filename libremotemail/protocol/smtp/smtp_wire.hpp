// The grammar of SMTP: pure functions from octets to values and back (RFC 5321, 2034, 1870, 4954). No I/O.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "remotemail/core/result.hpp"

namespace remotemail::smtp {

// One line of a reply.
struct ReplyLine {
  int code = 0;  // 200 to 599
  bool last = true;
  std::string_view text;
  bool operator==(const ReplyLine&) const = default;
};

// None: the line is no reply line (RFC 5321 4.2).
std::optional<ReplyLine> parse_reply_line(std::string_view line);

struct Reply {
  int code = 0;
  std::string enhanced;            // RFC 2034: "5.1.1", of the last line that has one; empty: none
  std::vector<std::string> lines;  // texts without code, each cut at 1 KiB, otherwise as received

  bool positive() const { return code / 100 == 2; }
  bool intermediate() const { return code / 100 == 3; }
  bool transient() const { return code / 100 == 4; }
  bool permanent() const { return code / 100 == 5; }
  // Code and texts in one line, as received: a Scrubber's business before people see it (Y4). Some KiB at
  // most.
  std::string text() const;
};

// Gathers the lines of one reply; bounded by limits::kServerReplyLines.
class ReplyReader {
 public:
  // True: the reply is whole. protocol_violation for a line that is none or has another code than the first;
  // answer_too_large when there are too many.
  Result<bool> add(std::string_view line);
  const Reply& reply() const { return reply_; }

 private:
  Reply reply_;
};

// What an EHLO reply offers.
struct Capabilities {
  bool starttls = false;
  bool eight_bit_mime = false;
  bool pipelining = false;
  bool enhanced_status_codes = false;
  bool auth_plain = false;
  bool auth_login = false;
  bool size = false;             // MAIL FROM may carry SIZE=
  std::uint64_t size_limit = 0;  // RFC 1870; 0: none is given
  bool operator==(const Capabilities&) const = default;
};
Capabilities parse_capabilities(const Reply& ehlo);

// A message as it stands between DATA's answer and the final dot: dots doubled at the start of lines. Without
// its last CRLF, which belongs to kFinalDot. unsafe_text for a CR or LF that stands alone, a NUL, or a line
// over 998 octets: no server can then see another end of the message than we do (RFC 5321 2.3.8, 4.5.2).
Result<std::string> stuff(std::string_view message);
inline constexpr std::string_view kFinalDot = "\r\n.\r\n";

// True for an address that may stand between the angle brackets of MAIL FROM and RCPT TO: printable ASCII
// without blanks and angle brackets, one `@` inside. Form beyond that was checked where the address was
// entered (B19).
bool is_path(std::string_view address);

}  // namespace remotemail::smtp
