// The visible text of an HTML mail (D9–D10), as a reader would copy it off the screen.
#pragma once

#include <string>
#include <string_view>

namespace remotemail {

// `html` is UTF-8; so is the result, with LF line ends. Blocks and <br> end lines, blanks collapse, &nbsp; is
// U+00A0.
std::string html_text(std::string_view html);

// The character of "nbsp", "amp", …; 0: no such name.
char32_t html_entity(std::string_view name) noexcept;

}  // namespace remotemail
