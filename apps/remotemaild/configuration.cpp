#include "configuration.hpp"

#include <Poco/AutoPtr.h>
#include <Poco/Exception.h>
#include <Poco/Util/IniFileConfiguration.h>
#include <arpa/inet.h>
#include <fmt/format.h>
#include <sys/stat.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <chrono>
#include <initializer_list>
#include <map>
#include <optional>
#include <sstream>
#include <vector>

#include "core/text.hpp"
#include "read_file.hpp"

namespace remotemaild {
namespace {

using remotemail::Cause;
using remotemail::LogLevel;
using remotemail::make_error;
using remotemail::Result;
using remotemail::Retry;
using remotemail::Step;

constexpr std::chrono::year_month_day kDefaultBirth{std::chrono::year{2024}, std::chrono::month{11},
                                                    std::chrono::day{22}};

std::optional<LogLevel> level_of(std::string_view text) {
  const std::map<std::string, LogLevel, std::less<>> levels{{"error", LogLevel::error},
                                                            {"warning", LogLevel::warning},
                                                            {"notice", LogLevel::notice},
                                                            {"info", LogLevel::info},
                                                            {"debug", LogLevel::debug}};
  const auto at = levels.find(text);
  return at == levels.end() ? std::nullopt : std::optional(at->second);
}

std::optional<remotemail::WallTime> day_of(std::string_view text) {
  const auto parts = remotemail::split(text, '-');
  if (parts.size() != 3) return std::nullopt;
  const auto year = remotemail::parse_number<int>(parts[0]);
  const auto month = remotemail::parse_number<unsigned>(parts[1]),
             day = remotemail::parse_number<unsigned>(parts[2]);
  if (!year || !month || !day) return std::nullopt;
  const std::chrono::year_month_day date{std::chrono::year{*year}, std::chrono::month{*month},
                                         std::chrono::day{*day}};
  if (!date.ok() || *year < 1990 || *year > 2100) return std::nullopt;
  return std::chrono::sys_days(date);
}

// ADDRESS:PORT, [IPv6]:PORT or PORT; port 0 is any free one.
bool is_listen_address(std::string_view text) {
  const auto colon = text.rfind(':');
  if (!remotemail::parse_number<std::uint16_t>(colon == std::string_view::npos ? text
                                                                               : text.substr(colon + 1)))
    return false;
  if (colon == std::string_view::npos) return true;
  std::string_view address = text.substr(0, colon);
  const bool brackets = address.starts_with('[') && address.ends_with(']');
  if (brackets) address = address.substr(1, address.size() - 2);
  std::array<unsigned char, 16> octets{};
  return ::inet_pton(brackets ? AF_INET6 : AF_INET, std::string(address).c_str(), octets.data()) == 1;
}

bool some_text(std::string& where, std::string_view text) {
  where = text;
  return !text.empty();
}

bool one_of(std::string& where, std::string_view text, std::initializer_list<std::string_view> choices) {
  where = text;
  return std::find(choices.begin(), choices.end(), text) != choices.end();
}

ConfigurationKey desk_text(std::string_view name, std::string_view right, std::string_view help,
                           std::string CeDeskConfiguration::*where) {
  return {"ce_desk", name, right, "", help, [where](Configuration& c, std::string_view text) {
            return some_text(c.web.ce_desk.*where, text);
          }};
}

ConfigurationKey desk_choice(std::string_view name, std::string_view usual, std::string_view help,
                             std::string CeDeskConfiguration::*where,
                             std::initializer_list<std::string_view> choices) {
  const std::vector<std::string_view> all(choices);
  return {"ce_desk",
          name,
          all.size() == 2 ? "imap or pop3" : "tls, starttls or none",
          usual,
          help,
          [where, all](Configuration& c, std::string_view text) {
            c.web.ce_desk.*where = text;
            return std::find(all.begin(), all.end(), text) != all.end();
          }};
}

ConfigurationKey desk_port(std::string_view name, std::string_view help,
                           std::uint16_t CeDeskConfiguration::*where) {
  return {"ce_desk",
          name,
          "a whole number from 1 to 65535",
          "",
          help,
          [where](Configuration& c, std::string_view text) {
            const auto port = remotemail::parse_number<std::uint16_t>(text);
            c.web.ce_desk.*where = port.value_or(0);
            return port && *port > 0;
          }};
}

constexpr std::string_view kStateFolder = "/var/lib/remotemail";
constexpr std::string_view kConfigurationFolder = "/etc/remotemail/";

const std::vector<ConfigurationKey>& known_keys() {
  static const std::vector<ConfigurationKey> keys{
      {"log", "level", "error, warning, notice, info or debug", "info", "how much the log tells",
       [](Configuration& c, std::string_view text) {
         const auto level = level_of(text);
         if (level) c.log_level = *level;
         return level.has_value();
       }},
      {"device", "kind", "simulated", "simulated", "which machine this is",
       [](Configuration&, std::string_view text) { return text == "simulated"; }},
      {"device", "seed", "a whole number", "7145", "another seed is another copier",
       [](Configuration& c, std::string_view text) {
         const auto seed = remotemail::parse_number(text);
         if (seed) c.device_seed = *seed;
         return seed.has_value();
       }},
      {"device", "birth", "a day such as 2024-11-22", "2024-11-22", "the day it was installed",
       [](Configuration& c, std::string_view text) {
         const auto day = day_of(text);
         if (day) c.device_birth = *day;
         return day.has_value();
       }},
      {"web", "listen", "an address and a port such as 127.0.0.1:8080, 0.0.0.0:8443 or [::1]:8080", "",
       "where the pages are served; without it there are none",
       [](Configuration& c, std::string_view text) {
         if (!is_listen_address(text)) return false;
         c.web.listen = text;
         return true;
       },
       "127.0.0.1:8080"},
      {"web", "transport", "automatic, https or http", "automatic",
       "automatic: HTTPS, on loopback without a certificate of your own plain HTTP; http beyond loopback can be read on the way",
       [](Configuration& c, std::string_view text) {
         return one_of(c.web.transport, text, {"automatic", "https", "http"});
       }},
      {"web", "certificate", "a PEM file", "",
       "the certificate (chain) of the pages; without it one is made and kept in the state directory",
       [](Configuration& c, std::string_view text) { return some_text(c.web.certificate, text); }},
      {"web", "key", "a PEM file", "", "its private key",
       [](Configuration& c, std::string_view text) { return some_text(c.web.key, text); }},
      {"web", "hosts", "names with blanks between", "",
       "names that browsers may ask for, beside the machine's own name and addresses",
       [](Configuration& c, std::string_view text) { return some_text(c.web.hosts, text); }},
      {"web", "session_seconds", "a whole number from 15 to 600", "600",
       "whoever does nothing on the pages for so long has to log in again",
       [](Configuration& c, std::string_view text) {
         const auto seconds = remotemail::parse_number<std::uint16_t>(text);
         c.web.session_seconds = seconds.value_or(0);
         return c.web.session_seconds >= 15 && c.web.session_seconds <= 600;
       }},
      {"web", "stylesheet", "a CSS file", "", "replaces the pages' own",
       [](Configuration& c, std::string_view text) { return some_text(c.web.stylesheet, text); }},
      {"web", "texts", "a file of KEY = TEXT lines", "", "replaces texts of the pages",
       [](Configuration& c, std::string_view text) { return some_text(c.web.texts, text); }},
      desk_text("address", "a mail address",
                "a mail client on the pages, to try the copier with: its own address",
                &CeDeskConfiguration::address),
      desk_choice("spool", "imap", "how its mailbox is read", &CeDeskConfiguration::spool, {"imap", "pop3"}),
      desk_text("server", "a name or address", "where its mailbox is", &CeDeskConfiguration::server),
      desk_port("port", "port of its mailbox, where it is not the usual one", &CeDeskConfiguration::port),
      desk_choice("security", "tls", "of its mailbox", &CeDeskConfiguration::security,
                  {"tls", "starttls", "none"}),
      desk_text("user", "a user name", "the log-in at its mailbox", &CeDeskConfiguration::user),
      desk_text("password_file", "a file", "whose first line is the password",
                &CeDeskConfiguration::password_file),
      desk_text("smtp_server", "a name or address", "where it sends", &CeDeskConfiguration::smtp_server),
      desk_port("smtp_port", "port of it, where it is not the usual one", &CeDeskConfiguration::smtp_port),
      desk_choice("smtp_security", "tls", "of sending", &CeDeskConfiguration::smtp_security,
                  {"tls", "starttls", "none"}),
      desk_text("smtp_user", "a user name", "the log-in there, if any", &CeDeskConfiguration::smtp_user),
      desk_text("smtp_password_file", "a file", "whose first line is the password",
                &CeDeskConfiguration::smtp_password_file),
      desk_text("ca_file", "a PEM file", "the authority of both servers, instead of the system's",
                &CeDeskConfiguration::ca_file),
      desk_text("note", "a line of text", "shown above the form, such as the CE password of a demo",
                &CeDeskConfiguration::note),
  };
  return keys;
}

const ConfigurationKey* find_key(std::string_view section, std::string_view name) {
  for (const ConfigurationKey& key : known_keys()) {
    if (key.section == section && key.name == name) return &key;
  }
  return nullptr;
}

remotemail::Error wrong(const std::string& path, const std::string& what) {
  return make_error(Cause::invalid_value, Step::settings, path + ": " + what, Retry::after_setup_change);
}

}  // namespace

std::span<const ConfigurationKey> configuration_keys() {
  return known_keys();
}

std::string configuration_help() {
  std::string text;
  for (const ConfigurationKey& key : known_keys()) {
    text += fmt::format("{}{:<14}  {}: {}{}", text.empty() ? "" : "\n",
                        fmt::format("[{}] {}", key.section, key.name), key.help, key.right,
                        key.default_text.empty() ? "" : fmt::format(" (default {})", key.default_text));
  }
  return text;
}

std::string configuration_example() {
  std::string text =
      "; The configuration of remotemaild: what belongs to the installation. All else is a setting:\n"
      "; `remotemaild settings list`. After a change: systemctl reload remotemaild. See remotemaild(8).\n";
  std::string_view section;
  for (const ConfigurationKey& key : known_keys()) {
    if (key.section != section) text += fmt::format("\n[{}]\n", key.section);
    section = key.section;
    const std::string_view shown = key.default_text.empty() ? key.example : key.default_text;
    text +=
        fmt::format("; {}: {}\n;{} ={}{}\n", key.help, key.right, key.name, shown.empty() ? "" : " ", shown);
  }
  return text;
}

ConfigurationFile configuration_of(std::string_view state) {
  while (state.size() > 1 && state.back() == '/') state.remove_suffix(1);
  if (!state.starts_with(kStateFolder)) return {};
  std::string_view name = state.substr(kStateFolder.size());
  if (name.empty()) {
    name = "remotemaild";
  } else {
    if (name.front() != '/') return {};
    name.remove_prefix(1);
    if (name.empty() || name.front() == '.' || name.find('/') != std::string_view::npos) return {};
  }
  return {std::string(kConfigurationFolder) + std::string(name) + ".ini", true};
}

Result<Configuration> read_configuration(const ConfigurationFile& file) {
  struct stat info {};
  if (file.may_lack && ::stat(file.path.c_str(), &info) != 0 && (errno == ENOENT || errno == ENOTDIR))
    return read_configuration(std::string());
  return read_configuration(file.path);
}

Result<Configuration> read_configuration(const std::string& path) {
  Configuration configuration;
  configuration.device_birth = std::chrono::sys_days(kDefaultBirth);
  if (path.empty()) return configuration;
  const auto text = read_file(path);
  if (!text) return text.error();
  try {
    std::istringstream in(*text);
    const Poco::AutoPtr<Poco::Util::IniFileConfiguration> file(new Poco::Util::IniFileConfiguration(in));
    Poco::Util::AbstractConfiguration::Keys sections;
    file->keys(sections);
    for (const std::string& section : sections) {
      Poco::Util::AbstractConfiguration::Keys names;
      file->keys(section, names);
      if (names.empty())
        return wrong(path, "\"" + remotemail::clean_line(section) + "\" stands outside of a section");
      for (const std::string& name : names) {
        const ConfigurationKey* known = find_key(remotemail::lower(section), remotemail::lower(name));
        const std::string shown = "[" + remotemail::clean_line(section) + "] " + remotemail::clean_line(name);
        if (known == nullptr) return wrong(path, "unknown key " + shown);
        // getRawString: `${…}` in a value is text, not a reference.
        if (!known->take(configuration, remotemail::trim(file->getRawString(section + "." + name)))) {
          return wrong(path, shown + " wants " + std::string(known->right));
        }
      }
    }
  } catch (const Poco::Exception& exception) {
    return wrong(path, remotemail::clean_line(exception.displayText()));
  }
  return configuration;
}

}  // namespace remotemaild
