// `restore`: puts a backup in the place of the state, which nobody works on.
#pragma once

#include <string>

#include "invocation.hpp"
#include "output.hpp"

namespace remotemaild {

// `backup` is an open descriptor of the file; the state of `directory` is locked by us.
int run_restore(const Invocation&, const std::string& directory, int backup, Output&);

}  // namespace remotemaild
