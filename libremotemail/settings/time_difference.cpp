#include "settings/time_difference.hpp"

#include "core/text.hpp"

namespace remotemail {

std::optional<std::chrono::minutes> parse_time_difference(std::string_view text) noexcept {
  const bool negative = text.starts_with('-');
  if (negative || text.starts_with('+')) text.remove_prefix(1);
  // Two digits could be hours or minutes, so they are nothing.
  if (text.size() != 1 && text.size() != 3 && text.size() != 4) return std::nullopt;
  const auto number = parse_number<int>(text);
  if (!number) return std::nullopt;
  const int hours = text.size() == 1 ? *number : *number / 100;
  const int minutes = text.size() == 1 ? 0 : *number % 100;
  const int total = hours * 60 + minutes;
  if (minutes > 59 || total > 12 * 60) return std::nullopt;
  return std::chrono::minutes{negative ? -total : total};
}

std::string format_time_difference(std::chrono::minutes difference) {
  const auto total = difference.count() < 0 ? -difference.count() : difference.count();
  std::string out(1, difference.count() < 0 ? '-' : '+');
  for (const auto part : {total / 60, total % 60}) {
    if (part < 10) out += '0';
    out += std::to_string(part);
  }
  return out;
}

}  // namespace remotemail
