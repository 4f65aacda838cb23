#include "configuration.hpp"

#include <Poco/AutoPtr.h>
#include <Poco/Exception.h>
#include <Poco/Util/IniFileConfiguration.h>

#include <chrono>
#include <functional>
#include <map>
#include <optional>
#include <sstream>

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

bool is_listen_address(std::string_view text) {
  const auto colon = text.rfind(':');
  if (colon == std::string_view::npos || colon == 0) return false;
  const auto port = remotemail::parse_number<std::uint16_t>(text.substr(colon + 1));
  return port && *port > 0;
}

// Every key there is, and how it is taken over; false: not a value.
struct KnownKey {
  const char* right;  // what is right, in words
  std::function<bool(Configuration&, std::string_view)> take;
};

const std::map<std::string, KnownKey>& known_keys() {
  static const std::map<std::string, KnownKey> keys{
      {"log.level",
       {"error, warning, notice, info or debug",
        [](Configuration& c, std::string_view text) {
          const auto level = level_of(text);
          if (level) c.log_level = *level;
          return level.has_value();
        }}},
      {"device.kind",
       {"simulated", [](Configuration&, std::string_view text) { return text == "simulated"; }}},
      {"device.seed",
       {"a whole number",
        [](Configuration& c, std::string_view text) {
          const auto seed = remotemail::parse_number(text);
          if (seed) c.device_seed = *seed;
          return seed.has_value();
        }}},
      {"device.birth",
       {"a day such as 2024-11-22",
        [](Configuration& c, std::string_view text) {
          const auto day = day_of(text);
          if (day) c.device_birth = *day;
          return day.has_value();
        }}},
      {"web.listen",
       {"an address and a port such as 127.0.0.1:8080",
        [](Configuration& c, std::string_view text) {
          if (!is_listen_address(text)) return false;
          c.web_listen = text;
          return true;
        }}},
  };
  return keys;
}

remotemail::Error wrong(const std::string& path, const std::string& what) {
  return make_error(Cause::invalid_value, Step::settings, path + ": " + what, Retry::after_setup_change);
}

}  // namespace

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
        const std::string key = remotemail::lower(section + "." + name);
        const auto known = known_keys().find(key);
        const std::string shown = "[" + remotemail::clean_line(section) + "] " + remotemail::clean_line(name);
        if (known == known_keys().end()) return wrong(path, "unknown key " + shown);
        // getRawString: `${…}` in a value is text, not a reference.
        if (!known->second.take(configuration, remotemail::trim(file->getRawString(section + "." + name)))) {
          return wrong(path, shown + " wants " + known->second.right);
        }
      }
    }
  } catch (const Poco::Exception& exception) {
    return wrong(path, remotemail::clean_line(exception.displayText()));
  }
  return configuration;
}

}  // namespace remotemaild
