// Rules G and L: an outcome as text.
#pragma once

#include <functional>
#include <string>
#include <string_view>

#include "remotemail/core/outcome.hpp"

namespace remotemail {

class ListFormatter {
 public:
  virtual ~ListFormatter() = default;
  // Pure: the same arguments give the same bytes. ASCII, lines <= 128 columns (24 and 20 lines for the phone, G10),
  // at most limits::kListBytes of list, what is beyond is cut with a line that says so. Cells of a column of kind
  // `secret` are shown as `****`, whatever they say (L). Any thread.
  virtual ReplyText format(const ReplyHead& head, const Outcome& outcome) const = 0;
};

class PlainTextFormatter final : public ListFormatter {
 public:
  ReplyText format(const ReplyHead& head, const Outcome& outcome) const override;
};

// L, security.mask_names: each name in a column of kind `person` becomes pseudonym(name), which is asked with the
// blanks at its ends cut; a blank cell stays. Names that stand anywhere else stay too: see Column.
void mask_names(DeviceList& list, const std::function<std::string(std::string_view)>& pseudonym);

// G9, G10: UTF-8 to ASCII; what has no transliteration becomes `?`.
std::string transliterate(std::string_view text);

// Y4, H2: a line of a mail, transliterated; when it reads as CHPASS, quoted or not, each word behind it is `********`.
std::string hide_passwords(std::string_view line);

}  // namespace remotemail
