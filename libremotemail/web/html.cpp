#include "web/html.hpp"

#include <algorithm>
#include <array>
#include <cstdint>

namespace remotemail::web {
namespace {

// The length of the well-formed UTF-8 character at `at` (RFC 3629), 0: none.
std::size_t character_length(std::string_view text, std::size_t at) {
  const auto octet = [&](std::size_t i) { return i < text.size() ? static_cast<std::uint8_t>(text[i]) : 0U; };
  const unsigned first = octet(at);
  const auto follows = [&](std::size_t i) { return (octet(i) & 0xC0U) == 0x80U; };
  if (first < 0x80) return 1;
  if (first >= 0xC2 && first <= 0xDF) return follows(at + 1) ? 2 : 0;
  if (first >= 0xE0 && first <= 0xEF) {
    const unsigned second = octet(at + 1);
    if ((first == 0xE0 && second < 0xA0) || (first == 0xED && second > 0x9F)) return 0;
    return follows(at + 1) && follows(at + 2) ? 3 : 0;
  }
  if (first >= 0xF0 && first <= 0xF4) {
    const unsigned second = octet(at + 1);
    if ((first == 0xF0 && second < 0x90) || (first == 0xF4 && second > 0x8F)) return 0;
    return follows(at + 1) && follows(at + 2) && follows(at + 3) ? 4 : 0;
  }
  return 0;
}

// Of characters beyond ASCII those that no eye sees and that would change how others look: C1 controls (U+0080 to U+009F)
// and marks that turn or isolate the direction (U+202A to U+202E, U+2066 to U+2069); a mail's name could pose with them.
bool is_hidden(std::string_view character) {
  const auto last = static_cast<std::uint8_t>(character.back());
  if (character.starts_with("\xC2") && last <= 0x9F) return true;
  return (character.starts_with("\xE2\x80") && last >= 0xAA && last <= 0xAE) ||
         (character.starts_with("\xE2\x81") && last >= 0xA6 && last <= 0xA9);
}

std::string escaped(std::string_view text) {
  std::string out;
  out.reserve(text.size() + text.size() / 8);
  for (std::size_t at = 0; at < text.size();) {
    const char c = text[at];
    const std::size_t length = character_length(text, at);
    const auto octet = static_cast<std::uint8_t>(c);
    if (c == '&')
      out += "&amp;";
    else if (c == '<')
      out += "&lt;";
    else if (c == '>')
      out += "&gt;";
    else if (c == '"')
      out += "&quot;";
    else if (c == '\'')
      out += "&#39;";
    else if (length == 0 || octet == 0x7F || is_hidden(text.substr(at, length)) ||
             (octet < 0x20 && c != '\n' && c != '\t' && c != '\r'))
      out += '?';
    else
      out += text.substr(at, length);
    at += std::max<std::size_t>(length, 1);
  }
  return out;
}

bool is_void(std::string_view name) {
  static constexpr std::array<std::string_view, 7> kVoid{"br", "hr", "img", "input", "link", "meta", "wbr"};
  return std::find(kVoid.begin(), kVoid.end(), name) != kVoid.end();
}

// An address of these pages: `/…` but not `//host`, nor `#…`.
bool stays_here(std::string_view address) {
  if (address.starts_with('#')) return true;
  return address.starts_with('/') && !address.starts_with("//") && !address.starts_with("/\\");
}

bool is_address(std::string_view name) {
  return name == "href" || name == "src" || name == "action";
}

}  // namespace

Html::Html(FromText, std::string_view text) : markup_(escaped(text)) {}

Html element(MarkupName name, Attributes attributes, const Html& children) {
  Html made;
  std::string& out = made.markup_;
  out += '<';
  out += name.text();
  for (const Attribute& attribute : attributes) {
    if (!attribute.present || (is_address(attribute.name) && !stays_here(attribute.value))) continue;
    out += ' ';
    out += attribute.name;
    if (attribute.bare) continue;
    out += "=\"";
    out += escaped(attribute.value);
    out += '"';
  }
  out += '>';
  if (is_void(name.text())) return made;
  out += children.markup_;
  out += "</";
  out += name.text();
  out += '>';
  return made;
}

Html document(std::string_view language, const Html& head, const Html& body) {
  Html made;
  made.markup_ = "<!doctype html>\n";
  made += element("html", {{"lang", language}}, element("head", head) + element("body", body));
  made.markup_ += '\n';
  return made;
}

}  // namespace remotemail::web
