#include "protocol/message/identifiers.hpp"

#include <algorithm>

#include "core/text.hpp"
#include "protocol/message/header_fields.hpp"

namespace remotemail {
namespace {

constexpr std::size_t kMessageId = 250;
constexpr std::size_t kLocalPart = 64, kAddress = 254;

bool is_atext(char c) noexcept {
  return is_alpha(c) || is_digit(c) ||
         (c != '\0' && std::string_view("!#$%&'*+-/=?^_`{|}~").find(c) != std::string_view::npos);
}

bool is_domain(std::string_view domain) noexcept {
  bool label_empty = true;
  for (const char c : domain) {
    if (c == '.' && label_empty) return false;
    if (c != '.' && !is_alpha(c) && !is_digit(c) && c != '-' && c != '_') return false;
    label_empty = c == '.';
  }
  return !label_empty;
}

}  // namespace

bool is_dot_atom(std::string_view text) noexcept {
  bool atom_empty = true;
  for (const char c : text) {
    if (c == '.' ? atom_empty : !is_atext(c)) return false;
    atom_empty = c == '.';
  }
  return !atom_empty;
}

bool is_message_id(std::string_view id) noexcept {
  const std::size_t at = id.find('@');
  if (id.size() > kMessageId || at == std::string_view::npos || !is_dot_atom(id.substr(0, at))) return false;
  const std::string_view right = id.substr(at + 1);
  if (!right.starts_with('[')) return is_dot_atom(right);
  if (right.size() < 3 || !right.ends_with(']')) return false;
  const std::string_view literal = right.substr(1, right.size() - 2);  // dtext
  return std::all_of(literal.begin(), literal.end(),
                     [](char c) { return c > 0x20 && c < 0x7F && c != '[' && c != ']' && c != '\\'; });
}

bool is_mail_address(std::string_view address) noexcept {
  const std::size_t at = address.find('@');
  if (address.size() > kAddress || at == std::string_view::npos || at == 0 || at > kLocalPart) return false;
  const std::string_view local = address.substr(0, at);
  // Not a dot-atom on purpose: Japanese telephones send from "a..b@" and "a.@".
  const bool good = std::all_of(local.begin(), local.end(), [](char c) {
    return c > 0x20 && c < 0x7F && std::string_view("()<>,;:\\\"[]").find(c) == std::string_view::npos;
  });
  return good && is_domain(address.substr(at + 1));
}

std::vector<std::string> message_ids_of(std::string_view raw) {
  const std::string text = unfold(raw);
  std::vector<std::string> ids;
  for (std::size_t i = text.find('<'); i != std::string::npos; i = text.find('<', i + 1)) {
    // No well-formed id is longer, so the search for the bracket is bounded.
    const std::string_view candidate = std::string_view(text).substr(i + 1, kMessageId + 1);
    const std::size_t end = candidate.find('>');
    if (end != std::string_view::npos && is_message_id(candidate.substr(0, end)))
      ids.emplace_back(candidate.substr(0, end));
  }
  return ids;
}

}  // namespace remotemail
