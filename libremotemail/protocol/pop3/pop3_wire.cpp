#include "protocol/pop3/pop3_wire.hpp"

#include <algorithm>

#include "core/text.hpp"

namespace remotemail::pop3 {

namespace {

constexpr std::size_t kUidOctets = 70;
constexpr std::size_t kCodeOctets = 64;

// A word at the start of `line`, which is cut off with the blanks behind it.
std::string_view take_word(std::string_view& line) {
  const auto end = std::min(line.find_first_of(" \t"), line.size());
  const auto word = line.substr(0, end);
  line.remove_prefix(end);
  while (!line.empty() && is_blank(line.front())) line.remove_prefix(1);
  return word;
}

std::optional<std::uint32_t> take_number(std::string_view& line) {
  const auto number = parse_number<std::uint32_t>(take_word(line));
  if (!number || *number == 0) return std::nullopt;
  return number;
}

}  // namespace

std::optional<StatusLine> parse_status(std::string_view line) {
  StatusLine status;
  const std::string_view word = take_word(line);
  if (equal_ignoring_case(word, "+OK")) {
    status.ok = true;
  } else if (!equal_ignoring_case(word, "-ERR")) {
    return std::nullopt;
  }
  if (line.starts_with('[')) {
    const auto end = line.find(']');
    const auto code = line.substr(1, end == std::string_view::npos ? 0 : end - 1);
    const auto allowed = [](char c) { return c > 0x20 && c < 0x7F && c != '['; };
    if (!code.empty() && code.size() <= kCodeOctets && std::all_of(code.begin(), code.end(), allowed)) {
      status.code = upper(code);
      line.remove_prefix(end + 1);
      while (!line.empty() && is_blank(line.front())) line.remove_prefix(1);
    }
  }
  status.text = line;
  return status;
}

bool is_continuation(std::string_view line) {
  return line == "+" || line.starts_with("+ ");
}

void add_capability(Capabilities& capabilities, std::string_view line) {
  const std::string name = upper(take_word(line));
  if (name == "UIDL") capabilities.uidl = true;
  if (name == "TOP") capabilities.top = true;
  if (name == "STLS") capabilities.stls = true;
  if (name == "USER") capabilities.user = true;
  if (name != "SASL") return;
  while (!line.empty()) {
    if (equal_ignoring_case(take_word(line), "PLAIN")) capabilities.sasl_plain = true;
  }
}

std::optional<ListRow> parse_list_row(std::string_view line) {
  const auto number = take_number(line);
  if (!number) return std::nullopt;
  return ListRow{*number, parse_number(take_word(line)).value_or(UINT64_MAX)};
}

std::optional<UidlRow> parse_uidl_row(std::string_view line) {
  const auto number = take_number(line);
  if (!number) return std::nullopt;
  const auto uid = trim(line);
  const auto allowed = [](char c) { return c > 0x20 && c < 0x7F; };
  const bool good = uid.size() <= kUidOctets && std::all_of(uid.begin(), uid.end(), allowed);
  return UidlRow{*number, good ? uid : std::string_view{}};
}

std::string_view Unstuffer::feed(char octet) {
  std::size_t count = 0;
  const auto out = [&](char c) { out_[count++] = c; };
  const auto inside = [&](char c) {
    out(c);
    state_ = c == '\r' ? State::cr : State::in_line;
  };
  switch (state_) {
    case State::line_start:
      if (octet == '.') {
        state_ = State::dot;
      } else {
        inside(octet);
      }
      break;
    case State::in_line:
      inside(octet);
      break;
    case State::cr:
      inside(octet);
      if (octet == '\n') state_ = State::line_start;
      break;
    case State::dot:
      if (octet == '\r') {
        state_ = State::dot_cr;
      } else {
        inside(octet);
      }
      break;
    case State::dot_cr:
      if (octet == '\n') {
        state_ = State::end;
      } else {
        out('\r');
        inside(octet);
      }
      break;
    case State::end:
      break;
  }
  return {out_, count};
}

std::size_t header_end(std::string_view bytes) {
  if (bytes.starts_with("\r\n")) return 2;
  const auto end = bytes.find("\r\n\r\n");
  return end == std::string_view::npos ? end : end + 4;
}

}  // namespace remotemail::pop3
