// HTML: UTF-8, never longer than the input but for a last line end; lines neither begin nor end with a blank; what
// scripts, styles, comments and hidden elements hold is never seen.
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
  // Text without markup, put where nobody sees it, leaves what stands around it.
  std::string words = html.substr(0, 200);
  std::erase_if(words, [](char c) { return c == '<' || c == '>' || c == '-'; });
  for (const std::string& unseen :
       {"<script>" + words + "</script>", "<style type='a'>" + words + "</STYLE>", "<!--" + words + "-->",
        "<div style='x:y; display : NONE'>" + words + "<div>" + words + "</div></div>",
        "<span hidden>" + words + "</span>"}) {
    if (html_text("<p>a" + unseen + "<p>b") != "a\nb\n") std::abort();
  }
  return 0;
}
