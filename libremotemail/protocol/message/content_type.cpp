#include "protocol/message/content_type.hpp"

#include <algorithm>
#include <optional>

#include "core/text.hpp"
#include "protocol/message/charset.hpp"
#include "protocol/message/header_fields.hpp"
#include "protocol/message/transfer_encoding.hpp"

namespace remotemail {
namespace {

// One parameter as it stands there: name, name*, name*0 or name*0*.
struct Piece {
  std::string name;
  std::string value;
  std::optional<unsigned> section;
  bool extended = false;
};

class Scanner {
 public:
  explicit Scanner(std::string_view text) noexcept : text_(text) {}

  bool at_end() const noexcept { return at_ == text_.size(); }
  bool take(char c) noexcept {
    if (at_end() || text_[at_] != c) return false;
    ++at_;
    return true;
  }

  void skip_blanks_and_comments() noexcept {
    while (!at_end()) {
      if (is_blank(text_[at_])) {
        ++at_;
      } else if (text_[at_] == '(' && comments_) {
        const std::size_t end = comment_end(text_, at_);
        comments_ = end != std::string_view::npos;
        if (!comments_) return;
        at_ = end;
      } else {
        return;
      }
    }
  }

  std::string_view token(std::string_view stops) noexcept {
    const std::size_t end = std::min(text_.find_first_of(stops, at_), text_.size());
    const std::string_view found = trim(text_.substr(at_, end - at_));
    at_ = end;
    return found;
  }

  // RFC 2045 5.1 token, and a little more: it ends where something else begins, a missing semicolon or not.
  std::string_view word() noexcept { return token("/;(=<>\",: \t"); }

  std::string value() {
    if (at_end() || text_[at_] != '"') return std::string(token("; \t"));
    const std::size_t end = quoted_end(text_, at_);
    const std::size_t begin = at_ + 1;
    at_ = std::min(end, text_.size());
    return unquote(text_.substr(begin, end == std::string_view::npos ? end : end - 1 - begin));
  }

 private:
  std::string_view text_;
  std::size_t at_ = 0;
  bool comments_ = true;
};

Piece make_piece(std::string_view name, std::string value) {
  Piece piece{lower(name), std::move(value), {}, false};
  if (piece.name.ends_with('*')) {
    piece.extended = true;
    piece.name.pop_back();
  }
  const std::size_t star = piece.name.rfind('*');
  if (star == std::string::npos) return piece;
  const auto section = parse_number<unsigned>(std::string_view(piece.name).substr(star + 1));
  if (section && *section < ParameterizedValue::kParameters) {
    piece.section = section;
    piece.name.resize(star);
  }
  return piece;
}

std::string decode_percent(std::string_view text) {
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '%' && i + 2 < text.size()) {
      // "%41" and "=41" differ by the mark alone
      if (const std::string octet = decode_escapes(std::string{'=', text[i + 1], text[i + 2]});
          octet.size() == 1) {
        out += octet;
        i += 2;
        continue;
      }
    }
    out += text[i];
  }
  return out;
}

// All pieces of one parameter, in order of their sections, as UTF-8.
std::string assemble(const std::vector<const Piece*>& pieces) {
  std::string bytes;
  std::string charset;
  bool first = true;
  for (const Piece* piece : pieces) {
    std::string_view value = piece->value;
    if (piece->extended && first) {  // charset'language'text
      const std::size_t quote = value.find('\'');
      const std::size_t second = quote == std::string_view::npos ? quote : value.find('\'', quote + 1);
      if (second != std::string_view::npos) {
        charset = value.substr(0, quote);
        value.remove_prefix(second + 1);
      }
    }
    bytes += piece->extended ? decode_percent(value) : std::string(value);
    first = false;
  }
  return to_utf8(bytes, charset);
}

}  // namespace

std::string_view ParameterizedValue::parameter(std::string_view name) const noexcept {
  const auto at = std::find_if(parameters.begin(), parameters.end(),
                               [&](const Parameter& parameter) { return parameter.name == name; });
  return at == parameters.end() ? std::string_view{} : std::string_view(at->value);
}

ParameterizedValue parse_parameterized(std::string_view raw) {
  const std::string text = unfold(raw);
  Scanner scanner(text);
  ParameterizedValue out;
  scanner.skip_blanks_and_comments();
  out.value = lower(scanner.word());
  scanner.skip_blanks_and_comments();
  if (scanner.take('/')) {
    scanner.skip_blanks_and_comments();
    out.value += '/' + lower(scanner.word());
  }

  std::vector<Piece> pieces;
  while (!scanner.at_end() && pieces.size() < ParameterizedValue::kParameters) {
    scanner.skip_blanks_and_comments();
    if (scanner.take(';')) continue;
    const std::string_view name = scanner.token("=;");
    if (!scanner.take('=')) continue;
    scanner.skip_blanks_and_comments();
    std::string value = scanner.value();
    scanner.skip_blanks_and_comments();
    if (!name.empty()) pieces.push_back(make_piece(name, std::move(value)));
    // What stands between a value and the next semicolon is another parameter if it has a `=`, else nothing.
  }

  for (const Piece& piece : pieces) {
    const auto known = std::any_of(out.parameters.begin(), out.parameters.end(),
                                   [&](const Parameter& parameter) { return parameter.name == piece.name; });
    if (known) continue;
    std::vector<const Piece*> parts;
    if (piece.section) {
      for (unsigned section = 0; section < ParameterizedValue::kParameters; ++section) {
        const auto at = std::find_if(pieces.begin(), pieces.end(), [&](const Piece& other) {
          return other.name == piece.name && other.section == section;
        });
        if (at == pieces.end()) break;
        parts.push_back(&*at);
      }
    } else {
      parts.push_back(&piece);
    }
    if (!parts.empty()) out.parameters.push_back({piece.name, assemble(parts)});
  }
  return out;
}

ParameterizedValue parse_content_type(std::string_view raw, std::string_view fallback) {
  ParameterizedValue type = parse_parameterized(raw);
  const std::size_t slash = type.value.find('/');
  if (type.value == "text") {
    type.value = "text/plain";
  } else if (slash == std::string::npos || slash == 0 || slash + 1 == type.value.size()) {
    type.value = fallback;
  }
  return type;
}

}  // namespace remotemail
