// What an HTML mail holds and does not show: the lines that only a list of mails is to show.
#pragma once

#include <string_view>

namespace remotemail {

// Do these attributes of a tag ("style" with display:none, "hidden") hide what the element holds?
bool html_attributes_hide(std::string_view attributes);

// Elements that hold nothing: `name` in lower case.
bool is_void_html_element(std::string_view name) noexcept;

}  // namespace remotemail
