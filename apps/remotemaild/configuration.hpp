// The INI file: what belongs to the installation, not to the copier's user. Everything else is a setting in
// the state.
// configuration_keys() is the one list of what may stand in it: checks, help, manual page and example file are
// made from it.
#pragma once

#include <cstdint>
#include <functional>
#include <span>
#include <string>
#include <string_view>

#include "remotemail/core/clock.hpp"
#include "remotemail/core/logger.hpp"
#include "remotemail/core/result.hpp"

namespace remotemaild {

// [ce_desk]: the mail client on the pages, for demonstrations.
struct CeDeskConfiguration {
  std::string address, spool = "imap", server, security = "tls", user, password_file;
  std::string smtp_server, smtp_security = "tls", smtp_user, smtp_password_file, ca_file, note;
  std::uint16_t port = 0, smtp_port = 0;
  bool operator==(const CeDeskConfiguration&) const = default;
  bool given() const { return !(*this == CeDeskConfiguration{}); }  // something of the section stands there
};

// [web]: where the pages are, and how they look.
struct WebConfiguration {
  std::string listen;  // empty: no pages
  std::string transport = "automatic", certificate, key, hosts, stylesheet, texts;
  std::uint16_t session_seconds = 600;
  CeDeskConfiguration ce_desk;
  bool operator==(const WebConfiguration&) const = default;
};

struct Configuration {
  remotemail::LogLevel log_level = remotemail::LogLevel::info;
  std::uint64_t device_seed = 7145;
  remotemail::WallTime device_birth{};
  WebConfiguration web;
};

struct ConfigurationKey {
  std::string_view section, name;
  std::string_view right;                                      // what is right, in words
  std::string_view default_text;                               // "": none
  std::string_view help;                                       // one line
  std::function<bool(Configuration&, std::string_view)> take;  // false: not a value
  std::string_view example = {};  // what the example file shows where there is no default
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
