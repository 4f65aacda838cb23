// RFC 5322 2.2: the header block cut into fields. Bytes stay raw here; what decodes stands in encoded_word.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace remotemail {

// A text whose lines all end with LF. A line ends with CRLF, LF or CR (D9–D10); CRs right before an LF belong
// to it.
struct LineText {
  std::string text;
  std::size_t header_octets =
      0;  // of the original, up to and with the first empty line; all of it if there is none
};
LineText normalise_line_ends(std::string_view bytes);

struct HeaderField {
  std::string_view name;
  std::string_view value;  // raw, behind the colon; folds still in it as LF
};

struct HeaderBlock {
  std::vector<HeaderField> fields;
  std::size_t size = 0;          // octets of the text up to and with the empty line
  bool too_many_fields = false;  // the fields beyond limits::kHeaderFields are not there
  bool field_too_long = false;   // values are cut at limits::kHeaderField

  // The value of the first field of that name, or null.
  const std::string_view* find(std::string_view name) const noexcept;
  std::string_view value_of(std::string_view name) const noexcept;  // empty: none
};

// `text` has LF line ends. A line that is neither field nor continuation is skipped; only an empty line ends
// the header. One of the form `name=value` behind a Content- field that ends with a semicolon is its
// continuation: relays take the blanks in front away. Reads at most limits::kHeaderBlock octets of fields.
HeaderBlock split_header(std::string_view text);
// Of a part within a mail: what is neither field nor continuation is the body's first line, since there are
// programs that leave out the empty line.
HeaderBlock split_part_header(std::string_view text);

// RFC 5322 2.2.3: takes the line ends out, leaves the blanks.
std::string unfold(std::string_view raw);

// Takes the comments of a structured field out (RFC 5322 3.2.2, each becomes a blank) and unfolds it. Quoted
// strings stay as they are. An opening parenthesis that nothing closes is text.
std::string without_comments(std::string_view raw);

// Position behind the parenthesis that closes the comment which begins at `begin`; npos: nothing closes it.
std::size_t comment_end(std::string_view text, std::size_t begin) noexcept;
// Likewise of a quoted string.
std::size_t quoted_end(std::string_view text, std::size_t begin) noexcept;
// The content of a quoted string or comment, without its quoted-pairs.
std::string unquote(std::string_view inside);

}  // namespace remotemail
