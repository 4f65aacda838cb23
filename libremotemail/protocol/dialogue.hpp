// What the dialogues with POP3 and SMTP servers share: errors that say where, and the one SASL mechanism of
// both.
#pragma once

#include <string>
#include <string_view>

#include "protocol/line_channel.hpp"
#include "remotemail/core/result.hpp"
#include "remotemail/core/server_account.hpp"

namespace remotemail {

// "mail.example.com:995", "[2001:db8::1]:25".
std::string host_and_port(const ServerAccount&);

// `error` with step and place where it names none.
Error placed(Error error, Step step, const std::string& place);

// An error that the server itself told of.
Error told_by_server(Cause cause, Step step, Retry retry, const std::string& place,
                     std::string_view server_line);

// The base64 of an RFC 4616 message. unsafe_text when user or password hold CR, LF or NUL.
Result<Secret> plain_response(std::string_view user, std::string_view password);

// LineChannel::write_line for a line that holds a secret: our copy of it is wiped, whatever happens.
Status write_secret_line(LineChannel&, std::initializer_list<std::string_view> pieces, const Deadline&);

}  // namespace remotemail
