// Base64 as mails hold it: what was encoded comes back, however it is broken into lines and whatever stands
// between; a `=` parts runs that do not know of each other; the strict reader for SASL agrees where it reads at all.
#include <cstdint>
#include <cstdlib>
#include <string>

#include "core/text.hpp"
#include "protocol/message/transfer_encoding.hpp"

using namespace remotemail;

namespace {

void require(bool holds) {
  if (!holds) std::abort();
}

std::string in_lines(std::string_view text, std::size_t width, std::string_view between) {
  std::string out;
  for (; !text.empty(); text.remove_prefix(std::min(width, text.size())))
    out.append(text.substr(0, width)).append(between);
  return out;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view input(reinterpret_cast<const char*>(data), size);
  const std::string encoded = encode_base64(input);
  const std::string_view unpadded = std::string_view(encoded).substr(0, encoded.find('='));
  require(decode_base64_leniently(encoded) == input);
  require(decode_base64(encoded) == input);
  require(decode_base64_leniently(unpadded) == input);
  require(decode_base64_leniently(in_lines(encoded, 76, "\n")) == input);
  require(decode_base64_leniently(in_lines(unpadded, 1 + size % 7, " \x80!\r\n")) == input);

  const std::string decoded = decode_base64_leniently(input);
  require(decoded.size() * 4 <= input.size() * 3);
  std::string by_runs;
  for (const std::string_view run : split(input, '=')) by_runs += decode_base64_leniently(run);
  require(by_runs == decoded);
  if (const auto strict = decode_base64(input)) require(*strict == decoded);
  require(decode_transfer_encoding(input, "BASE64") == decoded);
  return 0;
}
