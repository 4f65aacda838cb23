// The files that browsers fetch, as they were compiled in.
#pragma once

#include <string_view>

namespace remotemail::web {

std::string_view style_css();
std::string_view script_js();
std::string_view panel_css();    // beside style.css, on the pages that need it
std::string_view ce_desk_css();
std::string_view icon_svg();

}  // namespace remotemail::web
