#include "protocol/dialogue.hpp"

#include "core/text.hpp"
#include "remotemail/core/line_writer.hpp"

namespace remotemail {

std::string host_and_port(const ServerAccount& account) {
  const bool bare_ipv6 = account.host.find(':') != std::string::npos && !account.host.starts_with('[');
  return (bare_ipv6 ? "[" + account.host + "]" : account.host) + ":" + std::to_string(account.port);
}

Error placed(Error error, Step step, const std::string& place) {
  if (error.step == Step::none) error.step = step;
  if (error.detail.empty()) {
    error.detail = place;
  } else if (error.detail.find(place) == std::string::npos) {
    error.detail = place + ", " + error.detail;
  }
  return error;
}

Error told_by_server(Cause cause, Step step, Retry retry, const std::string& place,
                     std::string_view server_line) {
  return Error{cause, step, retry, place, clean_line(server_line)};
}

Result<Secret> plain_response(std::string_view user, std::string_view password) {
  if (!is_one_line(user) || !is_one_line(password)) {
    return make_error(Cause::unsafe_text, Step::login, "user name or password", Retry::after_setup_change);
  }
  std::string message;
  message.reserve(user.size() + password.size() + 2);
  message += '\0';
  message += user;
  message += '\0';
  message += password;
  Secret response(encode_base64(message));
  wipe(message);
  return response;
}

Status write_secret_line(LineChannel& channel, std::initializer_list<std::string_view> pieces,
                         const Deadline& deadline) {
  auto line = make_line(pieces, limits::kServerLine);
  if (!line) return std::move(line).error();
  Status written = channel.write_raw(*line, deadline);
  wipe(*line);
  return written;
}

}  // namespace remotemail
