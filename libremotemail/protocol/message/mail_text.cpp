#include "protocol/message/mail_text.hpp"

#include <algorithm>

#include "core/text.hpp"
#include "protocol/message/charset.hpp"
#include "protocol/message/flowed.hpp"
#include "protocol/message/html_text.hpp"

namespace remotemail {

namespace {

bool is_blank_text(const MimeLeaf& leaf) {
  return leaf.decoded().find_first_not_of(" \t\r\n") == std::string::npos;
}

}  // namespace

const MimeLeaf* text_leaf(const MimeTree& tree) {
  const auto first = [&](std::string_view wanted) {
    const auto at = std::find_if(tree.leaves.begin(), tree.leaves.end(), [&](const MimeLeaf& leaf) {
      return leaf.type.is(wanted) && !leaf.attachment;
    });
    return at == tree.leaves.end() ? nullptr : &*at;
  };
  const MimeLeaf* plain = first("text/plain");
  const MimeLeaf* html = first("text/html");
  if (plain == nullptr || html == nullptr) return plain != nullptr ? plain : html;
  return is_blank_text(*plain) ? html : plain;
}

std::string leaf_text(const MimeLeaf& leaf) {
  std::string text = normalise_line_ends(to_utf8(leaf.decoded(), leaf.type.parameter("charset"))).text;
  if (leaf.type.is("text/html")) {
    text = html_text(text);
  } else if (equal_ignoring_case(leaf.type.parameter("format"), "flowed")) {
    text = join_flowed(text, equal_ignoring_case(leaf.type.parameter("delsp"), "yes"));
  }
  if (text.find('\0') == std::string::npos) return text;
  std::string out;
  for (const char c : text) {
    if (c == '\0') {
      out += kUnknownCharacter;
    } else {
      out += c;
    }
  }
  return out;
}

}  // namespace remotemail
