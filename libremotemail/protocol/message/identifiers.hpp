// Message-IDs and the addresses B19 allows; the two public checks live in message.hpp.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "remotemail/protocol/message.hpp"

namespace remotemail {

// RFC 5322 3.2.3 dot-atom-text.
bool is_dot_atom(std::string_view text) noexcept;

// The well-formed Message-IDs of a field, without brackets, in their order.
std::vector<std::string> message_ids_of(std::string_view raw);

}  // namespace remotemail
