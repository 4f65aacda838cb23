// What the sender wrote (D9–D10).
#pragma once

#include <string>

#include "protocol/message/mime_tree.hpp"

namespace remotemail {

// The leaf that counts: the first text/plain that is no attachment, else the first such text/html; null:
// none. A text/plain of blanks alone yields to the text/html: mail programs add one for form's sake.
const MimeLeaf* text_leaf(const MimeTree& tree);

// Its text: UTF-8, LF line ends, no NUL; flowed paragraphs joined, HTML as its visible text.
std::string leaf_text(const MimeLeaf& leaf);

}  // namespace remotemail
