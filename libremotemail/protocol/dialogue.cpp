#include "protocol/dialogue.hpp"

#include <algorithm>

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

Scrubber::Scrubber(const ServerAccount& account) {
  const std::string_view password = account.password.reveal();
  if (password.empty()) return;
  short_ = password.size() < kShortPassword;
  const auto add = [this](std::string_view form) {
    forms_.emplace_back(std::string(form));
    const auto padding = form.find('=');  // which some servers drop
    if (padding != std::string_view::npos) forms_.emplace_back(std::string(form.substr(0, padding)));
  };
  forms_.reserve(6);
  forms_.emplace_back(std::string(password));
  std::string quoted;
  quoted.reserve(2 * password.size());  // at once, so that growing leaves no copy behind
  for (const char c : password) {
    if (c == '"' || c == '\\') quoted += '\\';
    quoted += c;
  }
  if (quoted.size() > password.size()) forms_.emplace_back(quoted);
  wipe(quoted);
  std::string encoded = encode_base64(password);
  add(encoded);
  wipe(encoded);
  if (const auto response = plain_response(account.user, password)) add(response->reveal());
}

std::string Scrubber::hide(std::string_view text) const {
  // Marked first, so that forms that overlap leave nothing of each other.
  std::vector<bool> hidden(text.size());
  bool found = false;
  for (const Secret& form : forms_) {
    const std::string_view secret = form.reveal();
    for (auto at = text.find(secret); at != std::string_view::npos; at = text.find(secret, at + 1)) {
      found = true;
      std::fill_n(hidden.begin() + static_cast<std::ptrdiff_t>(at), secret.size(), true);
    }
  }
  if (!found) return std::string(text);
  if (short_) return std::string(kPasswordRepeated);
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (!hidden[i]) {
      out += text[i];
    } else if (i == 0 || !hidden[i - 1]) {
      out += "***";
    }
  }
  return out;
}

std::string Scrubber::shown(std::string_view server_line) const {
  return clean_line(hide(server_line));
}

Error told_by_server(Cause cause, Step step, Retry retry, const std::string& place, const Scrubber& scrubber,
                     std::string_view server_line) {
  return Error{cause, step, retry, place, scrubber.shown(server_line)};
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

}  // namespace remotemail
