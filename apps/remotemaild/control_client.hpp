// Hands a command to the service that owns the state.
#pragma once

#include <string>

#include "invocation.hpp"
#include "output.hpp"

namespace remotemaild {

// Streams what the service writes to `output` and returns its exit status; kFailed with a complaint when
// nobody answers.
int ask_service(const std::string& directory, const Invocation& invocation, Output& output);

}  // namespace remotemaild
