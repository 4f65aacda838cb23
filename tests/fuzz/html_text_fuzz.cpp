// HTML: UTF-8, never longer than the input but for a last line end; lines neither begin nor end with a blank.
#include <cstdint>
#include <cstdlib>

#include "core/text.hpp"
#include "protocol/message/charset.hpp"
#include "protocol/message/html_text.hpp"

using namespace remotemail;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string html = repair_utf8(std::string_view(reinterpret_cast<const char*>(data), size));
  const std::string text = html_text(html);
  if (!is_utf8(text) || text.size() > html.size() + 1) std::abort();
  if (text.find('\r') != std::string::npos) std::abort();
  if (lower(html).find("<pre") == std::string::npos &&
      (text.find(" \n") != std::string::npos || text.find("\n ") != std::string::npos ||
       text.starts_with(' '))) {
    std::abort();
  }
  return 0;
}
