#include "testing/mailhost/imap_command.hpp"

#include <algorithm>

#include "core/text.hpp"

namespace remotemail::testing::mailhost {
namespace {

constexpr unsigned kDepth = 8;
constexpr std::size_t kArguments = 2000;

class Reader {
 public:
  explicit Reader(std::string_view bytes) : rest_(bytes) {}

  bool at_end() const { return rest_.empty(); }
  bool take(char c) {
    if (!rest_.starts_with(c)) return false;
    rest_.remove_prefix(1);
    return true;
  }
  std::string word() {
    const std::size_t end = std::min(rest_.find(' '), rest_.size());
    std::string text(rest_.substr(0, end));
    rest_.remove_prefix(end);
    return text;
  }

  // Arguments with blanks between them, up to the end or `)`.
  bool arguments(std::vector<Argument>& out, unsigned depth) {
    if (at_end() || rest_.front() == ')') return true;
    do {
      if (++count_ > kArguments || !argument(out.emplace_back(), depth)) return false;
    } while (take(' '));
    return at_end() || rest_.front() == ')';
  }

 private:
  bool argument(Argument& out, unsigned depth) {
    if (at_end()) return false;
    if (take('(')) {
      out.kind = Argument::Kind::list;
      return depth < kDepth && arguments(out.items, depth + 1) && take(')');
    }
    if (rest_.front() == '"') return quoted(out);
    if (rest_.front() == '{') return literal(out);
    return atom(out);
  }

  bool quoted(Argument& out) {
    out.kind = Argument::Kind::string;
    std::size_t at = 1;
    for (; at < rest_.size() && rest_[at] != '"'; ++at) {
      if (rest_[at] == '\r' || rest_[at] == '\n') return false;
      if (rest_[at] == '\\' && (++at == rest_.size() || (rest_[at] != '"' && rest_[at] != '\\')))
        return false;
      out.text += rest_[at];
    }
    if (at >= rest_.size()) return false;
    rest_.remove_prefix(at + 1);
    return true;
  }

  bool literal(Argument& out) {
    out.kind = Argument::Kind::string;
    const std::size_t end = rest_.find("\r\n");
    if (end == std::string_view::npos) return false;
    const auto announced = announced_literal(rest_.substr(0, end));
    if (!announced || announced->octets > rest_.size() - end - 2) return false;
    out.text = rest_.substr(end + 2, announced->octets);
    rest_.remove_prefix(end + 2 + announced->octets);
    return true;
  }

  bool atom(Argument& out) {
    std::size_t at = 0;
    bool in_brackets = false;  // a section may hold blanks and lists
    for (; at < rest_.size(); ++at) {
      const char c = rest_[at];
      if (c == '[') in_brackets = true;
      if (c == ']') in_brackets = false;
      if (static_cast<unsigned char>(c) < 0x20 || c == 0x7F) return false;
      if (!in_brackets && (c == ' ' || c == '(' || c == ')' || c == '"' || c == '{')) break;
    }
    if (at == 0 || in_brackets) return false;
    out.text = rest_.substr(0, at);
    rest_.remove_prefix(at);
    return true;
  }

  std::string_view rest_;
  std::size_t count_ = 0;
};

bool is_tag(std::string_view tag) {
  return !tag.empty() && tag.size() <= 64 && std::ranges::all_of(tag, [](char c) {
    return is_printable(c) && c != '+' && c != '*' && c != '%' && c != ' ';
  });
}

std::optional<std::uint32_t> number_of(std::string_view text, std::uint32_t largest) {
  if (text == "*") return largest;
  const auto number = parse_number<std::uint32_t>(text);
  return number && *number > 0 ? number : std::nullopt;
}

}  // namespace

std::optional<LiteralAnnouncement> announced_literal(std::string_view line) {
  if (!line.ends_with('}')) return std::nullopt;
  const std::size_t open = line.rfind('{');
  if (open == std::string_view::npos) return std::nullopt;
  std::string_view number = line.substr(open + 1, line.size() - open - 2);
  LiteralAnnouncement announced;
  if (number.ends_with('+')) {
    announced.waits = false;
    number.remove_suffix(1);
  }
  const auto octets = parse_number(number);
  if (!octets) return std::nullopt;
  announced.octets = *octets;
  return announced;
}

std::string tag_of(std::string_view line) {
  const std::string_view tag = line.substr(0, line.find(' '));
  return is_tag(tag) ? std::string(tag) : "";
}

std::optional<ImapCommand> parse_command(std::string_view bytes) {
  Reader reader(bytes);
  ImapCommand command;
  command.tag = reader.word();
  if (!is_tag(command.tag) || !reader.take(' ')) return std::nullopt;
  command.verb = lower(reader.word());
  if (command.verb == "uid") {
    command.uid = true;
    if (!reader.take(' ')) return std::nullopt;
    command.verb = lower(reader.word());
  }
  if (command.verb.empty()) return std::nullopt;
  if (reader.at_end()) return command;
  if (!reader.take(' ') || reader.at_end() || !reader.arguments(command.arguments, 0) || !reader.at_end())
    return std::nullopt;
  return command;
}

std::optional<std::vector<NumberRange>> parse_number_set(std::string_view text, std::uint32_t largest) {
  std::vector<NumberRange> ranges;
  for (const std::string_view part : split(text, ',')) {
    const std::size_t colon = part.find(':');
    const auto first = number_of(part.substr(0, colon), largest);
    const auto last = colon == std::string_view::npos ? first : number_of(part.substr(colon + 1), largest);
    if (!first || !last) return std::nullopt;
    ranges.push_back({std::min(*first, *last), std::max(*first, *last)});
  }
  return ranges;
}

bool holds(const std::vector<NumberRange>& ranges, std::uint32_t number) {
  return std::ranges::any_of(
      ranges, [&](const NumberRange& range) { return number >= range.low && number <= range.high; });
}

std::string imap_string(std::string_view text) {
  const bool quotable = text.size() <= 200 && std::ranges::all_of(text, is_printable);
  if (!quotable) return "{" + std::to_string(text.size()) + "}\r\n" + std::string(text);
  std::string out = "\"";
  for (const char c : text) {
    if (c == '"' || c == '\\') out += '\\';
    out += c;
  }
  return out + '"';
}

bool matches_pattern(std::string_view pattern, std::string_view name) {
  // Greedy with one way back, to the latest wildcard; `%` does not cross the delimiter `/`.
  std::size_t p = 0, n = 0;
  std::size_t star = std::string_view::npos, star_name = 0;
  while (n < name.size()) {
    if (p < pattern.size() && (pattern[p] == '*' || pattern[p] == '%')) {
      star = p++;
      star_name = n;
    } else if (p < pattern.size() && pattern[p] == name[n]) {
      ++p;
      ++n;
    } else if (star != std::string_view::npos && (pattern[star] == '*' || name[star_name] != '/')) {
      p = star + 1;
      n = ++star_name;
    } else {
      return false;
    }
  }
  while (p < pattern.size() && (pattern[p] == '*' || pattern[p] == '%')) ++p;
  return p == pattern.size();
}

}  // namespace remotemail::testing::mailhost
