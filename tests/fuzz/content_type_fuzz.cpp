// Content-Type: always a type with both halves; parameters bounded, named once, UTF-8.
#include <cstdint>
#include <cstdlib>
#include <set>

#include "protocol/message/charset.hpp"
#include "protocol/message/content_type.hpp"

using namespace remotemail;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const ParameterizedValue type =
      parse_content_type(std::string_view(reinterpret_cast<const char*>(data), size));
  const std::size_t slash = type.value.find('/');
  if (slash == std::string::npos || slash == 0 || slash + 1 == type.value.size()) std::abort();
  if (type.parameters.size() > ParameterizedValue::kParameters) std::abort();
  std::set<std::string> names;
  for (const Parameter& parameter : type.parameters) {
    if (!names.insert(parameter.name).second || !is_utf8(parameter.value)) std::abort();
  }
  return 0;
}
