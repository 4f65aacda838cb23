// The grammar of IMAP commands (RFC 3501, 9), as far as the memory mail host takes them. No I/O.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace remotemail::testing::mailhost {

// One argument: an atom (also `BODY.PEEK[HEADER]<0.100>`), a string, or a list of them.
struct Argument {
  enum class Kind { atom, string, list } kind = Kind::atom;
  std::string text;
  std::vector<Argument> items;
};

struct ImapCommand {
  std::string tag;
  std::string verb;  // in lower case, without UID
  bool uid = false;  // UID FETCH and its like
  std::vector<Argument> arguments;
};

// `{12}` or `{12+}` at the end of a line.
struct LiteralAnnouncement {
  std::uint64_t octets = 0;
  bool waits = true;  // for `+` from the server
};
std::optional<LiteralAnnouncement> announced_literal(std::string_view line);

// The tag alone, for BAD answers to what does not parse; empty: none.
std::string tag_of(std::string_view line);

// A whole command: lines joined by CRLF, each literal behind the line that announces it. Nothing: not that.
std::optional<ImapCommand> parse_command(std::string_view bytes);

// `1:4,7,9:*`; `*` is `largest`. Nothing: not that. Ranges may be written backwards (RFC 3501, 9, seq-range).
struct NumberRange {
  std::uint32_t low, high;
};
std::optional<std::vector<NumberRange>> parse_number_set(std::string_view text, std::uint32_t largest);
bool holds(const std::vector<NumberRange>&, std::uint32_t);

// Quoted where it can be, else a literal.
std::string imap_string(std::string_view);

// LIST's `*` and `%`. Linear in the product of the lengths; both are bounded by the command's size.
bool matches_pattern(std::string_view pattern, std::string_view name);

}  // namespace remotemail::testing::mailhost
