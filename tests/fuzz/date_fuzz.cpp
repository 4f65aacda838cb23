// Dates: what is read is written and read again as the same moment.
#include <cstdint>
#include <cstdlib>

#include "remotemail/protocol/message.hpp"

using namespace remotemail;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto date = parse_date(std::string_view(reinterpret_cast<const char*>(data), size));
  if (!date) return 0;
  const std::chrono::year_month_day local{std::chrono::floor<std::chrono::days>(date->utc + date->offset)};
  if (local.year() > std::chrono::year(9999)) return 0;  // the leap second of its last minute
  const auto again = parse_date(format_date(date->utc, date->offset));
  if (!again || *again != *date) std::abort();
  return 0;
}
