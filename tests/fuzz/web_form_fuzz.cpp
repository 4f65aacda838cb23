// sources: core/text.cpp web/request.cpp
// Forms and cookies: total and bounded, the first of a name counts, and what is encoded comes back.
#include <cstdint>
#include <cstdlib>
#include <string>

#include "web/request.hpp"

using namespace remotemail::web;

namespace {

void require(bool holds) {
  if (!holds) std::abort();
}

std::size_t octets_of(const Fields& fields) {
  std::size_t octets = 0;
  for (const auto& [name, value] : fields) octets += name.size() + value.size();
  return octets;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string input(reinterpret_cast<const char*>(data), size);
  if (const auto form = parse_form(input))
    require(form->size() <= kMostFields && octets_of(*form) <= input.size());
  const Fields cookies = parse_cookies(input);
  require(cookies.size() <= kMostFields && octets_of(cookies) <= input.size());

  const auto back = parse_form("a=" + encode_query_value(input) + "&a=other&b=" + input);
  if (back) require(back->at("a") == input);
  const auto named = parse_form(encode_query_value(input) + "=1");
  require(named && named->size() == 1 && named->begin()->first == input);
  const std::string network = network_of(input);
  require(network.size() <= input.size() + 64);
  return 0;
}
