#include "configuration.hpp"

#include <Poco/AutoPtr.h>
#include <Poco/Exception.h>
#include <Poco/Util/IniFileConfiguration.h>
#include <fmt/format.h>
#include <sys/stat.h>

#include <cerrno>
#include <chrono>
#include <map>
#include <optional>
#include <sstream>
#include <vector>

#include "core/text.hpp"
#include "read_file.hpp"
#include "web_configuration.hpp"

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

constexpr std::string_view kStateFolder = "/var/lib/remotemail";
constexpr std::string_view kConfigurationFolder = "/etc/remotemail/";

const std::vector<ConfigurationKey>& known_keys() {
  static const std::vector<ConfigurationKey> keys = [] {
    std::vector<ConfigurationKey> all{
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
    };
    add_web_keys(all);
    return all;
  }();
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
    text += fmt::format("{}{:<15}  {}: {}{}", text.empty() ? "" : "\n",
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
  if (const std::string missing = what_is_missing(configuration); !missing.empty())
    return wrong(path, missing);
  return configuration;
}

}  // namespace remotemaild
