// The part of a server's words that cannot quote a mail: its codes.
#pragma once

#include <string>
#include <string_view>

namespace remotemail {

// "554 5.7.1" of "554 5.7.1 rejected because of …" (RFC 5321 4.2, RFC 3463: at most 1.3.3 digits); empty where the words do
// not begin with a code. For words about mails that show a password: a filter may quote what it dislikes (Y4).
std::string reply_codes(std::string_view server_line);

}  // namespace remotemail
