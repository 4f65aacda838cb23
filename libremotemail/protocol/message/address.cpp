#include "protocol/message/address.hpp"

#include <algorithm>

#include "core/text.hpp"
#include "protocol/message/encoded_word.hpp"
#include "protocol/message/header_fields.hpp"
#include "protocol/message/identifiers.hpp"

namespace remotemail {
namespace {

struct Token {
  enum class Kind { word, quoted, comment, special } kind;
  std::string text;  // unquoted; of a special its one character
  bool after_blank = false;

  bool is(char special) const noexcept { return kind == Kind::special && text.front() == special; }
};

std::vector<Token> tokens_of(std::string_view text) {
  constexpr std::string_view kSpecials = "<>,;:@";
  std::vector<Token> tokens;
  bool blank = false, comments = true, quotes = true;
  for (std::size_t i = 0; i < text.size();) {
    if (is_blank(text[i])) {
      blank = true;
      ++i;
      continue;
    }
    std::size_t end = std::string_view::npos;
    if (text[i] == '(' && comments) {
      end = comment_end(text, i);
      comments = end != std::string_view::npos;
    } else if (text[i] == '"' && quotes) {
      end = quoted_end(text, i);
      quotes = end != std::string_view::npos;
    }
    if (end != std::string_view::npos) {
      const auto kind = text[i] == '(' ? Token::Kind::comment : Token::Kind::quoted;
      tokens.push_back({kind, unquote(text.substr(i + 1, end - i - 2)), blank});
    } else if (kSpecials.find(text[i]) != std::string_view::npos) {
      end = i + 1;
      tokens.push_back({Token::Kind::special, std::string(1, text[i]), blank});
    } else if (const std::size_t length = encoded_word_length(text.substr(i)); length > 0) {
      // Senders leave commas, dots and worse unencoded within.
      end = i + length;
      tokens.push_back({Token::Kind::word, std::string(text.substr(i, length)), blank});
    } else {
      // A parenthesis or quote that nothing closes is part of a word.
      const std::string_view stops =
          comments ? (quotes ? "<>,;:@ \t(\"" : "<>,;:@ \t(") : (quotes ? "<>,;:@ \t\"" : "<>,;:@ \t");
      end = std::min(text.find_first_of(stops, i + 1), text.size());
      tokens.push_back({Token::Kind::word, std::string(text.substr(i, end - i)), blank});
    }
    blank = false;
    i = end;
  }
  return tokens;
}

// Collects one entry of the list, from separator to separator.
struct Entry {
  std::vector<const Token*> outside;  // not in angle brackets
  std::vector<const Token*> angle;
  std::string comment;
  bool has_angle = false;
  bool damaged = false;
};

std::string join(const std::vector<const Token*>& tokens) {
  std::string out;
  for (const Token* token : tokens) {
    if (token->after_blank && !out.empty()) out += ' ';
    out += token->text;
  }
  return out;
}

// local@domain, or empty. Blanks may stand around `@` and dots only.
std::string assemble_address(std::vector<const Token*> tokens) {
  // The obsolete route "@a,@b:" goes away.
  const auto colon =
      std::find_if(tokens.rbegin(), tokens.rend(), [](const Token* token) { return token->is(':'); });
  tokens.erase(tokens.begin(), colon.base());
  std::string out;
  for (const Token* token : tokens) {
    const bool at_joint = out.empty() || out.back() == '@' || out.back() == '.' ||
                          token->text.starts_with('@') || token->text.starts_with('.');
    if (token->after_blank && !at_joint) return {};
    out += token->text;
  }
  if (out.ends_with('.') && !out.ends_with("..")) out.pop_back();  // a domain's root
  return is_mail_address(out) && !has_encoded_word(out) ? out : std::string();
}

// `phrase`: what stood before a comma without being an address: "Doe" of "Doe, John <j@x.y>".
void finish(Entry& entry, std::string& phrase, AddressList& list) {
  const bool bare =
      std::any_of(entry.outside.begin(), entry.outside.end(), [](const Token* t) { return t->is('@'); });
  if (!entry.has_angle && !bare) {
    if (!entry.outside.empty()) phrase += (phrase.empty() ? "" : ", ") + join(entry.outside);
    list.malformed = list.malformed || entry.damaged;
    return;
  }
  ++list.entries;
  const std::string address = assemble_address(entry.has_angle ? entry.angle : entry.outside);
  if (address.empty() || entry.damaged) {
    list.malformed = true;
    return;
  }
  std::string name = entry.has_angle ? join(entry.outside) : std::string();
  if (name.empty()) name = entry.comment;
  if (!phrase.empty()) name = phrase + ", " + name;
  phrase.clear();
  list.mailboxes.push_back({address, decode_text(name)});
}

}  // namespace

AddressList parse_addresses(std::string_view raw) {
  const std::vector<Token> tokens = tokens_of(unfold(raw));
  AddressList list;
  Entry entry;
  std::string phrase;
  bool in_angle = false;
  for (const Token& token : tokens) {
    if (token.kind == Token::Kind::comment) {
      entry.comment = token.text;
    } else if (in_angle) {
      in_angle = !token.is('>');
      if (in_angle) entry.angle.push_back(&token);
    } else if (token.is('<')) {
      entry.damaged = entry.damaged || entry.has_angle;
      entry.has_angle = in_angle = true;
    } else if (token.is(',') || token.is(';')) {
      finish(entry, phrase, list);
      entry = {};
    } else if (token.is(':')) {
      list.malformed = true;
      entry = {};
      phrase.clear();
    } else {
      entry.damaged =
          entry.damaged || token.is('>') || (entry.has_angle && token.kind != Token::Kind::comment);
      entry.outside.push_back(&token);
    }
  }
  entry.damaged = entry.damaged || in_angle;
  finish(entry, phrase, list);
  if (!phrase.empty()) list.malformed = true;
  return list;
}

std::string header_form(std::string_view address) {
  const std::size_t at = address.rfind('@');
  if (at == std::string_view::npos || is_dot_atom(address.substr(0, at))) return std::string(address);
  return '"' + std::string(address.substr(0, at)) + '"' + std::string(address.substr(at));
}

}  // namespace remotemail
