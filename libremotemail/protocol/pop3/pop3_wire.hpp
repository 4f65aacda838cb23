// The grammar of POP3: pure functions from octets to values (RFC 1939, 2449, 3206). No I/O.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace remotemail::pop3 {

// "+OK text", "-ERR [CODE] text".
struct StatusLine {
  bool ok = false;
  std::string code;  // RFC 2449 8: upper case, without brackets: "IN-USE", "SYS/TEMP"; empty: none
  std::string text;  // what stands behind status and code, as received
  bool operator==(const StatusLine&) const = default;
};

// None: the line is no status line. A line without its end.
std::optional<StatusLine> parse_status(std::string_view line);

// "+ text" or "+" asks for the next line of a SASL exchange (RFC 5034).
bool is_continuation(std::string_view line);

struct Capabilities {
  bool uidl = false;
  bool top = false;
  bool stls = false;
  bool user = false;
  bool sasl_plain = false;
  bool operator==(const Capabilities&) const = default;
};

// Takes one line of a CAPA answer in; unknown ones are ignored.
void add_capability(Capabilities&, std::string_view line);

struct ListRow {
  std::uint32_t number = 0;  // never 0
  std::uint64_t size = 0;    // UINT64_MAX: not a size that can be; such a mail is too large for anyone
  bool operator==(const ListRow&) const = default;
};

// "1 120"; what follows is ignored (RFC 1939 5: "additional information"). None: no message number.
std::optional<ListRow> parse_list_row(std::string_view line);

struct UidlRow {
  std::uint32_t number = 0;  // never 0
  std::string_view uid;      // 1 to 70 octets of 0x21–0x7E (RFC 1939 7); empty: what stood there is no uid
  bool operator==(const UidlRow&) const = default;
};

std::optional<UidlRow> parse_uidl_row(std::string_view line);

// A multi-line answer, octet by octet: dots unstuffed, ended by CRLF "." CRLF alone. A bare LF ends no line
// here, or a mail with LF "." LF could pass its own text off as the server's next answer. Constant memory.
class Unstuffer {
 public:
  // What of the answer is certain after `octet`, 0 to 3 octets; valid until the next call. Not to be called
  // at the end.
  std::string_view feed(char octet);
  bool at_end() const { return state_ == State::end; }

 private:
  enum class State { line_start, in_line, cr, dot, dot_cr, end };
  State state_ = State::line_start;
  char out_[3] = {};
};

// Octets of the header block with its empty line, or npos when `bytes` ends before it.
std::size_t header_end(std::string_view bytes);

}  // namespace remotemail::pop3
