#include "protocol/imap/imap_decoder.hpp"

#include <algorithm>
#include <utility>

#include "core/text.hpp"

namespace remotemail::imap {
namespace {

constexpr std::uint64_t kLargestNumber = INT64_MAX;  // RFC 9051 number64

// Wider than the RFC's atom: servers put `]`, `%`, `*` and `\` where an atom stands, and we only compare.
bool is_atom_char(char c) {
  const auto octet = static_cast<unsigned char>(c);
  return octet > 0x20 && octet != 0x7F && c != '(' && c != ')' && c != '{' && c != '"' && c != '[' &&
         c != '<';
}

std::optional<std::uint64_t> parse_bounded(std::string_view digits) {
  const auto value = parse_number<std::uint64_t>(digits);
  return value && *value <= kLargestNumber ? value : std::nullopt;
}

}  // namespace

bool Decoder::fail(Cause cause, std::string_view what) {
  if (!error_) {
    error_ = make_error(cause, Step::none, std::string(what));
    // Never a piece of a mail: its Subject is a secret (Y4). A mail comes in quotes, in or behind a literal,
    // or, when a literal's size was wrong, as lines that are no responses.
    const bool is_response = line_.starts_with("* ") || line_.starts_with("+ ");
    if (is_response && !literal_read_) error_->server_line = line_;
  }
  return false;
}

bool Decoder::read_line() {
  if (!ok()) return false;
  auto line = source_.line(limits_.line_octets);
  if (!line) {
    error_ = std::move(line).error();
    return false;
  }
  line_ = *std::move(line);
  pos_ = 0;
  // An end of line counts too, so that empty lines behind empty literals are used up some time.
  limits_.line_octets -= std::min(limits_.line_octets, line_.size() + 2);
  return true;
}

bool Decoder::begin() {
  return read_line();
}

bool Decoder::special(char c) {
  if (!ok() || peek() != c || at_end()) return false;
  ++pos_;
  return true;
}

bool Decoder::number(std::uint64_t& out) {
  if (!ok()) return false;
  std::size_t end = pos_;
  while (end < line_.size() && is_digit(line_[end])) ++end;
  const auto value = parse_bounded(std::string_view(line_).substr(pos_, end - pos_));
  if (!value) return false;
  out = *value;
  pos_ = end;
  return true;
}

bool Decoder::atom(std::string_view& out) {
  if (!ok()) return false;
  std::size_t end = pos_;
  while (end < line_.size() && is_atom_char(line_[end])) ++end;
  if (end == pos_) return false;
  out = std::string_view(line_).substr(pos_, end - pos_);
  pos_ = end;
  return true;
}

bool Decoder::keyword(std::string_view word) {
  const std::size_t before = pos_;
  std::string_view found;
  if (atom(found) && equal_ignoring_case(found, word)) return true;
  pos_ = before;
  return false;
}

bool Decoder::literal_follows(std::uint64_t& size) const {
  std::string_view rest = std::string_view(line_).substr(std::min(pos_, line_.size()));
  if (rest.size() < 3 || rest.front() != '{' || rest.back() != '}') return false;
  rest = rest.substr(1, rest.size() - 2);
  if (rest.back() == '+') rest.remove_suffix(1);  // a client's form that servers have been seen to use
  const auto value = parse_number<std::uint64_t>(rest);
  if (!value) return false;
  size = *value;
  return true;
}

bool Decoder::read_literal(std::uint64_t size, std::string& out) {
  if (size > limits_.literal_octets) {
    return fail(Cause::answer_too_large, "a literal of " + std::to_string(size) + " octets");
  }
  limits_.literal_octets -= static_cast<std::size_t>(size);
  literal_read_ = true;
  if (Status read = source_.octets(static_cast<std::size_t>(size), out); !read) {
    error_ = std::move(read).error();
    return false;
  }
  return read_line();
}

bool Decoder::string(std::string& out) {
  if (!ok()) return false;
  if (peek() == '{') {
    std::uint64_t size = 0;
    if (!literal_follows(size)) return fail(Cause::protocol_violation, "a malformed literal");
    out.clear();
    return read_literal(size, out);
  }
  if (peek() != '"') return false;
  out.clear();
  for (std::size_t i = pos_ + 1; i < line_.size(); ++i) {
    if (line_[i] == '"') {
      pos_ = i + 1;
      return true;
    }
    if (line_[i] == '\\' && ++i == line_.size()) break;
    out += line_[i];
  }
  return fail(Cause::protocol_violation, "a quoted string without its end");
}

bool Decoder::expect_special(char c) {
  return special(c) || fail(Cause::protocol_violation, std::string("no '") + c + "' where one must stand");
}

bool Decoder::expect_number(std::uint64_t& out) {
  return number(out) || fail(Cause::protocol_violation, "no number where one must stand");
}

bool Decoder::expect_atom(std::string_view& out) {
  return atom(out) || fail(Cause::protocol_violation, "no word where one must stand");
}

bool Decoder::expect_nstring(std::optional<std::string>& out) {
  std::string text;
  if (string(text)) {
    out = std::move(text);
    return true;
  }
  out.reset();
  return keyword("NIL") || fail(Cause::protocol_violation, "no string where one must stand");
}

bool Decoder::expect_end() {
  while (special(' ')) {
  }
  return ok() && (at_end() || fail(Cause::protocol_violation, "more than an answer may hold"));
}

bool Decoder::expect_any_value() {
  std::uint64_t depth = 0;  // bounded by the octets of the lines
  std::string ignored;
  do {
    while (special(' ')) {
    }
    if (special('(')) {
      ++depth;
    } else if (depth > 0 && special(')')) {
      --depth;
    } else if (!string(ignored)) {
      if (!ok()) return false;
      std::string_view word;
      bool any = false;
      while (atom(word) || special('[') || special('<')) any = true;
      if (!any) return fail(Cause::protocol_violation, "no value where one must stand");
    }
  } while (ok() && depth > 0);
  return ok();
}

bool Decoder::expect_rest() {
  std::string ignored;
  while (ok()) {
    const std::size_t brace = line_.rfind('{');
    pos_ = brace == std::string::npos ? line_.size() : std::max(pos_, brace);
    std::uint64_t size = 0;
    if (at_end() || !literal_follows(size)) break;
    ignored.clear();
    read_literal(size, ignored);
  }
  if (ok()) pos_ = line_.size();
  return ok();
}

std::string_view Decoder::text() {
  const std::string_view rest = std::string_view(line_).substr(std::min(pos_, line_.size()));
  pos_ = line_.size();
  return rest;
}

}  // namespace remotemail::imap
