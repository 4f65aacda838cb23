// The control socket's bytes: numbers and texts with their length before them, and frames of one type octet
// and a text.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace remotemaild {

void put_number(std::string& bytes, std::uint32_t number);
void put_text(std::string& bytes, std::string_view text);
// Both take from the front; false: not enough octets.
bool take_number(std::string_view& bytes, std::uint32_t& number);
bool take_text(std::string_view& bytes, std::string& text);

// What travels. client → service: one `invocation`; service → client: any number of `out` and `err`, one
// `exit`.
struct Frame {
  enum Type : char { invocation = 'I', out = 'O', err = 'E', exit = 'X' };
  char type = exit;
  std::string text;
};
inline constexpr std::uint32_t kLongestFrame = 4 * 1024 * 1024;

bool write_frame(int socket, char type, std::string_view text);  // false: the other side is gone
std::optional<Frame> read_frame(int socket);                     // none: gone, or no frame of ours

}  // namespace remotemaild
