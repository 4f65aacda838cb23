// The files that browsers fetch, as they were compiled in.
#pragma once

#include <string_view>

namespace remotemail::web {

std::string_view style_css();
std::string_view script_js();

}  // namespace remotemail::web
