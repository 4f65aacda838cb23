// `remotemaild run`: the service in the foreground.
#pragma once

#include <string>

#include "configuration.hpp"
#include "output.hpp"

namespace remotemaild {

// Blocks SIGTERM, SIGINT and SIGHUP for the whole process; before any thread is started.
void block_signals();

// Until SIGTERM or SIGINT. `directory` is locked by the caller. Returns an exit status.
int run_service(const std::string& directory, const ConfigurationFile& config, Output& output);

}  // namespace remotemaild
