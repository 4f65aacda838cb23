// The INI file: what belongs to the installation, not to the copier's user. Everything else is a setting in
// the state.
//
//   [log]
//   level = info              ; error, warning, notice, info, debug
//   [device]
//   kind = simulated          ; the simulated copier
//   seed = 7145               ; another seed is another copier
//   birth = 2024-11-22        ; the day it was installed
//   [web]
//   listen = 127.0.0.1:8080   ; where the pages are served, in a program built with them
#pragma once

#include <cstdint>
#include <string>

#include "remotemail/core/clock.hpp"
#include "remotemail/core/logger.hpp"
#include "remotemail/core/result.hpp"

namespace remotemaild {

struct Configuration {
  remotemail::LogLevel log_level = remotemail::LogLevel::info;
  std::uint64_t device_seed = 7145;
  remotemail::WallTime device_birth{};
  std::string web_listen;  // empty: no pages
};

// `path` empty: the defaults. Cause::invalid_value or not_found names file, section and key; an unknown key
// is an error.
remotemail::Result<Configuration> read_configuration(const std::string& path);

}  // namespace remotemaild
