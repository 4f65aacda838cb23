#include "protocol/smtp/smtp_wire.hpp"

#include <algorithm>

#include "core/text.hpp"
#include "remotemail/core/limits.hpp"

namespace remotemail::smtp {

namespace {

constexpr std::size_t kKeptText = 1024;  // of one reply line
constexpr std::size_t kMailLine = 998;   // RFC 5322 2.1.1

// RFC 2034 4: class "." subject "." detail, of the class that the code has.
std::string_view enhanced_status(int code, std::string_view text) {
  const auto word = text.substr(0, text.find(' '));
  const auto parts = split(word.substr(0, 10), '.');
  if (word.size() > 9 || parts.size() != 3 || parts[0].size() != 1 || parts[0][0] != '0' + code / 100)
    return {};
  const auto number = [](std::string_view part) {
    return !part.empty() && part.size() <= 3 && std::all_of(part.begin(), part.end(), is_digit);
  };
  return number(parts[1]) && number(parts[2]) ? word : std::string_view{};
}

}  // namespace

std::optional<ReplyLine> parse_reply_line(std::string_view line) {
  if (line.size() < 3 || line[0] < '2' || line[0] > '5' || !is_digit(line[1]) || !is_digit(line[2]))
    return std::nullopt;
  ReplyLine reply;
  reply.code = (line[0] - '0') * 100 + (line[1] - '0') * 10 + (line[2] - '0');
  if (line.size() == 3) return reply;
  if (line[3] != ' ' && line[3] != '-') return std::nullopt;
  reply.last = line[3] == ' ';
  reply.text = line.substr(4);
  return reply;
}

std::string Reply::text() const {
  std::string line = std::to_string(code);
  for (const std::string& text : lines) {
    if (!text.empty()) line += " " + text;
    if (line.size() > 1000) break;
  }
  return line;
}

Result<bool> ReplyReader::add(std::string_view line) {
  const auto part = parse_reply_line(line);
  if (!part || (!reply_.lines.empty() && part->code != reply_.code)) {
    return make_error(Cause::protocol_violation, Step::none);
  }
  if (reply_.lines.size() == limits::kServerReplyLines) {
    return make_error(Cause::answer_too_large, Step::none,
                      "a reply of over " + std::to_string(limits::kServerReplyLines) + " lines");
  }
  reply_.code = part->code;
  reply_.lines.emplace_back(part->text.substr(0, kKeptText));
  if (const auto status = enhanced_status(part->code, part->text); !status.empty()) reply_.enhanced = status;
  return part->last;
}

Capabilities parse_capabilities(const Reply& ehlo) {
  Capabilities found;
  for (std::size_t i = 1; i < ehlo.lines.size(); ++i) {  // the first line greets
    auto words = split_words(ehlo.lines[i]);
    if (words.empty()) continue;
    std::string name = upper(words.front());
    // Servers of the last century, and Exchange for the sake of their clients, write AUTH=LOGIN.
    if (name.starts_with("AUTH=")) {
      words.front().remove_prefix(5);
      name = "AUTH";
    } else {
      words.erase(words.begin());
    }
    if (name == "STARTTLS") found.starttls = true;
    if (name == "8BITMIME") found.eight_bit_mime = true;
    if (name == "PIPELINING") found.pipelining = true;
    if (name == "ENHANCEDSTATUSCODES") found.enhanced_status_codes = true;
    if (name == "SIZE") {
      found.size = true;
      if (!words.empty()) found.size_limit = parse_number(words.front()).value_or(0);
    }
    if (name != "AUTH") continue;
    for (const std::string_view mechanism : words) {
      if (equal_ignoring_case(mechanism, "PLAIN")) found.auth_plain = true;
      if (equal_ignoring_case(mechanism, "LOGIN")) found.auth_login = true;
    }
  }
  return found;
}

Result<std::string> stuff(std::string_view message) {
  const auto unsafe = [](std::string_view what) {
    return make_error(Cause::unsafe_text, Step::data, std::string(what), Retry::never);
  };
  if (message.ends_with("\r\n")) message.remove_suffix(2);
  std::string out;
  out.reserve(message.size() + message.size() / 64 + 16);
  for (std::size_t at = 0;;) {
    const auto end = message.find('\r', at);
    const auto line = message.substr(at, end == std::string_view::npos ? end : end - at);
    if (line.find_first_of(std::string_view("\n\0", 2)) != std::string_view::npos)
      return unsafe("LF or NUL in a line");
    if (line.size() > kMailLine) return unsafe("a line of over 998 octets");
    if (line.starts_with('.')) out += '.';
    out += line;
    if (end == std::string_view::npos) return out;
    if (end + 1 == message.size() || message[end + 1] != '\n') return unsafe("CR in a line");
    out += "\r\n";
    at = end + 2;
  }
}

bool is_path(std::string_view address) {
  const auto allowed = [](char c) { return c > 0x20 && c < 0x7F && c != '<' && c != '>'; };
  const auto at = address.rfind('@');
  return address.size() <= 254 && at != std::string_view::npos && at > 0 && at + 1 < address.size() &&
         std::all_of(address.begin(), address.end(), allowed);
}

}  // namespace remotemail::smtp
