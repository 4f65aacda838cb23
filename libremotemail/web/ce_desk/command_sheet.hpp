// The cheat sheet of commands, made from the library's own tables.
#pragma once

#include "web/html.hpp"

namespace remotemail::web {

struct Visit;
// Each command is a link that writes it into the form.
Html command_sheet(const Visit&);

}  // namespace remotemail::web
