// What the three dialogues share: errors that say where, server lines without our secrets, and the one SASL
// mechanism.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "remotemail/core/result.hpp"
#include "remotemail/core/server_account.hpp"

namespace remotemail {

// "mail.example.com:995", "[2001:db8::1]:25".
std::string host_and_port(const ServerAccount&);

// `error` with step and place where it names none.
Error placed(Error error, Step step, const std::string& place);

// Takes an account's password out of what its server says (Y4): many a server quotes the line it refuses.
// Every server line of a session passes through here, as it was received, before it may stand in an error or
// outcome.
class Scrubber {
 public:
  explicit Scrubber(const ServerAccount&);

  // `text` with "***" for the password in each form that we send it in: as it is, quoted with backslashes,
  // base64, base64 of the PLAIN response. A password under kShortPassword would give itself away by what is
  // left around it: then words stand for the whole text.
  std::string hide(std::string_view text) const;

  // For people: hidden, then cleaned by clean_line().
  std::string shown(std::string_view server_line) const;

 private:
  std::vector<Secret> forms_;
  bool short_ = false;
};

inline constexpr std::size_t kShortPassword = 4;
inline constexpr std::string_view kPasswordRepeated = "(the server repeated the password)";

// An error that the server itself told of.
Error told_by_server(Cause cause, Step step, Retry retry, const std::string& place, const Scrubber&,
                     std::string_view server_line);

// The base64 of an RFC 4616 message. unsafe_text when user or password hold CR, LF or NUL.
Result<Secret> plain_response(std::string_view user, std::string_view password);

}  // namespace remotemail
