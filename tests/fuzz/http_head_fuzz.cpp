// sources: core/text.cpp web/request.cpp web/server/http_head.cpp
// The head of a request: whatever is taken is within its limits, and an answer's head is never split by what is in it.
#include <cstdint>
#include <cstdlib>
#include <string>
#include <variant>

#include "web/server/http_head.hpp"

using namespace remotemail::web;

namespace {

void require(bool holds) {
  if (!holds) std::abort();
}

bool has_line_end(std::string_view text) {
  return text.find_first_of(std::string_view("\r\n\0", 3)) != std::string_view::npos;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view input(reinterpret_cast<const char*>(data), size);
  const auto parsed = parse_head(input);
  if (const auto* refusal = std::get_if<Refusal>(&parsed)) {
    require(refusal->status >= 400 && refusal->status < 600);
    require(reason_phrase(refusal->status) != "Status");
  } else {
    const Head& head = std::get<Head>(parsed);
    require(input.ends_with("\r\n\r\n"));
    require(head.body_length <= kBodyLimit);
    require(head.body_length == 0 || head.request.method == Request::Method::post);
    require(head.request.path.starts_with('/') && !has_line_end(head.request.path));
    require(head.request.path.size() <= kTargetLimit && head.request.query.size() <= kMostFields);
    require(!has_line_end(head.request.host) && !has_line_end(head.request.origin));
    require(head.request.form.empty());
    for (const auto& [name, value] : head.request.cookies)
      require(!has_line_end(name) && !has_line_end(value));
  }
  // As a value and as a name of an answer's field.
  Response response = see_other(std::string(input));
  response.headers.emplace_back(std::string(input), "value");
  const std::string head = format_head(response, 0, false);
  require(head.ends_with("\r\n\r\n") && head.find("\r\n\r\n") == head.size() - 4);
  std::size_t lines = 0;
  for (const char c : head) lines += c == '\n' ? 1U : 0U;
  require(lines <= 7);  // status, type, length, Location, the name, Connection and the empty line
  return 0;
}
