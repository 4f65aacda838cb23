// The INI file: what belongs to the installation, not to the copier's user. Everything else is a setting in
// the state.
// configuration_keys() is the one list of what may stand in it: checks, help, manual page and example file are
// made from it.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "remotemail/core/clock.hpp"
#include "remotemail/core/logger.hpp"
#include "remotemail/core/result.hpp"
#include "web_configuration.hpp"

namespace remotemaild {

struct Configuration {
  remotemail::LogLevel log_level = remotemail::LogLevel::info;
  std::uint64_t device_seed = 7145;
  remotemail::WallTime device_birth{};
  WebConfiguration web;
  CeDeskConfiguration ce_desk;
};

struct ConfigurationKey {
  std::string_view section, name;
  std::string_view right;                                      // what is right, in words
  std::string_view default_text;                               // "": none
  std::string_view help;                                       // one line
  std::function<bool(Configuration&, std::string_view)> take;  // false: not a value
  std::string_view example = {};  // for the example file, where there is no default
};

std::span<const ConfigurationKey> configuration_keys();  // the keys of a section stand together
std::string configuration_help();                        // a line a key, for `help run`
std::string configuration_example();  // a file with every key at its default, commented out

struct ConfigurationFile {
  std::string path;       // empty: the defaults
  bool may_lack = false;  // where there is none, the defaults
};

// The file that belongs to a state directory when no other is named, so that the service and the commands beside it
// read the same one: /etc/remotemail/remotemaild.ini for /var/lib/remotemail, /etc/remotemail/NAME.ini for
// /var/lib/remotemail/NAME; none for others.
ConfigurationFile configuration_of(std::string_view state);

// Cause::invalid_value or not_found names file, section and key; an unknown key is an error.
remotemail::Result<Configuration> read_configuration(const ConfigurationFile& file);
remotemail::Result<Configuration> read_configuration(const std::string& path);

}  // namespace remotemaild
