// What is kept of the panel, and the IP address setting that is typed in: a record that is understood is
// written back as itself; a setting that is taken keeps to its rules, whatever the text.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "core/text.hpp"
#include "device_adapter/panel_action.hpp"

using namespace remotemail;

namespace {

void demand(bool holds) {
  if (!holds) std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  if (const auto action = parse_panel_action(text)) {
    const std::string record = format_panel_action(*action);
    demand(record.find('\n') == std::string::npos);
    const auto again = parse_panel_action(record);
    demand(again && *again == *action);
  }
  const auto lines = split(text, '\n');
  if (lines.size() == 3) {
    const IpSetting setting{std::string(lines[0]), std::string(lines[1]), std::string(lines[2])};
    const Status checked = check_ip_setting(setting);
    if (!checked) demand(!checked.error().detail.empty());
    if (checked) {
      for (const std::string_view line : lines) {
        demand(trim(line).size() <= 15);
        demand(trim(line).find_first_not_of("0123456789.") == std::string_view::npos);
      }
      const IpSetting trimmed{std::string(trim(lines[0])), std::string(trim(lines[1])),
                              std::string(trim(lines[2]))};
      const PanelAction action{{}, trimmed};
      demand(parse_panel_action(format_panel_action(action)) == action);
    }
  }
  return 0;
}
