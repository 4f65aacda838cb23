// Encoded words: the result is UTF-8 of one line; encoded again it comes back.
#include <cstdint>
#include <cstdlib>

#include "protocol/message/charset.hpp"
#include "protocol/message/encoded_word.hpp"

using namespace remotemail;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  const std::string text = decode_encoded_words(bytes);
  if (!is_utf8(text) || text.size() > 4 * size + 16) std::abort();
  for (const char c : text) {
    if ((c >= 0 && c < 0x20) || c == 0x7F) std::abort();
  }
  std::string header;
  for (const std::string& word : encode_words(text)) {
    if (word.size() > 75 || encoded_word_length(word) != word.size()) std::abort();
    header += (header.empty() ? "" : " ") + word;
  }
  if (decode_encoded_words(header) != text) std::abort();
  return 0;
}
